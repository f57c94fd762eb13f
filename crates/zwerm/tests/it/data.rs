//! `zwerm data`: looking a file through, and preparing it.

use insta::assert_snapshot;
use serde_json::Value;

use crate::place::Place;
use crate::small::{self, Asking};

const SECRET: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

/// A file as an office has it: semicolons, decimal commas, Windows-1252, service numbers, names.
pub(crate) fn office() -> Place {
    let place = Place::new();
    let mut text = String::from("BSN;Naam cliënt;Wijk code;Huur;Ingang\r\n");
    for (bsn, name, wijk, huur, day) in [
        ("111222333", "Zoë", "WK054600", "1.234,50", "31-1-2026"),
        ("123456782", "Jan", "WK054601", "450,00", "1-12-2025"),
        ("100000010", "Piet", "WK054600", "", "13-2-2026"),
        ("111222333", "Zoë", "WK054601", "500,25", "28-2-2026"),
    ] {
        text += &format!("{bsn};{name};{wijk};{huur};{day}\r\n");
    }
    let bytes: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    place.write("bron.csv", bytes);
    place.write("geheim.txt", SECRET);
    close(&place, "geheim.txt");
    place
}

fn close(place: &Place, name: &str) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let only_owner = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(place.path(name), only_owner).unwrap();
    }
    #[cfg(not(unix))]
    let _ = (place, name);
}

const PREPARE: [&str; 10] = [
    "data",
    "prepare",
    "bron.csv",
    "--key",
    "BSN",
    "--drop",
    "Naam cliënt",
    "--secret",
    "geheim.txt",
    "--output",
];

pub(crate) fn prepare<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [PREPARE.as_slice(), more].concat()
}

#[test]
fn a_report_that_people_understand() {
    let place = office();
    let run = place.zwerm(&["data", "check", "bron.csv", "--key", "BSN"]);
    assert_eq!((run.code, run.err.as_str()), (2, ""));
    assert_snapshot!("data_check_nl", run.out);
    let run = place.zwerm(&[
        "data",
        "check",
        "bron.csv",
        "--lang",
        "en",
        "--values",
        "Wijk code=WK054600,WK054602",
    ]);
    assert_snapshot!("data_check_en", run.out);
    for key in ["111222333", "123456782", "Zoë"] {
        assert!(!run.out.contains(key), "{}", run.out);
    }
}

#[test]
fn a_report_for_programs_holds_no_keys() {
    let place = office();
    let told = place
        .zwerm(&["data", "check", "bron.csv", "--key", "BSN", "--json"])
        .json(2);
    assert_eq!(told["usable"], false);
    assert_eq!(told["rows"], 4);
    assert_eq!(told["columns"][0]["looks_like"], "bsn");
    assert_eq!(told["columns"][0]["values"], Value::Null);
    assert_eq!(told["columns"][3]["type"], "float64");
    assert_eq!(told["columns"][2]["values"][1], "WK054601");
    assert!(
        told["remarks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|r| r["grave"] == true)
    );
    assert!(!told.to_string().contains("111222333"));
}

#[test]
fn a_prepared_file_is_usable_and_matches_that_of_a_partner() {
    let place = office();
    place.zwerm(&prepare(&["woningen.csv"])).ok();
    let text = place.read("woningen.csv");
    assert_snapshot!("data_prepared", text);
    let keys: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|l| l.split(',').next().unwrap())
        .collect();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(keys, sorted);
    place
        .zwerm(&["data", "check", "woningen.csv", "--key", "bsn"])
        .ok();
    // the same key in another file of another partner
    place.write("ander.csv", "nummer,x\n 123456782 ,1\n");
    place
        .zwerm(&[
            "data",
            "prepare",
            "ander.csv",
            "--key",
            "nummer",
            "--secret",
            "geheim.txt",
            "--output",
            "ander-uit.csv",
        ])
        .ok();
    let other = place.read("ander-uit.csv");
    assert!(
        other.contains("7bdb7e4aa4abb7b12aa9cb0be73dae60"),
        "{other}"
    );
    assert!(text.contains("7bdb7e4aa4abb7b12aa9cb0be73dae60"), "{text}");
}

#[test]
fn those_who_objected_are_left_out_and_the_summary_says_so_without_values() {
    let place = office();
    place.write("bezwaar.txt", " 111222333\r\n999999990\n\n");
    let told = place
        .zwerm(&prepare(&[
            "uit.parquet",
            "--exclude",
            "bezwaar.txt",
            "--summary",
            "uit.json",
            "--json",
        ]))
        .json(0);
    let summary: Value = serde_json::from_str(&place.read("uit.json")).unwrap();
    assert_eq!(told["summary"], summary);
    for (name, expected) in [
        ("rows_in", 4),
        ("rows_excluded", 2),
        ("rows_out", 2),
        ("exclusions", 2),
        ("exclusions_unmatched", 1),
    ] {
        assert_eq!(summary[name], expected, "{name}");
    }
    assert_eq!(summary["secret_check"], "830f49cf15373644");
    assert_eq!(summary["dropped"][0], "Naam cliënt");
    let text = summary.to_string();
    assert!(
        !text.contains("111222333") && !text.contains("WK0546"),
        "{text}"
    );
    let seen = place
        .zwerm(&["data", "check", "uit.parquet", "--key", "bsn", "--json"])
        .json(0);
    assert_eq!(seen["rows"], 2);
    // the same list as a table
    place.write("bezwaar.csv", "BSN\n111222333\n");
    place
        .zwerm(&prepare(&["uit.csv", "--exclude", "bezwaar.csv"]))
        .ok();
    assert_eq!(place.read("uit.csv").lines().count(), 3);
    place.write("bezwaar.csv", "nummer\n111222333\n");
    let told = place
        .zwerm(&prepare(&["nog.csv", "--exclude", "bezwaar.csv"]))
        .told(2);
    assert!(
        told.contains("de uitsluitlijst heeft geen kolom `BSN`"),
        "{told}"
    );
    assert!(!place.path("nog.csv").exists());
}

#[test]
fn a_file_with_service_numbers_does_not_come_out() {
    let place = office();
    place.write("twee.csv", "k,bsn_partner\na,111222333\nb,123456782\n");
    let line = [
        "data",
        "prepare",
        "twee.csv",
        "--key",
        "k",
        "--secret",
        "geheim.txt",
        "--output",
        "uit.csv",
    ];
    let told = place.zwerm(&line).told(2);
    assert!(
        told.contains("burgerservicenummers") && told.contains("`--drop bsn_partner`"),
        "{told}"
    );
    assert!(!place.path("uit.csv").exists());
    place
        .zwerm(&[line.as_slice(), &["--drop", "bsn_partner"]].concat())
        .ok();
    assert!(!place.read("uit.csv").contains("111222333"));
}

#[test]
fn another_file_is_never_overwritten_and_the_same_may_be_there() {
    let place = office();
    place.write("uit.csv", "van een ander\n");
    let told = place.zwerm(&prepare(&["uit.csv"])).told(2);
    assert!(told.contains("`uit.csv` is er al en is anders"), "{told}");
    assert_eq!(place.read("uit.csv"), "van een ander\n");
    assert!(
        place
            .zwerm(&prepare(&["bron.csv"]))
            .told(2)
            .contains("is er al")
    );
    place.zwerm(&prepare(&["goed.csv"])).ok();
    place.zwerm(&prepare(&["goed.csv"])).ok();
    let left = place.files(".");
    assert!(
        !left.iter().any(|(name, _)| name.ends_with(".part")),
        "{left:?}"
    );
}

#[test]
fn what_cannot_be_prepared_is_told_all_at_once() {
    let place = office();
    let line = [
        "data",
        "prepare",
        "bron.csv",
        "--key",
        "BNS",
        "--drop",
        "Naam",
        "--secret",
        "geheim.txt",
        "--output",
        "uit.csv",
        "--lang",
        "en",
    ];
    let told = place.zwerm(&line).told(2);
    assert!(
        told.contains("there is no column `BNS`; did you mean `BSN`?"),
        "{told}"
    );
    assert!(told.contains("there is no column `Naam`"), "{told}");
    let told = place.zwerm(&prepare(&["uit.xlsx"])).told(2);
    assert!(told.contains("`.csv` of `.parquet`"), "{told}");
}

#[test]
fn a_secret_is_made_once_and_for_its_owner_alone() {
    let place = office();
    let told = place
        .zwerm(&["data", "secret", "nieuw.txt", "--json"])
        .json(0);
    let first = place.read("nieuw.txt");
    assert!(first.len() == 65 && first.trim_end().bytes().all(|b| b.is_ascii_hexdigit()));
    assert!(!told.to_string().contains(first.trim_end()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(place.path("nieuw.txt"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = place.zwerm(&["data", "secret", "nieuw.txt"]).told(2);
    assert!(again.contains("wordt nooit overschreven"), "{again}");
    assert_eq!(place.read("nieuw.txt"), first);
    place.zwerm(&["data", "secret", "tweede.txt"]).ok();
    assert_ne!(place.read("tweede.txt"), first);
}

#[test]
fn a_secret_that_can_be_guessed_is_refused() {
    let place = office();
    for (secret, expected) in [
        ("kort", "korter dan 32 bytes"),
        (&"a".repeat(64) as &str, "is te raden"),
        (&"ab".repeat(4000), "geen geheim"),
    ] {
        place.write("geheim.txt", secret);
        let told = place.zwerm(&prepare(&["uit.csv"])).told(2);
        assert!(told.contains(expected), "{told}");
        assert!(told.contains("zwerm data secret"), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_secret_that_others_can_read_is_remarked() {
    use std::os::unix::fs::PermissionsExt;
    let place = office();
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(place.path("geheim.txt"), open).unwrap();
    let run = place.zwerm(&prepare(&["uit.csv"]));
    assert_eq!(run.code, 0);
    assert!(
        run.err
            .contains("anderen op deze machine kunnen het geheim lezen"),
        "{}",
        run.err
    );
}

#[test]
fn a_file_that_is_not_there_or_is_no_table() {
    let place = office();
    for (file, expected) in [
        ("niets.csv", "het bestand `niets.csv` is er niet"),
        ("geheim.txt", "dit soort bestand wordt niet gelezen"),
    ] {
        let told = place.zwerm(&["data", "check", file]).told(2);
        assert!(told.contains(expected), "{told}");
    }
    place.write("leeg.csv", "");
    assert!(
        place
            .zwerm(&["data", "check", "leeg.csv"])
            .told(2)
            .contains("het bestand is leeg")
    );
    let told = place
        .zwerm(&["data", "check", "bron.csv", "--values", "wijk=a"])
        .told(2);
    assert!(told.contains("er is geen kolom `wijk`"), "{told}");
    let told = place
        .zwerm(&[
            "data",
            "check",
            "bron.csv",
            "--decimal",
            ",",
            "--thousands",
            ",",
        ])
        .told(2);
    assert!(
        told.contains("kan niet voor decimalen en voor duizendtallen staan"),
        "{told}"
    );
}

#[test]
fn a_workbook_goes_the_same_way() {
    let place = office();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["nummer", "wijk"]).unwrap();
    for (row, (number, wijk)) in [(111_222_333.0, "noord"), (123_456_782.0, "zuid")]
        .into_iter()
        .enumerate()
    {
        sheet.write_number(row as u32 + 1, 0, number).unwrap();
        sheet.write_string(row as u32 + 1, 1, wijk).unwrap();
    }
    book.save(place.path("bron.xlsx")).unwrap();
    place
        .zwerm(&[
            "data",
            "prepare",
            "bron.xlsx",
            "--key",
            "nummer",
            "--secret",
            "geheim.txt",
            "--output",
            "uit.csv",
        ])
        .ok();
    assert!(
        place
            .read("uit.csv")
            .contains("7bdb7e4aa4abb7b12aa9cb0be73dae60,zuid")
    );
}

#[test]
fn a_home_answers_the_same_from_files_as_people_have_them() {
    let expected = Asking::default().answer(&Place::small_home());
    let place = Place::small();
    let (homes, incomes) = small::data(1);
    place.write("data/woningen.csv", homes.replace(',', ";"));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in incomes.lines().enumerate() {
        for (column, field) in line.split(',').enumerate() {
            let (row, column) = (row as u32, column as u16);
            match field.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, field).unwrap(),
            };
        }
    }
    sheet.set_row_hidden(3).unwrap();
    book.save(place.path("data/inkomens.xlsx")).unwrap();
    let agreement = small::changed(
        "source = \"data/inkomens.csv\"",
        "source = \"data/inkomens.xlsx\"\nformat = { sheet = \"Sheet1\" }",
    );
    place.write("agreement.toml", agreement);
    let told = place.zwerm(&["agreement", "check", "agreement.toml"]).ok();
    assert!(told.contains("tussen velden   ;"), "{told}");
    assert!(told.contains("Sheet1  (zo gekozen; sheet)"), "{told}");
    assert!(
        told.contains("inkomens.xlsx:Sheet1: 1 rijen en 0 kolommen zijn verborgen"),
        "{told}"
    );
    let told = place
        .zwerm(&["agreement", "check", "agreement.toml", "--json"])
        .json(0);
    assert_eq!(told["read"][0]["assumed"]["separator"], ";");
    assert_eq!(told["read"][1]["remarks"][0]["grave"], false);
    place.zwerm(&["init"]).ok();
    place.zwerm(&["agreement", "add", "agreement.toml"]).ok();
    assert!(place.path("zwerm-home/data").exists());
    let answer = Asking::default().answer(&place);
    for part in ["rows", "protected", "totals"] {
        assert_eq!(answer[part], expected[part], "{part}");
    }
}
