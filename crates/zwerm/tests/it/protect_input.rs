//! What people give to `zwerm protect` and `zwerm agreement draft` that cannot be: every fault told at once, with its
//! place and its cure, and nothing written.

use std::fmt::Write as _;

use insta::assert_snapshot;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

use crate::place::{Place, Run};

/// A usable file of 120 units.
fn usable(columns: &str, row: impl Fn(usize) -> String) -> String {
    let mut text = format!("{columns}\n");
    for n in 0..120 {
        let _ = writeln!(text, "{}", row(n));
    }
    text
}

fn homes() -> String {
    let district = |n: usize| ["A", "B"][n % 2];
    usable("id,wijk,leeftijd,huur,meter,naam", |n| {
        format!("u{n},{},{},{},{n}.5,x{n}", district(n), 20 + n % 3, 400 + n)
    })
}

fn place() -> Place {
    let place = Place::new();
    place.write("a.csv", homes());
    place
}

fn protect(place: &Place, file: &str, more: &[&str]) -> Run {
    let start = ["protect", file, "--lang", "en", "--key", "id"];
    place.zwerm(&[&start, more].concat())
}

fn draft(place: &Place, files: &[&str], more: &[&str]) -> Run {
    let start = [
        "agreement",
        "draft",
        "--lang",
        "en",
        "--key",
        "id",
        "--trial",
    ];
    place.zwerm(&[&start, files, more].concat())
}

/// What was told; the command ended with code 2 and nothing was written.
fn told(place: &Place, run: impl FnOnce() -> Run) -> String {
    let before = place.files("");
    let told = run().told(2);
    assert!(place.files("") == before, "something was written: {told}");
    for line in told.lines() {
        assert!(line.contains("; "), "no cure: {line}");
    }
    told
}

#[test]
fn all_that_is_wrong_with_a_choice_is_told_at_once() {
    let place = place();
    place.write("three.csv", "wijk,stad,land\nA,x,y\n");
    place.write("two-wholes.csv", "wijk,stad\nA,X\nA,Y\nB,X\n");
    place.write("itself.csv", "leeftijd,groep\n20,21\n21,jong\n");
    place.write("other.csv", "buurt,stad\nA,X\n");
    place.write("none.csv", "wijk,stad\nQ,X\n");
    let by = "wjk,id,meter,wijk,wijk,naam,leeftijd,huur,a,b,c";
    let run = || {
        let more = [
            "--by",
            by,
            "--sum",
            "naam,huurr",
            "--hierarchy",
            "three.csv",
            "--hierarchy",
            "two-wholes.csv",
            "--hierarchy",
            "itself.csv",
            "--hierarchy",
            "other.csv",
            "--hierarchy",
            "none.csv",
        ];
        protect(&place, "a.csv", &more)
    };
    assert_snapshot!("protect_choice", told(&place, run));
    let run = || {
        place.zwerm(&[
            "protect", "a.csv", "--key", "idd", "--by", "wjk", "--lang", "en",
        ])
    };
    let told = told(&place, run);
    assert!(
        told.contains("--key idd: there is no column `idd`; did you mean `id`?"),
        "{told}"
    );
    assert!(
        told.contains("--by wjk: there is no column `wjk`; did you mean `wijk`?"),
        "{told}"
    );
}

#[test]
fn rules_that_cannot_be_are_told_with_what_can() {
    let place = place();
    let wrong = ["--by", "wijk", "--dominance", "x", "--p-percent", "0"];
    assert_snapshot!(told(&place, || protect(&place, "a.csv", &wrong)), @r"
    --dominance x: this cannot be read; write how many of the largest (1 to 10), a comma, and a percentage below 100, such as `1,50`
    --p-percent 0: this is out of range; choose a number above 0, at most 100
    ");
    for p in ["NaN", "inf", "100.1"] {
        let told = told(&place, || {
            protect(&place, "a.csv", &["--by", "wijk", "--p-percent", p])
        });
        assert!(told.contains("out of range"), "{told}");
    }
    for (option, value) in [("--minimum", "2"), ("--round", "0"), ("--p-percent", "x")] {
        let run = protect(&place, "a.csv", &["--by", "wijk", option, value]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{option}");
        assert!(run.err.contains(option), "{}", run.err);
    }
}

#[test]
fn a_file_that_cannot_be_protected_or_drafted_from_says_why() {
    let place = place();
    place.write("empty.csv", "");
    place.write("header.csv", "id,wijk\n");
    place.write(
        "keyless.csv",
        usable("id,wijk", |n| {
            format!(
                "{},A",
                if n % 10 == 0 {
                    String::new()
                } else {
                    n.to_string()
                }
            )
        }),
    );
    place.write(
        "quote.csv",
        usable("id,\"wi\"\"jk\"", |n| format!("u{n},A")),
    );
    place.write("ragged.csv", "id,wijk\na,A\nb\nc,C,D\n");
    for (file, expected) in [
        ("gone.csv", "there is no file `gone.csv`"),
        ("empty.csv", "empty.csv:1: the file is empty"),
        ("header.csv", "header.csv: there are no rows"),
        ("keyless.csv", "--key id: 12 rows have no `id`"),
        (
            "quote.csv",
            "quote.csv:1: a column cannot be called `wi\"jk`",
        ),
        ("ragged.csv", "ragged.csv:3: "),
    ] {
        let said = told(&place, || protect(&place, file, &["--by", "wijk"]));
        assert!(said.contains(expected), "{file}: {said}");
        let said = told(&place, || draft(&place, &[file], &[]));
        assert!(said.contains(expected), "{file}: {said}");
    }
}

#[test]
fn a_service_number_is_no_key() {
    let place = place();
    let valid = |n: &usize| {
        let digits = [9, 8, 7, 6, 5, 4, 3, 2]
            .iter()
            .zip([8, 7, 6, 5, 4, 3, 2, 1]);
        let sum: usize = digits.map(|(w, p)| w * (n / 10_usize.pow(p) % 10)).sum();
        (sum + 10 * 11 - n % 10).is_multiple_of(11)
    };
    let numbers: Vec<usize> = (111_222_333..).filter(valid).take(120).collect();
    place.write(
        "bsn.csv",
        usable("id,wijk", |n| format!("{},A", numbers[n])),
    );
    for run in [
        &|| protect(&place, "bsn.csv", &["--by", "wijk"]) as Run,
        &(|| draft(&place, &["bsn.csv"], &[])) as &dyn Fn() -> Run,
    ] {
        let told = told(&place, run);
        assert!(told.contains("citizen service numbers (BSN)"), "{told}");
        assert!(told.contains("`zwerm data prepare --key`"), "{told}");
        assert!(!told.contains("111222333"), "{told}");
    }
}

#[test]
fn numbers_that_are_none_and_columns_with_too_many_values_are_told() {
    let place = Place::new();
    let odd = |n: usize| ["NaN", "inf", "1.5"][n.min(2)];
    place.write(
        "wild.csv",
        usable("id,wijk,v", |n| format!("u{n},A,{}", odd(n))),
    );
    place.write(
        "two.csv",
        usable("id,wijk,v", |n| format!("u{n},A,{}.5", n % 2)),
    );
    let mut many = "id,wijk\n".to_owned();
    for n in 0..1_100 {
        let _ = writeln!(many, "u{n},w{n}");
    }
    place.write("many.csv", many);
    let long = "l".repeat(201);
    place.write(
        "long.csv",
        usable("id,wijk", |n| format!("u{n},{long}{}", n % 2)),
    );
    for (file, more, expected) in [
        (
            "wild.csv",
            &["--by", "wijk", "--sum", "v"][..],
            "--sum v: `v` is no number",
        ),
        (
            "two.csv",
            &["--by", "wijk", "--sum", "v"],
            "--sum v: `v` has only two values: a sum of it counts units; group by it",
        ),
        (
            "long.csv",
            &["--by", "wijk"],
            "--by wijk: `wijk` has values of more than 200 characters",
        ),
        (
            "many.csv",
            &["--by", "wijk"],
            "--by wijk: `wijk` has too many different values (1100)",
        ),
    ] {
        let said = told(&place, || protect(&place, file, more));
        assert!(said.contains(expected), "{file}: {said}");
    }
}

#[test]
fn columns_may_be_called_like_sql_and_amounts_may_be_negative() {
    let place = Place::new();
    place.write(
        "a.csv",
        usable("id,Order,\"x,y\",Group", |n| {
            format!("u{n},{},k,{}.5", ["A", "B"][n % 2], 60 - n as i64)
        }),
    );
    let run = protect(
        &place,
        "a.csv",
        &["--by", "Order", "--by", "x,y", "--sum", "Group", "--json"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let table: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(table["units"], 120);
    assert_eq!(table["rows"][0]["order_kolom"], "A");
    draft(&place, &["a.csv"], &[]).ok();
    place.zwerm(&["agreement", "check", "a.toml"]).ok();
}

const ASK: [&str; 8] = [
    "ask",
    "--agreement",
    "a.toml",
    "--as",
    "gemeente",
    "--purpose",
    "proef",
    "SELECT wijk, units(), sum(v) FROM basis GROUP BY wijk",
];

#[test]
fn a_word_for_unknown_gets_into_the_draft() {
    let place = Place::new();
    place.write(
        "a.csv",
        usable("id,wijk,v", |n| {
            let v = if n % 9 == 0 {
                "NULL".to_owned()
            } else {
                format!("{n}.5")
            };
            format!("u{n},{},{v}", ["A", "B"][n % 2])
        }),
    );
    draft(&place, &["a.csv"], &["--missing", "NULL"]).ok();
    assert!(
        place
            .read("a.toml")
            .contains("format = { missing = [\"NULL\"] }")
    );
    // `NULL` would be no number
    place.zwerm(&ASK).ok();
    let without = place.read("a.toml").replace("[\"NULL\"]", "[\"?\"]");
    place.write("a.toml", without);
    place.zwerm(&ASK).told(2);
}

#[test]
fn nothing_is_written_over_data_or_over_other_content() {
    let place = place();
    let by = ["--by", "wijk"];
    let said = told(&place, || {
        protect(
            &place,
            "a.csv",
            &[&by[..], &["--output", "./a.csv"]].concat(),
        )
    });
    assert!(said.contains("is read as well"), "{said}");
    let said = told(&place, || {
        protect(&place, "a.csv", &[&by[..], &["--format", "xlsx"]].concat())
    });
    assert!(said.contains("`--output`"), "{said}");
    place.write("a.toml", "id = \"x\"\n");
    let said = told(&place, || draft(&place, &["a.csv"], &[]));
    assert!(said.contains("`a.toml` is there already"), "{said}");
    draft(&place, &["a.csv"], &["--output", "b.toml"]).ok();
    // the same again changes nothing
    let before = place.read("b.toml");
    draft(&place, &["a.csv"], &["--output", "b.toml"]).ok();
    assert_eq!(place.read("b.toml"), before);
}

#[test]
fn files_that_do_not_go_together_are_told() {
    let place = place();
    place.write(
        "strangers.csv",
        usable("id,soort", |n| format!("z{n},{}", n % 3)),
    );
    place.write(
        "rows.csv",
        usable("id,soort", |n| format!("u{},{}", n / 2, n % 3)),
    );
    place.write(
        "below/c.csv",
        usable("id,soort", |n| format!("u{n},{}", n % 3)),
    );
    for (files, expected) in [
        (
            ["a.csv", "strangers.csv"],
            "strangers.csv: no `id` is in `a.csv` as well",
        ),
        (
            ["a.csv", "rows.csv"],
            "rows.csv: a `id` has several rows: joined, `huur`",
        ),
        (
            ["below/c.csv", "a.csv"],
            "a.csv: this is not in the folder of the agreement `below/c.toml`",
        ),
    ] {
        let said = told(&place, || draft(&place, &files, &[]));
        assert!(said.contains(expected), "{said}");
    }
    draft(&place, &["a.csv", "below/c.csv"], &[]).ok();
    assert!(place.read("a.toml").contains("source = \"below/c.csv\""));
    let check = place
        .zwerm(&["agreement", "check", "a.toml", "--json"])
        .json(0);
    assert!(!check.to_string().contains("missing"), "{check}");
}

#[test]
fn a_draft_without_a_trial_says_what_is_still_to_be_filled_in() {
    let place = place();
    place
        .zwerm(&["agreement", "draft", "a.csv", "--key", "id"])
        .ok();
    let told = place.zwerm(&["agreement", "check", "a.toml"]).told(2);
    assert_snapshot!("draft_blanks_nl", told);
}

/// A workbook of 120 units, with something done to it.
fn workbook(change: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["id", "wijk", "v"]).unwrap();
    for row in 1..=120 {
        sheet.write_row(row, 0, [&format!("u{row}"), "A"]).unwrap();
        sheet.write_number(row, 2, f64::from(row)).unwrap();
    }
    change(sheet);
    book.save_to_buffer().unwrap()
}

#[test]
fn harmful_and_unclear_workbooks_are_told_by_cell() {
    let place = Place::new();
    let formula = |result: &'static str| Formula::new("A1/B1").set_result(result);
    let error = workbook(|s| {
        s.write_formula(3, 2, formula("#DIV/0!")).unwrap();
    });
    let merged = workbook(|s| {
        s.merge_range(5, 1, 6, 1, "A", &Format::new()).unwrap();
    });
    let bomb = workbook(|s| {
        // past 32 MiB, and hardly anything when packed
        for row in 1..=1_100 {
            let long = format!("{}{row}", "a".repeat(32_000));
            s.write_string(row, 1, long).unwrap();
        }
    });
    for (name, bytes, expected) in [
        ("error.xlsx", error, "C4"),
        ("merged.xlsx", merged, "B6:B7"),
        ("bomb.xlsx", bomb, "bomb.xlsx: "),
        (
            "damaged.xlsx",
            b"PK\x03\x04\xff\xff".to_vec(),
            "damaged.xlsx",
        ),
    ] {
        place.write(name, bytes);
        let more = ["--by", "wijk", "--sum", "v"];
        let said = told(&place, || protect(&place, name, &more));
        assert!(said.contains(expected), "{name}: {said}");
        let said = told(&place, || draft(&place, &[name], &[]));
        assert!(said.contains(expected), "{name}: {said}");
    }
    // a formula that was computed is a value; that it is one is remarked on
    place.write(
        "formula.xlsx",
        workbook(|s| {
            s.write_formula(3, 2, formula("7")).unwrap();
        }),
    );
    let run = protect(&place, "formula.xlsx", &["--by", "wijk", "--sum", "v"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("C4"), "{}", run.err);
}
