//! Suspending, resuming and ending, by those who may.

use crate::place::{ID, Place, Run};

fn change(place: &Place, what: &str, party: &str) -> Run {
    place.change(what, ID, party, &["--json"])
}

fn codes(place: &Place) -> Vec<String> {
    let shown = place.zwerm(&["agreement", "show", ID, "--json"]).json(0);
    let lacking = shown["lacking"].as_array().unwrap().iter();
    lacking
        .map(|r| r["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_provider_or_the_tenants_suspend_and_resume_on_one_day() {
    let place = Place::with_home();
    for party in ["corporatie", "huurdersvereniging"] {
        let suspended = change(&place, "suspend", party).json(0);
        assert_eq!(suspended["in_force"], false);
        assert_eq!(suspended["event"]["reason"], "datalek");
        assert_eq!(codes(&place), ["suspended"]);
        assert_eq!(change(&place, "resume", party).json(0)["in_force"], true);
        assert!(codes(&place).is_empty());
    }
}

#[test]
fn nobody_resumes_what_another_suspended() {
    let place = Place::with_home();
    change(&place, "suspend", "corporatie").json(0);
    let refused = change(&place, "resume", "huurdersvereniging").json(1);
    assert_eq!(refused["refused"][0]["code"], "suspended");
    assert_eq!(refused["refused"][0]["owner"], "corporatie");
    assert_eq!(codes(&place), ["suspended"]);
}

#[test]
fn resuming_what_is_not_suspended_is_wrong_usage() {
    let place = Place::with_home();
    let told = place.change("resume", ID, "corporatie", &[]).told(2);
    assert!(told.contains("is niet opgeschort"), "{told}");
}

#[test]
fn who_may_not_stop_an_agreement_is_refused_with_the_reason() {
    let place = Place::with_home();
    for party in ["gemeente-leiden", "gemeente-leide"] {
        place.key(party);
    }
    let before = place.files("zwerm-home");
    for what in ["suspend", "resume", "end"] {
        let refused = change(&place, what, "gemeente-leiden").json(1);
        assert_eq!(refused["refused"][0]["code"], "may-not-ask", "{what}");
        let refused = change(&place, what, "gemeente-leide").json(1);
        let refused = &refused["refused"][0];
        assert_eq!(refused["code"], "wrong-party", "{what}");
        assert!(
            refused["what"]
                .as_str()
                .unwrap()
                .contains("bedoelt u `gemeente-leiden`?")
        );
    }
    assert_eq!(place.files("zwerm-home"), before);
}

#[test]
fn what_is_ended_stays_ended() {
    let place = Place::with_home();
    let ended = change(&place, "end", "statistiekbureau").json(0);
    assert_eq!(ended["lacking"][0]["code"], "ended");
    for what in ["suspend", "resume", "end"] {
        let refused = change(&place, what, "corporatie").json(1);
        assert_eq!(refused["refused"][0]["code"], "ended", "{what}");
    }
    let shown = place.zwerm(&["agreement", "show", ID]).ok();
    assert!(
        shown.contains("2026-03-01  beëindigd door `statistiekbureau`: datalek"),
        "{shown}"
    );
}

#[test]
fn a_suspension_is_of_one_version() {
    let place = Place::with_home();
    change(&place, "suspend", "corporatie").json(0);
    let next = crate::place::V2.replace("version = 2", "version = 3");
    place.write("next.toml", next);
    let added = place
        .zwerm(&["agreement", "add", "next.toml", "--json"])
        .json(0);
    assert_eq!(added["in_force"], true);
    let earlier = place
        .zwerm(&["agreement", "show", &format!("{ID}@2"), "--json"])
        .json(0);
    assert_eq!(earlier["lacking"][0]["code"], "suspended");
    // nobody can lift the suspension of what a later version replaced into an answer
    assert_eq!(earlier["lacking"][1]["code"], "superseded");
}

#[test]
fn a_reason_is_needed() {
    let place = Place::with_home();
    let key = place.key("corporatie");
    let told = place
        .zwerm(&["agreement", "end", ID, "--as", "corporatie", "--key", &key])
        .told(2);
    assert!(told.contains("--reason"), "{told}");
    let blank = [
        "agreement",
        "end",
        ID,
        "--as",
        "corporatie",
        "--key",
        &key,
        "--reason",
        "  ",
    ];
    let told = place.zwerm(&blank).told(2);
    assert!(told.contains("de reden is leeg"), "{told}");
    assert!(codes(&place).is_empty());
}
