//! Questions that are refused for who asks, when, and under what: with code, condition, owner and cure, and exit 1.
//!
//! A refused question leaves no trace of its words in the home: they may name a person.

use serde_json::Value;

use crate::place::Place;
use crate::small::{Asking, SMALL, SMALL_ID, TABLE, changed, codes};

/// The decision of a party in the small agreement, as it stands there.
fn consent(party: &str, minute: &str) -> String {
    format!(
        "[[consent]]\nparty = \"{party}\"\ndecision = \"consent\"\nat = \"2026-01-05T{minute}:00Z\"\n"
    )
}

fn trial<'a>(party: &'a str, purpose: &'a str) -> Asking<'a> {
    Asking {
        agreement: "changed.toml",
        party,
        purpose,
        sql: TABLE,
    }
}

/// The refusals of a changed agreement's trial, asked in order by somebody who may.
fn refused(text: &str) -> Vec<Value> {
    let place = Place::small();
    place.write("changed.toml", text);
    trial("universiteit", "housing-policy").refused(&place)
}

#[test]
fn who_asks_and_what_for() {
    let place = Place::small();
    place.write("changed.toml", SMALL);
    for (party, purpose, code, condition) in [
        ("universiteit", "fraud", "wrong-purpose", Some("purpose")),
        ("politie", "housing-policy", "wrong-party", None),
        (
            "rekenbureau",
            "housing-policy",
            "wrong-party",
            Some("party.rekenbureau.for"),
        ),
        (
            "corporatie",
            "housing-policy",
            "may-not-ask",
            Some("party.corporatie.may"),
        ),
    ] {
        let all = trial(party, purpose).refused(&place);
        assert_eq!(codes(&all), [code], "{party}");
        assert_eq!(all[0]["condition"].as_str(), condition, "{party}");
    }
    let near = trial("universitiet", "housing-policy").refused(&place);
    assert!(
        near[0]["what"]
            .as_str()
            .unwrap()
            .contains("bedoelt u `universiteit`?")
    );
}

#[test]
fn a_side_that_said_nothing_is_named_with_its_seat() {
    for (party, minute, expected) in [
        (
            "gemeente",
            "09:00",
            ["side-missing", "provider-missing"].as_slice(),
        ),
        ("universiteit", "09:30", &["side-missing"]),
        ("corporatie", "09:45", &["side-missing", "provider-missing"]),
        ("huurders", "10:00", &["side-missing", "not-represented"]),
    ] {
        let all = refused(&changed(&consent(party, minute), ""));
        assert_eq!(codes(&all), expected, "{party}");
        let named = all.iter().all(|r| r.to_string().contains(party));
        assert!(named, "{party}: {all:?}");
    }
}

#[test]
fn a_provider_that_said_nothing_is_named_though_its_side_consented() {
    let other = consent("corporatie", "09:45").replace("corporatie", "archief");
    let all = refused(&changed(&consent("corporatie", "09:45"), &other));
    assert_eq!(codes(&all), ["provider-missing"]);
    assert_eq!(all[0]["owner"], "corporatie");
    assert_eq!(all[0]["condition"], "dataset.woningen.provider");
}

#[test]
fn the_people_concerned_must_be_represented_with_a_mandate() {
    let mandate =
        "mandate = { by = \"own-decision\", on = \"2025-11-03\", evidence = \"besluit\" }\n";
    let represents = "represents = \"huurders-klein\"\n";
    for (from, to, condition) in [
        (represents, "represents = \"huurders-groot\"\n", "about.id"),
        (mandate, "", "party.huurders.represents"),
        (
            "on = \"2025-11-03\"",
            "on = \"2026-01-06\"",
            "party.huurders.mandate",
        ),
    ] {
        let all = refused(&changed(from, to));
        assert_eq!(codes(&all), ["not-represented"]);
        assert_eq!(all[0]["condition"], condition);
    }
}

#[test]
fn an_objection_is_told_with_its_reason_and_what_lifts_it() {
    let own = consent("huurders", "10:00");
    let objects = own.replace(
        "\"consent\"",
        "\"object\"\nreason = \"te fijn\"\nlifts = \"grovere wijken\"",
    );
    let all = refused(&changed(&own, &objects));
    let objection = all.iter().find(|r| r["code"] == "objection").unwrap();
    assert_eq!(objection["owner"], "huurders");
    assert!(objection["what"].as_str().unwrap().contains("te fijn"));
    assert_eq!(objection["lifts"], "grovere wijken");
}

#[test]
fn outside_its_days_an_agreement_answers_nothing() {
    let place = Place::small();
    let asking = Asking {
        agreement: "agreement.toml",
        ..Asking::default()
    };
    for (day, code) in [
        ("2025-12-31", Some("not-yet-valid")),
        ("2026-01-01", None),
        ("2027-12-31", None),
        ("2028-01-01", Some("expired")),
    ] {
        let run = asking.run(&place, &["--json", "--today", day]);
        match code {
            None => assert_eq!(run.code, 0, "{day}"),
            Some(code) => assert_eq!(codes(&crate::small::refusals(&run.json(1))), [code]),
        }
    }
}

#[test]
fn what_is_suspended_or_ended_answers_nothing() {
    let place = Place::small_home();
    let asking = Asking::default();
    for (what, expected) in [
        ("suspend", vec!["suspended"]),
        ("resume", vec![]),
        ("end", vec!["ended"]),
    ] {
        place.change(what, SMALL_ID, "huurders", &[]).ok();
        if expected.is_empty() {
            asking.answer(&place);
            continue;
        }
        let all = asking.refused(&place);
        assert_eq!(codes(&all)[0], expected[0]);
        assert_eq!(all[0]["owner"], "huurders");
        assert!(all[0]["what"].as_str().unwrap().contains("datalek"));
    }
}

#[test]
fn what_cannot_be_protected_yet_is_refused_with_that_reason() {
    for (from, to, code) in [
        ("mode = \"table\"", "mode = \"noisy\"", "noisy-view"),
        ("from = \"2026-01\"\n", "from = \"2025-12\"\n", "embargo"),
    ] {
        assert_eq!(codes(&refused(&changed(from, to))), [code]);
    }
}

#[test]
fn all_reasons_are_told_at_once() {
    let place = Place::small();
    let text = changed("mode = \"table\"", "mode = \"noisy\"")
        .replace(&consent("universiteit", "09:30"), "")
        .replace("until = \"2027-12-31\"", "until = \"2026-02-01\"");
    place.write("changed.toml", text);
    let all = trial("corporatie", "fraud").refused(&place);
    let mut found = codes(&all);
    found.sort_unstable();
    let expected = [
        "expired",
        "may-not-ask",
        "noisy-view",
        "side-missing",
        "wrong-purpose",
    ];
    assert_eq!(found, expected);
    let asking = Asking {
        sql: "SELECT max(inkomen), huishouden FROM huishoudens",
        ..trial("corporatie", "fraud")
    };
    let all = asking.refused(&place);
    for code in [
        "key",
        "aggregate-not-allowed",
        "wrong-purpose",
        "side-missing",
    ] {
        assert!(codes(&all).contains(&code), "{code}: {all:?}");
    }
}

#[test]
fn data_that_changed_under_a_release_are_refused() {
    let place = Place::small_home();
    let before = Asking::default().answer(&place);
    let path = "zwerm-home/data/gemeente/inkomens-2025.csv";
    let data = place.read(path);
    place.write(path, data.replace("900000", "900001"));
    let all = Asking::default().refused(&place);
    assert_eq!(codes(&all), ["data-changed"]);
    assert_eq!(all[0]["owner"], "gemeente");
    place.write(path, data);
    assert_eq!(Asking::default().answer(&place), before);
}
