//! Releases after each other in one home: of new versions, other agreements and views, and new periods.

use serde_json::Value;

use crate::place::Place;
use crate::small::{Asking, SMALL, SMALL_ID, TABLE, codes, data, refusals};

const EMBARGO: &str = "[[embargo]]\ncolumns = [\"inkomens.inkomen\"]\nfrom = \"2026-01\"\nuntil_sealed = \"doorstroomproef\"\n";

/// The small agreement with pieces of it written differently.
fn with(changes: &[(&str, &str)]) -> String {
    let text = SMALL.replace(EMBARGO, "");
    changes.iter().fold(text, |text, (from, to)| {
        assert!(text.contains(from), "`{from}` is not there");
        text.replace(from, to)
    })
}

/// A home with the small agreement, asked once, so that its release is there.
fn released(rhythm: &str) -> Place {
    let place = Place::small();
    place.write("first.toml", with(&[("\"once\"", rhythm)]));
    place.zwerm(&["init"]).ok();
    place.zwerm(&["agreement", "add", "first.toml"]).ok();
    Asking::default().answer(&place);
    place
}

fn add(place: &Place, text: String) {
    place.write("next.toml", text);
    place.zwerm(&["agreement", "add", "next.toml"]).ok();
}

/// Figures of an answer by its values: shown ones only.
fn shown(answer: &Value, figure: &str) -> Vec<(String, f64)> {
    let rows = answer["rows"].as_array().unwrap();
    rows.iter()
        .filter_map(|row| {
            let at = ["wijk", "boven"].map(|d| row[d].as_str().unwrap_or("*").to_owned());
            Some((at.join(" "), row[figure].as_f64()?))
        })
        .collect()
}

#[test]
fn nothing_is_built_before_the_agreement_is_in_force() {
    let place = Place::small();
    place.write_as_it_is("unsigned.toml", SMALL);
    place.zwerm(&["init"]).ok();
    place.zwerm(&["agreement", "add", "unsigned.toml"]).ok();
    let refused = place
        .zwerm(&["release", "build", SMALL_ID, "--json"])
        .json(1);
    assert!(codes(&refusals(&refused)).contains(&"unsigned"));
    Asking::default().refused(&place);
    let releases = place.path("zwerm-home/releases");
    assert_eq!(std::fs::read_dir(releases).unwrap().count(), 0);
}

#[test]
fn a_new_version_with_the_same_content_shows_the_same() {
    let place = released("\"yearly\"");
    let before = Asking::default().answer(&place);
    add(&place, with(&[("version = 1", "version = 2")]));
    let after = Asking::default().answer(&place);
    assert_eq!(before["rows"], after["rows"]);
    assert_ne!(before["release"]["id"], after["release"]["id"]);
    let earlier = Asking {
        agreement: "klein@1",
        ..Asking::default()
    };
    // the first is shown and not asked
    assert_eq!(codes(&earlier.refused(&place)), ["superseded"]);
    place.zwerm(&["release", "show", "klein@1"]).ok();
}

#[test]
fn a_new_version_with_other_dimensions_is_protected_with_the_first() {
    let place = released("\"yearly\"");
    let before = Asking::default().answer(&place);
    let grouped = with(&[
        ("version = 1", "version = 2"),
        (
            "\"C\", \"D\"]",
            "\"C\", \"D\"]\n  groups = { Zuid = [\"C\", \"D\"] }",
        ),
    ]);
    add(&place, grouped);
    let after = Asking::default().answer(&place);
    // what was out is out, and nothing that was hidden is shown now
    assert_eq!(shown(&before, "n"), shown(&after, "n"));
    let zuid = Asking {
        sql: "SELECT units() AS n, sum(inkomen) AS som FROM huishoudens WHERE wijk = 'Zuid'",
        ..Asking::default()
    };
    assert_eq!(zuid.answer(&place)["rows"][0]["n"], 98);
}

#[test]
fn another_agreement_over_the_same_data_keeps_to_the_stricter_rules() {
    let place = Place::small();
    let strict = ("minimum_units = 5", "minimum_units = 40");
    place.write("first.toml", with(&[strict]));
    place.zwerm(&["init"]).ok();
    place.zwerm(&["agreement", "add", "first.toml"]).ok();
    let before = Asking::default().answer(&place);
    add(&place, with(&[("id = \"klein\"", "id = \"losser\"")]));
    let asking = Asking {
        agreement: "losser",
        ..Asking::default()
    };
    let after = asking.answer(&place);
    assert_eq!(shown(&before, "n"), shown(&after, "n"));
    // alone, the looser rules show more
    place.write("alone.toml", with(&[]));
    let alone = Asking {
        agreement: "alone.toml",
        ..Asking::default()
    };
    assert!(shown(&alone.answer(&place), "n").len() > shown(&after, "n").len());
}

#[test]
fn two_views_of_one_agreement_are_protected_together() {
    let place = Place::small();
    let view = "[[view]]\nname = \"duur\"\nunit = \"huishouden\"\nkey = \"huishouden\"\nmode = \"table\"\n\
                sql = \"SELECT huishouden, wijk FROM woningen WHERE huur < 900\"\n\
                [[view.dimension]]\nname = \"wijk\"\nvalues = [\"A\", \"B\", \"C\", \"D\"]\n\n[protection]";
    place.write("two.toml", with(&[("[protection]", view)]));
    place.zwerm(&["init"]).ok();
    place.zwerm(&["agreement", "add", "two.toml"]).ok();
    let whole = Asking {
        sql: "SELECT wijk, units() AS n FROM huishoudens GROUP BY ROLLUP(wijk)",
        ..Asking::default()
    };
    let part = Asking {
        sql: "SELECT wijk, units() AS n FROM duur GROUP BY ROLLUP(wijk)",
        ..Asking::default()
    };
    let (whole, part) = (
        shown(&whole.answer(&place), "n"),
        shown(&part.answer(&place), "n"),
    );
    assert!(!part.is_empty());
    for (at, some) in &part {
        let all = whole.iter().find(|(other, _)| other == at);
        // a difference of fewer than five would tell how many pay more
        if let Some((_, all)) = all {
            assert!(
                all - some == 0.0 || all - some >= 5.0,
                "{at}: {all} and {some}"
            );
        }
    }
}

/// The data a year later: some have left, some have come.
fn next_year(place: &Place) {
    let (homes, incomes) = data(1);
    let kept = |text: &str| -> String {
        let lines = text.lines().enumerate();
        let lines = lines.filter(|(n, _)| *n == 0 || n % 9 != 4);
        lines.map(|(_, line)| format!("{line}\n")).collect()
    };
    place.write("data/woningen.csv", kept(&homes));
    place.write("data/inkomens.csv", kept(&incomes));
}

#[test]
fn data_of_a_new_period_wait_for_the_rhythm() {
    let place = released("\"once\"");
    next_year(&place);
    add(
        &place,
        with(&[
            ("version = 1", "version = 2"),
            ("period = \"2025\"", "period = \"2026\""),
        ]),
    );
    let all = Asking::default().refused(&place);
    assert!(
        codes(&all).iter().all(|code| *code == "second-release"),
        "{all:?}"
    );
    assert_eq!(all[0]["condition"], "protection.release_rhythm");
    assert!(all.iter().any(|r| r["owner"] == "gemeente"), "{all:?}");
    let build = place
        .zwerm(&["release", "build", SMALL_ID, "--json"])
        .json(1);
    assert_eq!(codes(&refusals(&build))[0], "second-release");
}

#[test]
fn a_new_period_gives_nothing_of_the_last_away_or_is_not_built() {
    let place = released("\"yearly\"");
    let before = Asking::default().answer(&place);
    next_year(&place);
    let next = with(&[
        ("version = 1", "version = 2"),
        ("\"once\"", "\"yearly\""),
        ("period = \"2025\"", "period = \"2026\""),
    ]);
    add(&place, next);
    let run = Asking::default().run(&place, &["--json"]);
    if run.code == 1 {
        let all = refusals(&run.json(1));
        assert_eq!(codes(&all), ["data-not-buildable"]);
    } else {
        let after = run.json(0);
        assert_ne!(before["rows"], after["rows"]);
    }
    // the first stays what it was, and is not asked any longer
    let earlier = Asking {
        agreement: "klein@1",
        sql: TABLE,
        ..Asking::default()
    };
    assert_eq!(codes(&earlier.refused(&place)), ["superseded"]);
    place.zwerm(&["release", "show", "klein@1"]).ok();
}

#[test]
fn a_release_needs_the_data_of_those_before_it_as_they_were() {
    let place = released("\"yearly\"");
    let path = "zwerm-home/data/gemeente/inkomens-2025.csv";
    let kept = place.read(path);
    add(
        &place,
        with(&[
            ("version = 1", "version = 2"),
            ("p_percent = 10", "p_percent = 20"),
        ]),
    );
    place.write(path, kept.replace("900000", "900001"));
    assert_eq!(codes(&Asking::default().refused(&place)), ["data-changed"]);
    std::fs::remove_file(place.path(path)).unwrap();
    let told = Asking::default().run(&place, &[]).told(2);
    assert!(told.contains("inkomens"), "{told}");
    place.write(path, kept);
    Asking::default().answer(&place);
}
