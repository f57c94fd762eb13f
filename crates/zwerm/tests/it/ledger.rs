//! The public log: nothing typed gets into it, no answer without it, and every change to it shows.

use std::path::Path;

use serde_json::Value;

use crate::place::{Place, Run};
use crate::small::{Asking, SMALL_ID};

pub(crate) const KEY: &str = "zwerm-home/ledger/public/log.pub";
pub(crate) const PUBLIC: &str = "zwerm-home/ledger/public";

pub(crate) fn answered(place: &Place, receipt: &str) -> Value {
    Asking::default()
        .run(place, &["--receipt", receipt, "--json"])
        .json(0)
}

pub(crate) fn verify(place: &Place, receipt: &str) -> Run {
    place.zwerm(&["verify", receipt, "--key", KEY, "--json"])
}

pub(crate) fn grown(place: &Place, since: &str) -> Run {
    place.zwerm(&["verify", "--log", PUBLIC, "--since", since, "--json"])
}

pub(crate) fn check(place: &Place) -> Run {
    place.zwerm(&["ledger", "check", "--json"])
}

#[test]
fn what_happens_is_entered_in_its_order() {
    let place = Place::small_home();
    let stranger = Asking {
        party: "jansen",
        ..Asking::default()
    };
    stranger.refused(&place);
    let answer = answered(&place, "a.json");
    place.change("suspend", SMALL_ID, "huurders", &[]).ok();
    Asking::default().refused(&place);
    place.change("resume", SMALL_ID, "huurders", &[]).ok();
    let entries = place.entries();
    assert_eq!(
        place.kinds(),
        [
            ["consent"; 4].as_slice(),
            &[
                "agreement-in-force",
                "refusal",
                "data-release",
                "question",
                "answer"
            ],
            &[
                "agreement-suspended",
                "refusal",
                "agreement-resumed",
                "agreement-in-force"
            ],
        ]
        .concat()
    );
    for entry in &entries {
        assert_eq!(entry["agreement"], answer["agreement"]["hash"]);
    }
    assert_eq!(entries[5]["party"], "?");
    assert_eq!(entries[6]["release"], answer["release"]["hash"]);
    assert_eq!(entries[8]["release"], answer["release"]["hash"]);
    assert_eq!(check(&place).json(0)["in_order"], true);
}

#[test]
fn no_name_key_or_word_that_somebody_typed_gets_into_the_log() {
    let place = Place::small_home();
    let markers = ["jansen_van_dorp", "h17", "47110815", "Jansen", "straat-9"];
    let questions = [
        (
            "SELECT units() FROM huishoudens WHERE huishouden = 'h17'",
            false,
        ),
        (
            "SELECT units() FROM huishoudens WHERE wijk = 'jansen_van_dorp'",
            false,
        ),
        ("SELECT jansen_van_dorp FROM huishoudens", false),
        ("SELECT units() FROM jansen_van_dorp", false),
        ("SELECT units() AS jansen_van_dorp FROM huishoudens", true),
        (
            "SELECT units() AS \"Jansen\" FROM huishoudens -- jansen_van_dorp h17",
            true,
        ),
        (
            "SELECT wijk, units() FROM huishoudens GROUP BY wijk HAVING units() < 47110815",
            true,
        ),
        (
            "SELECT wijk, units() + 47110815 FROM huishoudens GROUP BY wijk LIMIT 47110815",
            true,
        ),
        ("jansen_van_dorp straat-9", false),
    ];
    for (sql, allowed) in questions {
        let asking = Asking {
            sql,
            ..Asking::default()
        };
        assert_eq!(asking.run(&place, &[]).code, i32::from(!allowed), "{sql}");
    }
    for marker in markers {
        let stranger = Asking {
            party: marker,
            purpose: marker,
            ..Asking::default()
        };
        stranger.refused(&place);
    }
    let suspended = ["--reason", "jansen_van_dorp belde", "--json"];
    let key = place.key("huurders");
    let said = [
        "agreement",
        "suspend",
        SMALL_ID,
        "--as",
        "huurders",
        "--key",
        &key,
    ];
    place.zwerm(&[said.as_slice(), &suspended].concat()).json(0);
    let key = place.key("gemeente");
    let said = [
        "agreement",
        "object",
        SMALL_ID,
        "--as",
        "gemeente",
        "--key",
        &key,
    ];
    let words = [
        "--reason",
        "Jansen vindt van niet",
        "--lifts",
        "h17 weglaten",
        "--json",
    ];
    place.zwerm(&[said.as_slice(), &words].concat()).json(0);

    let log = place.files("zwerm-home/ledger");
    assert!(log.len() > 5);
    for (path, bytes) in log {
        for marker in markers {
            let found = bytes.windows(marker.len()).any(|w| w == marker.as_bytes());
            assert!(!found, "{marker} is in {}", path.display());
        }
    }
    let entries = place.entries();
    let refusals = entries.iter().filter(|entry| entry["kind"] == "refusal");
    // the key was asked for by name; what was mistyped is entered nowhere, nor kept
    assert_eq!(refusals.count(), 1 + markers.len());
    assert_eq!(place.files("zwerm-home/refusals").len(), 1 + markers.len());
    assert_eq!(check(&place).json(0)["in_order"], true);
}

#[test]
fn a_refused_question_can_be_deleted_and_the_log_stays() {
    let place = Place::small_home();
    let asking = Asking {
        sql: "SELECT units() FROM huishoudens WHERE huishouden = 'h17'",
        ..Asking::default()
    };
    asking.refused(&place);
    let before = place.files("zwerm-home/ledger/public");
    let kept = place.files("zwerm-home/refusals");
    assert_eq!(kept.len(), 1);
    let (path, bytes) = &kept[0];
    assert!(String::from_utf8_lossy(bytes).contains("h17"));
    let name = path.file_stem().unwrap().to_str().unwrap();
    assert_eq!(place.entries().last().unwrap()["text"], name);
    std::fs::remove_file(place.path(path.to_str().unwrap())).unwrap();
    assert_eq!(check(&place).json(0)["in_order"], true);
    assert_eq!(place.files("zwerm-home/ledger/public"), before);
    let none = place.zwerm(&["barriers", "--json"]).json(0);
    assert_eq!(none["barriers"].as_array().unwrap().len(), 0);
}

#[test]
fn without_the_log_nothing_is_answered_and_an_agreement_can_be_suspended() {
    let place = Place::small_home();
    answered(&place, "a.json");
    let wal = place.path("zwerm-home/ledger/wal");
    let kept = std::fs::read(&wal).unwrap();
    std::fs::remove_file(&wal).unwrap();
    std::fs::create_dir(&wal).unwrap();
    place.write("out.csv", "kept");
    let run = Asking::default().run(&place, &["--output", "out.csv"]);
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{}", run.err);
    assert!(run.err.contains("wal"), "{}", run.err);
    assert_eq!(place.read("out.csv"), "kept");
    let refused = Asking {
        purpose: "fraud",
        ..Asking::default()
    };
    assert_eq!(refused.run(&place, &[]).code, 3);

    let stopped = place.change("suspend", SMALL_ID, "huurders", &["--json"]);
    assert_eq!(stopped.code, 0, "{}", stopped.err);
    assert!(
        stopped
            .err
            .contains("staat nog niet in het openbare logboek"),
        "{}",
        stopped.err
    );
    std::fs::remove_dir(&wal).unwrap();
    std::fs::write(&wal, kept).unwrap();
    Asking::default().refused(&place);
    let kinds = place.kinds();
    assert_eq!(kinds[kinds.len() - 2..], ["agreement-suspended", "refusal"]);
}

#[test]
fn an_unfinished_entry_is_set_aside_and_said_once() {
    let place = Place::small_home();
    answered(&place, "a.json");
    let wal = place.path("zwerm-home/ledger/wal");
    let mut bytes = std::fs::read(&wal).unwrap();
    bytes.extend([0, 0, 1, 0, b'{']);
    std::fs::write(&wal, bytes).unwrap();
    let run = place.zwerm(&["agreement", "list", "--lang", "en"]);
    assert_eq!(run.code, 0);
    assert!(
        run.err.contains("was unfinished, probably by a crash"),
        "{}",
        run.err
    );
    place.zwerm(&["agreement", "list"]).ok();
    assert_eq!(verify(&place, "a.json").json(0)["verified"], true);
    assert_eq!(grown(&place, "a.json").json(0)["verified"], true);
    assert_eq!(check(&place).json(0)["in_order"], true);
}

#[test]
fn a_changed_file_of_the_log_is_found_and_nothing_is_mended_by_looking() {
    let place = Place::small_home();
    answered(&place, "a.json");
    for (path, bytes) in place.files("zwerm-home/ledger") {
        let name = path.to_str().unwrap();
        if bytes.is_empty() || name.ends_with("salt") {
            continue;
        }
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 4;
            place.write_as_it_is(name, &changed);
            let run = check(&place);
            assert_ne!(run.code, 0, "{name} {at}: {}", run.out);
            assert_eq!(std::fs::read(place.path(name)).unwrap(), changed);
        }
        place.write_as_it_is(name, &bytes);
    }
    assert_eq!(check(&place).json(0)["in_order"], true);
}

#[test]
fn the_log_is_shown_from_an_entry_on_and_by_kind() {
    let place = Place::small_home();
    answered(&place, "a.json");
    let shown = place
        .zwerm(&["ledger", "show", "--since", "3", "--lang", "en"])
        .ok();
    assert_eq!(shown.lines().count(), 5, "{shown}");
    assert!(
        shown.starts_with("     3  2026-03-01 12:00  consent of huurders\n"),
        "{shown}"
    );
    let answers = place.zwerm(&["ledger", "show", "--kind", "answer"]).ok();
    assert_eq!(answers.lines().count(), 1, "{answers}");
    let told = place.zwerm(&["ledger", "show", "--kind", "anser"]).told(2);
    assert!(told.contains("data-release"), "{told}");
}

#[test]
fn the_private_keys_are_readable_by_their_owner_only() {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let place = Place::small_home();
        place.zwerm(&["party", "key", "new", "eigen.key"]).ok();
        for name in [
            "zwerm-home/ledger/log.key",
            "zwerm-home/ledger/salt",
            "eigen.key",
        ] {
            let mode = std::fs::metadata(place.path(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        assert!(
            !place
                .path("zwerm-home/ledger/public")
                .join(Path::new("log.key"))
                .exists()
        );
    }
}

/// Kills the program at moments spread over the time that asking takes.
#[test]
fn a_program_that_is_killed_leaves_a_log_that_has_every_answer_that_was_given() {
    let place = Place::small_home();
    answered(&place, "first.json");
    let mut given = vec!["first.json".to_owned()];
    for kill in 0..24_u64 {
        let receipt = format!("{kill}.json");
        let args = Asking::default().args(&["--receipt", &receipt, "--output", "out"]);
        let mut child = place.command(&args).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(kill * 4));
        // it may be done already
        let _ = child.kill();
        child.wait().unwrap();
        if place.path(&receipt).exists() {
            given.push(receipt);
        }
    }
    let last = Asking::default().run(&place, &["--receipt", "last.json"]);
    assert_eq!(last.code, 0, "{}", last.err);
    given.push("last.json".into());
    for receipt in given {
        assert_eq!(
            verify(&place, &receipt).json(0)["verified"],
            true,
            "{receipt}"
        );
        assert_eq!(
            grown(&place, &receipt).json(0)["verified"],
            true,
            "{receipt}"
        );
    }
    assert_eq!(check(&place).json(0)["in_order"], true);
}
