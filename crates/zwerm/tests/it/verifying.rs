//! Verifying receipts and logs with the program, without believing the home.

use serde_json::Value;
use zwerm_ledger::note::WitnessKey;

use crate::ledger::{KEY, PUBLIC, answered, check, grown};
use crate::place::Place;
use crate::small::Asking;

/// Takes a folder's files away and puts others there.
fn replace(place: &Place, folder: &str, files: &[(std::path::PathBuf, Vec<u8>)]) {
    std::fs::remove_dir_all(place.path(folder)).unwrap();
    for (path, bytes) in files {
        place.write_as_it_is(path.to_str().unwrap(), bytes);
    }
}

/// Takes the registry away, as of a home of which only the folder with the log was ever kept.
fn forget_registry(place: &Place) {
    for (path, _) in place.files("zwerm-home") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("registry.") {
            std::fs::remove_file(place.path(path.to_str().unwrap())).unwrap();
        }
    }
}

#[test]
fn a_receipt_is_verified_without_the_home_and_no_byte_of_it_can_change() {
    let place = Place::small_home();
    let answer = answered(&place, "a.json");
    place.write_as_it_is("log.pub", std::fs::read(place.path(KEY)).unwrap());
    std::fs::rename(place.path("zwerm-home"), place.path("gone")).unwrap();
    let told = place
        .zwerm(&["verify", "a.json", "--key", "log.pub", "--json"])
        .json(0);
    assert_eq!(told["verified"], true);
    let counts = |answer: &Value| -> Vec<Value> {
        let rows = answer["rows"].as_array().unwrap().iter();
        rows.map(|row| row["n"].clone()).collect()
    };
    assert_eq!(counts(&told["answer"]), counts(&answer));
    assert_eq!(told["answer"]["release"], answer["release"]);
    assert_eq!(told["entry"]["agreement"], answer["agreement"]["hash"]);
    let words = place
        .zwerm(&["verify", "a.json", "--key", "log.pub", "--lang", "en"])
        .ok();
    for part in [
        "In order.",
        "Not verified",
        "figure by figure",
        "housing-policy",
    ] {
        assert!(words.contains(part), "{words}");
    }
    // every byte is tried where the receipt is verified; here a sample is, through the program
    let receipt = std::fs::read(place.path("a.json")).unwrap();
    for part in 0..20 {
        let mut changed = receipt.clone();
        changed[part * (receipt.len() - 2) / 19] ^= 1;
        place.write_as_it_is("b.json", changed);
        let told = place.zwerm(&["verify", "b.json", "--key", "log.pub"]);
        assert_eq!(told.code, 2, "{}", told.out);
    }
    let other = Place::small_home();
    place.write_as_it_is("other.pub", std::fs::read(other.path(KEY)).unwrap());
    let told = place
        .zwerm(&["verify", "a.json", "--key", "other.pub", "--json"])
        .json(2);
    assert_eq!(told["verified"], false);
    assert!(!told["faults"].as_array().unwrap().is_empty());
}

#[test]
fn a_log_that_was_rolled_back_or_rewritten_is_found_with_an_older_receipt() {
    let place = Place::small_home();
    answered(&place, "a.json");
    let early = place.files("zwerm-home/ledger");
    let other = Asking {
        sql: "SELECT units() FROM huishoudens",
        ..Asking::default()
    };
    other.run(&place, &["--receipt", "b.json"]).ok();
    assert_eq!(grown(&place, "a.json").json(0)["new_size"], 10);

    // back to before the second answer: in order by itself, not for whoever has its receipt
    let late = place.files("zwerm-home/ledger");
    replace(&place, "zwerm-home/ledger", &early);
    // the registry has the receipt of an answer that was kept; without it nothing of the home tells
    assert_eq!(check(&place).json(2)["in_order"], false);
    forget_registry(&place);
    assert_eq!(check(&place).json(0)["in_order"], true);
    assert_eq!(grown(&place, "a.json").json(0)["verified"], true);
    assert_eq!(grown(&place, "b.json").json(2)["verified"], false);

    // and on from there with another question, signed with the log's own key
    let third = Asking {
        sql: "SELECT klasse, units() FROM huishoudens GROUP BY klasse",
        ..Asking::default()
    };
    third.run(&place, &["--receipt", "c.json"]).ok();
    assert_eq!(check(&place).json(0)["in_order"], true);
    assert_eq!(grown(&place, "c.json").json(0)["verified"], true);
    let told = grown(&place, "b.json").json(2);
    assert_eq!(
        (&told["verified"], &told["old_size"], &told["new_size"]),
        (&false.into(), &10.into(), &10.into())
    );

    // a checkpoint that somebody wrote
    let now = late
        .iter()
        .find(|(path, _)| path.ends_with("checkpoint"))
        .unwrap();
    let text = String::from_utf8(now.1.clone()).unwrap();
    place.write_as_it_is(
        "zwerm-home/ledger/public/checkpoint",
        text.replace("\n10\n", "\n12\n"),
    );
    let told = grown(&place, "a.json").json(2);
    assert_eq!(
        (&told["verified"], &told["new_size"]),
        (&false.into(), &Value::Null)
    );

    // an older checkpoint with the files of now
    replace(&place, "zwerm-home/ledger", &late);
    let old = early
        .iter()
        .find(|(path, _)| path.ends_with("checkpoint"))
        .unwrap();
    place.write_as_it_is("zwerm-home/ledger/public/checkpoint", &old.1);
    assert_eq!(check(&place).json(2)["in_order"], false);
}

#[test]
fn what_cannot_be_verified_is_told_with_its_cure() {
    let place = Place::small_home();
    answered(&place, "a.json");
    for (args, part) in [
        (
            ["verify", "a.json", "--key", "a.json"].as_slice(),
            "geen publieke sleutel van een logboek",
        ),
        (&["verify", "gone.json", "--key", KEY], "gone.json"),
        (
            &["verify", "agreement.toml", "--key", KEY],
            "geen controlebewijs",
        ),
        (&["verify", "--log", PUBLIC, "--key", KEY], "--since"),
        (
            &[
                "verify",
                "--log",
                PUBLIC,
                "--since",
                "agreement.toml",
                "--key",
                KEY,
            ],
            "geen controlepunt",
        ),
        (&["verify", "a.json"], "--key"),
    ] {
        let told = place.zwerm(args).told(2);
        assert!(told.contains(part), "{args:?}: {told}");
    }
    let nowhere = ["verify", "--log", "keys", "--since", "a.json", "--key", KEY];
    place.key("huurders");
    let run = place.zwerm(&nowhere);
    assert_eq!(run.code, 3, "{}", run.err);
}

#[test]
fn a_trial_has_no_receipt() {
    let place = Place::small();
    let asking = Asking {
        agreement: "agreement.toml",
        ..Asking::default()
    };
    let told = asking.run(&place, &["--receipt", "a.json"]).told(2);
    assert!(
        told.contains("een proef heeft geen controlebewijs"),
        "{told}"
    );
    assert!(!place.path("a.json").exists());
}

#[test]
fn a_witness_that_is_named_must_have_signed() {
    let place = Place::small_home();
    answered(&place, "a.json");
    let witness = |name: &str| WitnessKey::from_seed(name, &[3; 32]).unwrap();
    for name in ["corporatie", "universiteit"] {
        place.write_as_it_is(&format!("{name}.pub"), witness(name).verifier().to_string());
    }
    let since = |name: &str| {
        let file = format!("{name}.pub");
        let args = [
            "verify",
            "--log",
            PUBLIC,
            "--since",
            "a.json",
            "--witness",
            &file,
            "--json",
        ];
        place.zwerm(&args)
    };
    assert_eq!(since("corporatie").json(2)["not_cosigned"][0], "corporatie");
    let checkpoint = format!("{PUBLIC}/checkpoint");
    let signed = witness("corporatie").cosign(place.read(&checkpoint).as_bytes(), 1_772_366_400);
    place.write_as_it_is(&checkpoint, signed.unwrap());
    let told = since("corporatie").json(0);
    assert_eq!(told["cosigned"][0]["witness"], "corporatie");
    assert_eq!(since("universiteit").json(2)["verified"], false);
    // a receipt is given at once, before any witness could have signed
    let receipt = [
        "verify",
        "a.json",
        "--key",
        KEY,
        "--witness",
        "corporatie.pub",
    ];
    assert_eq!(place.zwerm(&receipt).code, 2);
    let told = place
        .zwerm(&["verify", "a.json", "--key", KEY, "--witness", KEY])
        .told(2);
    assert!(
        told.contains("geen publieke sleutel van een getuige"),
        "{told}"
    );
    // the log goes on, with a checkpoint of its own
    Asking::default().answer(&place);
    assert_eq!(check(&place).json(0)["in_order"], true);
}

#[test]
fn a_receipt_is_written_where_nothing_is_and_before_anything_is_asked() {
    let place = Place::small_home();
    place.write("out.csv", "kept");
    for (receipt, code) in [
        ("nope/r.json", 3),
        ("out.csv", 2),
        ("zwerm-home/ledger/r.json", 2),
        ("new.csv", 2),
    ] {
        let more = ["--receipt", receipt, "--output", "new.csv"];
        assert_eq!(Asking::default().run(&place, &more).code, code, "{receipt}");
    }
    assert_eq!(place.read("out.csv"), "kept");
    assert!(!place.kinds().contains(&"question".to_owned()));
}

#[test]
fn a_log_that_was_put_back_is_entered_what_it_lacks() {
    let place = Place::small_home();
    answered(&place, "a.json");
    // the key of before with nothing entered: as a back-up of the first day
    let key = std::fs::read(place.path("zwerm-home/ledger/log.key")).unwrap();
    let salt = std::fs::read(place.path("zwerm-home/ledger/salt")).unwrap();
    std::fs::remove_dir_all(place.path("zwerm-home/ledger")).unwrap();
    place.write_as_it_is("zwerm-home/ledger/log.key", key);
    place.write_as_it_is("zwerm-home/ledger/salt", salt);
    place.write_as_it_is("zwerm-home/zwerm-home.toml", "layout = 1\n");
    place.zwerm(&["init"]).ok();
    // while the registry has a receipt of a later entry, nothing is answered
    let told = Asking::default().run(&place, &["--json"]).json(3);
    assert_eq!(told["faults"][0]["code"], "damaged", "{told}");
    forget_registry(&place);
    answered(&place, "b.json");
    let kinds = place.kinds();
    assert_eq!(
        kinds[4..],
        ["agreement-in-force", "data-release", "question", "answer"]
    );
    assert_eq!(check(&place).json(0)["in_order"], true);
}
