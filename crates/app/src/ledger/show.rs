//! Looking at a home's public log: showing its entries, and checking all of it without changing a byte.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;
use zwerm_home::error::HomeError;
use zwerm_home::{Home, LogFiles, failed, read_public_key};
use zwerm_ledger::check::{Finding, LogReport, check, check_private};
use zwerm_ledger::disk::{Disk, FileDisk};
use zwerm_ledger::entry::{Entry, EntryError, EntryKind, KINDS};
use zwerm_ledger::log::PUBLIC;
use zwerm_ledger::note::LogVerifier;
use zwerm_ledger::reader::LogReader;
use zwerm_ledger::tile::WIDTH;

use crate::error::AppError;

/// An entry with its place.
#[derive(Debug)]
pub struct LoggedEntry {
    /// Its index, from 0.
    pub index: u64,
    /// The entry, or why it cannot be read.
    pub entry: Result<Entry, EntryError>,
}

/// Which entries to show.
#[derive(Debug, Clone, Default)]
pub struct EntrySelection {
    /// From this index on.
    pub since: u64,
    /// Of this kind only.
    pub kind: Option<String>,
}

/// Hands over the entries of a home's log, oldest first.
pub fn show(
    root: &Path,
    wanted: &EntrySelection,
    each: &mut dyn FnMut(LoggedEntry) -> Result<(), AppError>,
) -> Result<(), AppError> {
    Home::require(root)?;
    if let Some(kind) = wanted.kind.as_deref().filter(|kind| !KINDS.contains(kind)) {
        return Err(unknown_kind(kind));
    }
    let log_files = LogFiles::of(root);
    let key = key(&log_files)?;
    let disk = FileDisk::new(&log_files.public);
    let reader = LogReader::new(&disk, "");
    let tree = reader.checkpoint(&key, &[]).map_err(|e| failed(root, e))?;
    for bundle in wanted.since / WIDTH..tree.size.div_ceil(WIDTH) {
        let entries = reader
            .bundle(bundle, tree.size)
            .map_err(|e| failed(root, e))?;
        for (place, bytes) in (0..).zip(entries) {
            let index = bundle * WIDTH + place;
            let entry = Entry::parse(&bytes);
            let kind = entry.as_ref().map_or("", Entry::kind);
            let fits = wanted.kind.as_deref().is_none_or(|wanted| wanted == kind);
            if index >= wanted.since && fits {
                each(LoggedEntry { index, entry })?;
            }
        }
    }
    Ok(())
}

/// What was found in a home's log.
#[derive(Debug)]
pub struct CheckedLog {
    /// What the log comes to, and what is wrong with it.
    pub report: LogReport,
    /// The key that it was checked with.
    pub key: LogVerifier,
    /// What parties said that is in the home and not in the log, or the other way round.
    pub apart: Vec<Apart>,
}

/// A statement that is in one of two places where both must have it.
#[derive(Debug)]
pub enum Apart {
    /// The home has it, the log does not: a crash kept it out, or somebody wrote it into the home.
    OnlyInHome(Entry),
    /// The log has it, the home does not: somebody took it away or changed its words.
    OnlyInLog(u64, Entry),
}

/// Checks a home's log whole: every byte of every file. Nothing is mended.
///
/// Others may append meanwhile, which can look like a fault. So what is found is looked for once more while they wait.
/// `each` hears from time to time how many entries were checked.
pub fn check_all(root: &Path, each: &mut dyn FnMut(u64)) -> Result<CheckedLog, AppError> {
    Home::require(root)?;
    let log_files = LogFiles::of(root);
    let key = key(&log_files)?;
    let disk = FileDisk::new(&log_files.folder);
    let private = check_private(&disk, &key).map_err(|error| failed(root, error))?;
    let mut whole = || {
        let report = check(&LogReader::new(&disk, PUBLIC), &key, &[], each);
        report.map_err(|error| failed(root, error))
    };
    let mut report = whole()?;
    if !report.findings.is_empty() {
        let _lock = disk.lock().map_err(AppError::at(&log_files.folder))?;
        report = whole()?;
    }
    // a checkpoint that is not in order is told once
    let private = private.into_iter();
    let private = private.filter(|finding| !matches!(finding, Finding::Checkpoint(_)));
    report.findings.extend(private);
    let mut apart = compare(root)?;
    if !apart.is_empty() {
        let _lock = Home::to_look_at(root)?.lock()?;
        apart = compare(root)?;
    }
    Ok(CheckedLog { report, key, apart })
}

/// Compares what parties said in the home with what the log has of it.
fn compare(root: &Path) -> Result<Vec<Apart>, AppError> {
    let identity = |entry: &Entry| {
        let what = serde_json::to_string(&entry.what);
        what.map(|what| (entry.agreement, what))
            .map_err(|error| AppError::Internal(error.to_string()))
    };
    let mut in_home = BTreeMap::new();
    for entry in Home::to_look_at(root)?.statements()? {
        in_home.insert(identity(&entry)?, (entry, false));
    }
    let mut apart = Vec::new();
    let compared = show(root, &EntrySelection::default(), &mut |shown| {
        let Ok(entry) = shown.entry else {
            return Ok(());
        };
        let said = matches!(
            entry.what,
            EntryKind::Consent { .. }
                | EntryKind::AgreementSuspended { .. }
                | EntryKind::AgreementResumed { .. }
                | EntryKind::AgreementEnded { .. }
        );
        if !said {
            return Ok(());
        }
        match in_home.get_mut(&identity(&entry)?) {
            Some((_, seen)) => *seen = true,
            None => apart.push(Apart::OnlyInLog(shown.index, entry)),
        }
        Ok(())
    });
    // a log that cannot be read was told as such
    if compared.is_ok() {
        let unseen = in_home.into_values().filter(|(_, seen)| !seen);
        apart.extend(unseen.map(|(entry, _)| Apart::OnlyInHome(entry)));
    }
    Ok(apart)
}

/// The log's public key: that of its private key, or the published one for whoever may not read that.
fn key(log_files: &LogFiles) -> Result<LogVerifier, AppError> {
    match log_files.key() {
        Err(HomeError::Environment { source, .. })
            if source.kind() == ErrorKind::PermissionDenied =>
        {
            Ok(read_public_key(&log_files.public_key)?)
        }
        key => Ok(key?.verifier()),
    }
}

fn unknown_kind(kind: &str) -> AppError {
    AppError::usage(
        FaultCode::Unknown,
        Text::new(
            format!("het logboek kent geen soort regel `{kind}`"),
            format!("the log knows no kind of entry `{kind}`"),
        ),
        Text::new(
            format!("kies uit: {}", KINDS.join(", ")),
            format!("choose from: {}", KINDS.join(", ")),
        ),
    )
}
