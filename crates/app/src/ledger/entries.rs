//! Entries of the public log, as pages list them.

use zwerm_store::entries::{EntryFilter, EntryRow};

use crate::error::AppError;
use crate::site::Site;

/// A page of the log.
#[derive(Debug)]
pub struct EntryPage {
    /// Its entries, the newest first.
    pub rows: Vec<EntryRow>,
    /// The index before which the next page begins, if there is one.
    pub older: Option<u64>,
}

/// The newest entries before one, of those that were asked for. A search for a text goes back so many entries; where it
/// ends, the next page begins.
///
/// # Errors
/// When the registry cannot be read.
pub async fn list(
    site: &Site,
    filter: &EntryFilter,
    before: Option<u64>,
    most: u32,
) -> Result<EntryPage, AppError> {
    let mut rows = site.store.entries(filter, before, most + 1).await?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    let last = rows.last().filter(|_| more).map(|last| last.index);
    let older = match (last, &filter.text) {
        (None, Some(_)) => {
            let from = site.store.searched_from(before.unwrap_or(u64::MAX)).await?;
            Some(from).filter(|from| *from > 0)
        }
        (last, _) => last,
    };
    Ok(EntryPage { rows, older })
}

/// How many entries the log has, as far as the registry took them over.
///
/// # Errors
/// When the registry cannot be read.
pub async fn count(site: &Site) -> Result<u64, AppError> {
    Ok(site.store.entry_count().await?)
}
