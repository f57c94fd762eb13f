//! Service numbers and keys within the values of a file that is prepared, and lists of those who objected.

use crate::data::{office, prepare};
use crate::place::Place;

/// A file with client numbers, and a text beside each.
fn clients(texts: &[&str]) -> Place {
    let place = office();
    let mut text = String::from("klant;wijk;opmerking\n");
    for (row, remark) in texts.iter().enumerate() {
        text += &format!("K{:05};Noord;{remark}\n", row * 7);
    }
    place.write("klanten.csv", text);
    place
}

const CLIENTS: [&str; 9] = [
    "data",
    "prepare",
    "klanten.csv",
    "--key",
    "klant",
    "--secret",
    "geheim.txt",
    "--output",
    "uit.csv",
];

#[test]
fn a_single_service_number_within_a_text_does_not_come_out() {
    let place = clients(&["huur", "koop", "woont in bij 123456782, zie brief", "huur"]);
    let told = place.zwerm(&CLIENTS).told(2);
    assert!(
        told.contains("op regel 4 staat een burgerservicenummer")
            && told.contains("`--drop opmerking`"),
        "{told}"
    );
    assert!(!told.contains("123456782"), "{told}");
    assert!(!place.path("uit.csv").exists());
    let seen = place
        .zwerm(&["data", "check", "klanten.csv", "--json"])
        .json(2);
    assert_eq!(seen["columns"][2]["looks_like"], "bsn");
    assert!(!seen.to_string().contains("123456782"));
    place
        .zwerm(&[CLIENTS.as_slice(), &["--drop", "opmerking"]].concat())
        .ok();
}

#[test]
fn a_key_of_the_file_in_another_column_does_not_come_out() {
    let place = clients(&[
        "huur",
        "partner van K00021",
        "koop",
        "zie K00007.",
        "K00099",
    ]);
    let told = place.zwerm(&CLIENTS).told(2);
    assert!(
        told.contains("in 2 waarden staat een sleutel uit `klant`, de eerste keer op regel 3"),
        "{told}"
    );
    assert!(!told.contains("K000"), "{told}");
    assert!(!place.path("uit.csv").exists());
    // of somebody who is left out as well
    place.write("bezwaar.txt", "K00021\n");
    let told = place
        .zwerm(&[CLIENTS.as_slice(), &["--exclude", "bezwaar.txt"]].concat())
        .told(2);
    assert!(told.contains("sleutel uit `klant`"), "{told}");
    place
        .zwerm(&[CLIENTS.as_slice(), &["--drop", "opmerking"]].concat())
        .ok();
    assert!(!place.read("uit.csv").contains("K000"));
}

#[test]
fn order_numbers_that_pass_by_chance_are_remarked_on_and_come_out() {
    let orders: Vec<String> = (0..80_u64)
        .map(|row| format!("order {}", 200_000_000 + row * 5_555_557))
        .collect();
    let texts: Vec<&str> = orders.iter().map(String::as_str).collect();
    let place = clients(&texts);
    let told = place.zwerm(&CLIENTS).ok();
    assert!(told.contains("kan zijn, de eerste op regel"), "{told}");
}

#[test]
fn a_list_of_which_nobody_is_found_is_refused_with_what_would_match() {
    let place = office();
    let told = |list: &str, more: &[&str]| {
        place.write("bezwaar.txt", list);
        let line = [&["uit.csv", "--exclude", "bezwaar.txt"], more].concat();
        place.zwerm(&prepare(&line))
    };
    for (list, expected) in [
        (
            "111.222.333\n123.456.782\n",
            "zonder punten, spaties en streepjes passen er 2",
        ),
        (
            "\"111222333\"\n\"987654329\"\n",
            "zonder aanhalingstekens passen er 1",
        ),
        (
            "111222333,123456782\n",
            "elke sleutel op een eigen regel passen er 2",
        ),
        ("0111222333\n", "zonder nullen voorop passen er 1"),
        ("K1\nK2\n", "laat `--exclude` dan weg"),
    ] {
        let told = told(list, &[]).told(2);
        assert!(
            told.contains(expected) && told.contains("staat er geen in `BSN`"),
            "{told}"
        );
        assert!(!told.contains("222"), "{told}");
        assert!(!place.path("uit.csv").exists());
    }
    let told = told("111222333\n123.456.782\n1000 000 10\n", &["--lang", "en"]).ok();
    assert!(
        told.contains("of the 3 keys on the exclusion list only 1 are in `BSN`")
            && told.contains("without points, spaces and hyphens 3 match"),
        "{told}"
    );
}

#[test]
fn an_empty_list_says_so() {
    let place = office();
    place.write("bezwaar.txt", "\n \n");
    let told = place
        .zwerm(&prepare(&["uit.csv", "--exclude", "bezwaar.txt"]))
        .ok();
    assert!(told.contains("de uitsluitlijst is leeg"), "{told}");
}
