//! An older log that was put back beside a newer registry: the registry has receipts of answers that the log does not have.
//!
//! Whoever holds such a receipt finds it too; this finds it before anybody asks.

use zwerm_agreement::text::Text;
use zwerm_home::config::Config;
use zwerm_home::{EntryPlace, Home, LogFiles};
use zwerm_ledger::receipt::Receipt;
use zwerm_store::Store;

use crate::error::AppError;
use crate::site::identity::{is_known, open_registry};

/// The newest answer of the registry that the log does not have: its index. Nothing when the log has it, or cannot be read,
/// which is found and said elsewhere.
///
/// # Errors
/// When the registry cannot be read.
pub(crate) async fn missing(store: &Store, home: &Home) -> Result<Option<u64>, AppError> {
    let Some((index, receipt)) = store.newest_receipt().await? else {
        return Ok(None);
    };
    let entry = Receipt::parse(receipt.as_bytes()).ok();
    let bytes = entry.and_then(|receipt| receipt.entry.to_bytes().ok());
    let place = bytes.map(|bytes| EntryPlace::of_entry(index, &bytes));
    let has = place.map(|place| home.still_has(&place));
    Ok(matches!(has, Some(Ok(false))).then_some(index))
}

/// The same for a home that nobody serves; nothing when it has no registry that can be opened.
pub async fn missing_in(home: &Home) -> Option<u64> {
    if !is_known(home.root()) {
        return None;
    }
    let config = Config::read(home.root()).ok()?;
    let store = open_registry(home.root(), &config).await.ok()?;
    let found = missing(&store, home).await;
    store.close().await;
    found.ok().flatten()
}

/// Refuses to answer from a home that nobody serves when its log is older than its registry.
///
/// # Errors
/// When it is.
pub(crate) async fn require_newest(home: &Home) -> Result<(), AppError> {
    let missing = missing_in(home).await;
    missing.map_or(Ok(()), |index| Err(fault(home, index)))
}

/// What is wrong, in words.
pub fn words(index: u64) -> Text {
    Text::new(
        format!(
            "het register heeft het controlebewijs van regel {index}, en het logboek heeft die regel niet: er is een ouder logboek teruggezet"
        ),
        format!(
            "the registry has the receipt of entry {index}, and the log does not have that entry: an older log was put back"
        ),
    )
}

pub(crate) fn fault(home: &Home, index: u64) -> AppError {
    AppError::Damaged {
        path: LogFiles::of(home.root()).folder,
        what: words(index),
        cure: Text::new(
            "zet het logboek terug dat bij het register hoort, of beide uit één reservekopie; tot dan wordt er niets beantwoord",
            "restore the log that belongs to the registry, or both from one back-up; nothing is answered until then",
        ),
    }
}
