//! One version at a time: proposing disturbs nobody, coming into force ends the earlier versions for good.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::place::{Place, Run};
use crate::served::Served;
use crate::small::{Asking, SMALL, SMALL_ID};

const PARTIES: [&str; 4] = ["gemeente", "universiteit", "corporatie", "huurders"];
const FOLDER: &str = "zwerm-home/agreements/klein";

/// A home with version 1 in force and a version 2 that nobody said anything of.
fn proposed() -> Place {
    let place = Place::small_home();
    Asking::default().answer(&place);
    propose(&place);
    place
}

fn propose(place: &Place) {
    let (next, _) = SMALL.split_once("[[consent]]").unwrap();
    let next = next.replace("version = 1", "version = 2");
    let next = next.replace("Een kleine afspraak", "Een andere kleine afspraak");
    place.write_as_it_is("next.toml", next);
    place.zwerm(&["agreement", "add", "next.toml"]).ok();
}

fn consent(place: &Place, party: &str) -> Value {
    let key = place.key(party);
    let said = ["agreement", "consent", SMALL_ID, "--as", party];
    let more = ["--key", &key, "--json"];
    place.zwerm(&[said.as_slice(), &more].concat()).json(0)
}

fn agreed(place: &Place) {
    for party in PARTIES {
        consent(place, party);
    }
}

fn ask(place: &Place, agreement: &str) -> Run {
    let asking = Asking {
        agreement,
        ..Asking::default()
    };
    asking.run(place, &["--json"])
}

/// The version that answered, or the codes of the refusal.
fn outcome(run: Run) -> Result<u64, Vec<String>> {
    let told: Value = serde_json::from_str(&run.out).unwrap();
    if run.code == 0 {
        return Ok(told["agreement"]["version"].as_u64().unwrap());
    }
    let refused = told["refused"].as_array().unwrap().iter();
    let codes = refused.map(|one| one["code"].as_str().unwrap().to_owned());
    let mut codes: Vec<String> = codes.collect();
    codes.dedup();
    Err(codes)
}

fn superseded() -> Result<u64, Vec<String>> {
    Err(vec!["superseded".to_owned()])
}

fn in_order(place: &Place) -> bool {
    let checked = place.zwerm(&["ledger", "check", "--json"]);
    let told: Value = serde_json::from_str(&checked.out).unwrap();
    told["in_order"].as_bool().unwrap()
}

#[test]
fn a_bare_id_is_the_version_in_force_and_the_newest_where_one_decides() {
    let place = proposed();
    assert_eq!(outcome(ask(&place, SMALL_ID)), Ok(1));
    let release = ["release", "show", SMALL_ID, "--json"];
    place.zwerm(&release).json(0);
    let listed = place.zwerm(&["agreement", "list", "--json"]).json(0);
    let listed = &listed["agreements"][0];
    assert_eq!(
        (&listed["agreement"]["version"], &listed["newest"]),
        (&1.into(), &2.into())
    );
    let shown = place
        .zwerm(&["agreement", "show", SMALL_ID, "--json"])
        .json(0);
    assert_eq!(shown["agreement"]["version"], 2);
    // what one says is about the newest
    let said = consent(&place, "gemeente");
    assert_eq!(said["agreement"]["version"], 2);
    assert_eq!(outcome(ask(&place, SMALL_ID)), Ok(1));
    for party in &PARTIES[1..] {
        consent(&place, party);
    }
    assert_eq!(outcome(ask(&place, SMALL_ID)), Ok(2));
}

#[test]
fn what_comes_into_force_ends_the_earlier_version_in_the_log_at_once() {
    let place = proposed();
    agreed(&place);
    let entries = place.entries();
    let [.., force, end] = entries.as_slice() else {
        panic!("{entries:?}");
    };
    assert_eq!(force["kind"], "agreement-in-force");
    assert_eq!(force["zone"], "Europe/Amsterdam");
    assert_eq!(
        (&end["kind"], &end["version"]),
        (&"agreement-superseded".into(), &1.into())
    );
    assert_eq!(
        (&end["by"], &end["id"]),
        (&force["agreement"], &SMALL_ID.into())
    );

    assert_eq!(outcome(ask(&place, "klein@1")), superseded());
    let shown = place
        .zwerm(&["agreement", "show", "klein@1", "--json"])
        .json(0);
    assert_eq!(shown["lacking"][0]["code"], "superseded");
    assert_eq!(shown["lacking"].as_array().unwrap().len(), 1);
    assert_eq!(outcome(ask(&place, SMALL_ID)), Ok(2));
    let built = ["release", "build", "klein@1"];
    assert_eq!(place.zwerm(&built).code, 1);
    assert!(in_order(&place));
    let replaced = place
        .kinds()
        .into_iter()
        .filter(|kind| kind == "agreement-superseded");
    assert_eq!(replaced.count(), 1);
}

#[test]
fn a_script_that_asks_by_id_goes_on_while_a_version_is_proposed_and_comes_into_force() {
    let place = Place::small_home();
    Asking::default().answer(&place);
    let (done, began) = (AtomicBool::new(false), AtomicBool::new(false));
    let answered = std::thread::scope(|scope| {
        let script = scope.spawn(|| {
            let mut answered = Vec::new();
            while !done.load(Ordering::SeqCst) || answered.last() != Some(&2) {
                let run = ask(&place, SMALL_ID);
                assert_eq!(run.code, 0, "{}{}", run.out, run.err);
                answered.push(outcome(run).unwrap());
                began.store(true, Ordering::SeqCst);
            }
            answered
        });
        while !began.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        propose(&place);
        agreed(&place);
        done.store(true, Ordering::SeqCst);
        script.join().unwrap()
    });
    assert!(answered.is_sorted() && answered[0] == 1, "{answered:?}");
    assert!(in_order(&place));
}

#[test]
fn what_was_replaced_does_not_come_back() {
    let place = proposed();
    agreed(&place);
    place.change("suspend", SMALL_ID, "huurders", &[]).ok();
    assert_eq!(outcome(ask(&place, "klein@1")), superseded());
    assert_eq!(
        outcome(ask(&place, SMALL_ID)),
        Err(vec!["suspended".into()])
    );
    // nor by more consent to it
    let key = place.key("archief");
    let more = [
        "agreement",
        "consent",
        "klein@1",
        "--as",
        "archief",
        "--key",
        &key,
    ];
    place.zwerm(&more).ok();
    assert_eq!(outcome(ask(&place, "klein@1")), superseded());
    place.change("end", SMALL_ID, "huurders", &[]).ok();
    assert_eq!(outcome(ask(&place, "klein@1")), superseded());
    assert!(in_order(&place));
}

/// An objection that somebody writes into the files, unsigned and dated before all that was said.
fn forge_an_early_objection(place: &Place) {
    let path = format!("{FOLDER}/v2/agreement.toml");
    let forged = "\n[[consent]]\nparty = \"archief\"\ndecision = \"object\"\nreason = \"x\"\nlifts = \"y\"\n\
                  at = \"2020-01-01T00:00:00Z\"\n";
    let text = place.read(&path) + forged;
    place.write_as_it_is(&path, text);
}

#[test]
fn nobody_who_writes_in_the_files_brings_an_ended_version_back_unseen() {
    let place = proposed();
    agreed(&place);
    forge_an_early_objection(&place);
    assert_eq!(outcome(ask(&place, "klein@1")), superseded());
    assert_eq!(
        outcome(ask(&place, SMALL_ID)),
        Err(vec!["objection".into()])
    );
    // whoever also takes away what the home remembers of the log is found by the log
    fs::remove_file(place.path(&format!("{FOLDER}/v1/entered.json"))).unwrap();
    assert_eq!(outcome(ask(&place, "klein@1")), Ok(1));
    assert!(!in_order(&place));
}

#[test]
fn a_log_that_was_put_back_is_told_again_in_an_order_that_could_be() {
    let place = proposed();
    for party in &PARTIES[..3] {
        consent(&place, party);
    }
    let before = place.files("zwerm-home/ledger");
    consent(&place, "huurders");
    fs::remove_dir_all(place.path("zwerm-home/ledger")).unwrap();
    for (path, bytes) in before {
        place.write_as_it_is(path.to_str().unwrap(), bytes);
    }
    // the ended version is the first to be looked at
    assert_eq!(outcome(ask(&place, "klein@1")), superseded());
    assert_eq!(outcome(ask(&place, SMALL_ID)), Ok(2));
    assert!(place.kinds().contains(&"agreement-superseded".to_owned()));
    assert!(in_order(&place), "{:?}", place.kinds());
}

#[test]
fn a_version_that_is_not_valid_yet_leaves_the_one_before_it_until_its_first_day() {
    let place = Place::small_home();
    Asking::default().answer(&place);
    let next = SMALL.replace("version = 1", "version = 2");
    let next = next.replace("from = \"2026-01-01\"", "from = \"2026-03-02\"");
    place.write("next.toml", next);
    place.zwerm(&["agreement", "add", "next.toml"]).ok();
    assert_eq!(outcome(ask(&place, SMALL_ID)), Ok(1));
    assert_eq!(
        outcome(ask(&place, "klein@2")),
        Err(vec!["not-yet-valid".into()])
    );
    let tomorrow = |agreement| {
        let asking = Asking {
            agreement,
            ..Asking::default()
        };
        let mut command = place.command(&asking.args(&["--json"]));
        Run::of(command.env("ZWERM_TODAY", "2026-03-02").output().unwrap())
    };
    assert_eq!(outcome(tomorrow(SMALL_ID)), Ok(2));
    assert_eq!(outcome(tomorrow("klein@1")), superseded());
    assert!(place.kinds().contains(&"agreement-superseded".to_owned()));
    assert!(in_order(&place));
}

#[test]
fn one_is_told_before_consenting_what_a_version_over_released_data_may_end() {
    let place = proposed();
    let checked = place.zwerm(&["agreement", "check", "next.toml"]).ok();
    assert!(
        checked.contains("versie 1, die nu antwoordt, voorgoed vervangen"),
        "{checked}"
    );
    // and so does whoever reads the version before deciding
    let served = Served::start(&place);
    let page = served.browser().get("/en/projects/klein/versions/2");
    let page = page.unwrap().body;
    assert!(page.contains("is replaced for good"), "{page}");
    drop(served);
    // without a home nothing is known of figures
    let elsewhere = Place::new();
    elsewhere.write_as_it_is("next.toml", place.read("next.toml"));
    let checked = elsewhere
        .zwerm(&["agreement", "check", "next.toml", "--json"])
        .json(0);
    assert!(
        checked["warning"]
            .as_str()
            .unwrap()
            .contains("misschien niets beantwoorden")
    );
    // a first version ends nothing
    let checked = place
        .zwerm(&["agreement", "check", "agreement.toml", "--json"])
        .json(0);
    assert!(checked["warning"].is_null());
}

#[test]
fn a_proposal_that_somebody_suspends_shuts_nobody_out() {
    let place = Place::to_serve();
    place.account("zwerm-home", "ursula", "universiteit", &["decider"]);
    let (next, _) = SMALL.split_once("[[consent]]").unwrap();
    let next = next.replace("version = 1", "version = 2");
    // without the university at the table
    let start = next.find("[[party]]\nid = \"universiteit\"").unwrap();
    let length = next[start + 1..].find("\n[[").unwrap();
    let without = format!("{}{}", &next[..start], &next[start + 1 + length..]);
    place.write_as_it_is("next.toml", without);
    place.zwerm(&["agreement", "add", "next.toml"]).ok();
    place
        .change("suspend", &format!("{SMALL_ID}@2"), "corporatie", &[])
        .ok();
    let served = Served::start(&place);
    let mut ursula = served.signed_in("ursula");
    let form = ursula
        .get(&format!("/en/projects/{SMALL_ID}/amend"))
        .unwrap();
    assert_eq!(form.status, 200, "{}", form.body);
    // and the version in force is the one that readers see
    let project = ursula
        .get(&format!("/en/projects/{SMALL_ID}"))
        .unwrap()
        .body;
    assert!(
        project.contains(&format!("/projects/{SMALL_ID}/versions/1")),
        "{project}"
    );
}
