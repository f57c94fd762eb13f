//! Signed consents: what brings an agreement into force in a home, and what does not.

use serde_json::Value;
use zwerm_agreement::sample::made_up_key;

use crate::place::{Place, Run};
use crate::small::{Asking, SMALL, SMALL_ID};

/// A home with the small agreement, to which nobody said anything yet.
fn silent() -> Place {
    let place = Place::small();
    let (agreement, _) = SMALL.split_once("[[consent]]").unwrap();
    place.write_as_it_is("agreement.toml", agreement);
    place.zwerm(&["init"]).ok();
    place.zwerm(&["agreement", "add", "agreement.toml"]).ok();
    place
}

fn say(place: &Place, what: &str, agreement: &str, party: &str, more: &[&str]) -> Run {
    let key = place.key(party);
    let said = [
        "agreement",
        what,
        agreement,
        "--as",
        party,
        "--key",
        &key,
        "--json",
    ];
    place.zwerm(&[said.as_slice(), more].concat())
}

fn codes(told: &Value) -> Vec<&str> {
    let lacking = told["lacking"].as_array().unwrap().iter();
    lacking
        .map(|refusal| refusal["code"].as_str().unwrap())
        .collect()
}

#[test]
fn an_agreement_comes_into_force_with_the_last_signed_consent() {
    let place = silent();
    for party in ["gemeente", "universiteit", "corporatie"] {
        assert_eq!(
            say(&place, "consent", SMALL_ID, party, &[]).json(0)["in_force"],
            false
        );
    }
    Asking::default().refused(&place);
    let last = say(&place, "consent", SMALL_ID, "huurders", &[]).json(0);
    assert_eq!(
        (&last["in_force"], &last["consent"]["decision"]),
        (&true.into(), &"consent".into())
    );
    Asking::default().answer(&place);
    let kinds = place.kinds();
    assert_eq!(
        kinds[..6],
        [
            "consent",
            "consent",
            "consent",
            "refusal",
            "consent",
            "agreement-in-force"
        ]
    );
    let consent = &place.entries()[0];
    assert_eq!(consent["said"]["signature"], first_signature(&place));
}

fn first_signature(place: &Place) -> Value {
    let shown = place
        .zwerm(&["agreement", "show", SMALL_ID, "--json"])
        .json(0);
    shown["consents"][0]["signature"].clone()
}

#[test]
fn unsigned_consents_bring_nothing_into_force_in_a_home_and_a_trial_takes_them() {
    let place = Place::small();
    place.write_as_it_is("agreement.toml", SMALL);
    place.zwerm(&["init"]).ok();
    let added = place
        .zwerm(&["agreement", "add", "agreement.toml", "--json"])
        .json(0);
    assert_eq!(added["in_force"], false);
    assert_eq!(
        codes(&added)
            .iter()
            .filter(|code| **code == "unsigned")
            .count(),
        4
    );
    assert!(place.kinds().is_empty());
    let refused = Asking::default().refused(&place);
    assert!(refused.iter().any(|refusal| refusal["code"] == "unsigned"));
    let trial = Asking {
        agreement: "agreement.toml",
        ..Asking::default()
    };
    assert_eq!(trial.answer(&place)["trial"], true);
    for party in ["gemeente", "universiteit", "corporatie", "huurders"] {
        say(&place, "consent", SMALL_ID, party, &[]).json(0);
    }
    assert_eq!(Asking::default().answer(&place)["trial"], false);
}

#[test]
fn nobody_signs_with_another_key_for_another_version_or_without_a_seat() {
    let place = silent();
    let key = place.key("universiteit");
    let wrong = [
        "agreement",
        "consent",
        SMALL_ID,
        "--as",
        "gemeente",
        "--key",
        &key,
    ];
    let told = place.zwerm(&wrong).told(2);
    assert!(told.contains("niet de sleutel van `gemeente`"), "{told}");
    let refused = say(&place, "consent", SMALL_ID, "rekenbureau", &[]).json(1);
    assert_eq!(refused["refused"][0]["code"], "wrong-party");

    // what was signed for version 1 does not count for version 2
    let signed = zwerm_agreement::sample::signed(SMALL).unwrap();
    place.write_as_it_is("next.toml", signed.replace("version = 1", "version = 2"));
    let added = place
        .zwerm(&["agreement", "add", "next.toml", "--json"])
        .json(0);
    assert_eq!(added["in_force"], false);
    assert!(codes(&added).contains(&"unsigned"), "{added}");
    assert!(place.kinds().is_empty());

    let public = made_up_key("gemeente").public().to_string();
    let without = SMALL.replace(&format!("public_key = \"{public}\"\n"), "");
    place.write_as_it_is("third.toml", without.replace("version = 1", "version = 3"));
    place.zwerm(&["agreement", "add", "third.toml"]).ok();
    let refused = say(&place, "consent", SMALL_ID, "gemeente", &[]).json(1);
    assert_eq!(refused["refused"][0]["code"], "unsigned");
    assert!(
        refused["refused"][0]["lifts"]
            .as_str()
            .unwrap()
            .contains("zwerm party key new")
    );
}

#[test]
fn a_paramount_objection_blocks_and_its_author_withdraws_it() {
    let place = Place::small_home();
    let told = say(&place, "object", SMALL_ID, "archief", &[]);
    assert_eq!(told.code, 2, "{}", told.out);
    let words = [
        "--reason",
        "te kleine groepen",
        "--lifts",
        "groepen van tien",
    ];
    let objected = say(&place, "object", SMALL_ID, "archief", &words).json(0);
    assert_eq!(codes(&objected), ["objection"]);
    let refused = Asking::default().refused(&place);
    assert_eq!(
        (&refused[0]["code"], &refused[0]["lifts"]),
        (&"objection".into(), &"groepen van tien".into())
    );
    let concern = say(
        &place,
        "consent",
        SMALL_ID,
        "archief",
        &["--reason", "let op"],
    )
    .json(0);
    assert_eq!(
        (&concern["in_force"], &concern["consent"]["decision"]),
        (&true.into(), &"concern".into())
    );
    Asking::default().answer(&place);
    let checked = place.zwerm(&["ledger", "check", "--json"]).json(0);
    assert_eq!(checked["in_order"], true, "{checked}");
}

#[test]
fn a_decision_can_be_signed_elsewhere_and_sent() {
    let place = silent();
    let elsewhere = Place::new();
    elsewhere.write_as_it_is("agreement.toml", place.read("agreement.toml"));
    let (homes, incomes) = crate::small::data(1);
    elsewhere.write("data/woningen.csv", homes);
    elsewhere.write("data/inkomens.csv", incomes);
    for party in ["gemeente", "universiteit", "corporatie", "huurders"] {
        say(
            &elsewhere,
            "consent",
            "agreement.toml",
            party,
            &["--reason", "met \"aanhalingstekens\"\nen regels"],
        )
        .json(0);
    }
    place.write_as_it_is("agreement.toml", elsewhere.read("agreement.toml"));
    let added = place
        .zwerm(&["agreement", "add", "agreement.toml", "--json"])
        .json(0);
    assert_eq!(
        (&added["consents_added"], &added["in_force"]),
        (&4.into(), &true.into())
    );
    Asking::default().answer(&place);
}

#[test]
fn a_key_is_made_once_shown_and_never_written_over() {
    let place = Place::new();
    let made = place
        .zwerm(&["party", "key", "new", "a.key", "--json"])
        .json(0);
    let shown = place.zwerm(&["party", "key", "show", "a.key"]).ok();
    assert_eq!(shown.trim_end(), made["public_key"]);
    let before = place.read("a.key");
    let told = place.zwerm(&["party", "key", "new", "a.key"]).told(2);
    assert!(told.contains("nooit overschreven"), "{told}");
    assert_eq!(place.read("a.key"), before);
    let other = place
        .zwerm(&["party", "key", "new", "b.key", "--json"])
        .json(0);
    assert_ne!(other["public_key"], made["public_key"]);
    place.write("c.key", shown);
    let told = place.zwerm(&["party", "key", "show", "c.key"]).told(2);
    assert!(told.contains("geen geheime sleutel"), "{told}");
}

#[test]
fn a_private_key_never_comes_into_a_home() {
    let place = Place::small_home();
    say(&place, "consent", SMALL_ID, "archief", &[]).json(0);
    place.change("suspend", SMALL_ID, "huurders", &[]).ok();
    for party in ["archief", "huurders"] {
        let secret = made_up_key(party).secret();
        let secret = secret.rsplit(':').next().unwrap().as_bytes();
        for (path, bytes) in place.files("zwerm-home") {
            assert!(
                !bytes.windows(secret.len()).any(|w| w == secret),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn an_unsigned_line_can_stop_an_agreement_and_not_start_it_again() {
    let place = Place::small_home();
    let journal = format!("zwerm-home/agreements/{SMALL_ID}/v1/events.jsonl");
    let line = |change: &str, at: &str| {
        format!(
            "{{\"party\":\"huurders\",\"change\":\"{change}\",\"reason\":\"x\",\"at\":\"{at}\"}}\n"
        )
    };
    let suspended = line("suspended", "2026-02-01T00:00:00Z");
    place.write(&journal, &suspended);
    assert_eq!(Asking::default().refused(&place)[0]["code"], "suspended");
    place.write(
        &journal,
        suspended + &line("resumed", "2026-02-02T00:00:00Z"),
    );
    assert_eq!(Asking::default().refused(&place)[0]["code"], "suspended");
}

#[test]
fn a_decision_that_somebody_takes_away_or_rewords_is_found_and_nothing_is_answered_without_it() {
    let place = Place::small_home();
    let folder = format!("zwerm-home/agreements/{SMALL_ID}/v1");
    place.change("suspend", SMALL_ID, "huurders", &[]).ok();
    place.change("resume", SMALL_ID, "huurders", &[]).ok();
    place.change("suspend", SMALL_ID, "corporatie", &[]).ok();
    let check = || place.zwerm(&["ledger", "check", "--json"]);
    assert_eq!(check().json(0)["in_order"], true);
    let events = format!("{folder}/events.jsonl");
    let all = place.read(&events);
    let kept: Vec<&str> = all.lines().take(2).collect();
    place.write(&events, kept.join("\n") + "\n");
    let found = check().json(2);
    let found = found["findings"].as_array().unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0]["what"]
            .as_str()
            .unwrap()
            .contains("opgeschort door corporatie")
    );
    let run = Asking::default().run(&place, &[]);
    assert_eq!(run.code, 3, "{}", run.out);
    assert!(run.err.contains("een besluit is weggehaald"), "{}", run.err);

    for changed in [
        all.replacen("datalek", "zomaar", 1),
        all.replacen(
            "\"change\":\"suspended\",\"reason\":\"datalek\",\"at\":\"2026-03-01T12:00:00.002Z\"",
            "\"change\":\"resumed\",\"reason\":\"datalek\",\"at\":\"2026-03-01T12:00:00.002Z\"",
            1,
        ),
    ] {
        assert_ne!(changed, all);
        place.write(&events, changed);
        assert_eq!(check().code, 2);
        assert_eq!(Asking::default().run(&place, &[]).code, 3);
    }
    place.write(&events, &all);
    assert_eq!(check().json(0)["in_order"], true);
}

#[test]
fn what_somebody_writes_into_a_file_does_not_enter_as_a_partys_word() {
    let place = Place::small_home();
    place.change("suspend", SMALL_ID, "huurders", &[]).ok();
    let events = format!("zwerm-home/agreements/{SMALL_ID}/v1/events.jsonl");
    let line = |party: &str, change: &str, day: u32| {
        format!(
            "{{\"party\":\"{party}\",\"change\":\"{change}\",\"reason\":\"x\",\"at\":\"2026-03-0{day}T13:00:00Z\",\"signature\":\"AAAA\"}}\n"
        )
    };
    let all = place.read(&events);
    let forged = [
        line("huurders", "resumed", 1),
        line("jansen", "suspended", 1),
        line("corporatie", "suspended", 1),
    ];
    place.write(&events, all + &forged.concat());
    assert_eq!(Asking::default().refused(&place)[0]["code"], "suspended");
    let kinds = place.kinds();
    let stops = kinds.iter().filter(|kind| *kind == "agreement-suspended");
    assert_eq!(stops.count(), 2);
    assert!(
        !kinds.contains(&"agreement-resumed".to_owned()),
        "{kinds:?}"
    );
    let entries = place.entries();
    let last = entries
        .iter()
        .rfind(|entry| entry["kind"] == "agreement-suspended")
        .unwrap();
    assert!(last["said"]["unsigned"].is_string(), "{last}");
}

#[test]
fn without_a_version_whoever_stops_an_agreement_stops_the_one_that_is_in_force() {
    let place = Place::small_home();
    let next = SMALL.replace("version = 1", "version = 2");
    let (next, _) = next.split_once("[[consent]]").unwrap();
    place.write_as_it_is("next.toml", next);
    place.zwerm(&["agreement", "add", "next.toml"]).ok();
    let stopped = place
        .change("suspend", SMALL_ID, "huurders", &["--json"])
        .json(0);
    assert_eq!(stopped["agreement"]["version"], 1);
    let first = Asking {
        agreement: "klein@1",
        ..Asking::default()
    };
    assert_eq!(first.refused(&place)[0]["code"], "suspended");
}

#[test]
fn a_home_knows_no_other_day_than_it_is_and_no_private_key() {
    let place = Place::small_home();
    let told = Asking::default()
        .run(&place, &["--today", "2026-04-01"])
        .told(2);
    assert!(told.contains("telt de dag die het is"), "{told}");
    let told = place
        .change("suspend", SMALL_ID, "huurders", &["--today", "2026-04-01"])
        .told(2);
    assert!(told.contains("--today"), "{told}");
    let key = ["party", "key", "new", "zwerm-home/ledger/public/x.key"];
    assert!(place.zwerm(&key).told(2).contains("ligt in een huis"));
}

#[test]
fn a_text_of_the_signing_page_is_signed_byte_by_byte() {
    let place = Place::small_home();
    let key = place.key("huurders");
    let signature = |name: &str| {
        let args = ["party", "sign", name, "--key", &key];
        place.zwerm(&args)
    };
    let hash = "ab".repeat(32);
    let text = format!(
        "{{\"agreement\":\"{hash}\",\"at\":\"2026-03-01T12:00:00Z\",\"decision\":\"consent\",\"lifts\":null,\"party\":\"huurders\",\"reason\":null}}"
    );
    let statement = zwerm_agreement::signature::SignedStatement::parse(&text).unwrap();
    for end in ["", "\n", "\r\n"] {
        place.write_as_it_is("besluit.txt", format!("{text}{end}"));
        let out = signature("besluit.txt").ok();
        let public = made_up_key("huurders").public();
        assert!(
            statement.statement().is_signed_by(&public, out.trim_end()),
            "{end:?}: {out}"
        );
        assert_eq!(out.lines().count(), 1);
    }
    let told = place
        .zwerm(&["party", "sign", "besluit.txt", "--key", &key, "--json"])
        .json(0);
    assert_eq!(
        (&told["party"], &told["decision"]),
        (&"huurders".into(), &"consent".into())
    );
    for (wrong, expected) in [
        (text.replace("\":", "\": "), "anders opgeschreven"),
        (format!(" {text}"), "anders opgeschreven"),
        (text.replace("consent", "agree"), "`agree` is geen besluit"),
        (text.replace(&hash, "00"), "niet de hash"),
        (
            text.replace("\"at\"", "\"x\":1,\"at\""),
            "geen besluit over een afspraak",
        ),
        (
            "Stuur mij geld".to_owned(),
            "geen besluit over een afspraak",
        ),
        ("x".repeat(100_000), "geen besluit over een afspraak"),
    ] {
        place.write_as_it_is("besluit.txt", &wrong);
        let told = signature("besluit.txt").told(2);
        assert!(
            told.contains(expected) && told.contains("precies de tekst"),
            "{told}"
        );
    }
    place.write_as_it_is("besluit.txt", [0xff, 0xfe]);
    assert!(signature("besluit.txt").told(2).contains("UTF-8"));
    signature("nergens.txt").told(2);
    place.write_as_it_is("besluit.txt", &text);
    let told = place
        .zwerm(&["party", "sign", "besluit.txt", "--key", "besluit.txt"])
        .told(2);
    assert!(told.contains("geen geheime sleutel"), "{told}");
}
