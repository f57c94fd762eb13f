//! Barriers, and what an amended agreement would lift.

use serde_json::Value;

use crate::place::Place;
use crate::served::Served;
use crate::small::{Asking, SMALL, SMALL_ID, TABLE};

const DEEP: &str =
    "SELECT wijk, klasse, boven, units() FROM huishoudens GROUP BY wijk, klasse, boven";
const KEY: &str = "SELECT units() FROM huishoudens WHERE huishouden = 'h1791'";

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

/// Asks, and is refused; the entries in the log and the files that this made.
fn traces(place: &Place, asking: Asking<'_>) -> (usize, usize) {
    let count = || {
        let kept = place.files("zwerm-home/refusals").len();
        (place.entries().len(), kept)
    };
    let before = count();
    asking.refused(place);
    let after = count();
    (after.0 - before.0, after.1 - before.1)
}

#[test]
fn a_mistake_is_told_and_leaves_nothing_anywhere() {
    let place = Place::small_home();
    let by = |sql| Asking {
        sql,
        ..Asking::default()
    };
    let mistakes = [
        by("SELEC wijk"),
        by("SELECT wjk, units() FROM huishoudens GROUP BY wijk"),
        by("SELECT jansen, units() FROM huishoudens GROUP BY wijk"),
        by("SELECT units() FROM huishouden"),
        by("SELECT units() FROM huishoudens WHERE wijk = 'Z'"),
        by("SELECT wijk, units() FROM huishoudens"),
        by("SELECT units() AS a, units() AS a FROM huishoudens"),
        by("SELECT max(inkomen) FROM huishoudens"),
        Asking {
            purpose: "housing-polcy",
            ..Asking::default()
        },
        Asking {
            party: "universitiet",
            ..Asking::default()
        },
    ];
    for asking in mistakes {
        assert_eq!(traces(&place, asking), (0, 0), "{asking:?}");
    }
    assert_eq!(barriers(&place), Vec::<Value>::new());
    assert!(!place.path("zwerm-home/registry.db").exists());
}

#[test]
fn what_the_agreement_keeps_closed_is_an_attempt_when_it_is_named() {
    let place = Place::small_home();
    for (sql, condition) in [
        (KEY, "view.huishoudens.key"),
        (
            "SELECT vermogen, units() FROM huishoudens GROUP BY wijk",
            "dataset.inkomens.withheld",
        ),
        (
            "SELECT adres, units() FROM huishoudens GROUP BY adres",
            "view.huishoudens",
        ),
    ] {
        let asking = Asking {
            sql,
            ..Asking::default()
        };
        assert_eq!(traces(&place, asking), (1, 1), "{sql}");
        let mut all = barriers(&place).into_iter();
        assert!(
            all.any(|b| b["refusal"]["condition"] == condition),
            "{condition}"
        );
    }
    // of a question with a mistake in it as well, what stands in the way is recorded, and the mistake is not
    let both = Asking {
        sql: "SELECT wjk, units() FROM huishoudens WHERE huishouden = 'h1791' GROUP BY wijk",
        ..Asking::default()
    };
    assert_eq!(traces(&place, both), (1, 1));
    let last = place.entries().pop().unwrap();
    assert_eq!(last["codes"], serde_json::json!(["key"]));
}

#[test]
fn barriers_are_in_the_order_of_the_document_however_often_they_were_met() {
    let place = Place::small_home();
    for (sql, purpose) in [
        (DEEP, "housing-policy"),
        (DEEP, "housing-policy"),
        (DEEP, "housing-policy"),
        (KEY, "fraud"),
    ] {
        let asking = Asking {
            sql,
            purpose,
            ..Asking::default()
        };
        asking.refused(&place);
    }
    let all = barriers(&place);
    let conditions: Vec<&str> = all
        .iter()
        .map(|b| b["refusal"]["condition"].as_str().unwrap())
        .collect();
    let expected = [
        "purpose",
        "view.huishoudens.key",
        "protection.max_dimensions",
    ];
    assert_eq!(conditions, expected);
    assert_eq!(all[2]["questions"], 3);
}

#[test]
fn a_home_of_before_has_its_refusals_taken_in_once() {
    let place = refused();
    // as an older program left it: what was refused is in files alone
    for file in ["registry.db", "registry.id"] {
        std::fs::remove_file(place.path(&format!("zwerm-home/{file}"))).unwrap();
    }
    let taken = barriers(&place);
    let counts =
        |all: &[Value]| -> Vec<Value> { all.iter().map(|b| b["questions"].clone()).collect() };
    assert_eq!(counts(&taken), [1, 1, 2].map(Value::from));
    assert_eq!(barriers(&place), taken);
}

fn project() -> String {
    format!("/en/projects/{SMALL_ID}")
}

#[test]
fn whoever_has_no_seat_asks_nothing_and_leaves_nothing() {
    let place = Place::to_serve();
    place.account("zwerm-home", "rik", "rekenbureau", &["analyst"]);
    let served = Served::start(&place);
    let mut rik = served.signed_in("rik");
    let before = place.entries().len();
    let path = format!("{}/ask", project());
    assert_eq!(rik.get(&path).unwrap().status, 403);
    let fields = [
        ("party", "rekenbureau"),
        ("purpose", "housing-policy"),
        ("sql", TABLE),
    ];
    assert_eq!(rik.post(&path, &fields).unwrap().status, 403);
    assert_eq!(place.entries().len(), before);
    assert!(place.files("zwerm-home/refusals").is_empty());
}

#[test]
fn a_visitor_learns_no_word_of_a_question_and_no_name_of_who_asked() {
    let place = Place::to_serve();
    for (party, purpose) in [
        ("mevrouw_jansen", "housing-policy"),
        ("universiteit", "zoek-jansen-op"),
    ] {
        for sql in [TABLE, KEY, DEEP] {
            let asking = Asking {
                party,
                purpose,
                sql,
                ..Asking::default()
            };
            asking.refused(&place);
        }
    }
    let served = Served::start(&place);
    let mut visitor = served.browser();
    let what_if = format!("{}/what-if", project());
    let changed = deeper();
    let tried = visitor.post(&what_if, &[("document", &changed)]).unwrap();
    assert_eq!(tried.status, 200);
    let outcome = tried.body.split("id=\"outcome\"").nth(1).unwrap();
    let outcome = outcome.split("</section>").next().unwrap().to_owned();
    assert!(outcome.contains("still refused"), "{outcome}");
    assert!(
        outcome.contains("who has no seat at the table"),
        "{outcome}"
    );
    let list = visitor.get("/en/barriers").unwrap().body;
    let history = list.split("/en/barriers/history?").nth(1).unwrap();
    let history = history.split('"').next().unwrap().replace("&#38;", "&");
    let history = visitor.get(&format!("/en/barriers/history?{history}"));
    let history = history.unwrap();
    assert_eq!(history.status, 200);
    let page = visitor.get(&project()).unwrap().body;
    for seen in [outcome, list, history.body, page] {
        assert!(!seen.to_lowercase().contains("jansen"), "{seen}");
        assert!(
            !seen.contains("SELECT") && !seen.contains("h1791"),
            "{seen}"
        );
    }
}

#[test]
fn what_one_visitor_tries_out_is_bounded() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut visitor = served.browser();
    let what_if = format!("{}/what-if", project());
    let changed = deeper();
    let fields = [("document", changed.as_str())];
    let mut tried = || {
        let page = visitor.post(&what_if, &fields);
        page.unwrap().status
    };
    let statuses: Vec<u16> = (0..61).map(|_| tried()).collect();
    assert!(statuses.iter().take(60).all(|status| *status == 200));
    assert_eq!(statuses.last(), Some(&429));
    // whoever is signed in has no such bound, and another address has its own
    let mut noor = served.signed_in("noor");
    let page = noor.post(&what_if, &fields).unwrap();
    assert_eq!(page.status, 200);
    let mut other = served.browser();
    other.from = Some("203.0.113.9".into());
    let page = other.post(&what_if, &fields).unwrap();
    assert_eq!(page.status, 200);
}
