//! The guide for a table of one's own data, followed to the letter: every command of it, in its order, over a file
//! as large as the guide says.

use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

use calamine::{Data, DataType, Reader, Xlsx, open_workbook};

use crate::place::Place;

const GUIDE: &str = include_str!("../../../../docs/guide/own-data.md");
const ROWS: usize = 200_000;
/// The smallest district, in which every combination with two other columns is too small to show.
const SMALL: &str = "Stevenshof";
const IN_SMALL: usize = 23;

const DISTRICTS: [&str; 6] = [
    "Binnenstad",
    "Stationskwartier",
    "Mérewijk",
    "Slaaghwijk",
    "Roodenburg",
    "Boerhaave",
];
const AGES: [&str; 3] = ["18-34", "35-64", "65+"];
const TENURES: [&str; 3] = ["huur sociaal", "huur vrij", "koop"];

/// The file as the guide describes it, in Windows-1252; with the sum of its incomes.
fn file() -> (Vec<u8>, f64) {
    let mut text = String::from("Huishouden;Wijk;Leeftijd;Eigendom;Inkomen (EUR)\r\n");
    let mut cents = 0;
    for n in 0..ROWS {
        let (district, mix) = if n < ROWS - IN_SMALL {
            (DISTRICTS[n % 6], n / 6)
        } else {
            (SMALL, n)
        };
        let (age, tenure) = (AGES[mix % 3], TENURES[mix / 3 % 3]);
        let income = 1_800_050 + n * 791_900 % 7_000_000;
        cents += income;
        let (euros, rest) = (income / 100, income % 100);
        let _ = write!(
            text,
            "H{n:06};{district};{age};{tenure};{euros},{rest:02}\r\n"
        );
    }
    let bytes = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap());
    (bytes.collect(), cents as f64 / 100.0)
}

/// Every block of commands in the guide, in its order.
fn commands() -> String {
    let mut script = String::new();
    let mut inside = false;
    for line in GUIDE.lines() {
        match (inside, line) {
            (false, "```console") => inside = true,
            (true, "```") => inside = false,
            (true, line) => script += &format!("{line}\n"),
            (false, _) => {}
        }
    }
    script
}

/// Runs a script with this program as `zwerm`.
fn follow(place: &Place, script: &str) -> String {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_zwerm"));
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let output = Command::new("sh")
        .args(["-e", "-c", script])
        .current_dir(place.path(""))
        .env_remove("ZWERM_HOME")
        .env_remove("ZWERM_LANG")
        .env("ZWERM_TODAY", "2026-03-01")
        .env("PATH", path)
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{out}\n{err}");
    out
}

/// The table on the first sheet, without its header.
fn sheet(place: &Place, name: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook(place.path(name)).unwrap();
    assert_eq!(book.sheet_names(), ["table", "notes"]);
    let range = book.worksheet_range("table").unwrap();
    let rows = range.rows().map(<[Data]>::to_vec);
    let mut rows: Vec<_> = rows.collect();
    let header: Vec<String> = rows.remove(0).iter().map(ToString::to_string).collect();
    assert_eq!(
        header,
        [
            "wijk_geheel",
            "wijk",
            "leeftijd",
            "eigendom",
            "eenheden",
            "som_inkomen_eur"
        ]
    );
    rows
}

#[cfg(unix)]
#[test]
fn the_guide_leads_from_a_file_as_it_is_to_a_protected_table_and_an_agreement() {
    let began = Instant::now();
    let place = Place::new();
    let (bytes, incomes) = file();
    place.write("woningen.csv", bytes);
    let out = follow(&place, &commands());
    eprintln!("the guide took {:.1?}", began.elapsed());

    assert!(out.contains("windows-1252"), "{out}");
    let on_screen = |start: &[&str]| {
        let mut lines = out.lines();
        let found = lines.find(|line| {
            let mut rest = line.trim_start();
            start.iter().all(|word| {
                let after = rest.strip_prefix(word);
                rest = after.unwrap_or_default().trim_start();
                after.is_some()
            })
        });
        found.unwrap_or_else(|| panic!("{start:?} is not in:\n{out}"))
    };
    let total = on_screen(&["total", "total", "total", "total"]);
    assert!(total.contains("200,000"), "{total}");
    let small = on_screen(&["Zuid", SMALL, "18-34", "koop"]);
    assert_eq!(small.matches('▒').count(), 6, "{small}");

    let rows = sheet(&place, "tabel.xlsx");
    assert_protected(&rows, incomes);
    assert_eq!(out.matches("TRIAL").count(), 1, "{out}");
    assert!(out.contains("In force on 2026-03-01"), "{out}");
    assert!(out.contains("entered in the public log"), "{out}");
    assert!(out.contains("In order. Verified is that:"), "{out}");
}

fn assert_protected(rows: &[Vec<Data>], incomes: f64) {
    let words = |row: &[Data]| -> Vec<String> { row.iter().map(ToString::to_string).collect() };
    let mut small = 0;
    for row in rows {
        let shown = words(row);
        if let Some(units) = row[4].as_f64() {
            assert!(units == 0.0 || units >= 10.0, "{shown:?}");
        }
        let whole = |at: usize| shown[at] == "total";
        if shown[1] == SMALL && !whole(2) && !whole(3) {
            small += 1;
            let figures = [shown[4].as_str(), shown[5].as_str()];
            assert_eq!(figures, ["protected"; 2], "{shown:?}");
        }
    }
    // three ages with three tenures
    assert_eq!(small, 9);
    let total = rows.iter().find(|row| words(row)[..4] == ["total"; 4]);
    let total = total.unwrap();
    assert_eq!(total[4].as_f64(), Some(200_000.0));
    let sum = total[5].as_f64().unwrap();
    // sums are rounded to half of 5 times the upper bound of a value at most
    assert!((sum - incomes).abs() <= 250_000.0, "{sum} {incomes}");
    let accented = rows.iter().any(|row| words(row)[1] == "Mérewijk");
    assert!(accented, "the accent was lost");
}
