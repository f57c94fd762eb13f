//! Canonical JSON and the hash: what changes them and what does not.

#![expect(clippy::disallowed_methods, reason = "reads reference data of others")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::{Agreement, Document};
use crate::sample::AGREEMENT;

fn parse(text: &str) -> Agreement {
    Document::parse("sample.toml", text)
        .unwrap_or_else(|f| panic!("{f}"))
        .agreement
}

/// The sample with one piece of text replaced, which must occur exactly once.
fn changed(from: &str, to: &str) -> String {
    assert_eq!(AGREEMENT.matches(from).count(), 1, "`{from}`");
    AGREEMENT.replacen(from, to, 1)
}

#[test]
fn formatting_order_comments_and_spelt_out_defaults_do_not_change_the_hash() {
    let hash = parse(AGREEMENT).hash().unwrap();
    let windows = AGREEMENT.replace('\n', "\r\n");
    let commented = format!("# a comment\n\n{}", AGREEMENT.replace(" = ", "   =  "));
    let reordered = changed("version = 1\n", "").replacen("goal =", "version = 1\ngoal =", 1);
    let floats =
        changed("upper = 200000", "upper = 200_000.0").replace("percent = 50 ", "percent = 5e1 ");
    let spelt_out = changed(
        "  sensitive = true",
        "  sensitive = true\n  per_unit = true",
    );
    let left_out = changed("protect_zeros = false\n", "");
    let native = changed("from = \"2026-01-01\"", "from = 2026-01-01");
    let columns = changed(
        "{ huishouden = \"utf8\", wijk = \"utf8\", huur",
        "{ wijk = \"utf8\", huishouden = \"utf8\", huur",
    );
    let unsigned = AGREEMENT.split("[[consent]]").next().unwrap().to_owned();
    for text in [
        windows, commented, reordered, floats, spelt_out, left_out, native, columns, unsigned,
    ] {
        assert_eq!(parse(&text).hash().unwrap(), hash, "{text}");
    }
}

#[test]
fn every_change_of_meaning_changes_the_hash() {
    let changes = [
        (
            "id = \"leiden-goedkoop-scheefwonen\"",
            "id = \"leiden-duur-scheefwonen\"",
        ),
        ("version = 1", "version = 2"),
        ("en = \"Higher incomes", "en = \"High incomes"),
        ("goal = \"leiden-passend-wonen\"", "goal = \"leiden-wonen\""),
        ("purpose = \"housing-policy\"", "purpose = \"research\""),
        ("strategy = \"exploring\"", "strategy = \"safety-net\""),
        ("phase = \"experimental\"", "phase = \"structural\""),
        ("from = \"2026-01-01\"", "from = \"2026-01-02\""),
        ("until = \"2027-12-31\"", "until = \"2027-12-30\""),
        ("months = 24", "months = 25"),
        ("answers = \"public\"", "answers = \"parties\""),
        ("nl = \"huishoudens in", "nl = \"Huishoudens in"),
        ("by = \"own-decision\"", "by = \"panel\""),
        ("evidence = \"besluit", "evidence = \"notulen"),
        (
            "ed25519:FcFGCSWKIsW5TfgI1TK0N9gTkAdmKZ28kuaQr6GQfuk=",
            "ed25519:nuFZWiKxuf9dj5L9RJiNjFKbxO2bk5jMaMOXMNhT1XE=",
        ),
        (
            "[\"provide\", \"ask\"]\n\n[[party]]\nid = \"universiteit\"",
            "[\"provide\"]\n\n[[party]]\nid = \"universiteit\"",
        ),
        ("huur = \"float64\"", "huur = \"int64\""),
        ("period = \"2026\"", "period = \"2025\""),
        ("\"niet nodig voor de vraag\"", "\"geen grondslag\""),
        (
            "\"AVG art. 6, lid 1, onder e\"",
            "\"AVG art. 6, lid 1, onder c\"",
        ),
        (
            "source = \"data/inkomens.csv\"",
            "source = \"data/inkomens.parquet\"",
        ),
        ("unit = \"huishouden\"", "unit = \"persoon\""),
        ("i.inkomen FROM", "i.inkomen  FROM"),
        ("values = [\"ja\", \"nee\"]", "values = [\"nee\", \"ja\"]"),
        ("sensitive = true", "sensitive = false"),
        ("per_unit = false", "per_unit = true"),
        ("WK054600 = \"Binnenstad\"", "WK054600 = \"Centrum\""),
        ("groups = { Oost", "groups = { Ooster"),
        ("quantity = \"EUR/year\"", "quantity = \"EUR/month\""),
        ("lower = 0", "lower = 0.5"),
        ("from = \"2026-07\"", "from = \"2026-08\""),
        ("minimum_units = 10", "minimum_units = 11"),
        ("largest = 1,", "largest = 2,"),
        ("percent = 50 ", "percent = 50.5 "),
        ("p_percent = 10", "p_percent = 11"),
        ("protect_zeros = false", "protect_zeros = true"),
        ("round_to = 5", "round_to = 3"),
        ("max_dimensions = 3", "max_dimensions = 2"),
        ("release_rhythm = \"yearly\"", "release_rhythm = \"once\""),
        ("minstens tien", "minstens 10"),
        ("from_statement = 7", "from_statement = 8"),
    ];
    let mut hashes = vec![parse(AGREEMENT).hash().unwrap()];
    for (from, to) in changes {
        hashes.push(parse(&changed(from, to)).hash().unwrap());
    }
    let count = hashes.len();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), count);
}

#[test]
fn canonical_json_reads_back_as_the_same_agreement() {
    let agreement = parse(AGREEMENT);
    let json = agreement.canonical_json().unwrap();
    let back: Agreement = serde_json::from_str(&json).unwrap();
    assert_eq!(back, agreement);
    let unknown = json.replacen('{', "{\"x\":1,", 1);
    assert!(serde_json::from_str::<Agreement>(&unknown).is_err());
}

#[test]
fn an_agreement_with_a_number_that_is_not_one_has_no_hash() {
    let mut agreement = parse(AGREEMENT);
    agreement.view[0].measure[0].upper = f64::NAN;
    assert!(agreement.hash().is_err());
}

/// RFC 8785's published cases, where they are at hand: `jcs/input/*.json` and `jcs/output/*.json`.
#[test]
fn canonical_json_follows_rfc_8785() {
    let Ok(data) = std::env::var("ZWERM_REFERENCE_DATA") else {
        println!("skipped: ZWERM_REFERENCE_DATA is not set");
        return;
    };
    let folder = std::path::Path::new(&data).join("jcs");
    let mut cases = 0;
    for input in std::fs::read_dir(folder.join("input")).unwrap() {
        let input = input.unwrap().path();
        let value: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&input).unwrap()).unwrap();
        let expected =
            std::fs::read_to_string(folder.join("output").join(input.file_name().unwrap()));
        assert_eq!(
            super::canonical(&value).unwrap(),
            expected.unwrap().trim_end(),
            "{input:?}"
        );
        cases += 1;
    }
    assert!(cases > 0);
}

#[test]
fn negative_zero_is_zero() {
    let agreement = parse(&changed("lower = 0\n", "lower = -0.0\n"));
    assert!(agreement.view[0].measure[0].lower.is_sign_positive());
    assert_eq!(agreement.hash().unwrap(), parse(AGREEMENT).hash().unwrap());
}

proptest! {
    /// A stored agreement that came back slightly different would have lost its identity.
    #[test]
    fn every_number_survives_canonical_json(lower in any::<f64>(), percent in 0.001..100.0f64) {
        prop_assume!(lower.is_finite());
        let mut agreement = parse(AGREEMENT);
        agreement.view[0].measure[0].lower = lower;
        agreement.protection.p_percent = Some(percent);
        let json = agreement.canonical_json().unwrap();
        let back: Agreement = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(back.hash().unwrap(), agreement.hash().unwrap());
    }
}
