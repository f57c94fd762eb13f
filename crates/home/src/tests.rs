//! The home: its log, its layouts, and what a crash leaves behind.

#![allow(clippy::unwrap_used)]

use std::fs;

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
