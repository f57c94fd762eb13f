//! Adding, checking, showing and listing agreements.

use insta::assert_snapshot;

use crate::place::{ID, Place, V2};

#[test]
fn an_agreement_is_checked_in_words() {
    let place = Place::leiden();
    assert_snapshot!(
        "check_nl",
        place
            .zwerm(&["agreement", "check", "agreement-v2.toml"])
            .ok()
    );
    let english = ["agreement", "check", "agreement-v1.toml", "--lang", "en"];
    assert_snapshot!("check_en", place.zwerm(&english).ok());
}

#[test]
fn an_agreement_is_shown_to_people() {
    let place = Place::with_home();
    place.zwerm(&["agreement", "add", "agreement-v1.toml"]).ok();
    assert_snapshot!("show_nl", place.zwerm(&["agreement", "show", ID]).ok());
    let first = format!("{ID}@1");
    let english = ["agreement", "show", &first, "--lang", "en"];
    assert_snapshot!("show_en", place.zwerm(&english).ok());
}

#[test]
fn a_file_is_shown_without_a_home() {
    let place = Place::leiden();
    let shown = place
        .zwerm(&["agreement", "show", "./agreement-v1.toml"])
        .ok();
    assert!(shown.contains("Niet van kracht op 2026-03-01"));
    assert!(shown.contains("geen bezwaar volgens de Algemene wet bestuursrecht"));
    assert!(!place.path("zwerm-home").exists());
}

#[test]
fn policies_are_shown_on_request_and_can_be_read_back() {
    let place = Place::leiden();
    let check = ["agreement", "check", "agreement-v2.toml", "--json"];
    assert!(place.zwerm(&check).json(0)["policies"].is_null());
    let check = [check.as_slice(), &["--policies"]].concat();
    let policies = place.zwerm(&check).json(0)["policies"].clone();
    assert!(
        policies
            .as_str()
            .unwrap()
            .contains("permit (principal == Party::\"corporatie\"")
    );
    let check = ["agreement", "check", "agreement-v2.toml", "--policies"];
    assert!(
        place
            .zwerm(&check)
            .ok()
            .contains(policies.as_str().unwrap())
    );
}

#[test]
fn adding_twice_changes_nothing() {
    let place = Place::with_home();
    let before = place.files("zwerm-home");
    let again = place
        .zwerm(&["agreement", "add", "agreement-v2.toml", "--json"])
        .json(0);
    assert_eq!(again["addition"], "unchanged");
    assert_eq!(again["in_force"], true);
    assert_eq!(place.files("zwerm-home"), before);
}

#[test]
fn a_version_never_changes() {
    let place = Place::with_home();
    let before = place.files("zwerm-home");
    place.write(
        "changed.toml",
        V2.replace("minimum_units = 10", "minimum_units = 9"),
    );
    let told = place
        .zwerm(&["agreement", "add", "changed.toml", "--lang", "en"])
        .told(2);
    assert_snapshot!(told, @"version 2 of `leiden-goedkoop-scheefwonen` is in the home already, with other content; a version never changes; raise `version` to 3; all parties consent anew");
    assert_eq!(place.files("zwerm-home"), before);
}

#[test]
fn consents_are_added_and_never_lost() {
    let place = Place::leiden();
    let (without, last) = V2.rsplit_once("[[consent]]").unwrap();
    place.write("first.toml", without);
    place.zwerm(&["init"]).ok();
    let first = place
        .zwerm(&["agreement", "add", "first.toml", "--json"])
        .json(0);
    assert_eq!(first["in_force"], false);
    place.write("second.toml", format!("{without}[[consent]]{last}"));
    let second = place
        .zwerm(&["agreement", "add", "second.toml", "--json"])
        .json(0);
    assert_eq!(second["addition"], "consents-added");
    assert_eq!(second["consents_added"], 1);
    assert_eq!(second["in_force"], true);
    let third = place
        .zwerm(&["agreement", "add", "first.toml", "--json"])
        .json(0);
    assert_eq!(third["addition"], "unchanged");
    assert_eq!(third["in_force"], true);
}

#[test]
fn data_of_another_kind_are_other_data() {
    let place = Place::with_home();
    let next = V2.replace("version = 2", "version = 3");
    place.write(
        "next.toml",
        next.replace("inkomens.csv", "inkomens.parquet"),
    );
    let refused = place
        .zwerm(&["agreement", "add", "next.toml", "--json"])
        .json(1);
    assert_eq!(refused["refused"][0]["code"], "data-changed");
}

#[test]
fn words_of_a_document_do_not_steer_a_terminal() {
    let place = Place::with_home();
    let odd = V2.replace("Goedkoop scheefwonen in Leiden", "\\u001b[31mRood\\u0007");
    assert_ne!(odd, V2);
    place.write("odd.toml", odd.replace("version = 2", "version = 3"));
    for command in ["show", "check", "add"] {
        let told = place.zwerm(&["agreement", command, "odd.toml"]).told(2);
        assert!(
            told.contains("odd.toml:7:") && told.contains("U+001B"),
            "{told}"
        );
        assert!(!told.contains(['\u{1b}', '\u{7}']), "{told:?}");
    }
    // one that a home took before such characters were refused
    let taken = format!("zwerm-home/agreements/{ID}/v2/agreement.toml");
    place.write_as_it_is(&taken, &odd);
    let shown = place.zwerm(&["agreement", "show", ID]);
    let all = shown.out + &shown.err;
    assert!(all.contains("[31mRood"), "{all}");
    assert!(!all.contains(['\u{1b}', '\u{7}']), "{all:?}");
}

#[test]
fn a_new_period_lies_beside_the_old_one() {
    let place = Place::with_home();
    let next = V2
        .replace("version = 2", "version = 3")
        .replace("id = \"inkomens\"", "id = \"inkomens\"\nperiod = \"2027\"");
    place.write("next.toml", next);
    let changed = place.read("data/inkomens.csv").replace("40000", "40001");
    place.write("data/inkomens.csv", changed);
    place.zwerm(&["agreement", "add", "next.toml"]).ok();
    let folder = "zwerm-home/data/statistiekbureau";
    assert!(place.path(folder).join("inkomens.csv").is_file());
    assert!(
        place
            .read(&format!("{folder}/inkomens-2027.csv"))
            .contains("40001")
    );
}

#[test]
fn an_agreement_can_be_added_before_its_data() {
    let place = Place::leiden();
    place.zwerm(&["init"]).ok();
    std::fs::remove_file(place.path("data/inkomens.csv")).unwrap();
    let added = place.zwerm(&["agreement", "add", "agreement-v1.toml"]).ok();
    assert!(
        added.contains("inkomens: gegevens ontbreken nog"),
        "{added}"
    );
    assert!(added.contains("overwegend bezwaar"), "{added}");
    place.write(
        "data/inkomens.csv",
        "huishouden,boven_grens,inkomen\na,ja,1\n",
    );
    let again = place
        .zwerm(&["agreement", "add", "agreement-v1.toml", "--json"])
        .json(0);
    assert_eq!(again["addition"], "unchanged");
    assert_eq!(again["data"][1]["state"], "copied");
}

#[test]
fn data_with_faults_are_not_added_and_all_faults_are_told() {
    let place = Place::leiden();
    place.zwerm(&["init"]).ok();
    let before = place.files("zwerm-home");
    place.write(
        "data/woningen.csv",
        "huishouden,wijk,adres,huishoudtype,huurklasse,huur\n",
    );
    place.write(
        "data/inkomens.csv",
        "huishouden,boven_grens,inkomen\na,ja,veel\n",
    );
    for command in ["add", "check"] {
        let told = place
            .zwerm(&["agreement", command, "agreement-v2.toml", "--lang", "en"])
            .told(2);
        assert!(told.contains("`adres` was not agreed"), "{told}");
        assert!(told.contains("data/inkomens.csv:2"), "{told}");
        assert!(
            !told.contains("veel"),
            "a value of the data is told: {told}"
        );
    }
    assert_eq!(place.files("zwerm-home"), before);
}

#[test]
fn the_list_has_a_line_per_agreement() {
    let place = Place::leiden();
    place.zwerm(&["init"]).ok();
    let none = place.zwerm(&["agreement", "list"]).ok();
    assert!(none.starts_with("Er zijn nog geen afspraken."));
    place.zwerm(&["agreement", "add", "agreement-v2.toml"]).ok();
    place.write("other.toml", V2.replacen(ID, "ander", 1));
    place.zwerm(&["agreement", "add", "other.toml"]).ok();
    assert_snapshot!(place.zwerm(&["agreement", "list", "--lang", "en"]).ok(), @r"
    ander@2                        in force  Higher incomes in social housing in Leiden (example, made-up parties)
    leiden-goedkoop-scheefwonen@2  in force  Higher incomes in social housing in Leiden (example, made-up parties)
    ");
    let late = ["agreement", "list", "--today", "2028-01-01", "--json"];
    let late = place.zwerm(&late).json(0);
    assert_eq!(late["agreements"][1]["lacking"][0]["code"], "expired");
}

#[test]
fn an_unknown_id_or_version_is_told_with_the_nearest() {
    let place = Place::with_home();
    let told = place
        .zwerm(&["agreement", "show", "leiden-goedkoop-scheefwonn"])
        .told(2);
    assert!(
        told.contains("bedoelt u `leiden-goedkoop-scheefwonen`?"),
        "{told}"
    );
    let told = place
        .zwerm(&["agreement", "show", &format!("{ID}@9")])
        .told(2);
    assert!(told.contains(&format!("noem een van `{ID}@2`")), "{told}");
    for odd in ["iets-anders", "Iets Anders", ""] {
        let told = place.zwerm(&["agreement", "show", odd]).told(2);
        assert!(told.contains("zwerm agreement list"), "{told}");
    }
}
