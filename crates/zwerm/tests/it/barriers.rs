//! Barriers, and what an amended agreement would lift.

use serde_json::Value;

use crate::place::Place;
use crate::small::{Asking, SMALL, SMALL_ID};

const DEEP: &str =
    "SELECT wijk, klasse, boven, units() FROM huishoudens GROUP BY wijk, klasse, boven";
const KEY: &str = "SELECT units() FROM huishoudens WHERE huishouden = 'h17'";

/// A home in which three questions were refused.
fn refused() -> Place {
    let place = Place::small_home();
    for (sql, purpose) in [
        (DEEP, "housing-policy"),
        (KEY, "housing-policy"),
        (DEEP, "fraud"),
    ] {
        let asking = Asking {
            sql,
            purpose,
            ..Asking::default()
        };
        asking.refused(&place);
    }
    place
}

/// A next version that allows deeper questions.
fn deeper() -> String {
    SMALL
        .replace("version = 1", "version = 2")
        .replace("max_dimensions = 2", "max_dimensions = 3")
}

fn barriers(place: &Place) -> Vec<Value> {
    let told = place.zwerm(&["barriers", "--json"]).json(0);
    told["barriers"].as_array().unwrap().clone()
}

#[test]
fn a_barrier_says_whose_condition_it_is_what_would_lift_it_and_whether_it_stands() {
    let place = refused();
    let all = barriers(&place);
    let deep = all
        .iter()
        .find(|b| b["refusal"]["code"] == "too-many-dimensions")
        .unwrap();
    assert_eq!(
        (&deep["questions"], &deep["status"]),
        (&2.into(), &"open".into())
    );
    assert_eq!(deep["refusal"]["condition"], "protection.max_dimensions");
    assert!(!deep["refusal"]["lifts"].as_str().unwrap().is_empty());
    let key = all.iter().find(|b| b["refusal"]["code"] == "key").unwrap();
    assert_eq!(key["refusal"]["owner"], "huurders");

    // a new version allows deeper questions
    place.write("next.toml", deeper());
    place.zwerm(&["agreement", "add", "next.toml"]).ok();
    let purpose = |all: &[Value]| {
        let mut all = all.iter();
        all.any(|b| b["refusal"]["code"] == "wrong-purpose" && b["status"] == "open")
    };
    assert!(purpose(&barriers(&place)));
    let all = barriers(&place);
    let deep = all
        .iter()
        .find(|b| b["refusal"]["code"] == "too-many-dimensions")
        .unwrap();
    assert_eq!(
        (&deep["lifted"], &deep["status"]),
        (&2.into(), &"lifted".into())
    );

    // words for people, and another agreement has none
    let words = place
        .zwerm(&["barriers", "--agreement", SMALL_ID, "--lang", "en"])
        .ok();
    assert!(
        words.contains("what helps:") && words.contains("protection.max_dimensions"),
        "{words}"
    );
    let told = place.zwerm(&["barriers", "--agreement", "kleim"]).told(2);
    assert!(told.contains("bedoelt u `klein`?"), "{told}");
}

#[test]
fn what_if_tells_which_questions_would_be_allowed_and_asks_none() {
    let place = refused();
    let before = place.files("zwerm-home");
    place.write_as_it_is("next.toml", deeper());
    let args = ["what-if", "--agreement", SMALL_ID, "--change", "next.toml"];
    let told = place
        .zwerm(&[args.as_slice(), &["--json"]].concat())
        .json(0);
    let questions = told["questions"].as_array().unwrap();
    assert_eq!(questions.len(), 3);
    for question in questions {
        let possible = question["sql"] == DEEP && question["purpose"] == "housing-policy";
        assert_eq!(question["allowed"], possible, "{question}");
        assert_eq!(question["still"].as_array().unwrap().is_empty(), possible);
    }
    let words = place.zwerm(&args).ok();
    assert!(
        words.contains("Van 3 geweigerde vragen") && words.contains("wrong-purpose"),
        "{words}"
    );
    assert_eq!(place.files("zwerm-home"), before);

    place.write_as_it_is(
        "other.toml",
        SMALL.replace("id = \"klein\"", "id = \"groot\""),
    );
    let other = ["what-if", "--agreement", SMALL_ID, "--change", "other.toml"];
    let told = place.zwerm(&other).told(2);
    assert!(
        told.contains("`groot`") && told.contains("`klein`"),
        "{told}"
    );
}
