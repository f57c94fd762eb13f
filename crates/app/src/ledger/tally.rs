//! What the home page shows of the public log: how long it is, how much was answered and refused, and whose the newest
//! entries are.
//!
//! A log only grows, so a tally is brought up to date from what was added since.

use crate::error::AppError;
use crate::site::Site;

/// A tally of the log, as far as the registry took it over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogTally {
    /// Entries in all.
    pub size: u64,
    /// Questions that were answered.
    pub answered: u64,
    /// Questions that were refused.
    pub refused: u64,
    /// The parties of the newest entries, the newest first; nobody for what the system entered by itself.
    pub newest: Vec<Option<String>>,
}

/// The tally now, from an earlier one of the same log; at most `newest` of the newest entries are told.
///
/// # Errors
/// When the registry cannot be read.
pub async fn tally(site: &Site, before: &LogTally, newest: u32) -> Result<LogTally, AppError> {
    let size = site.store.entry_count().await?;
    if size == before.size {
        return Ok(before.clone());
    }
    // a shorter log is another one
    let known = if size > before.size {
        before
    } else {
        &LogTally::default()
    };
    let since = |kind| site.store.entry_count_since(kind, known.size);
    Ok(LogTally {
        size,
        answered: known.answered + since("answer").await?,
        refused: known.refused + since("refusal").await?,
        newest: site.store.newest_parties(newest).await?,
    })
}
