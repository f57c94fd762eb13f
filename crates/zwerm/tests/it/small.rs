//! A small agreement with data of its own: four sides of the table, two providers, some hundreds of made-up households.
//!
//! District D has nobody below the limit, and one household in district C earns as much as all others there: so each
//! rule of protection has something to protect.

use std::fmt::Write as _;

use serde_json::Value;

use crate::place::{Place, Run};

pub(crate) const SMALL: &str = include_str!("small/agreement.toml");
pub(crate) const SMALL_ID: &str = "klein";
/// Two dimensions of two providers, with all margins.
pub(crate) const TABLE: &str = "SELECT wijk, boven, units() AS n, sum(inkomen) AS som, avg(huur) AS huur \
                                FROM huishoudens GROUP BY CUBE(wijk, boven)";

/// Households per district, class, and above the limit or not.
const CELLS: [(&str, &str, &str, usize); 14] = [
    ("A", "laag", "ja", 40),
    ("A", "laag", "nee", 30),
    ("A", "hoog", "ja", 20),
    ("A", "hoog", "nee", 25),
    ("B", "laag", "ja", 12),
    ("B", "laag", "nee", 35),
    ("B", "hoog", "ja", 18),
    ("B", "hoog", "nee", 28),
    ("C", "laag", "ja", 7),
    ("C", "laag", "nee", 22),
    ("C", "hoog", "ja", 9),
    ("C", "hoog", "nee", 31),
    ("D", "laag", "ja", 15),
    ("D", "hoog", "ja", 14),
];

/// Homes and incomes as CSV, each cell of `CELLS` this many times as large.
pub(crate) fn data(times: usize) -> (String, String) {
    let mut homes = "huishouden,adres,wijk,klasse,huur\n".to_owned();
    let mut incomes = "huishouden,boven,inkomen\n".to_owned();
    let mut n = 0;
    for (cell, (district, class, above, households)) in CELLS.into_iter().enumerate() {
        for place in 0..households * times {
            let rent = 350 + (n * 37) % 613;
            let income = match (district, class, above, place) {
                ("C", "hoog", "ja", 0) => 900_000,
                _ => 21_000 + (n * 7_919) % 28_001,
            };
            let _ = writeln!(
                homes,
                "h{n},a{cell}-{},{district},{class},{rent}",
                place / 2
            );
            let _ = writeln!(incomes, "h{n},{above},{income}");
            n += 1;
        }
    }
    (homes, incomes)
}

/// A question to the agreement of a file or of an id, as a party with a purpose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub(crate) agreement: &'a str,
    pub(crate) party: &'a str,
    pub(crate) purpose: &'a str,
    pub(crate) sql: &'a str,
}

impl Default for Asking<'_> {
    fn default() -> Self {
        Self {
            agreement: SMALL_ID,
            party: "universiteit",
            purpose: "housing-policy",
            sql: TABLE,
        }
    }
}

impl<'a> Asking<'a> {
    /// The words of the command line.
    pub(crate) fn args(&self, more: &[&'a str]) -> Vec<&'a str> {
        let own = [
            "ask",
            "--agreement",
            self.agreement,
            "--as",
            self.party,
            "--purpose",
            self.purpose,
            self.sql,
        ];
        [own.as_slice(), more].concat()
    }

    pub(crate) fn run(&self, place: &Place, more: &[&'a str]) -> Run {
        place.zwerm(&self.args(more))
    }

    /// The answer as JSON.
    pub(crate) fn answer(&self, place: &Place) -> Value {
        self.run(place, &["--json"]).json(0)
    }

    /// The refusals as JSON, each checked for its shape.
    pub(crate) fn refused(&self, place: &Place) -> Vec<Value> {
        let told = self.run(place, &["--json"]).json(1);
        refusals(&told)
    }
}

/// The refusals of a message that holds nothing else; each has a code, words, and a cure.
pub(crate) fn refusals(told: &Value) -> Vec<Value> {
    let message = told.as_object().unwrap();
    assert_eq!(message.keys().collect::<Vec<_>>(), ["refused"], "{told}");
    let all = message["refused"].as_array().unwrap().clone();
    assert!(!all.is_empty(), "{told}");
    for refusal in &all {
        let mut keys: Vec<_> = refusal.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(keys, ["code", "condition", "lifts", "owner", "what"]);
        for words in ["code", "what", "lifts"] {
            assert!(!refusal[words].as_str().unwrap().is_empty(), "{refusal}");
        }
        for name in ["condition", "owner"] {
            let value = &refusal[name];
            assert!(value.is_null() || value.is_string(), "{refusal}");
        }
    }
    all
}

/// The codes of refusals, in order.
pub(crate) fn codes(refusals: &[Value]) -> Vec<&str> {
    refusals
        .iter()
        .map(|refusal| refusal["code"].as_str().unwrap())
        .collect()
}

impl Place {
    /// A folder with the small agreement and its data.
    pub(crate) fn small() -> Self {
        let place = Self::new();
        place.write("agreement.toml", SMALL);
        let (homes, incomes) = data(1);
        place.write("data/woningen.csv", homes);
        place.write("data/inkomens.csv", incomes);
        place
    }

    /// The same, with a home that holds it.
    pub(crate) fn small_home() -> Self {
        let place = Self::small();
        place.zwerm(&["init"]).ok();
        place.zwerm(&["agreement", "add", "agreement.toml"]).ok();
        place
    }
}

/// The small agreement with one piece of it written differently; the piece must be there exactly once.
pub(crate) fn changed(from: &str, to: &str) -> String {
    assert_eq!(SMALL.matches(from).count(), 1, "`{from}` is not there once");
    SMALL.replace(from, to)
}
