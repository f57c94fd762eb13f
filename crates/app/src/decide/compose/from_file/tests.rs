//! What a file suggests, and what it does not give away.

#![allow(clippy::unwrap_used)]

use super::*;

fn suggested(form: FormValues, name: &str, lines: &str) -> Result<FormValues, AppError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, lines).unwrap();
    filled_from(&file, name, form)
}

/// Rows of made-up keys: a district of which one row has a value that no other has, a rent and a number of rooms.
fn homes(rows: usize) -> String {
    let lines = (0..rows).map(|n| {
        let district = if n == 7 {
            "Kasteel"
        } else {
            ["Noord", "Zuid"][n % 2]
        };
        format!("k{n:04x},{district},{}.5,{},x{n}\n", 400 + n, 1 + n % 4)
    });
    format!(
        "sleutel,wijk,huur,kamers,opmerking\n{}",
        lines.collect::<String>()
    )
}

fn row_of(form: &FormValues, column: &str) -> usize {
    let named = |n: &usize| {
        form.get(&format!("column{n}_name"))
            .is_some_and(|name| name == column)
    };
    (0..80).find(named).unwrap()
}

fn part(form: &FormValues, column: &str, part: &str) -> String {
    let row = row_of(form, column);
    form.get(&format!("column{row}_{part}"))
        .cloned()
        .unwrap_or_default()
}

#[test]
fn a_file_fills_in_what_can_be_read_of_it() {
    let form = suggested(FormValues::new(), "Woningen 2026.csv", &homes(60)).unwrap();
    assert_eq!(form["dataset0_name"], "woningen_2026");
    assert_eq!(form["dataset0_lines"], "60");
    assert_eq!(form["unit"], "sleutel");
    for (column, role) in [
        ("sleutel", "key"),
        ("wijk", "dimension"),
        ("huur", "measure"),
        // nobody groups by an amount, and nobody adds up rooms, unless somebody says so
        ("kamers", ""),
        ("opmerking", "withheld"),
    ] {
        assert_eq!(part(&form, column, "role"), role, "{column}");
    }
    assert_eq!(part(&form, "huur", "kind"), "float64");
    assert_eq!(
        (part(&form, "huur", "lower"), part(&form, "huur", "upper")),
        ("0".into(), "500".into())
    );
}

/// The attack: the list of values is public, so one that a single household has would say that somebody is there.
#[test]
fn a_value_that_few_have_is_in_no_field() {
    let form = suggested(FormValues::new(), "woningen.csv", &homes(60)).unwrap();
    assert_eq!(part(&form, "wijk", "values"), "Noord\nZuid");
    assert_eq!(part(&form, "wijk", "few"), "1");
    assert!(
        form.values().all(|text| !text.contains("Kasteel")),
        "{form:?}"
    );
    // nor is anything of a column that is not to be shared
    assert!(
        form.values()
            .all(|text| !text.contains("x7") && !text.contains("k0007"))
    );
}

/// The same attack by a file in which one household has many rows.
#[test]
fn a_value_that_one_unit_has_many_times_is_in_no_field() {
    let form = suggested(FormValues::new(), "woningen.csv", &homes(60)).unwrap();
    let rows = (0..60).map(|n| match n {
        0..20 => "k0007,Kasteel\n".to_owned(),
        _ => format!("k{n:04x},{}\n", ["gas", "stroom"][n % 2]),
    });
    let lines = format!("sleutel,soort\n{}", rows.collect::<String>());
    let form = suggested(form, "meters.csv", &lines).unwrap();
    assert_eq!(part(&form, "soort", "values"), "gas\nstroom");
    assert_eq!(part(&form, "soort", "few"), "1");
    // `wijk` of the other file has that value too, once
    assert!(
        form.values().all(|text| !text.contains("Kasteel")),
        "{form:?}"
    );
}

#[test]
fn a_second_file_takes_the_same_key_and_asks_nothing_twice() {
    let form = suggested(FormValues::new(), "woningen.csv", &homes(60)).unwrap();
    let lines: String = (0..60).map(|n| format!("k{n:04x},Noord,ja\n")).collect();
    let form = suggested(
        form,
        "energie.csv",
        &format!("sleutel,wijk,warmtepomp\n{lines}"),
    )
    .unwrap();
    assert_eq!(
        (
            form["dataset1_name"].as_str(),
            form["rows_dataset"].as_str()
        ),
        ("energie", "2")
    );
    let of_second = |column: &str| {
        let rows = (0..80).filter(|n| {
            form.get(&format!("column{n}_of"))
                .is_some_and(|of| of == "1")
        });
        let mut rows = rows.filter(|n| form[&format!("column{n}_name")] == column);
        form[&format!("column{}_role", rows.next().unwrap())].clone()
    };
    assert_eq!(of_second("sleutel"), "key");
    assert_eq!(
        of_second("wijk"),
        "withheld",
        "it is asked for of the other file"
    );
}

#[test]
fn a_file_that_is_read_anew_takes_the_place_of_before() {
    let form = suggested(FormValues::new(), "woningen.csv", &homes(60)).unwrap();
    let lines: String = (0..60)
        .map(|n| format!("k{n:04x},{}\n", ["a", "b"][n % 2]))
        .collect();
    let form = suggested(form, "woningen.csv", &format!("sleutel,soort\n{lines}")).unwrap();
    assert_eq!(form["rows_dataset"], "1");
    let named: Vec<&String> = (0..80)
        .filter_map(|n| form.get(&format!("column{n}_name")))
        .collect();
    assert_eq!(named, ["sleutel", "soort"]);
}

#[test]
fn what_a_person_is_known_by_is_refused_with_the_cure() {
    let lines: String = (0..40)
        .map(|n| format!("mens{n}@example.org,Noord\n"))
        .collect();
    let told = suggested(
        FormValues::new(),
        "mensen.csv",
        &format!("email,wijk\n{lines}"),
    );
    let told = told.unwrap_err().to_string();
    assert!(told.contains("data prepare"), "{told}");
}

#[test]
fn the_summary_beside_a_prepared_file_tells_columns_and_no_value() {
    let summary = r#"{"construction": "x", "key": "sleutel", "rows_out": 60, "columns": [
        {"name": "sleutel", "from": "bsn", "type": "utf8"},
        {"name": "boven_grens", "from": "boven_grens", "type": "boolean"},
        {"name": "soort", "from": "soort", "type": "utf8"},
        {"name": "inkomen", "from": "inkomen", "type": "float64"}]}"#;
    let form = suggested(FormValues::new(), "inkomens.json", summary).unwrap();
    assert_eq!(form["dataset0_name"], "inkomens");
    for (column, role, values) in [
        ("sleutel", "key", ""),
        ("boven_grens", "dimension", "false\ntrue"),
        ("soort", "dimension", ""),
        ("inkomen", "measure", ""),
    ] {
        assert_eq!(part(&form, column, "role"), role, "{column}");
        assert_eq!(part(&form, column, "values"), values, "{column}");
    }
    assert!(
        form.values().all(|text| !text.contains("bsn")),
        "what it was called before stays away"
    );
    for odd in [
        "{}",
        "[1, 2]",
        "\u{0}",
        r#"{"key": "a", "columns": [{"name": "a\"b", "type": "utf8"}]}"#,
    ] {
        assert!(
            suggested(FormValues::new(), "x.json", odd).is_err(),
            "{odd}"
        );
    }
}
