//! The worked examples: the same seed gives the same files, and the fit is told.

use crate::place::{ID, Place, V2};

#[test]
fn an_example_is_written_beside_its_data_and_is_in_order() {
    let place = Place::new();
    let made = place
        .zwerm(&["example", "generate", ID, "--output", "here", "--json"])
        .json(0);
    assert_eq!(made["households"], 68_699);
    let fits = made["fits"].as_array().unwrap();
    assert!(fits.len() >= 3);
    assert!(
        fits.iter()
            .all(|fit| fit["largest_relative_error"].as_f64().unwrap() < 0.01)
    );
    assert_eq!(place.read("here/agreement-v2.toml"), V2);
    place
        .zwerm(&["agreement", "check", "here/agreement-v2.toml"])
        .ok();
}

#[test]
fn the_example_on_poverty_is_written_within_its_goals_and_both_versions_are_in_order() {
    let place = Place::new();
    let made = place
        .zwerm(&["example", "generate", "zuid-holland-armoede", "--json"])
        .json(0);
    assert!(made["households"].as_u64().unwrap() >= 1_600_000);
    let fits = made["fits"].as_array().unwrap();
    assert!(fits.len() >= 3);
    assert!(
        fits.iter()
            .all(|fit| fit["largest_relative_error"].as_f64().unwrap() < 0.01)
    );
    for file in ["data/inkomens.csv", "data/regelingen.csv"] {
        assert!(place.path(file).exists(), "{file}");
    }
    for version in ["agreement-v1.toml", "agreement-v2.toml"] {
        place.zwerm(&["agreement", "check", version]).ok();
    }
}

#[test]
fn a_seed_decides_the_data() {
    let place = Place::new();
    for (folder, seed) in [("a", "546"), ("b", "546"), ("c", "7")] {
        place
            .zwerm(&[
                "example", "generate", ID, "--output", folder, "--seed", seed,
            ])
            .ok();
    }
    let data = |folder: &str| place.read(&format!("{folder}/data/inkomens.csv"));
    assert!(data("a") == data("b"));
    assert!(data("a") != data("c"));
}

#[test]
fn an_agreement_that_somebody_changed_is_not_overwritten() {
    let place = Place::new();
    place.write("agreement-v2.toml", "mine");
    let told = place.zwerm(&["example", "generate", ID]).told(2);
    assert!(told.contains("is er al, met een andere inhoud"), "{told}");
    assert_eq!(place.read("agreement-v2.toml"), "mine");
    assert!(!place.path("data").exists());
}

#[test]
fn examples_are_listed_and_a_misspelt_one_is_guessed() {
    let place = Place::new();
    let list = place.zwerm(&["example", "list", "--lang", "en"]).ok();
    assert!(
        list.starts_with("leiden-goedkoop-scheefwonen  Higher incomes"),
        "{list}"
    );
    assert!(list.contains("\nzuid-holland-armoede"), "{list}");
    let told = place.zwerm(&["example", "generate", "leiden"]).told(2);
    assert!(
        told.contains("bedoelt u `leiden-goedkoop-scheefwonen`?"),
        "{told}"
    );
}
