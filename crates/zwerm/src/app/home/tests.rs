//! The home: torn lists of questions, and what a crash leaves behind.

#![allow(clippy::unwrap_used)]

use std::fs;

use super::*;

fn entry(purpose: &str) -> Entry {
    Entry {
        at: "2026-03-01T12:00:00Z".parse().unwrap(),
        agreement: Asked {
            id: "leiden".into(),
            version: 2,
            hash: "00".into(),
        },
        party: "gemeente".into(),
        purpose: purpose.into(),
        outcome: Outcome::Refused {
            codes: vec![zwerm_commons::refusal::Code::WrongPurpose],
            owners: Vec::new(),
        },
    }
}

#[test]
fn what_was_recorded_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("home");
    assert_eq!(Home::init(&root).unwrap(), Initialised::Made);
    assert_eq!(Home::init(&root).unwrap(), Initialised::WasThere);
    let home = Home::open(&root).unwrap();
    for purpose in ["a", "b\nc"] {
        assert_eq!(home.record(&entry(purpose)).unwrap().notice, None);
    }
    assert_eq!(home.questions().unwrap(), [entry("a"), entry("b\nc")]);
}

#[test]
fn a_line_that_a_crash_tore_is_set_aside_and_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("home");
    Home::init(&root).unwrap();
    Home::open(&root).unwrap().record(&entry("a")).unwrap();
    let path = root.join(QUESTIONS);
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{whole}{{\"at\":\"2026")).unwrap();
    let home = Home::open(&root).unwrap();
    assert_eq!(home.notices().len(), 1);
    assert_eq!(fs::read_to_string(&path).unwrap(), whole);
    assert_eq!(
        fs::read_to_string(root.join("questions.torn")).unwrap(),
        "{\"at\":\"2026\n"
    );
    assert!(Home::open(&root).unwrap().notices().is_empty());
}

#[test]
fn a_first_init_that_broke_off_is_finished_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("agreements")).unwrap();
    fs::write(folder.path().join("zwerm-home.toml.part"), "lay").unwrap();
    assert_eq!(Home::init(folder.path()).unwrap(), Initialised::Made);
    assert!(Home::open(folder.path()).is_ok());
}
