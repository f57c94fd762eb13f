//! Data that partners bring: what no question could be answered from is not taken, and a mistake can be mended until figures
//! were made.

use serde_json::Value;

use crate::place::Place;
use crate::small::{Asking, codes};

const HOMES: &str = "data/woningen.csv";
const DOCUMENT: &str = "agreement.toml";

fn add(place: &Place) -> Value {
    place
        .zwerm(&["agreement", "add", DOCUMENT, "--json"])
        .json(0)
}

fn state(added: &Value, dataset: &str) -> String {
    let all = added["data"].as_array().unwrap().iter();
    let mut all = all.filter(|one| one["dataset"] == dataset);
    all.next().unwrap()["state"].as_str().unwrap().to_owned()
}

/// The first line of the file with another value in place of one that is there.
fn mend(place: &Place, from: &str, to: &str) {
    let text = place.read(HOMES);
    let mended = text.replacen(from, to, 1);
    assert_ne!(text, mended, "`{from}` is not there");
    place.write(HOMES, mended);
}

fn last_key(place: &Place) -> String {
    let text = place.read(HOMES);
    let line = text.trim_end().lines().last().unwrap().to_owned();
    line.split(',').next().unwrap().to_owned()
}

#[test]
fn data_can_be_mended_until_a_release_is_made_of_them() {
    let place = Place::small_home();
    let key = last_key(&place);
    mend(&place, &key, &format!("{key}x"));
    assert_eq!(state(&add(&place), "woningen"), "replaced");
    assert_eq!(state(&add(&place), "woningen"), "there");
    // the answer is of the data that are here now
    Asking::default().answer(&place);
    let before = place.files("zwerm-home/data");
    mend(&place, &format!("{key}x"), &key);
    let refused = place
        .zwerm(&["agreement", "add", DOCUMENT, "--json"])
        .json(1);
    assert_eq!(refused["refused"][0]["code"], "data-changed");
    assert_eq!(place.files("zwerm-home/data"), before);
}

#[test]
fn data_are_not_replaced_again_and_again() {
    let place = Place::small_home();
    let key = last_key(&place);
    let mut name = key.clone();
    for _ in 0..5 {
        let next = format!("{name}x");
        mend(&place, &name, &next);
        assert_eq!(state(&add(&place), "woningen"), "replaced");
        name = next;
    }
    mend(&place, &name, &key);
    let refused = place
        .zwerm(&["agreement", "add", DOCUMENT, "--json"])
        .json(1);
    assert_eq!(refused["refused"][0]["code"], "data-changed");
    let kept = place.read("zwerm-home/data/deliveries.jsonl");
    let of_homes = kept.lines().filter(|line| line.contains("woningen"));
    assert_eq!(of_homes.count(), 6, "{kept}");
}

#[test]
fn what_no_question_can_be_answered_from_is_not_taken() {
    let place = Place::small();
    place.zwerm(&["init"]).ok();
    let text = place.read(HOMES);
    let first = text.lines().nth(1).unwrap().to_owned();
    let wrong = |extra: &str| {
        place.write(HOMES, format!("{text}{extra}\n"));
        let told = place.zwerm(&["agreement", "add", DOCUMENT]).told(2);
        assert!(place.files("zwerm-home/data").is_empty(), "{told}");
        told
    };
    // one household in two districts
    let moved = first.replace(",A,", ",B,").replace(",C,", ",D,");
    let moved = match moved == first {
        true => first.replace(",B,", ",A,").replace(",D,", ",C,"),
        false => moved,
    };
    assert_ne!(moved, first);
    let told = wrong(&moved);
    assert!(told.contains("wijk"), "{told}");
    // a stray quote that swallows a row
    let told = wrong("\"x1,y,A,laag,500\nx2,z,A,laag,500\"");
    assert!(told.contains("woningen.csv"), "{told}");
    place.write(HOMES, text);
    assert_eq!(state(&add(&place), "woningen"), "copied");
}

#[test]
fn a_service_number_in_any_value_is_not_taken() {
    let place = Place::small();
    place.zwerm(&["init"]).ok();
    let text = place.read(HOMES);
    let key = text.lines().nth(5).unwrap().split(',').next().unwrap();
    place.write(HOMES, text.replacen(key, "bsn 123456782", 1));
    let told = place.zwerm(&["agreement", "add", DOCUMENT]).told(2);
    assert!(
        told.contains("op regel 6 staat een burgerservicenummer") && !told.contains("123456782"),
        "{told}"
    );
    assert!(place.files("zwerm-home/data").is_empty(), "{told}");
}

#[test]
fn keys_that_fit_together_nowhere_are_no_answer_of_zeros_and_can_be_replaced() {
    let place = Place::small();
    let incomes = place.read("data/inkomens.csv");
    // as when one party prepared its file with another secret
    place.write("data/inkomens.csv", incomes.replace("\nh", "\nx"));
    place.zwerm(&["init"]).ok();
    place.zwerm(&["agreement", "add", "agreement.toml"]).ok();
    let refused = Asking::default().refused(&place);
    assert_eq!(codes(&refused), ["data-not-buildable"]);
    assert!(
        refused[0]["lifts"]
            .as_str()
            .unwrap()
            .contains("sleutels op dezelfde manier")
    );
    // few are as nobody: what is said of it does not tell which
    let few = incomes.lines().take(5).collect::<Vec<_>>().join("\n");
    let rest = incomes.lines().skip(5).map(|line| format!("\nx{line}"));
    place.write(
        "data/inkomens.csv",
        format!("{few}{}\n", rest.collect::<String>()),
    );
    place.zwerm(&["agreement", "add", "agreement.toml"]).ok();
    assert_eq!(Asking::default().refused(&place), refused);
    place.write("data/inkomens.csv", incomes);
    place.zwerm(&["agreement", "add", "agreement.toml"]).ok();
    Asking::default().answer(&place);
}
