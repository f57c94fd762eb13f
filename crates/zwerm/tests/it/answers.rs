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
