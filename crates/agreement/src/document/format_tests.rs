//! How a dataset's file is written: what is accepted, what is refused and where.

#![allow(clippy::unwrap_used)]

use super::tests::{changed, check};
use crate::agreement::Document;
use crate::sample::AGREEMENT;

#[test]
fn how_a_file_is_written_is_said_in_known_signs_that_can_be_so() {
    let with = |format: &str| format!("source = \"data/woningen.csv\"\nformat = {{ {format} }}");
    let mut wrong = Vec::new();
    for (format, expected) in [
        (
            "seperator = \";\"",
            "a:52:12: `seperator` is not known here; did you mean `separator`?",
        ),
        (
            "separator = \";;\"",
            "a:52:24: `;;` does not fit here; write one of ",
        ),
        ("decimal = \";\"", "a:52:22: `;` does not fit here"),
        (
            "decimal = 1",
            "a:52:22: `dataset[0].format.decimal` is a whole number",
        ),
        (
            "encoding = \"latin\"",
            "a:52:23: `latin` is not known here; choose from `utf-8`",
        ),
        (
            "decimal = \",\", thousands = \",\"",
            "a:52:39: `,` cannot mark both decimals and thousands",
        ),
        (
            "missing = \"NULL\"",
            "a:52:22: `dataset[0].format.missing` is text; write a list",
        ),
        (
            "sheet = \"Blad1\"",
            "a:52:20: `sheet` is only for a file `.xlsx`",
        ),
    ] {
        check(
            &mut wrong,
            "source = \"data/woningen.csv\"",
            &with(format),
            expected,
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_blank_of_a_draft_is_still_to_be_filled_in() {
    let mut wrong = Vec::new();
    check(
        &mut wrong,
        "source = \"data/woningen.csv\"",
        "source = \"FILL IN: the file\"",
        "a:51:10: this is still to be filled in: `the file`",
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn words_for_a_missing_value_are_not_for_parquet() {
    let source = "source = \"data/woningen.csv\"";
    let with =
        |file: &str| format!("source = \"data/{file}\"\nformat = {{ missing = [\"NULL\"] }}");
    let document = Document::parse("a", &changed(source, &with("woningen.csv"))).unwrap();
    let format = document.agreement.dataset[0].format.clone().unwrap();
    assert_eq!(format.missing, ["NULL"]);
    let mut wrong = Vec::new();
    let expected = "a:52:22: `missing` is not for a file `.parquet`";
    check(&mut wrong, source, &with("woningen.parquet"), expected);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn how_a_file_is_written_counts_in_the_hash_only_when_it_is_said() {
    let hash = |text: &str| {
        Document::parse("a", text)
            .unwrap()
            .agreement
            .hash()
            .unwrap()
    };
    let said = "source = \"data/woningen.csv\"\nformat = { decimal = \",\" }";
    let said = changed("source = \"data/woningen.csv\"", said);
    assert_ne!(hash(AGREEMENT), hash(&said));
    let agreement = Document::parse("a", AGREEMENT).unwrap().agreement;
    assert!(
        !serde_json::to_string(&agreement)
            .unwrap()
            .contains("\"format\"")
    );
}
