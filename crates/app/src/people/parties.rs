//! The parties of the home, as the registry knows them.

use zwerm_store::parties::RegisteredParty;

use crate::error::AppError;
use crate::site::Site;

/// Every party that the registry knows.
///
/// # Errors
/// When the registry cannot be read.
pub async fn all(site: &Site) -> Result<Vec<RegisteredParty>, AppError> {
    Ok(site.store.parties().await?)
}

/// The party of this id, if there is one.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find(site: &Site, id: &str) -> Result<Option<RegisteredParty>, AppError> {
    Ok(site.store.party(id).await?)
}
