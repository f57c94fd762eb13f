//! Entries of the public log, as pages list them.

use std::collections::{BTreeMap, BTreeSet};

use zwerm_store::entries::{EntryFilter, EntryRow};
use zwerm_store::titles::LoggedAnswer;

use crate::error::AppError;
use crate::share::answers;
use crate::site::Site;
use crate::site::overview::Overview;

/// Entries between two that are looked up together, at most.
const CLOSE: u64 = 16;

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

/// How many entries a filter lets through; of which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryCount {
    /// How many were found: at most [`COUNTED`] are counted.
    pub found: u64,
    /// Among how many they were looked for: all of the log, or its newest where a search for words looks no further back.
    pub among: u64,
    /// Whether the log has more than were looked through.
    pub newest: bool,
}

impl EntryCount {
    /// Whether there may be more: so many are counted and no more.
    pub fn is_at_least(&self) -> bool {
        self.found >= COUNTED.into()
    }
}

/// Entries that are counted at most.
pub const COUNTED: u32 = 1_000;

/// Counts the entries that were asked for; where a page lists all of them, they are counted already.
///
/// # Errors
/// When the registry cannot be read.
pub async fn count_found(
    site: &Site,
    filter: &EntryFilter,
    listed: Option<usize>,
) -> Result<EntryCount, AppError> {
    let size = count(site).await?;
    let from = match filter.text {
        Some(_) => site.store.searched_from(size).await?,
        None => 0,
    };
    let found = match listed.and_then(|listed| u64::try_from(listed).ok()) {
        Some(listed) => listed,
        None => site.store.count_entries(filter, COUNTED).await?,
    };
    Ok(EntryCount {
        found: found.min(COUNTED.into()),
        among: size - from,
        newest: from > 0,
    })
}

/// The answers that entries are of, in their order: of those that are kept, and that everybody may read now.
///
/// # Errors
/// When the registry or the home cannot be read.
pub async fn answers(
    site: &Site,
    overview: &Overview,
    rows: &[EntryRow],
) -> Result<Vec<Option<LoggedAnswer>>, AppError> {
    let today = site.clock.today();
    let mut open = BTreeMap::new();
    let mut wanted = Vec::with_capacity(rows.len());
    for row in rows {
        let of = row.agreement.as_deref().zip(row.version);
        let version = of.and_then(|(id, number)| overview.dossier(id)?.version(number));
        // a question and its answer are entered together
        let entry = match row.kind.as_str() {
            "question" => Some(row.index + 1),
            "answer" => Some(row.index),
            _ => None,
        };
        let Some((version, entry)) = version.zip(entry) else {
            wanted.push(None);
            continue;
        };
        let is_open = match open.get(&of) {
            Some(known) => *known,
            None => {
                let is_open = answers::are_open(version, today)?;
                open.insert(of, is_open);
                is_open
            }
        };
        wanted.push(Some(entry).filter(|_| is_open));
    }
    let known = kept_answers(site, wanted.iter().flatten().copied().collect()).await?;
    let found = wanted.into_iter();
    Ok(found.map(|entry| known.get(&entry?).cloned()).collect())
}

/// The answers of entries that everybody may read, looked up together where entries lie close to each other.
async fn kept_answers(
    site: &Site,
    entries: BTreeSet<u64>,
) -> Result<BTreeMap<u64, LoggedAnswer>, AppError> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for entry in entries {
        match ranges.last_mut() {
            Some((_, last)) if entry - *last <= CLOSE => *last = entry,
            _ => ranges.push((entry, entry)),
        }
    }
    let mut known = BTreeMap::new();
    for (first, last) in ranges {
        known.extend(site.store.public_answers(first, last).await?);
    }
    Ok(known)
}

/// How many entries the log has, as far as the registry took them over.
///
/// # Errors
/// When the registry cannot be read.
pub async fn count(site: &Site) -> Result<u64, AppError> {
    Ok(site.store.entry_count().await?)
}
