//! What all commands share: languages, formats, help, usage errors, closed pipes.

use std::io::Read;

use insta::assert_snapshot;

use crate::place::Place;

const COMMANDS: &[&[&str]] = &[
    &[],
    &["init"],
    &["agreement"],
    &["agreement", "add"],
    &["agreement", "check"],
    &["agreement", "show"],
    &["agreement", "list"],
    &["agreement", "consent"],
    &["agreement", "object"],
    &["agreement", "suspend"],
    &["agreement", "resume"],
    &["agreement", "end"],
    &["example"],
    &["example", "list"],
    &["example", "generate"],
    &["demo"],
    &["serve"],
    &["user"],
    &["user", "add"],
    &["user", "invite"],
    &["user", "reset"],
    &["user", "grant"],
    &["user", "revoke"],
    &["user", "list"],
    &["ask"],
    &["release"],
    &["release", "build"],
    &["release", "show"],
    &["data"],
    &["data", "check"],
    &["data", "prepare"],
    &["data", "secret"],
    &["party"],
    &["party", "add"],
    &["party", "list"],
    &["party", "key"],
    &["party", "key", "new"],
    &["party", "key", "show"],
    &["ledger"],
    &["ledger", "show"],
    &["ledger", "check"],
    &["verify"],
    &["barriers"],
    &["what-if"],
];

#[test]
fn every_command_has_help_with_an_example_in_both_languages() {
    let place = Place::new();
    for command in COMMANDS {
        let help = [command, ["--help"].as_slice()].concat();
        let dutch = place.zwerm(&help).ok();
        assert!(
            dutch.contains("\nVoorbeeld:\n  zwerm "),
            "{command:?}: {dutch}"
        );
        for english in [
            "Usage",
            "Options",
            "Commands",
            "Print",
            "default",
            "[OPTIONS]",
        ] {
            assert!(
                !dutch.contains(english),
                "{command:?} says `{english}`: {dutch}"
            );
        }
        let english = place
            .zwerm(&[&help, ["--lang", "en"].as_slice()].concat())
            .ok();
        assert!(
            english.contains("\nExample:\n  zwerm "),
            "{command:?}: {english}"
        );
    }
}

#[test]
fn help_in_dutch_and_english() {
    let place = Place::new();
    assert_snapshot!("help_nl", place.zwerm(&["-h"]).ok());
    let english = ["--lang=en", "agreement", "suspend", "--help"];
    assert_snapshot!("help_suspend_en", place.zwerm(&english).ok());
}

#[test]
fn the_language_comes_from_the_line_or_else_from_the_environment() {
    let place = Place::new();
    let mut command = place.command(&["agreement", "list"]);
    let told = command.env("ZWERM_LANG", "en").output().unwrap().stderr;
    assert!(
        String::from_utf8(told)
            .unwrap()
            .contains("is no home of Zwerm")
    );
    let mut command = place.command(&["agreement", "list", "--lang", "nl"]);
    let told = command.env("ZWERM_LANG", "en").output().unwrap().stderr;
    assert!(
        String::from_utf8(told)
            .unwrap()
            .contains("is geen huis van Zwerm")
    );
}

#[test]
fn wrong_usage_is_told_with_a_cure_and_exit_code_2() {
    let place = Place::new();
    for (args, dutch, english) in [
        (
            ["agremeent"].as_slice(),
            "`agremeent` is geen opdracht; bedoelt u `agreement`?",
            "`agremeent` is no command; did you mean `agreement`?",
        ),
        (
            &["init", "--hom", "x"],
            "`--hom` is hier niet bekend; bedoelt u `--home`?",
            "`--hom` is not known here; did you mean `--home`?",
        ),
        (
            &["init", "--format", "xml"],
            "kies uit: table, json",
            "choose from: table, json",
        ),
        (&["init", "--home"], "heeft geen waarde", "has no value"),
        (
            &["agreement", "show"],
            "er ontbreekt: <ID|BESTAND>",
            "missing: <ID|FILE>",
        ),
        (
            &["init", "--today", "gisteren"],
            "`gisteren` is geen dag",
            "`gisteren` is no day",
        ),
        (
            &["example", "generate", "x", "--seed", "-1"],
            "; zie `--help`",
            "; see `--help`",
        ),
        (&["init", "extra"], "`extra`", "`extra`"),
    ] {
        let told = place.zwerm(args).told(2);
        assert!(told.contains(dutch), "{args:?}: {told}");
        let told = place.zwerm(&[args, &["--lang", "en"]].concat()).told(2);
        assert!(told.contains(english), "{args:?}: {told}");
        let json = place.zwerm(&[args, &["--json"]].concat()).json(2);
        assert!(json["faults"][0]["cure"].is_string(), "{json}");
    }
}

#[test]
fn without_a_command_one_sees_which_there_are() {
    let place = Place::new();
    for args in [[].as_slice(), &["agreement"], &["example"]] {
        let mut command = place.command(args);
        let output = command.env_remove("ZWERM_TODAY").output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(told.contains("Gebruik: zwerm"), "{args:?}: {told}");
        let told = place.zwerm(&[args, &["--lang", "en"]].concat()).told(2);
        assert!(
            told.contains("a command is missing; choose from: "),
            "{told}"
        );
    }
}

#[test]
fn json_and_format_json_are_the_same_everywhere() {
    let place = Place::with_home();
    for command in [
        ["agreement", "list"].as_slice(),
        &["agreement", "show", "agreement-v2.toml"],
        &["agreement", "check", "agreement-v2.toml"],
        &["agreement", "add", "agreement-v2.toml"],
        &["example", "list"],
        &["init"],
    ] {
        let short = place.zwerm(&[command, &["--json"]].concat()).json(0);
        let before = [&["--format", "json"], command].concat();
        assert_eq!(place.zwerm(&before).json(0), short, "{command:?}");
        let after = [command, &["--format=json"]].concat();
        assert_eq!(place.zwerm(&after).json(0), short, "{command:?}");
    }
}

#[test]
fn whoever_stops_reading_causes_no_noise() {
    let place = Place::with_home();
    let show = ["agreement", "show", "agreement-v2.toml", "--json"];
    let mut child = place.command(&show).spawn().unwrap();
    drop(child.stdout.take());
    let mut told = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(told, "");
}

#[test]
fn nothing_is_coloured() {
    let place = Place::new();
    for args in [
        ["--help"].as_slice(),
        &["agremeent"],
        &["agreement", "list"],
    ] {
        let run = place.zwerm(args);
        assert!(
            !run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'),
            "{args:?}"
        );
    }
}

#[test]
fn the_version_is_told() {
    let version = Place::new().zwerm(&["--version"]).ok();
    assert_eq!(version, format!("zwerm {}\n", env!("CARGO_PKG_VERSION")));
}
