//! CSV as people have it: every way of writing gives the same cells, and what cannot be told is said.

use proptest::prelude::*;
use zwerm_agreement::agreement::{ColumnType, Format};
use zwerm_intake::{IntakeError, Survey, check as check_source, survey};

use crate::{
    bad_input::faults,
    project::{KINDS, Project, of, project, write},
};

const HEADER: &str = "huishouden;wijk;woning;bouwjaar;huur\n";

/// The homes of the project with semicolons and decimal commas, the districts with an accent.
fn dutch(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let fields: Vec<String> = line.split(',').map(|f| f.replace('.', ",")).collect();
        lines.push(fields.join(";"));
    }
    lines.join("\r\n").replace("noord", "nóórd")
}

fn accented() -> Project {
    of(&KINDS, |t| t.replace("\"noord\"", "\"nóórd\""))
}

fn homes(bytes: &[u8]) -> Project {
    let project = accented();
    write(project.folder.path(), "woningen.csv", bytes);
    project
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let unit = |u: u16| {
        if big {
            u.to_be_bytes()
        } else {
            u.to_le_bytes()
        }
    };
    "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(unit)
        .collect()
}

fn windows(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

#[test]
fn every_way_of_writing_gives_the_same_cells() {
    let plain = accented();
    let text = std::fs::read_to_string(plain.file("woningen.csv")).unwrap();
    write(
        plain.folder.path(),
        "woningen.csv",
        text.replace("noord", "nóórd").as_bytes(),
    );
    let expected = plain.build().unwrap().cells;
    let dutch = dutch(&text);
    for (name, bytes) in [
        ("utf-8", dutch.clone().into_bytes()),
        ("mark", format!("\u{feff}{dutch}").into_bytes()),
        ("windows-1252", windows(&dutch)),
        ("utf-16le", utf16(&dutch, false)),
        ("utf-16be", utf16(&dutch, true)),
        ("tab", dutch.replace(';', "\t").into_bytes()),
        ("bar", dutch.replace(';', "|").into_bytes()),
        (
            "commas in windows-1252",
            windows(&text.replace("noord", "nóórd")),
        ),
    ] {
        assert!(homes(&bytes).build().unwrap().cells == expected, "{name}");
    }
}

fn check(text: &str, expected: &[&str]) {
    let project = project();
    write(project.folder.path(), "woningen.csv", text.as_bytes());
    assert_eq!(faults(&project), expected);
}

#[test]
fn what_is_wrong_in_such_a_file_is_told_by_its_line() {
    check(
        &format!(
            "{HEADER}k1;noord;flat;geheim4711;500,5\nk2;noord;flat;1950;1.2,3\nk3;noord;flat;1950\n"
        ),
        &[
            "woningen.csv:2: column `bouwjaar` is no whole number here",
            "woningen.csv:3: column `huur` is no plain finite number with a decimal comma here",
            "woningen.csv:4: the line has 4 fields, the header 5",
        ],
    );
    check(
        "huishouden;Wijk;woning;bouwjaar;huur\nk1;noord;flat;1950;1,5\n",
        &[
            "woningen.csv:1: column `wijk` is missing; `Wijk` is there",
            "woningen.csv:1: column `Wijk` was not agreed",
        ],
    );
    check(
        &format!("{HEADER}k1;\"noord;flat;1950;1,5\n"),
        &["woningen.csv:2: a quote is not closed"],
    );
}

#[test]
fn numbers_that_may_be_a_thousand_times_more_have_to_be_settled() {
    let lines = format!("{HEADER}k0001;noord;flat;1.950;1.234\n");
    check(
        &lines,
        &[
            "woningen.csv: in column `huur` `1.234` may be a thousand and something, or a bit more than one",
        ],
    );
    for (decimal, sum) in [(',', "1234"), ('.', "1.234")] {
        let mut settled = of(&KINDS, |t| t.replace("upper = 1000\n", "upper = 2000\n"));
        // whole numbers have no point before decimals
        let row = |k| format!("k{k:04};noord;flat;1950;1.234\n");
        let lines = format!("{HEADER}{}", (1..=20).map(row).collect::<String>());
        write(settled.folder.path(), "woningen.csv", lines.as_bytes());
        settled
            .agreement
            .dataset
            .iter_mut()
            .find(|d| d.id == "woningen")
            .unwrap()
            .format = Some(Format {
            decimal: Some(decimal),
            ..Format::default()
        });
        assert!(settled.build().is_ok(), "{decimal}");
        let seen = surveyed(
            &lines,
            &Format {
                decimal: Some(decimal),
                ..Format::default()
            },
        );
        assert_eq!(seen.columns[4].range.unwrap().0.to_string(), sum);
        assert!(seen.is_usable());
    }
}

#[test]
fn days_may_be_written_day_first_and_never_month_first() {
    let with = |separator: &str, day: &str| {
        let mut project = project();
        let line = format!("{HEADER}k0001;noord;flat;{day};500\n").replace(';', separator);
        write(project.folder.path(), "woningen.csv", line.as_bytes());
        let homes = project
            .agreement
            .dataset
            .iter_mut()
            .find(|d| d.id == "woningen")
            .unwrap();
        homes.columns.insert("bouwjaar".into(), ColumnType::Date);
        let homes = homes.clone();
        check_source(&homes, &project.sources())
    };
    for separator in [",", ";"] {
        for day in ["2026-01-31", "31-1-2026", "31/01/2026", "31.01.2026", ""] {
            assert!(with(separator, day).is_ok(), "{day}");
        }
        for wrong in ["1-31-2026", "31-2-2026", "31-1-26", "vandaag"] {
            let Err(IntakeError::Data(faults)) = with(separator, wrong) else {
                panic!("{wrong}");
            };
            assert_eq!(
                faults[0].what.en,
                "column `bouwjaar` is no date (yyyy-mm-dd) here"
            );
        }
    }
}

#[test]
fn a_file_that_is_another_kind_than_its_name_says_is_told_apart() {
    for (bytes, expected) in [
        (
            &b"PK\x03\x04rest"[..],
            "woningen.csv: this is a workbook or a packed file, no CSV",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest",
            "woningen.csv: this is an old Excel file (`.xls`)",
        ),
        (b"PAR1rest", "woningen.csv: this is a Parquet file"),
    ] {
        let project = project();
        write(project.folder.path(), "woningen.csv", bytes);
        assert_eq!(faults(&project), [expected]);
    }
}

fn surveyed(text: &str, format: &Format) -> Survey {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.csv", text.as_bytes());
    survey(&file, format).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_build_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let project = project();
        write(project.folder.path(), "woningen.csv", &bytes);
        let _ = project.build();
    }
}
