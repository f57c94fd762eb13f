//! Words of before: kept when somebody puts others in their place, and read by everybody.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zwerm_agreement::text::Text;
use zwerm_store::list::{ListPage, ListPlace};
use zwerm_store::words_before::{OfWhat, WordsBefore};

use crate::error::AppError;
use crate::site::Site;

/// Earlier words on one page.
const LISTED: u32 = 25;

/// Words that somebody replaced.
#[derive(Debug, Clone)]
pub struct EarlierWords<T> {
    /// Until when they stood there.
    pub until: Timestamp,
    /// What the party is called that put others in their place.
    pub party: Text,
    /// The words as they were.
    pub words: T,
}

/// Keeps words that a party is about to replace.
///
/// # Errors
/// When the registry cannot be written.
pub(crate) async fn keep(
    site: &Site,
    what: OfWhat,
    id: &str,
    party: &str,
    words: &impl Serialize,
) -> Result<(), AppError> {
    let json = serde_json::to_string(words);
    let before = WordsBefore {
        at: site.clock.now(),
        party: party.to_owned(),
        json: json.map_err(|error| AppError::Internal(error.to_string()))?,
    };
    Ok(site.store.put_words_before(what, id, &before).await?)
}

/// A page of them, the latest first.
///
/// # Errors
/// When the registry cannot be read.
pub(crate) async fn read<T: DeserializeOwned + Default>(
    site: &Site,
    what: OfWhat,
    id: &str,
    before: Option<&ListPlace>,
) -> Result<ListPage<EarlierWords<T>>, AppError> {
    let found = site.store.words_before(what, id, before, LISTED).await?;
    let parties = site.store.parties().await?;
    let name = |id: &str| {
        let party = parties.iter().find(|party| party.id == id);
        party.map_or_else(|| Text::same(id), |party| party.name.clone())
    };
    let rows = found.rows.into_iter();
    let rows = rows.map(|one| EarlierWords {
        until: one.at,
        party: name(&one.party),
        words: serde_json::from_str(&one.json).unwrap_or_default(),
    });
    Ok(ListPage {
        rows: rows.collect(),
        older: found.older,
    })
}
