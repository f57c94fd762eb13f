//! What may follow what, by our check and by the one in Go: versions that are replaced, days of a zone, kinds of later.

use std::fs;
use std::path::PathBuf;

use jiff::Timestamp;
use zwerm_ledger::check::{Disorder, Finding, check};
use zwerm_ledger::disk::FileDisk;
use zwerm_ledger::entry::{Entry, EntryKind, Sha256Digest, StatementProof, commitment};
use zwerm_ledger::log::PUBLIC;
use zwerm_ledger::reader::LogReader;
use zwerm_ledger::receipt::{Receipt, question_hash, verify as verify_receipt};

use crate::go;
use crate::make::{key, log_of};

const NOON: &str = "2026-03-01T12:00:00Z";

fn version(number: u32) -> Sha256Digest {
    Sha256Digest::of(format!("version {number}").as_bytes())
}

fn at(time: &str, number: u32, what: EntryKind) -> Entry {
    let time: Timestamp = time.parse().unwrap();
    let agreement = version(number);
    Entry {
        time,
        agreement,
        what,
    }
}

fn in_force(number: u32, zone: Option<&str>) -> Entry {
    let what = EntryKind::AgreementInForce {
        id: "wonen".into(),
        version: number,
        from: "2026-01-01".parse().unwrap(),
        until: "2026-12-31".parse().unwrap(),
        zone: zone.map(str::to_owned),
    };
    at("2025-12-01T12:00:00Z", number, what)
}

fn replaced(number: u32, by: u32) -> Entry {
    let what = EntryKind::AgreementSuperseded {
        id: "wonen".into(),
        version: number,
        by: version(by),
    };
    at(NOON, number, what)
}

fn released(time: &str, number: u32) -> Entry {
    let what = EntryKind::DataRelease {
        view: "huishoudens".into(),
        release: Sha256Digest::of(b"cells"),
    };
    at(time, number, what)
}

fn asked(time: &str, number: u32) -> Entry {
    let what = EntryKind::Question {
        party: "gemeente".into(),
        purpose: "wonen".into(),
        view: "huishoudens".into(),
        plan: "units()".into(),
    };
    at(time, number, what)
}

fn answered(time: &str, number: u32) -> Entry {
    let what = EntryKind::Answer {
        question: question_hash(&asked(time, number)).unwrap(),
        release: Sha256Digest::of(b"cells"),
        rules: Vec::new(),
        answer: commitment(&[1; 32], b"42"),
    };
    at(time, number, what)
}

fn suspended(number: u32) -> Entry {
    let what = EntryKind::AgreementSuspended {
        party: "corporatie".into(),
        at: NOON.parse().unwrap(),
        said: StatementProof::Signature("c2ln".into()),
    };
    at(NOON, number, what)
}

/// Checks a log of these entries: what we find wrong in their order, and whether Go finds fault too.
fn judge(entries: &[Entry], expected: &[(u64, Disorder)]) {
    let folder = tempfile::tempdir().unwrap();
    let disk = FileDisk::new(folder.path().join("log"));
    log_of(&disk, entries);
    let reader = LogReader::new(&disk, PUBLIC);
    let report = check(&reader, &key().verifier(), &[], &mut |_| {}).unwrap();
    let found: Vec<(u64, Disorder)> = report.findings.iter().map(disorder).collect();
    assert_eq!(found, expected, "{entries:#?}");
    if go::VERIFY.is_some() {
        let public = go::key_file(folder.path(), &key());
        let (accepted, said) = go::verify(&[&public, &disk.path(PUBLIC)], "log");
        assert_eq!(accepted, expected.is_empty(), "{said:?} {entries:#?}");
        if let Some((first, _)) = expected.first() {
            assert!(said[0].contains(&format!("entry {first}: ")), "{said:?}");
        }
    }
}

fn disorder(finding: &Finding) -> (u64, Disorder) {
    match finding {
        Finding::Order { index, what } => (*index, *what),
        other => panic!("{other}"),
    }
}

const AMSTERDAM: Option<&str> = Some("Europe/Amsterdam");

#[test]
fn a_version_that_was_replaced_answers_nothing_and_does_not_come_back() {
    let story = [
        in_force(1, AMSTERDAM),
        released(NOON, 1),
        asked(NOON, 1),
        answered(NOON, 1),
        in_force(2, AMSTERDAM),
        replaced(1, 2),
    ];
    judge(&story, &[]);
    let and = |more: &[Entry]| [story.as_slice(), more].concat();
    let not = |index| (index, Disorder::NotInForce);
    judge(
        &and(&[asked(NOON, 1), answered(NOON, 1)]),
        &[not(6), not(7)],
    );
    judge(&and(&[released(NOON, 1)]), &[not(6)]);
    judge(&and(&[in_force(1, AMSTERDAM)]), &[(6, Disorder::Replaced)]);
    // also when what replaced it is stopped
    judge(&and(&[suspended(2), asked(NOON, 1)]), &[not(7)]);
    judge(&and(&[replaced(1, 2)]), &[]);
    judge(
        &and(&[released(NOON, 2), asked(NOON, 2), answered(NOON, 2)]),
        &[],
    );
}

#[test]
fn only_a_later_version_that_came_into_force_replaces_one() {
    let first = in_force(1, AMSTERDAM);
    let no = |index| (index, Disorder::NoSuccessor);
    judge(&[first.clone(), replaced(1, 2)], &[no(1)]);
    judge(
        &[first.clone(), in_force(2, AMSTERDAM), replaced(2, 1)],
        &[no(2)],
    );
    judge(&[first.clone(), replaced(1, 1)], &[no(1)]);
    // whoever would end an agreement by another one
    let mut other = in_force(2, AMSTERDAM);
    if let EntryKind::AgreementInForce { id, .. } = &mut other.what {
        *id = "anders".into();
    }
    judge(&[first.clone(), other, replaced(1, 2)], &[no(2)]);
    // a version that never was in force ends too
    judge(
        &[
            first,
            in_force(3, AMSTERDAM),
            replaced(2, 3),
            replaced(1, 3),
        ],
        &[],
    );
}

#[test]
fn a_version_answers_nothing_beside_a_later_one_also_when_nobody_says_that_it_was_replaced() {
    let story = [
        in_force(1, AMSTERDAM),
        in_force(2, AMSTERDAM),
        asked(NOON, 1),
    ];
    judge(&story, &[(2, Disorder::NotInForce)]);
    // as logs of before zones were named have it
    judge(&[in_force(1, None), in_force(2, None), asked(NOON, 1)], &[]);
}

#[test]
fn the_first_words_about_its_days_stay() {
    let mut longer = in_force(1, AMSTERDAM);
    if let EntryKind::AgreementInForce { until, .. } = &mut longer.what {
        *until = "2027-12-31".parse().unwrap();
    }
    let then = "2027-06-01T12:00:00Z";
    for other in [
        longer,
        in_force(1, Some("Pacific/Kiritimati")),
        in_force(1, None),
    ] {
        let entries = [in_force(1, AMSTERDAM), other, asked(then, 1)];
        let otherwise = (1, Disorder::Otherwise);
        judge(&entries, &[otherwise, (2, Disorder::NotInForce)]);
    }
    judge(
        &[
            in_force(1, AMSTERDAM),
            in_force(1, AMSTERDAM),
            asked(NOON, 1),
        ],
        &[],
    );
}

#[test]
fn a_zone_is_one_of_the_list() {
    for name in [
        "Mars/Base",
        "europe/amsterdam",
        "",
        "../../etc/passwd",
        "Local",
    ] {
        judge(&[in_force(1, Some(name))], &[(0, Disorder::UnknownZone)]);
    }
}

/// Asks at a moment under an agreement that is valid from one day to another.
fn asks(zone: Option<&str>, days: (&str, &str), time: &str, fits: bool) {
    let mut force = in_force(1, zone);
    if let EntryKind::AgreementInForce { from, until, .. } = &mut force.what {
        (*from, *until) = (days.0.parse().unwrap(), days.1.parse().unwrap());
    }
    let wrong = [(1, Disorder::NotInForce)];
    let expected = if fits { &[][..] } else { &wrong };
    judge(&[force, asked(time, 1)], expected);
}

#[test]
fn days_are_those_of_the_zone_that_was_named_around_midnight_and_both_changes_of_the_clock() {
    // winter: an hour ahead of UTC
    asks(
        AMSTERDAM,
        ("2026-01-15", "2026-01-15"),
        "2026-01-14T22:59:59Z",
        false,
    );
    asks(
        AMSTERDAM,
        ("2026-01-15", "2026-01-15"),
        "2026-01-14T23:00:00Z",
        true,
    );
    asks(
        AMSTERDAM,
        ("2026-01-15", "2026-01-15"),
        "2026-01-15T22:59:59Z",
        true,
    );
    asks(
        AMSTERDAM,
        ("2026-01-15", "2026-01-15"),
        "2026-01-15T23:30:00Z",
        false,
    );
    // summer: two hours
    asks(
        AMSTERDAM,
        ("2026-07-15", "2026-07-15"),
        "2026-07-14T21:59:59Z",
        false,
    );
    asks(
        AMSTERDAM,
        ("2026-07-15", "2026-07-15"),
        "2026-07-14T22:00:00Z",
        true,
    );
    asks(
        AMSTERDAM,
        ("2026-07-15", "2026-07-15"),
        "2026-07-15T21:59:59Z",
        true,
    );
    asks(
        AMSTERDAM,
        ("2026-07-15", "2026-07-15"),
        "2026-07-15T22:30:00Z",
        false,
    );
    // 29 March 2026 has 23 hours
    asks(
        AMSTERDAM,
        ("2026-03-29", "2026-03-29"),
        "2026-03-28T22:59:59Z",
        false,
    );
    asks(
        AMSTERDAM,
        ("2026-03-29", "2026-03-29"),
        "2026-03-28T23:00:00Z",
        true,
    );
    asks(
        AMSTERDAM,
        ("2026-03-29", "2026-03-29"),
        "2026-03-29T21:59:59Z",
        true,
    );
    asks(
        AMSTERDAM,
        ("2026-03-29", "2026-03-29"),
        "2026-03-29T22:00:00Z",
        false,
    );
    // 25 October 2026 has 25
    asks(
        AMSTERDAM,
        ("2026-10-25", "2026-10-25"),
        "2026-10-24T21:59:59Z",
        false,
    );
    asks(
        AMSTERDAM,
        ("2026-10-25", "2026-10-25"),
        "2026-10-24T22:00:00Z",
        true,
    );
    asks(
        AMSTERDAM,
        ("2026-10-25", "2026-10-25"),
        "2026-10-25T22:59:59Z",
        true,
    );
    asks(
        AMSTERDAM,
        ("2026-10-25", "2026-10-25"),
        "2026-10-25T23:00:00Z",
        false,
    );
    // without a zone they are those of UTC, as before
    asks(
        None,
        ("2026-01-15", "2026-01-15"),
        "2026-01-15T23:30:00Z",
        true,
    );
    asks(
        None,
        ("2026-01-15", "2026-01-15"),
        "2026-01-14T23:30:00Z",
        false,
    );
}

#[test]
fn kinds_of_later_are_hashed_and_counted_and_hide_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FileDisk::new(folder.path().join("log"));
    let raw = |text: &str| text.as_bytes().to_vec();
    // with names that known kinds have, and values of other types
    let later = r#"{"at":"2027-03-01","extra":[1,{"a":null}],"kind":"plan-sealed","project":"proef","question":["a"],"release":{"x":1},"time":"2026-03-01T12:00:00Z","version":"2"}"#;
    let story = [
        in_force(1, AMSTERDAM).to_bytes().unwrap(),
        raw(later),
        raw(&later.replace("plan-sealed", "task")),
        raw(&later.replace("plan-sealed", "task")),
        asked("2027-03-01T12:00:00Z", 1).to_bytes().unwrap(),
    ];
    crate::make::raw_log(&disk, &story);
    let reader = LogReader::new(&disk, PUBLIC);
    let report = check(&reader, &key().verifier(), &[], &mut |_| {}).unwrap();
    let found: Vec<(u64, Disorder)> = report.findings.iter().map(disorder).collect();
    // what comes after them is judged as ever
    assert_eq!(found, [(4, Disorder::NotInForce)]);
    let counted: Vec<(&str, u64)> = report
        .other_kinds
        .iter()
        .map(|(k, n)| (k.as_str(), *n))
        .collect();
    assert_eq!(counted, [("plan-sealed", 1), ("task", 2)]);
    assert_eq!((report.size, report.kinds.len()), (5, 2));

    let whole = FileDisk::new(folder.path().join("whole"));
    crate::make::raw_log(&whole, &story[..4]);
    if go::VERIFY.is_some() {
        let public = go::key_file(folder.path(), &key());
        let (accepted, said) = go::verify(&[&public, &whole.path(PUBLIC)], "log");
        assert!(accepted, "{said:?}");
        assert_eq!(
            said,
            ["ok: 4 entries; of kinds that are not known: plan-sealed: 1, task: 2"]
        );
    }
    for (number, wrong) in ["answer ", "Answer", "answ\u{435}r", ""].iter().enumerate() {
        let disk = FileDisk::new(folder.path().join(format!("wrong-{number}")));
        crate::make::raw_log(&disk, &[raw(&later.replace("plan-sealed", wrong))]);
        assert_eq!(crate::make::findings(&disk).len(), 1, "{wrong}");
        if go::VERIFY.is_some() {
            let public = go::key_file(folder.path(), &key());
            assert!(
                !go::verify(&[&public, &disk.path(PUBLIC)], "log").0,
                "{wrong}"
            );
        }
    }
}

/// A log and a receipt that were made before versions were replaced in it and zones were named: two versions of one agreement
/// answer side by side.
fn before() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/before-zones")
}

#[test]
fn a_log_of_before_is_in_order_and_its_receipt_and_checkpoint_are_valid() {
    let disk = FileDisk::new(before());
    let reader = LogReader::new(&disk, PUBLIC);
    let report = check(&reader, &key().verifier(), &[], &mut |_| {}).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert!(report.size > 10 && report.other_kinds.is_empty());
    let receipt = fs::read(before().join("receipt.json")).unwrap();
    let verdict = verify_receipt(&receipt, &key().verifier(), &[]).unwrap();
    assert!(verdict.faults.is_empty(), "{:?}", verdict.faults);
    let old = Receipt::parse(&receipt).unwrap();
    let old =
        zwerm_ledger::note::open_checkpoint(old.checkpoint.as_bytes(), &key().verifier(), &[]);
    let now = report.checkpoint.unwrap();
    let old = old.unwrap();
    let proof = reader.prove_growth(old.size, &now).unwrap();
    zwerm_ledger::tree::check_consistency(&proof, old.size, old.root, now.size, now.root).unwrap();
    if go::VERIFY.is_some() {
        let folder = tempfile::tempdir().unwrap();
        let public = go::key_file(folder.path(), &key());
        let receipt = before().join("receipt.json");
        assert!(go::verify(&[&public, &receipt], "receipt").0);
        let (accepted, said) = go::verify(&[&public, &disk.path(PUBLIC)], "log");
        assert!(accepted, "{said:?}");
    }
}
