//! Every condition that the machine says it enforces is real: change just that one, and a decision or an answer
//! changes, and so do its words.
//!
//! The table must have a row for each condition that `agreement check` lists, so a new condition needs a new row.
//! Who may read answers, and how long, is decided by policy but by no command yet: those rows look at the policies
//! that `agreement check --policies` shows, and the crate of the policies tests the decisions themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::place::Place;
use crate::small::{Asking, TABLE, changed, codes, refusals};

/// What must be seen after a change of one condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Seen {
    /// The same question has another answer: other figures, or others protected.
    OtherAnswer,
    /// What was answered is refused, with the code of the row.
    Refused,
    /// What was refused is answered.
    Allowed,
    /// The refusal keeps its code and says something else.
    OtherRefusal,
    /// The agreement with its data does not add up any more: a fault, and no answer.
    Fault,
    /// No command decides about this yet; the policies differ.
    Policies,
    /// Nothing in a trial: it decides which release of a home may follow another (see `releases.rs`).
    Release,
}

/// One condition, one change of it, and what follows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    path: String,
    from: String,
    to: String,
    seen: Seen,
    #[serde(default)]
    code: String,
    party: Option<String>,
    sql: Option<String>,
}

fn rows() -> Vec<Row> {
    #[derive(Deserialize)]
    struct Rows {
        row: Vec<Row>,
    }
    let rows: Rows = toml::from_str(include_str!("small/conditions.toml")).unwrap();
    rows.row
}

/// Paths with the words for them in both languages, and the policies.
fn checked(place: &Place, file: &str) -> Option<(BTreeMap<String, [String; 2]>, String)> {
    let mut words: BTreeMap<String, [String; 2]> = BTreeMap::new();
    let mut policies = String::new();
    for (index, lang) in ["nl", "en"].into_iter().enumerate() {
        let check = [
            "agreement",
            "check",
            file,
            "--policies",
            "--json",
            "--lang",
            lang,
        ];
        let run = place.zwerm(&check);
        if run.code == 2 {
            return None;
        }
        let told = run.json(0);
        for condition in told["enforced"].as_array().unwrap() {
            let path = condition["path"].as_str().unwrap().to_owned();
            words.entry(path).or_default()[index] = condition["words"].as_str().unwrap().into();
        }
        policies = told["policies"].as_str().unwrap().to_owned();
    }
    Some((words, policies))
}

/// What the asker hears, without what names the agreement's version and release.
fn heard(place: &Place, file: &str, row: &Row) -> (i32, Value) {
    let asking = Asking {
        agreement: file,
        party: row.party.as_deref().unwrap_or("universiteit"),
        sql: row.sql.as_deref().unwrap_or(TABLE),
        ..Asking::default()
    };
    let run = asking.run(place, &["--json"]);
    let told: Value = serde_json::from_str(&run.out).unwrap();
    let kept = match run.code {
        0 => serde_json::json!({ "rows": told["rows"], "protected": told["protected"] }),
        _ => told,
    };
    (run.code, kept)
}

#[test]
fn every_enforced_condition_has_a_row() {
    let place = Place::small();
    let (words, _) = checked(&place, "agreement.toml").unwrap();
    let rows = rows();
    let rows: BTreeSet<&str> = rows.iter().map(|row| row.path.as_str()).collect();
    let missing: Vec<_> = words
        .keys()
        .filter(|path| !rows.contains(path.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "add rows that show that these are enforced: {missing:?}"
    );
    for [nl, en] in words.values() {
        assert!(!nl.is_empty() && !en.is_empty() && nl != en, "{nl} / {en}");
    }
}

#[test]
fn changing_one_condition_changes_what_is_decided_or_answered_and_its_words() {
    let place = Place::small();
    let (words, policies) = checked(&place, "agreement.toml").unwrap();
    for row in &rows() {
        place.write("changed.toml", changed(&row.from, &row.to));
        let before = heard(&place, "agreement.toml", row);
        let after = heard(&place, "changed.toml", row);
        expect(row, &before, &after);
        let Some((new_words, new_policies)) = checked(&place, "changed.toml") else {
            assert!(row.seen == Seen::Fault, "{}: a fault", row.path);
            continue;
        };
        assert_ne!(
            words.get(&row.path),
            new_words.get(&row.path),
            "{}",
            row.path
        );
        if let (Some(old), Some(new)) = (words.get(&row.path), new_words.get(&row.path)) {
            assert!(
                old[0] != new[0] && old[1] != new[1],
                "{}: {old:?}",
                row.path
            );
        }
        if row.seen == Seen::Policies {
            assert_ne!(policies, new_policies, "{}", row.path);
        }
    }
}

fn expect(row: &Row, before: &(i32, Value), after: &(i32, Value)) {
    let (path, code) = (&row.path, row.code.as_str());
    let exits = (before.0, after.0);
    let wanted = match row.seen {
        Seen::OtherAnswer | Seen::Policies | Seen::Release => (0, 0),
        Seen::Refused => (0, 1),
        Seen::Allowed => (1, 0),
        Seen::OtherRefusal => (1, 1),
        Seen::Fault => (0, 2),
    };
    assert_eq!(exits, wanted, "{path}: {before:?} {after:?}");
    if exits.1 == 1 {
        assert_eq!(codes(&refusals(&after.1)), [code], "{path}: {after:?}");
    }
    let same = before.1 == after.1;
    let silent = matches!(row.seen, Seen::Policies | Seen::Release);
    assert_eq!(same, silent, "{path}: {before:?}");
}

#[test]
fn a_refusal_under_a_condition_names_it() {
    let place = Place::small();
    for row in rows().iter().filter(|row| row.seen == Seen::Refused) {
        place.write("changed.toml", changed(&row.from, &row.to));
        let (_, told) = heard(&place, "changed.toml", row);
        let condition = refusals(&told)[0]["condition"].as_str().unwrap().to_owned();
        // that nobody represents exactly these people is one matter, written in two places
        let written = match row.path.as_str() {
            "party.huurders.represents" => "about.id",
            path => path,
        };
        assert_eq!(condition, written, "{told}");
    }
}
