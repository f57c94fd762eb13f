//! The home: its log, its layouts, and what a crash leaves behind.

#![allow(clippy::unwrap_used)]

use std::fs;

use jiff::Timestamp;
use zwerm_agreement::sample;
use zwerm_agreement::status::StatusChange;
use zwerm_ledger::disk::FileDisk;
use zwerm_ledger::entry::{Entry, EntryKind};
use zwerm_ledger::reader::LogReader;

use crate::load::Stored;
use crate::*;

#[test]
fn a_home_is_made_once_and_has_a_log_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("home");
    assert_eq!(Home::init(&root, None).unwrap(), Initialised::Made);
    let key = fs::read(root.join("ledger/log.key")).unwrap();
    assert_eq!(Home::init(&root, None).unwrap(), Initialised::WasThere);
    assert_eq!(fs::read(root.join("ledger/log.key")).unwrap(), key);
    let home = Home::open(&root).unwrap();
    assert!(home.notices().is_empty());
    home.require_log().unwrap();
}

#[test]
fn a_home_of_before_the_log_gets_one_and_keeps_what_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["agreements", "data", "releases"] {
        fs::create_dir(root.join(name)).unwrap();
    }
    fs::write(root.join("questions.jsonl"), "old\n").unwrap();
    fs::write(root.join("zwerm-home.toml"), "layout = 1\n").unwrap();
    assert!(Home::open(root).is_err());
    assert_eq!(Home::init(root, None).unwrap(), Initialised::Renewed);
    Home::open(root).unwrap().require_log().unwrap();
    assert_eq!(fs::read(root.join("questions.jsonl")).unwrap(), b"old\n");
}

#[test]
fn whoever_shares_a_home_keeps_only_those_waiting_who_change_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("home");
    Home::init(&root, None).unwrap();
    let home = Home::open(&root).unwrap();
    let first = home.share().unwrap();
    let second = home.share().unwrap();
    let lock = lock_file(&root.join(LOCK)).unwrap();
    assert!(lock.try_lock().is_err());
    drop((first, second));
    assert!(lock.try_lock().is_ok());
}

#[test]
fn a_first_init_that_broke_off_is_finished_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("agreements")).unwrap();
    fs::write(folder.path().join("zwerm-home.toml.part"), "lay").unwrap();
    assert_eq!(Home::init(folder.path(), None).unwrap(), Initialised::Made);
    assert!(Home::open(folder.path()).is_ok());
}

/// A small agreement whose made-up parties have keys.
const AGREEMENT: &str = include_str!("../../zwerm/tests/it/small/agreement.toml");

/// A home whose zone is named, with the small agreement in force; its last day is 31 December 2027.
fn in_zone(zone: &str) -> (tempfile::TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("home");
    Home::init(&root, None).unwrap();
    let home = moved(&root, zone);
    let document = folder.path().join("agreement.toml");
    fs::write(&document, sample::signed(AGREEMENT).unwrap()).unwrap();
    let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let added = home.add(&document, "2026-03-01".parse().unwrap(), now);
    assert!(added.unwrap().lacking.is_empty());
    (folder, home)
}

/// The home after its operator set another zone.
fn moved(root: &Path, zone: &str) -> Home {
    fs::write(root.join("zwerm.toml"), format!("zone = \"{zone}\"\n")).unwrap();
    Home::open(root).unwrap()
}

fn sample_of(home: &Home) -> Stored {
    home.newest(&home.ids().unwrap()[0]).unwrap()
}

/// Whether a question of this moment is entered, on the day that whoever asks says it is.
fn enters(home: &Home, moment: &str, day: &str) -> bool {
    let stored = sample_of(home);
    let question = Entry {
        time: moment.parse().unwrap(),
        agreement: logged(stored.hash),
        what: EntryKind::Question {
            party: "universiteit".into(),
            purpose: "housing-policy".into(),
            view: "huishoudens".into(),
            plan: "SELECT units() FROM huishoudens".into(),
        },
    };
    let entered = home.enter_in_force(&stored, day.parse().unwrap(), &[question]);
    entered.is_ok()
}

/// The zones that the log names, one for each time that something came into force.
fn zones(home: &Home) -> Vec<Option<String>> {
    let files = LogFiles::of(home.root());
    let disk = FileDisk::new(&files.public);
    let reader = LogReader::new(&disk, "");
    let key = files.key().unwrap().verifier();
    let size = reader.checkpoint(&key, &[]).unwrap().size;
    let entries = reader.bundle(0, size).unwrap().into_iter();
    let force = entries.filter_map(|bytes| match Entry::parse(&bytes).unwrap().what {
        EntryKind::AgreementInForce { zone, .. } => Some(zone),
        _ => None,
    });
    force.collect()
}

/// Stops the agreement and lifts that, so that it comes into force anew.
fn stop_and_resume(home: &Home) {
    for (change, hour) in [(StatusChange::Suspended, 13), (StatusChange::Resumed, 14)] {
        let changed = home.change(&WishedChange {
            agreement: &home.ids().unwrap()[0],
            party: "corporatie",
            change,
            reason: "datalek",
            pen: Pen::Key(sample::made_up_key("corporatie")),
            today: "2026-03-01".parse().unwrap(),
            now: format!("2026-03-01T{hour}:00:00Z").parse().unwrap(),
        });
        assert!(changed.unwrap().notices.is_empty());
    }
}

#[test]
fn a_day_is_that_of_the_zone_that_the_agreement_came_into_force_under() {
    let (_folder, home) = in_zone("Europe/Amsterdam");
    assert_eq!(zones(&home), [Some("Europe/Amsterdam".to_owned())]);
    assert!(enters(&home, "2027-12-31T22:59:59Z", "2027-12-31"));
    assert!(!enters(&home, "2027-12-31T23:00:00Z", "2028-01-01"));
}

#[test]
fn whoever_sets_another_zone_adds_no_hour_to_an_agreement() {
    let (folder, home) = in_zone("Europe/Amsterdam");
    drop(home);
    let root = folder.path().join("home");
    // where it is still the last day, half a day later
    let west = moved(&root, "Pacific/Honolulu");
    assert!(!enters(&west, "2028-01-01T05:00:00Z", "2027-12-31"));
    assert!(enters(&west, "2027-12-31T22:00:00Z", "2027-12-31"));
    // it stays what it was when it comes into force anew
    stop_and_resume(&west);
    assert_eq!(zones(&west), vec![Some("Europe/Amsterdam".to_owned()); 2]);
    drop(west);
    let back = moved(&root, "Europe/Amsterdam");
    assert!(enters(&back, "2027-12-31T22:59:59Z", "2027-12-31"));
}

#[test]
fn an_agreement_that_was_in_force_before_zones_were_named_keeps_the_days_of_utc() {
    let (_folder, home) = in_zone("UTC");
    let stored = sample_of(&home);
    let path = stored.path.with_file_name("entered.json");
    let entered = fs::read_to_string(&path).unwrap();
    let before = entered.replace(",\"zone\":\"UTC\"", "");
    assert_ne!(entered, before);
    fs::write(&path, before).unwrap();
    let home = moved(home.root(), "Europe/Amsterdam");
    assert!(enters(&home, "2027-12-31T23:30:00Z", "2027-12-31"));
    stop_and_resume(&home);
    assert_eq!(zones(&home).last(), Some(&None));
}

#[test]
fn consents_have_the_same_states_in_a_file_and_in_a_home() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sample.toml");
    fs::write(&path, sample::AGREEMENT).unwrap();
    let file = load::file(&path).unwrap();
    let mut read = file.clone();
    read.count(jiff::tz::TimeZone::UTC);
    let said = |stored: &Stored| {
        let all = stored.consents();
        all.map(|(said, state)| (said.clone(), state))
            .collect::<Vec<_>>()
    };
    assert_eq!(said(&file).len(), file.document.consents.len());
    assert!(!said(&file).is_empty());
    assert_eq!(said(&file), said(&read));
    for (said, _) in said(&file) {
        assert!(file.last_said_by(&said.party).is_some(), "{}", said.party);
    }
}
