//! Each enforced condition says its value.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use super::{enforced, find, promised};
use crate::agreement::{Agreement, Document};
use crate::sample::AGREEMENT;

fn parse(text: &str) -> Agreement {
    Document::parse("sample.toml", text).unwrap().agreement
}

/// A condition, a change of it in the document, and what its English words then say.
const CHANGES: &[(&str, &str, &str, &str)] = &[
    (
        "purpose",
        "purpose = \"housing-policy\"",
        "purpose = \"research\"",
        "`research`",
    ),
    (
        "valid.from",
        "from = \"2026-01-01\"",
        "from = \"2026-02-01\"",
        "2026-02-01",
    ),
    (
        "valid.until",
        "until = \"2027-12-31\"",
        "until = \"2028-12-31\"",
        "2028-12-31",
    ),
    (
        "view.huishoudens.dimension.wijk.parents",
        "WK054600 = \"Binnenstad\"",
        "WK054600 = \"Centrum\"",
        "Centrum",
    ),
    (
        "retention.months",
        "months = 24",
        "months = 12",
        "12 months",
    ),
    (
        "answers",
        "answers = \"public\"",
        "answers = \"parties\"",
        "only parties",
    ),
    (
        "about.id",
        "nl = \"huishoudens in corporatiewoningen in Leiden\"\nen = \"households",
        "nl = \"x\"\nen = \"people",
        "people",
    ),
    (
        "party.universiteit.may",
        "helix = \"knowledge\"\nmay = [\"ask\"]",
        "helix = \"knowledge\"\nmay = [\"provide\"]",
        "may provide",
    ),
    (
        "party.rekenbureau.for",
        "for = \"gemeente-leiden\"",
        "for = \"universiteit\"",
        "works for `universiteit`",
    ),
    (
        "party.huurdersvereniging.represents",
        "represents = \"corporatiehuurders-leiden\"",
        "represents = \"leidenaars\"",
        "`leidenaars`",
    ),
    (
        "party.huurdersvereniging.mandate",
        "by = \"own-decision\"",
        "by = \"panel\"",
        "panel",
    ),
    (
        "dataset.inkomens.provider",
        "provider = \"gemeente-leiden\"",
        "provider = \"corporatie\"",
        "`corporatie` provides",
    ),
    (
        "dataset.woningen.columns",
        "huur = \"float64\"",
        "huurprijs = \"float64\"",
        "huurprijs",
    ),
    (
        "dataset.woningen.withheld",
        "huurachterstand =",
        "schulden =",
        "schulden",
    ),
    (
        "view",
        "name = \"huishoudens\"",
        "name = \"gezinnen\"",
        "`gezinnen`",
    ),
    (
        "view.huishoudens.key",
        "key = \"huishouden\"",
        "key = \"gezin\"",
        "`gezin`",
    ),
    (
        "view.huishoudens.mode",
        "mode = \"table\"",
        "mode = \"noisy\"",
        "noise",
    ),
    (
        "view.huishoudens.dimension.boven_grens.values",
        "[\"ja\", \"nee\"]",
        "[\"ja\", \"nee\", \"soms\"]",
        "soms",
    ),
    (
        "view.huishoudens.dimension.wijk.per_unit",
        "per_unit = false",
        "per_unit = true",
        "one value",
    ),
    (
        "view.huishoudens.dimension.wijk.groups",
        "groups = { Oost",
        "groups = { Ooster",
        "Ooster",
    ),
    (
        "view.huishoudens.measure.inkomen.lower",
        "lower = 0",
        "lower = 100",
        "100",
    ),
    (
        "view.huishoudens.measure.inkomen.upper",
        "upper = 200000",
        "upper = 150000",
        "150000",
    ),
    (
        "embargo[0]",
        "until_sealed = \"doorstroomproef\"",
        "until_sealed = \"proef-twee\"",
        "`proef-twee`",
    ),
    (
        "protection.minimum_units",
        "minimum_units = 10",
        "minimum_units = 12",
        "12 units",
    ),
    (
        "protection.dominance",
        "percent = 50 ",
        "percent = 60 ",
        "60%",
    ),
    (
        "protection.p_percent",
        "p_percent = 10",
        "p_percent = 15",
        "15%",
    ),
    (
        "protection.protect_zeros",
        "protect_zeros = false",
        "protect_zeros = true",
        "is protected",
    ),
    (
        "protection.round_to",
        "round_to = 5",
        "round_to = 1",
        "not rounded",
    ),
    (
        "protection.release_rhythm",
        "release_rhythm = \"yearly\"",
        "release_rhythm = \"monthly\"",
        "month",
    ),
    (
        "protection.max_dimensions",
        "max_dimensions = 3",
        "max_dimensions = 2",
        "2 dimensions",
    ),
];

#[test]
fn changing_a_condition_changes_its_words() {
    let before = parse(AGREEMENT);
    for (path, from, to, says) in CHANGES {
        assert_eq!(AGREEMENT.matches(from).count(), 1, "`{from}`");
        let mut text = AGREEMENT.replacen(from, to, 1);
        if to.contains("noisy") {
            text.push_str("\n[noise]\nrho_per_question = 0.001\ndelta = 1e-6\n");
        }
        let after = parse(&text);
        let (old, new) = (find(&before, path).unwrap(), find(&after, path).unwrap());
        assert_ne!(old.words.nl, new.words.nl, "{path}");
        assert_ne!(old.words.en, new.words.en, "{path}");
        assert!(new.words.en.contains(says), "{path}: {}", new.words.en);
    }
}

#[test]
fn every_enforced_condition_is_in_the_table_of_changes() {
    let tried: BTreeSet<_> = CHANGES.iter().map(|(path, ..)| *path).collect();
    let kinds = |path: &str| {
        let last = path.rsplit('.').next().unwrap_or(path).to_owned();
        (path.split(['.', '[']).next().unwrap().to_owned(), last)
    };
    let tried: BTreeSet<_> = tried.into_iter().map(kinds).collect();
    // `sensitive` is either there or not, which the test below covers
    let all = enforced(&parse(AGREEMENT));
    for condition in all.iter().filter(|c| !c.path.ends_with(".sensitive")) {
        assert!(
            tried.contains(&kinds(&condition.path)),
            "{}",
            condition.path
        );
    }
}

#[test]
fn what_is_not_agreed_is_no_condition() {
    let path = "view.huishoudens.dimension.boven_grens.sensitive";
    assert!(find(&parse(AGREEMENT), path).is_some());
    let without = parse(&AGREEMENT.replace("sensitive = true", "sensitive = false"));
    assert!(find(&without, path).is_none());
    let without = parse(&AGREEMENT.replace("p_percent = 10\n", ""));
    assert!(find(&without, "protection.p_percent").is_none());
}

#[test]
fn paths_are_unique_and_owners_are_parties() {
    let agreement = parse(AGREEMENT);
    let all = enforced(&agreement);
    let paths: BTreeSet<_> = all.iter().map(|c| &c.path).collect();
    assert_eq!(paths.len(), all.len());
    assert!(
        all.iter()
            .filter_map(|c| c.owner.as_deref())
            .all(|o| agreement.find_party(o).is_some())
    );
    let embargo = find(&agreement, "embargo[0]").unwrap();
    assert_eq!(embargo.owner.as_deref(), Some("gemeente-leiden"));
}

#[test]
fn promises_stay_apart() {
    let agreement = parse(AGREEMENT);
    let promises = promised(&agreement);
    assert_eq!(promises.len(), 1);
    assert_eq!(
        (promises[0].owner.as_str(), promises[0].from_statement),
        ("gemeente-leiden", Some(12))
    );
}

#[test]
fn every_condition_that_a_policy_names_is_enforced_and_says_the_same() {
    let agreement = parse(AGREEMENT);
    let policies = crate::policy::PolicySet::generate(&agreement).unwrap();
    let named: BTreeSet<_> = policies
        .to_cedar()
        .lines()
        .filter_map(|line| line.strip_prefix("@condition(\"")?.strip_suffix("\")"))
        .collect();
    assert!(named.len() > 8, "{named:?}");
    for path in named {
        assert!(find(&agreement, path).is_some(), "{path}");
    }
}
