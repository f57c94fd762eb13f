//! The reference and the reader speak of the same keys.

#![expect(
    clippy::disallowed_methods,
    reason = "reads the page that is made of the code"
)]

use std::collections::BTreeSet;

use super::*;
use crate::agreement::Document;

fn record() -> KeyRecord {
    recorded("largest.toml", LARGEST).unwrap()
}

/// Fails where the reader got a new key: put it into `largest.toml`.
#[test]
fn the_largest_document_holds_every_key_that_the_reader_asks_for() {
    let absent: Vec<_> = record()
        .asked
        .iter()
        .filter(|asked| asked.at.is_none())
        .map(|asked| asked.path.clone())
        .collect();
    assert!(absent.is_empty(), "not in `largest.toml`: {absent:?}");
}

/// Fails where a key was added or taken away: say in `agreement_words.rs` or `data_words.rs` what it
/// is for.
#[test]
fn every_key_is_described_once_and_nothing_else_is() {
    let read: BTreeSet<String> = keys().into_iter().map(|key| key.path).collect();
    let told: BTreeSet<String> = described().map(|one| one.path.to_owned()).collect();
    let silent: Vec<_> = read.difference(&told).collect();
    let stale: Vec<_> = told.difference(&read).collect();
    assert!(silent.is_empty(), "read, but not described: {silent:?}");
    assert!(stale.is_empty(), "described, but not read: {stale:?}");
    assert_eq!(told.len(), described().count(), "a key is described twice");
}

#[test]
fn every_key_says_what_to_write_what_is_so_without_it_and_shows_an_example() {
    for key in keys() {
        let texts = [Some(key.kind), Some(key.words), key.without];
        for text in texts.into_iter().flatten() {
            let said = !text.nl.is_empty() && !text.en.is_empty();
            assert!(
                said && text.nl != "een lijst; elk: ",
                "`{}`: {text:?}",
                key.path
            );
        }
        assert!(!key.example.is_empty(), "`{}` has no example", key.path);
    }
}

#[test]
fn a_key_that_must_be_there_has_nothing_to_fall_back_on() {
    for key in keys().iter().filter(|key| key.without.is_none()) {
        let described = described().find(|one| one.path == key.path);
        assert!(
            described.is_some_and(|one| one.without.is_none()),
            "{}",
            key.path
        );
    }
}

#[test]
fn what_is_told_to_hold_without_a_key_holds() {
    let left_out = [
        "sensitive = true",
        "per_unit = false",
        "protect_zeros = false",
    ];
    let text = left_out.iter().fold(LARGEST.to_owned(), |text, line| {
        assert!(text.contains(line), "{line}");
        text.replace(line, "")
    });
    let agreement = Document::parse("a.toml", &text).unwrap().agreement;
    let told = |path: &str| {
        let key = keys().into_iter().find(|key| key.path == path);
        key.and_then(|key| key.without).map(|text| text.en)
    };
    for dimension in &agreement.view[0].dimension {
        let found = format!("`{}`", dimension.sensitive);
        assert_eq!(told("view[].dimension[].sensitive"), Some(found));
        let found = format!("`{}`", dimension.per_unit);
        assert_eq!(told("view[].dimension[].per_unit"), Some(found));
    }
    let found = format!("`{}`", agreement.protection.protect_zeros);
    assert_eq!(told("protection.protect_zeros"), Some(found));
}

#[test]
fn a_key_stands_after_the_one_that_it_stands_in() {
    let order: Vec<String> = keys().into_iter().map(|key| key.path).collect();
    for (place, path) in order.iter().enumerate() {
        if let Some(parent) = parent(path) {
            let parent = parent.trim_end_matches("[]");
            assert!(
                order[..place].iter().any(|before| before == parent),
                "{path}"
            );
        }
    }
}

/// Fails where the page was not written anew: `cargo xtask reference`.
#[test]
fn the_page_in_the_documentation_is_the_one_made_from_the_code() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/reference/agreement.md"
    );
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == page(), "run `cargo xtask reference`");
}
