//! What a project says of itself, besides its agreement.

use zwerm_store::projects::Project;

use crate::error::AppError;
use crate::site::Site;

/// The project in words, if somebody described it.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find(site: &Site, id: &str) -> Result<Option<Project>, AppError> {
    Ok(site.store.project(id).await?)
}
