//! Answers of the command line: kept like those of the pages, and read as the agreement says.

use serde_json::Value;

use crate::ledger::KEY;
use crate::place::Place;
use crate::served::Served;
use crate::small::{Asking, SMALL, SMALL_ID};

fn list(place: &Place, more: &[&str]) -> Vec<Value> {
    let told = place.zwerm(&[&["answers", "list", "--json"], more].concat());
    told.json(0)["answers"].as_array().unwrap().clone()
}

#[test]
fn an_answer_of_the_command_line_is_kept_listed_and_shown_and_stands_on_the_pages() {
    let place = Place::small_home();
    assert!(list(&place, &[]).is_empty());
    let given = Asking::default().answer(&place);
    let kept = list(&place, &[]);
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["agreement"], SMALL_ID);
    let id = kept[0]["id"].as_str().unwrap();
    assert!(!kept[0]["title"].as_str().unwrap().is_empty());
    let shown = place.zwerm(&["answers", "show", id, "--json"]).json(0);
    assert_eq!(shown["answer"]["rows"], given["rows"]);
    assert_eq!(shown["answer"]["protected"], given["protected"]);
    // the same through the other door, also while nobody has an account and nobody reads on
    let served = Served::start(&place);
    let page = served.browser().get(&format!("/en/answers/{id}")).unwrap();
    assert_eq!(page.status, 200, "{}", page.body);
    // a receipt that is written is that of the answer
    let receipt = place.path("receipt.json");
    place
        .zwerm(&[
            "answers",
            "show",
            id,
            "--receipt",
            receipt.to_str().unwrap(),
        ])
        .ok();
    let receipt = receipt.to_str().unwrap();
    place.zwerm(&["verify", receipt, "--key", KEY]).ok();
}

#[test]
fn who_may_not_read_an_answer_hears_of_none() {
    let place = Place::to_serve();
    let closed = SMALL.replace("answers = \"public\"", "answers = \"parties\"");
    assert_ne!(closed, SMALL);
    let closed = closed.replace("version = 1", "version = 2");
    place.write("closed.toml", &closed);
    place.zwerm(&["agreement", "add", "closed.toml"]).ok();
    Asking::default().answer(&place);
    assert!(list(&place, &[]).is_empty(), "not everybody's");
    let party = ["--as", Asking::default().party];
    let kept = list(&place, &party);
    assert_eq!(kept.len(), 1);
    let id = kept[0]["id"].as_str().unwrap();
    place.zwerm(&["answers", "show", id]).told(2);
    place
        .zwerm(&["answers", "show", id, "--as", "krant"])
        .told(2);
    place
        .zwerm(&[&["answers", "show", id], &party[..]].concat())
        .ok();
    // what retention is over for is read by nobody
    let late = ["--today", "2040-01-01"];
    assert!(list(&place, &[&party[..], &late].concat()).is_empty());
}

#[test]
fn a_list_of_many_answers_comes_in_pages() {
    let place = Place::small_home();
    for _ in 0..3 {
        Asking::default().answer(&place);
    }
    let told = place
        .zwerm(&["answers", "list", "--limit", "2", "--json"])
        .json(0);
    assert_eq!(told["answers"].as_array().unwrap().len(), 2);
    let older = told["older"].as_str().unwrap();
    let rest = list(&place, &["--before", older]);
    assert_eq!(rest.len(), 1);
}

#[test]
fn what_is_wrong_with_a_list_is_told_and_not_an_empty_list() {
    let place = Place::small_home();
    let id = {
        Asking::default().answer(&place);
        list(&place, &[])[0]["id"].as_str().unwrap().to_owned()
    };
    for (wrong, told) in [
        (
            ["list", "--agreement", "nergens"],
            "geen afspraak `nergens`",
        ),
        (
            ["list", "--as", "universitei"],
            "geen partner `universitei`; bedoelt u `universiteit`?",
        ),
        (
            ["list", "--before", "onzin"],
            "`onzin` kan niet bij `--before",
        ),
    ] {
        let shown = place.zwerm(&[&["answers"], &wrong[..]].concat()).told(2);
        assert!(shown.contains(told), "{wrong:?}: {shown}");
    }
    // a receipt is written beside nothing that is there, and not into the home
    let there = place.path("there.json");
    std::fs::write(&there, "van iemand anders").unwrap();
    for wrong in [there.clone(), place.path("zwerm-home/receipt.json")] {
        let receipt = ["answers", "show", &id, "--receipt", wrong.to_str().unwrap()];
        let shown = place.zwerm(&receipt).told(2);
        assert!(
            shown.contains("noem met `--receipt` een nieuw bestand"),
            "{shown}"
        );
    }
    assert_eq!(
        std::fs::read_to_string(&there).unwrap(),
        "van iemand anders"
    );
}

#[test]
fn what_may_not_be_read_makes_no_page_shorter_and_leaves_no_place() {
    let place = Place::small_home();
    Asking::default().answer(&place);
    let closed = SMALL.replace("answers = \"public\"", "answers = \"parties\"");
    place.write("closed.toml", closed.replace("version = 1", "version = 2"));
    place.zwerm(&["agreement", "add", "closed.toml"]).ok();
    for _ in 0..3 {
        Asking::default().answer(&place);
    }
    // the newest three are not for everybody
    let page = [
        "answers",
        "list",
        "--json",
        "--limit",
        "1",
        "--as",
        "rekenbureau",
    ];
    let page = place.zwerm(&page).json(0);
    assert_eq!(page["answers"].as_array().unwrap().len(), 1);
    assert_eq!(page["answers"][0]["version"], 1);
    assert!(page["older"].is_null());
}
