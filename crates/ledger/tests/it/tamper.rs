//! Somebody changes the log: a flipped byte anywhere shows, and whoever held something of it notices a rewritten one.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use zwerm_ledger::check::{Finding, check_private};
use zwerm_ledger::disk::Disk;
use zwerm_ledger::entry::Entry;
use zwerm_ledger::log::{Log, LogError, PUBLIC};
use zwerm_ledger::note::{LogKey, NoteError, WitnessKey, open_checkpoint};
use zwerm_ledger::reader::LogReader;
use zwerm_ledger::receipt::{Fault, Receipt, verify};
use zwerm_ledger::tree::{ProofError, check_consistency};

use crate::make::{Dice, entries, entry, findings, key, receipt};
use crate::plug::{Files, Plan, Plug};

/// Entries of the log that is tampered with: a full bundle, and one that is not, in several widths.
const SIZE: u64 = 330;

/// A log of so many entries of the story, some widths at its end, with the receipt of its entry 201.
fn made(story: &[Entry]) -> (Plug, Receipt) {
    let disk = Plug::new(Files::default(), Plan::default(), 1);
    let log = Log::create(disk.clone(), key()).unwrap().shortened_at(256);
    let receipt = receipt(&log, 0, 201);
    for some in story[202..].chunks(8) {
        log.append(some).unwrap();
    }
    let public = format!("{}\n", key().verifier());
    disk.write("public/log.pub", public.as_bytes()).unwrap();
    (disk, receipt)
}

static MADE: LazyLock<(Plug, Receipt)> = LazyLock::new(|| made(&entries(0, SIZE)));

/// Another disk with the same files, one of them perhaps with other bytes or away.
fn copy(of: &Plug, but: Option<(&str, Option<&[u8]>)>) -> Plug {
    let copy = Plug::new(Files::default(), Plan::default(), 1);
    for (path, bytes) in of.files().seen() {
        match but {
            Some((other, bytes)) if other == path => {
                if let Some(bytes) = bytes {
                    copy.write(&path, bytes).unwrap();
                }
            }
            _ => copy.write(&path, &bytes).unwrap(),
        }
    }
    copy
}

/// All places of a small file; of a large one some hundreds, with its ends.
fn places(length: usize, dice: &mut Dice) -> Vec<usize> {
    if length <= 400 {
        return (0..length).collect();
    }
    let mut places: Vec<usize> = (0..400).map(|_| dice.place(length)).collect();
    places.extend([0, 1, length / 2, length - 2, length - 1]);
    places
}

#[test]
fn the_log_as_it_was_made_is_in_order() {
    let (disk, _) = &*MADE;
    let found = findings(disk);
    assert!(found.is_empty(), "{found:?}");
    let private = check_private(disk, &key().verifier()).unwrap();
    assert!(private.is_empty(), "{private:?}");
    let files: Vec<String> = disk.files().seen().into_keys().collect();
    for path in [
        "public/tile/entries/000",
        "public/tile/0/000",
        "public/tile/1/000.p/1",
        "public/tile/entries/001.p/74",
    ] {
        assert!(files.iter().any(|file| file == path), "{path}: {files:?}");
    }
    let partial = files.iter().filter(|file| file.contains("001.p/"));
    assert!(partial.count() >= 16, "bundles and tiles in several widths");
}

#[test]
fn a_flipped_byte_of_any_published_file_is_found() {
    let (disk, _) = &*MADE;
    let mut dice = Dice::new(5);
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    // one disk, whose file is put back after each flip: a log is not copied thousands of times
    let disk = copy(disk, None);
    for path in disk.list(PUBLIC).unwrap() {
        let bytes = disk.read(&path, 0, u64::MAX).unwrap().unwrap();
        let mut places = places(bytes.len(), &mut dice);
        if bytes.len() > 400 && path.contains(".p/") {
            // of the many widths of a bundle each is tried, the last one thoroughly
            let few = if path.ends_with("/74") { 60 } else { 20 };
            places.drain(..places.len() - few);
        }
        for place in places {
            let mut other = bytes.clone();
            other[place] ^= 1 << dice.below(8);
            disk.write(&path, &other).unwrap();
            let found = findings(&disk);
            assert!(!found.is_empty(), "{path}, byte {place}");
            *tried.entry(path.clone()).or_default() += 1;
        }
        disk.write(&path, &bytes).unwrap();
    }
    assert!(findings(&disk).is_empty());
    assert!(
        tried.len() >= 20 && tried.values().sum::<usize>() > 1500,
        "{tried:?}"
    );
}

#[test]
fn a_file_that_is_cut_off_longer_away_or_new_is_found() {
    let (disk, _) = &*MADE;
    for (path, bytes) in disk.files().seen() {
        // without the key beside it the log is whole; the checks are made with the key that one has
        if !path.starts_with(PUBLIC) || path.ends_with("log.pub") {
            continue;
        }
        let longer = [bytes.as_slice(), b"\0"].concat();
        let shorter = &bytes[..bytes.len() - 1];
        for other in [Some(longer.as_slice()), Some(shorter), Some(&[])] {
            let found = findings(&copy(disk, Some((&path, other))));
            assert!(!found.is_empty(), "{path}");
        }
        // a width that nobody needs any more may go
        let needed = !path.contains(".p/") || path.ends_with("/74") || path.contains("tile/1");
        let found = findings(&copy(disk, Some((&path, None))));
        assert!(!found.is_empty() || !needed, "{path}");
    }
    for path in [
        "index.html",
        "tile/0/000.p/7",
        "tile/entries/003",
        "tile/9/000",
    ] {
        let other = copy(disk, None);
        other.write(&format!("{PUBLIC}/{path}"), b"x").unwrap();
        assert_eq!(findings(&other).len(), 1, "{path}");
    }
}

#[test]
fn a_flipped_byte_of_the_write_ahead_file_is_found_and_never_mended_in_silence() {
    let (disk, _) = &*MADE;
    let bytes = disk.read("wal", 0, u64::MAX).unwrap().unwrap();
    assert!(bytes.len() > 20_000, "{}", bytes.len());
    let mut dice = Dice::new(6);
    let mut places = places(bytes.len(), &mut dice);
    places.extend(0..120);
    for place in places {
        let mut other = bytes.clone();
        other[place] ^= 1 << dice.below(8);
        let disk = copy(disk, Some(("wal", Some(&other))));
        let before = disk.files().seen();
        let found = check_private(&disk, &key().verifier()).unwrap();
        assert!(!found.is_empty(), "byte {place}");
        assert_eq!(disk.files().seen(), before, "a check changes nothing");
        match Log::open(disk.clone(), key()) {
            Err(LogError::Damaged(_)) => {}
            Err(error) => panic!("byte {place}: {error}"),
            Ok(log) => assert!(!log.mended().is_empty(), "byte {place}"),
        }
    }
    for length in [0, 1, 100, bytes.len() / 2, bytes.len() - 1] {
        let disk = copy(disk, Some(("wal", Some(&bytes[..length]))));
        assert!(!check_private(&disk, &key().verifier()).unwrap().is_empty());
        assert!(Log::open(disk, key()).is_err(), "cut off at {length}");
    }
}

#[test]
fn a_log_without_its_write_ahead_file_is_neither_opened_nor_made_anew() {
    let (disk, _) = &*MADE;
    let disk = copy(disk, Some(("wal", None)));
    let before = disk.files().seen();
    let opened = Log::open(disk.clone(), key());
    assert!(matches!(opened, Err(LogError::Damaged(_))), "{opened:?}");
    let created = Log::create(disk.clone(), key());
    assert!(matches!(created, Err(LogError::Damaged(_))), "{created:?}");
    let found = check_private(&disk, &key().verifier()).unwrap();
    assert!(matches!(found.as_slice(), [Finding::Missing(path)] if path == "wal"));
    assert_eq!(disk.files().seen(), before);
}

#[test]
fn what_a_check_of_the_write_ahead_file_finds_after_a_crash_is_mended_by_opening() {
    let (disk, _) = &*MADE;
    let mut bytes = disk.read("wal", 0, u64::MAX).unwrap().unwrap();
    bytes.extend(b"\0\0\0\x09half");
    let disk = copy(disk, Some(("wal", Some(&bytes))));
    let found = check_private(&disk, &key().verifier()).unwrap();
    assert!(matches!(found.as_slice(), [Finding::Torn(8)]), "{found:?}");
    let log = Log::open(disk.clone(), key()).unwrap();
    assert_eq!(log.mended().len(), 1);
    let left = disk.read("wal.torn", 0, u64::MAX).unwrap();
    assert_eq!(left.unwrap(), b"\0\0\0\x09half");
    assert!(check_private(&disk, &key().verifier()).unwrap().is_empty());
}

#[test]
fn a_log_that_its_own_operator_rewrote_is_given_away_by_an_old_checkpoint_and_an_old_receipt() {
    let (disk, old) = &*MADE;
    let verifier = key().verifier();
    let text = disk
        .read("public/checkpoint", 0, u64::MAX)
        .unwrap()
        .unwrap();
    let whole = open_checkpoint(&text, &verifier, &[]).unwrap();
    let receipts = open_checkpoint(old.checkpoint.as_bytes(), &verifier, &[]).unwrap();
    let story = entries(0, SIZE + 200);
    let mut dropped = story.clone();
    dropped.drain(200..202);
    let mut moved = story.clone();
    moved.swap(100, 102);
    moved.swap(101, 103);
    let mut replaced = story.clone();
    replaced[200] = entry(5000);
    replaced[201] = entry(5001);
    for (what, entries) in [
        ("dropped", dropped),
        ("moved", moved),
        ("replaced", replaced),
    ] {
        let disk = Plug::new(Files::default(), Plan::default(), 1);
        let log = Log::create(disk.clone(), key()).unwrap();
        log.append(&entries).unwrap();
        assert!(findings(&disk).is_empty(), "consistent in itself: {what}");
        let reader = LogReader::new(&disk, PUBLIC);
        let now = reader.checkpoint(&verifier, &[]).unwrap();
        for old in [&whole, &receipts] {
            let proof = reader.prove_growth(old.size, &now).unwrap();
            let grown = check_consistency(&proof, old.size, old.root, now.size, now.root);
            assert_eq!(grown, Err(ProofError::Wrong), "{what}");
        }
    }
    // and the same entries again are the same log
    let disk = Plug::new(Files::default(), Plan::default(), 1);
    let log = Log::create(disk.clone(), key()).unwrap();
    log.append(&story).unwrap();
    let reader = LogReader::new(&disk, PUBLIC);
    let now = reader.checkpoint(&verifier, &[]).unwrap();
    let proof = reader.prove_growth(whole.size, &now).unwrap();
    check_consistency(&proof, whole.size, whole.root, now.size, now.root).unwrap();
}

#[test]
fn a_log_that_is_rolled_back_shows() {
    let (disk, old) = &*MADE;
    // the checkpoint alone: the files go on after it
    let found = findings(&copy(
        disk,
        Some(("public/checkpoint", Some(old.checkpoint.as_bytes()))),
    ));
    let beyond = |f: &Finding| matches!(f, Finding::Beyond(_));
    assert!(found.iter().any(beyond), "{found:?}");
    let rolled = copy(
        disk,
        Some(("public/checkpoint", Some(old.checkpoint.as_bytes()))),
    );
    // the write-ahead file begins after it: no crash does that
    let opened = Log::open(rolled, key());
    assert!(matches!(opened, Err(LogError::Damaged(_))), "{opened:?}");

    // everything: whoever has a receipt sees that the log shrank
    let disk = Plug::new(Files::default(), Plan::default(), 1);
    Log::create(disk.clone(), key())
        .unwrap()
        .append(&entries(0, 100))
        .unwrap();
    assert!(findings(&disk).is_empty());
    let verifier = key().verifier();
    let reader = LogReader::new(&disk, PUBLIC);
    let now = reader.checkpoint(&verifier, &[]).unwrap();
    let held = open_checkpoint(old.checkpoint.as_bytes(), &verifier, &[]).unwrap();
    assert!(reader.prove_growth(held.size, &now).is_err());
    let grown = check_consistency(&[], held.size, held.root, now.size, now.root);
    assert_eq!(grown, Err(ProofError::Shrunk { old: 202, new: 100 }));
}

#[test]
fn a_receipt_with_any_other_byte_is_refused() {
    let (_, receipt) = &*MADE;
    let bytes = receipt.to_bytes().unwrap();
    let verifier = key().verifier();
    let verdict = verify(&bytes, &verifier, &[]).unwrap();
    assert_eq!(verdict.faults, []);
    let refused = |bytes: &[u8]| match verify(bytes, &verifier, &[]) {
        Ok(verdict) => !verdict.faults.is_empty(),
        Err(_) => true,
    };
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut other = bytes.clone();
            other[place] ^= 1 << bit;
            assert!(refused(&other), "byte {place}, bit {bit}");
        }
        let shorter = [&bytes[..place], &bytes[place + 1..]].concat();
        assert!(refused(&shorter), "without byte {place}");
    }
    assert!(refused(&[bytes.as_slice(), b"\n"].concat()));
}

#[test]
fn a_receipt_says_what_is_wrong_with_it() {
    let (_, receipt) = &*MADE;
    let faults = |receipt: &Receipt, key: &LogKey| {
        let bytes = receipt.to_bytes().unwrap();
        verify(&bytes, &key.verifier(), &[]).unwrap().faults
    };
    assert_eq!(faults(receipt, &key()), []);
    let others = LogKey::from_seed("other.nl/log", &[7; 32]).unwrap();
    assert!(matches!(
        faults(receipt, &others).as_slice(),
        [Fault::Checkpoint(NoteError::OtherLog { .. })]
    ));
    let forged = LogKey::from_seed(crate::make::ORIGIN, &[8; 32]).unwrap();
    assert!(matches!(
        faults(receipt, &forged).as_slice(),
        [Fault::Checkpoint(NoteError::NotSigned(_))]
    ));
    let mut other = receipt.clone();
    other.answer["rows"][0][1] = 904.into();
    assert_eq!(faults(&other, &key()), [Fault::OtherAnswer]);
    let mut other = receipt.clone();
    other.asked.push(' ');
    assert_eq!(faults(&other, &key()), [Fault::OtherAnswer]);
    let mut other = receipt.clone();
    other.question = entry(198);
    assert_eq!(faults(&other, &key()), [Fault::OtherQuestion]);
    let mut other = receipt.clone();
    other.index -= 2;
    assert_eq!(faults(&other, &key()), [Fault::NotInLog(ProofError::Wrong)]);
    let mut other = receipt.clone();
    other.index = 202;
    assert!(matches!(
        faults(&other, &key()).as_slice(),
        [Fault::NotInLog(ProofError::NoSuchEntry { .. })]
    ));
}

#[test]
fn a_witness_that_is_named_must_have_signed() {
    let (_, receipt) = &*MADE;
    let verifier = key().verifier();
    let witness = WitnessKey::from_seed("corporatie", &[2; 32]).unwrap();
    let other = WitnessKey::from_seed("ggd", &[3; 32]).unwrap();
    let mut signed = receipt.clone();
    let checkpoint = receipt.checkpoint.as_bytes();
    signed.checkpoint = witness.cosign(checkpoint, 1_772_366_400).unwrap();
    let bytes = signed.to_bytes().unwrap();
    let faults = |bytes: &[u8], of: &[&WitnessKey]| {
        let witnesses: Vec<_> = of.iter().map(|key| key.verifier()).collect();
        verify(bytes, &verifier, &witnesses).unwrap().faults
    };
    assert_eq!(faults(&bytes, &[&witness]), []);
    assert_eq!(
        faults(&bytes, &[&witness, &other]),
        [Fault::NotWitnessed("ggd".into())]
    );
    assert_eq!(
        faults(&receipt.to_bytes().unwrap(), &[&witness]),
        [Fault::NotWitnessed("corporatie".into())]
    );
    for place in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1;
        let verdict = verify(&flipped, &verifier, &[witness.verifier()]);
        assert!(
            verdict.map_or(true, |v| !v.faults.is_empty()),
            "byte {place}"
        );
    }
}
