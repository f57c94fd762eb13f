//! Entries of the public log, as pages list them.

use zwerm_store::entries::{EntryFilter, EntryRow};

use crate::error::AppError;
use crate::site::Site;

/// The newest entries before one, of those that were asked for.
///
/// # Errors
/// When the registry cannot be read.
pub async fn list(
    site: &Site,
    filter: &EntryFilter,
    before: Option<u64>,
    most: u32,
) -> Result<Vec<EntryRow>, AppError> {
    Ok(site.store.entries(filter, before, most).await?)
}

/// How many entries the log has, as far as the registry took them over.
///
/// # Errors
/// When the registry cannot be read.
pub async fn count(site: &Site) -> Result<u64, AppError> {
    Ok(site.store.entry_count().await?)
}
