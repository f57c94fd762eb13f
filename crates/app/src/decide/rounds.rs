//! Consent rounds: which are open, and until when.

use zwerm_store::rounds::Round;

use crate::error::AppError;
use crate::site::Site;

/// The round of a version of an agreement, if there was one.
///
/// # Errors
/// When the registry cannot be read.
pub async fn of_version(
    site: &Site,
    agreement: &str,
    version: u32,
) -> Result<Option<Round>, AppError> {
    Ok(site.store.round(agreement, version).await?)
}

/// The rounds that are open now.
///
/// # Errors
/// When the registry cannot be read.
pub async fn open(site: &Site) -> Result<Vec<Round>, AppError> {
    Ok(site.store.rounds_open(site.clock.now()).await?)
}
