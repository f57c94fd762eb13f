//! `zwerm protect` and `zwerm ask`: the same data under the same rules give the same table, cell for cell.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::place::Place;
use crate::small::Asking;

/// Data, and the rules that they are protected by.
struct Case {
    name: &'static str,
    file: String,
    by: &'static [&'static str],
    sum: Option<&'static str>,
    /// Options of `protect`, and the same as lines of an agreement.
    rules: (&'static [&'static str], &'static str),
    /// Larger wholes of the first dimension.
    wholes: &'static [(&'static str, &'static str)],
    /// Options that say how the file is written, for both.
    written: &'static [&'static str],
    several: bool,
}

const WHOLES: &[(&str, &str)] = &[("A", "Noord"), ("B", "Noord"), ("C", "Zuid"), ("D", "Zuid")];
const BY: &[&str] = &["wijk", "klasse"];

/// A cheap source of numbers that look like chance.
fn mixed(n: usize) -> usize {
    (n * 2_654_435_761 + 97) % 4_294_967_291 / 65_537
}

/// Units in districts of very different size, E being in no larger whole; some values as given.
fn units(count: usize, amount: impl Fn(usize) -> String, odd: impl Fn(usize) -> bool) -> String {
    let mut text = "id,wijk,klasse,bedrag\n".to_owned();
    for n in 0..count {
        let district = ["A", "A", "A", "B", "B", "C", "C", "E", "D"][mixed(n) % 9];
        let class = ["laag", "laag", "midden", "hoog"][mixed(n + 1_000) % 4];
        let class = if district == "D" && class == "hoog" && n % 3 > 0 {
            "laag"
        } else {
            class
        };
        let class = if odd(n) { "NULL" } else { class };
        let _ = writeln!(text, "u{n},{district},{class},{}", amount(n));
    }
    text
}

/// Rows of contacts: a unit has one district, and mostly several kinds of contact.
fn contacts(count: usize) -> String {
    let mut text = "id,wijk,soort,bedrag\n".to_owned();
    for n in 0..count {
        let district = ["A", "B", "C", "D"][mixed(n) % 4];
        for contact in 0..1 + mixed(n + 7) % 3 {
            let kind = ["bezoek", "brief", "telefoon"][(mixed(n) + contact) % 3];
            let amount = 10 + mixed(n * 3 + contact) % 400;
            let _ = writeln!(text, "u{n},{district},{kind},{amount}");
        }
    }
    text
}

fn income(n: usize) -> String {
    let large = if n % 83 == 5 { 60 } else { 1 };
    format!("{}.5", (1_000 + mixed(n + 31) % 4_000) * large)
}

fn cases() -> Vec<Case> {
    let none = |_: usize| false;
    let plain = (
        &["--minimum", "10", "--round", "5"][..],
        "minimum_units = 10\nround_to = 5",
    );
    let case = |name, file, rules| Case {
        name,
        file,
        by: BY,
        sum: Some("bedrag"),
        rules,
        wholes: WHOLES,
        written: &[],
        several: false,
    };
    vec![
        case("larger wholes", units(230, income, none), plain),
        case(
            "dominance and p%",
            units(420, income, none),
            (
                &["--dominance", "1,50", "--p-percent", "10", "--round", "1"],
                "minimum_units = 10\nround_to = 1\ndominance = { largest = 1, percent = 50 }\np_percent = 10",
            ),
        ),
        Case {
            sum: None,
            wholes: &[],
            ..case(
                "counts only, of whole numbers",
                units(150, |_| "1.5".into(), none),
                (
                    &["--minimum", "3", "--round", "1"],
                    "minimum_units = 3\nround_to = 1",
                ),
            )
        },
        Case {
            written: &["--missing", "NULL"],
            ..case(
                "missing values",
                units(
                    260,
                    |n| {
                        if n % 13 == 4 {
                            "NULL".into()
                        } else {
                            income(n)
                        }
                    },
                    |n| n % 9 == 2,
                ),
                plain,
            )
        },
        case(
            "negative amounts",
            units(
                240,
                |n| format!("{}.5", 2_000 - (mixed(n) % 4_000) as i64),
                none,
            ),
            (
                &["--p-percent", "10"],
                "minimum_units = 10\nround_to = 5\np_percent = 10",
            ),
        ),
        Case {
            by: &["wijk", "soort"],
            several: true,
            ..case("several values of a unit", contacts(90), plain)
        },
        Case {
            by: &["wijk", "soort"],
            several: true,
            ..case(
                "several values and p%",
                contacts(75),
                (
                    &["--p-percent", "15", "--round", "1"],
                    "minimum_units = 10\nround_to = 1\np_percent = 15",
                ),
            )
        },
    ]
}

impl Case {
    fn protect(&self, place: &Place) -> Value {
        let by = self.by.join(",");
        let mut args = vec!["protect", "data.csv", "--key", "id", "--by", &by, "--json"];
        args.extend(self.sum.iter().flat_map(|sum| ["--sum", sum]));
        args.extend(self.rules.0);
        args.extend(self.written);
        if !self.wholes.is_empty() {
            let mut text = "wijk,deel\n".to_owned();
            for (value, whole) in self.wholes {
                let _ = writeln!(text, "{value},{whole}");
            }
            place.write("delen.csv", text);
            args.extend(["--hierarchy", "delen.csv"]);
        }
        let run = place.zwerm(&args);
        assert_eq!(run.code, 0, "{}: {}", self.name, run.err);
        serde_json::from_str(&run.out).unwrap()
    }

    /// Drafts an agreement, and states the same rules and wholes in it.
    fn draft(&self, place: &Place) {
        let mut args = vec!["agreement", "draft", "data.csv", "--key", "id", "--trial"];
        args.extend(self.written);
        place.zwerm(&args).ok();
        let text = place.read("data.toml");
        let (before, rest) = text.split_once("[protection]\n").unwrap();
        let (_, after) = rest.split_once("release_rhythm").unwrap();
        let mut before = before.to_owned();
        if !self.wholes.is_empty() {
            let wholes = self.wholes.iter().map(|(v, w)| format!("{v} = \"{w}\""));
            let wholes: Vec<String> = wholes.collect();
            let (start, end) = before.split_once("  name = \"wijk\"\n").unwrap();
            let wholes = wholes.join(", ");
            before = format!("{start}  name = \"wijk\"\n  parents = {{ {wholes} }}\n{end}");
        }
        let rules = self.rules.1;
        let most = self.by.len();
        place.write(
            "data.toml",
            format!(
                "{before}[protection]\n{rules}\nmax_dimensions = {most}\nrelease_rhythm{after}"
            ),
        );
    }

    /// Everything that there is to ask, as `protect` shows it.
    fn sql(&self) -> String {
        let (mut shown, mut groups) = (Vec::new(), Vec::new());
        for (place, name) in self.by.iter().enumerate() {
            if place == 0 && !self.wholes.is_empty() {
                shown.push(format!("parent({name}) AS {name}_geheel"));
                groups.push(format!("ROLLUP(parent({name}), {name})"));
            } else {
                groups.push(format!("ROLLUP({name})"));
            }
            shown.push((*name).to_owned());
        }
        shown.push("units() AS eenheden".into());
        shown.extend(self.sum.iter().map(|s| format!("sum({s}) AS som_{s}")));
        let (shown, groups) = (shown.join(", "), groups.join(", "));
        format!("SELECT {shown} FROM basis GROUP BY {groups}")
    }

    fn ask(&self, place: &Place) -> Value {
        self.draft(place);
        let sql = self.sql();
        let asking = Asking {
            agreement: "data.toml",
            party: "gemeente",
            purpose: "proef",
            sql: &sql,
        };
        asking.answer(place)
    }
}

type Cells = BTreeMap<Vec<String>, Vec<String>>;

/// Per combination its figures; what is protected and what is a total are said in words.
fn cells(message: &Value) -> Cells {
    let marked = |list: &str, row: usize, column: &str| {
        let mut places = message[list].as_array().unwrap().iter();
        places.any(|p| p["row"] == row && p["column"] == column)
    };
    let mut cells = Cells::new();
    for (number, row) in message["rows"].as_array().unwrap().iter().enumerate() {
        let (mut place, mut figures) = (Vec::new(), Vec::new());
        for column in message["columns"].as_array().unwrap() {
            let name = column["name"].as_str().unwrap();
            let said = if marked("protected", number, name) {
                "protected".to_owned()
            } else if marked("totals", number, name) {
                "total".to_owned()
            } else {
                row[name].to_string()
            };
            if column["kind"] == "dimension" {
                place.push(said);
            } else {
                figures.push(said);
            }
        }
        assert!(cells.insert(place, figures).is_none(), "a row stands twice");
    }
    cells
}

#[test]
fn protect_gives_what_an_agreement_with_the_same_rules_gives_cell_for_cell() {
    for case in cases() {
        let place = Place::new();
        place.write("data.csv", &case.file);
        let name = case.name;
        let protected = case.protect(&place);
        assert_eq!(protected["several_values"], case.several, "{name}");
        let (own, mut asked) = (cells(&protected), cells(&case.ask(&place)));
        let hidden = |figures: &Vec<String>| figures[0] == "protected";
        assert!(own.values().any(hidden), "{name}: nothing is hidden");
        assert!(!own.values().all(hidden), "{name}: all is hidden");
        for (cell, figures) in &own {
            assert_eq!(
                asked.remove(cell).as_ref(),
                Some(figures),
                "{name}: {cell:?}"
            );
        }
        // a value in no larger whole is its own: an answer has it twice, the table once
        for (cell, figures) in asked {
            let mut twin = cell.clone();
            twin[1].clone_from(&cell[0]);
            assert_eq!(cell[1], "total", "{name}: {cell:?}");
            assert_eq!(own.get(&twin), Some(&figures), "{name}: {cell:?}");
        }
    }
}
