//! The registry follows a long log in steps, and goes on from where it was.

use std::path::Path;

use jiff::Timestamp;
use zwerm_home::clock::Clock;
use zwerm_home::config::Config;
use zwerm_home::{Home, logged};
use zwerm_ledger::entry::{Entry, EntryKind, Sha256Digest};

use super::MOST;
use crate::error::AppError;
use crate::keep::retention;
use crate::site::Site;

const ID: &str = "leiden-goedkoop-scheefwonen";
/// Entries of a long log.
const LONG: usize = 2 * MOST + 500;

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("a moment")
}

async fn open(root: &Path) -> Result<Site, AppError> {
    Site::open(root, Config::default(), Clock::from(now())).await
}

/// A home with an agreement, and a release among the first of many refusals.
fn long(root: &Path) -> Result<usize, Box<dyn std::error::Error>> {
    let document = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/leiden-goedkoop-scheefwonen/agreement-v2.toml");
    Home::init(root, None)?;
    let home = Home::open(root)?;
    home.add(&document, "2026-03-01".parse()?, now())?;
    let agreement = logged(home.newest(ID)?.hash);
    let entry = |what| Entry {
        time: now(),
        agreement,
        what,
    };
    let release = EntryKind::DataRelease {
        view: "huishoudens".into(),
        release: Sha256Digest([7; 32]),
    };
    let refusal = EntryKind::Refusal {
        party: "?".into(),
        codes: vec!["suspended".into()],
        owners: Vec::new(),
        text: Sha256Digest([9; 32]),
    };
    let mut all = vec![entry(release)];
    all.extend((0..LONG).map(|_| entry(refusal.clone())));
    let appended = home.enter(&all)?;
    let last = appended.proved.last().ok_or("nothing was entered")?;
    Ok(usize::try_from(last.index)? + 1)
}

#[tokio::test]
async fn a_long_log_is_taken_over_in_steps_and_then_gone_on_with()
-> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().join("home");
    let size = u64::try_from(long(&root)?)?;
    let site = open(&root).await?;
    // whoever starts a server does not wait for all of it
    assert_eq!(site.store.entry_count().await?, u64::try_from(MOST)?);
    assert!(site.catch_up().await);
    retention::follow(&site).await;
    assert_eq!(site.store.entry_count().await?, size);
    drop(site);

    let site = open(&root).await?;
    assert_eq!(site.store.entry_count().await?, size);
    assert!(!site.catch_up().await);
    // the release is known without reading the log from its beginning
    let synced = site.synced.lock().await;
    assert_eq!(synced.taken.releases.len(), 1);
    assert_eq!(synced.taken.next, size);
    Ok(())
}
