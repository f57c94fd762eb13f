//! Outcomes under embargo: nothing is asked, built, estimated or written of them, whoever tries.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::place::Place;
use crate::small::{Asking, SMALL_ID, changed, data};

const QUESTION: &str = "SELECT wijk, sum(inkomen) AS som FROM huishoudens GROUP BY wijk";

/// The small agreement while its incomes are under embargo: they are of 2025.
fn closed() -> String {
    changed("from = \"2026-01\"\n", "from = \"2025-01\"\n")
}

fn home(agreement: &str) -> Place {
    let place = Place::small();
    place.write("agreement.toml", agreement);
    place.zwerm(&["init"]).ok();
    place.zwerm(&["agreement", "add", "agreement.toml"]).ok();
    place
}

/// Everything that somebody could try to get at figures.
fn try_everything(place: &Place, agreement: &str, document: &str) {
    for sql in [
        QUESTION,
        "SELECT units() FROM huishoudens",
        crate::small::TABLE,
    ] {
        let asking = Asking {
            agreement,
            sql,
            ..Asking::default()
        };
        let refused = asking.refused(place);
        assert!(
            refused.iter().any(|one| one["code"] == "embargo"),
            "{refused:?}"
        );
    }
    let built = place
        .zwerm(&["release", "build", agreement, "--json"])
        .json(1);
    assert_eq!(built["refused"][0]["code"], "embargo");
    place.zwerm(&["release", "show", agreement]).told(2);
    place.zwerm(&["agreement", "show", agreement]).ok();
    place.zwerm(&["barriers"]).ok();
    let what_if = ["what-if", "--agreement", agreement, "--change"];
    place
        .zwerm(&[what_if.as_slice(), &[document]].concat())
        .ok();
    assert_eq!(place.zwerm(&["ledger", "check"]).code, 0);
}

#[test]
fn an_embargo_is_decided_without_opening_a_file() {
    let place = home(&closed());
    // what is delivered no longer fits: nothing of it is said to whoever tries something out
    let files = place.files("zwerm-home/data");
    for (path, _) in &files {
        place.write_as_it_is(&path.display().to_string(), "geheim,kolommen\n1,2\n");
    }
    let refused = Asking::default().refused(&place);
    assert!(
        refused.iter().any(|one| one["code"] == "embargo"),
        "{refused:?}"
    );
    let told = place.zwerm(&[
        "what-if",
        "--agreement",
        SMALL_ID,
        "--change",
        "agreement.toml",
    ]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(!told.out.contains("geheim") && !told.err.contains("geheim"));
    place.zwerm(&["barriers"]).ok();
    // nor is anything opened that is not there
    for (path, _) in files {
        std::fs::remove_file(place.path("").join(path)).unwrap();
    }
    place
        .zwerm(&[
            "what-if",
            "--agreement",
            SMALL_ID,
            "--change",
            "agreement.toml",
        ])
        .ok();
}

/// Figures made of the incomes: each by itself, and the sums of districts, classes and all, as they are written in files.
fn figures() -> Vec<Vec<u8>> {
    let (homes, incomes) = data(1);
    let column = |row: &str, at: usize| row.split(',').nth(at).unwrap().to_owned();
    let income: BTreeMap<String, f64> = incomes
        .lines()
        .skip(1)
        .map(|row| (column(row, 0), column(row, 2).parse().unwrap()))
        .collect();
    let mut sums: BTreeMap<String, f64> = BTreeMap::new();
    for row in homes.lines().skip(1) {
        let (district, class) = (column(row, 2), column(row, 3));
        for group in [
            String::new(),
            district.clone(),
            class.clone(),
            district + &class,
        ] {
            *sums.entry(group).or_default() += income[&column(row, 0)];
        }
    }
    let all: Vec<f64> = income.into_values().chain(sums.into_values()).collect();
    let mut written = Vec::new();
    for one in all {
        written.push(one.to_le_bytes().to_vec());
        written.push((one as i64).to_le_bytes().to_vec());
        // shorter numbers are found in any hash
        if one >= 100_000.0 {
            written.push(format!("{one}").into_bytes());
        }
    }
    written
}

/// The files of a home that hold one of the figures.
fn files_with_figures(place: &Place) -> Vec<String> {
    let figures = figures();
    let holds = |bytes: &[u8]| {
        let has = |figure: &Vec<u8>| bytes.windows(figure.len()).any(|some| some == figure);
        figures.iter().any(has)
    };
    let all = place.files("zwerm-home").into_iter();
    let found = all.filter(|(_, bytes)| holds(bytes));
    found.map(|(path, _)| path.display().to_string()).collect()
}

/// What was delivered, and nothing else.
const DELIVERED: [&str; 1] = ["zwerm-home/data/gemeente/inkomens-2025.csv"];

fn has_release(place: &Place) -> bool {
    let files = place.files("zwerm-home/releases");
    files.iter().any(|(path, _)| !path.ends_with("lock"))
}

#[test]
fn nothing_of_an_embargoed_column_is_asked_built_or_written() {
    let place = home(&closed());
    try_everything(&place, SMALL_ID, "agreement.toml");
    assert!(!has_release(&place));
    assert!(
        !place
            .kinds()
            .iter()
            .any(|kind| kind == "data-release" || kind == "question")
    );
    assert_eq!(files_with_figures(&place), DELIVERED);
    // without the embargo there is a release
    let open = home(crate::small::SMALL);
    Asking::default().answer(&open);
    assert!(has_release(&open));
}

#[test]
fn an_embargo_follows_a_column_that_no_figure_shows() {
    let hidden = closed().replace(
        "i.boven, i.inkomen",
        "CASE WHEN i.inkomen > 30000 THEN 'ja' ELSE 'nee' END AS boven",
    );
    let measure = "  [[view.measure]]\n  name = \"inkomen\"\n  quantity = \"EUR/year\"\n  lower = 0\n  upper = 1000000\n\n";
    let hidden = hidden.replace(measure, "");
    let place = home(&hidden);
    let built = place
        .zwerm(&["release", "build", SMALL_ID, "--json"])
        .json(1);
    assert_eq!(built["refused"][0]["code"], "embargo", "{built}");
    assert!(!has_release(&place));
}

#[test]
fn a_check_estimates_nothing_of_what_is_closed_and_says_so() {
    let place = Place::small();
    place.write("agreement.toml", closed());
    let checked = place
        .zwerm(&["agreement", "check", "agreement.toml", "--json"])
        .json(0);
    assert!(checked["second_release"].is_null(), "{checked}");
    let not = &checked["not_estimated"][0];
    assert_eq!(
        (&not["view"], &not["refused"][0]["code"]),
        (&"huishoudens".into(), &"embargo".into())
    );
    let said = place.zwerm(&["agreement", "check", "agreement.toml"]).ok();
    assert!(
        said.contains("Over `huishoudens` is niets geschat"),
        "{said}"
    );
}

#[test]
fn another_agreement_over_the_same_data_builds_nothing_of_what_one_in_force_closes() {
    let place = home(&closed());
    let other = crate::small::SMALL.replace("id = \"klein\"", "id = \"ander\"");
    place.write("other.toml", other);
    place.zwerm(&["agreement", "add", "other.toml"]).ok();
    try_everything(&place, "ander", "other.toml");
    assert!(!has_release(&place));
    assert_eq!(files_with_figures(&place), DELIVERED);
    // once what closes them is over, they are open
    place.change("end", SMALL_ID, "gemeente", &[]).ok();
    let asking = Asking {
        agreement: "ander",
        ..Asking::default()
    };
    let answer: Value = asking.answer(&place);
    assert_eq!(answer["agreement"]["id"], "ander");
}
