//! CSV as people have it: what is assumed of how it is written is said, and what cannot be told has to be settled.

use proptest::prelude::*;
use zwerm_agreement::agreement::{Encoding, Format};
use zwerm_intake::{Survey, survey};

use crate::write;

fn surveyed(text: &str, format: &Format) -> Survey {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.csv", text.as_bytes());
    survey(&file, format).unwrap()
}

#[test]
fn between_commas_a_point_is_for_decimals_and_a_quoted_comma_has_to_be_settled() {
    let point = surveyed("a,b\n1.234,x\n", &Format::default());
    assert!(point.is_usable() && point.remarks.len() == 1);
    let comma = surveyed("a,b\n\"1,234\",x\n", &Format::default());
    assert!(!comma.is_usable());
    let settled = Format {
        thousands: Some(','),
        ..Format::default()
    };
    let comma = surveyed("a,b\n\"1,234\",x\n", &settled);
    assert_eq!(comma.columns[0].values, ["1234"]);
}

/// What was assumed, as `key=value`.
fn assumed(text: &str) -> Vec<String> {
    let seen = surveyed(text, &Format::default());
    seen.format
        .iter()
        .map(|a| format!("{}={}", a.key, a.value))
        .collect()
}

#[test]
fn what_was_assumed_is_said() {
    assert_eq!(
        assumed("a;b\n1,5;x\n"),
        ["encoding=utf-8", "separator=;", "decimal=,"]
    );
    assert_eq!(
        assumed("a,b\n\"1,234.5\",x\n"),
        ["encoding=utf-8", "separator=,", "decimal=.", "thousands=,"]
    );
    assert_eq!(
        assumed("a\tb\n1 234,5\tx\n"),
        [
            "encoding=utf-8",
            "separator=\\t",
            "decimal=,",
            "thousands= "
        ]
    );
    // commas within texts do not make a separator of the comma
    assert_eq!(assumed("a;b\nx, y;z, w\nq;r\n")[1], "separator=;");
}

#[test]
fn a_file_with_numbers_in_two_ways_is_not_usable() {
    let seen = surveyed(
        "a;b\n1,5;1.5\n2,5;2.5\n3,5;3.25\n4,25;4.5\n",
        &Format::default(),
    );
    assert!(!seen.is_usable());
}

#[test]
fn an_encoding_can_be_settled_and_can_be_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.csv", b"naam\nZo\xeb\n");
    let with = |encoding| Format {
        encoding: Some(encoding),
        ..Format::default()
    };
    let seen = survey(&file, &with(Encoding::Windows1252)).unwrap();
    assert_eq!(seen.columns[0].values, ["Zoë"]);
    assert!(!survey(&file, &with(Encoding::Utf8)).unwrap().is_usable());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), mark in 0..4_usize) {
        let start: &[u8] = [&b""[..], b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"][mark];
        let folder = tempfile::tempdir().unwrap();
        let file = write(folder.path(), "a.csv", &[start, &bytes].concat());
        let _ = survey(&file, &Format::default());
    }

    #[test]
    fn no_text_of_signs_makes_a_reader_panic(text in "[0-9.,;'\" \t\n\r\u{a0}e+-]{0,200}") {
        let folder = tempfile::tempdir().unwrap();
        let file = write(folder.path(), "a.csv", text.as_bytes());
        let _ = survey(&file, &Format::default());
    }
}
