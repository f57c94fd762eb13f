//! Power cuts and failing disks: whatever happens at whichever step, what was confirmed is there, in order.

use zwerm_ledger::check::Finding;
use zwerm_ledger::log::{Log, LogError, Mended, PUBLIC};
use zwerm_ledger::note::{Checkpoint, open_checkpoint};
use zwerm_ledger::reader::LogReader;
use zwerm_ledger::tree::{check_consistency, check_inclusion, leaf_hash};

use crate::make::{Dice, bytes, entries, findings, key, published};
use crate::plug::{Files, Plan, Plug};

/// Entries of the write-ahead file from which on it is cut short in these tests.
const LONG: u64 = 512;

/// What whoever appended was told.
#[derive(Debug, Default)]
struct Told {
    /// Per append: its entries, and the checkpoint if it was confirmed.
    appends: Vec<(Vec<Vec<u8>>, Option<Checkpoint>)>,
    /// Per append the operations of the disk before it began and after it ended.
    when: Vec<(u64, u64)>,
}

impl Told {
    /// What had been told when this many operations were done.
    fn until(&self, operations: u64) -> Self {
        let mut told = Self::default();
        for ((entries, checkpoint), (from, to)) in self.appends.iter().zip(&self.when) {
            if *from < operations {
                let checkpoint = checkpoint.clone().filter(|_| *to <= operations);
                told.appends.push((entries.clone(), checkpoint));
            }
        }
        told
    }
}

/// How the scenario goes: how many appends, of how many entries at most.
#[derive(Debug, Clone, Copy)]
struct Shape {
    appends: u64,
    most: u64,
}

/// Makes a log and appends to it, now through one program and now through another, until all is done or the power is
/// off; whoever was failed sometimes opens it again.
fn run(disk: &Plug, shape: Shape, seed: u64) -> Told {
    let mut told = Told::default();
    let mut dice = Dice::new(seed);
    let mut logs = [None, None];
    let mut number = 0;
    for _ in 0..shape.appends {
        let log = &mut logs[usize::from(dice.below(4) == 0)];
        // twice: the first time may be the one that fails
        for _ in 0..2 {
            if log.is_none() {
                let made = match Log::open(disk.clone(), key()) {
                    Err(LogError::None) => Log::create(disk.clone(), key()),
                    opened => opened,
                };
                *log = made.ok().map(|log| log.shortened_at(LONG));
            }
        }
        let count = 1 + dice.below(shape.most);
        let Some(open) = &log else { continue };
        let before = disk.operations();
        let result = open.append(&entries(number, count));
        let entries = (number..number + count).map(bytes).collect();
        number += count;
        told.when.push((before, disk.operations()));
        let checkpoint = result.ok().map(|appended| {
            open_checkpoint(appended.checkpoint.as_bytes(), &key().verifier(), &[]).unwrap()
        });
        if checkpoint.is_none() && dice.yes() {
            *log = None;
        }
        told.appends.push((entries, checkpoint));
    }
    told
}

/// The log as it is must be what was told: all that was confirmed, of the rest no more than beginnings.
fn judge(log: &[Vec<u8>], told: &Told, case: &str) {
    let mut rest = log;
    let mut size = 0;
    for (entries, checkpoint) in &told.appends {
        let same = rest.iter().zip(entries).take_while(|(a, b)| a == b).count();
        rest = &rest[same..];
        size += same as u64;
        if let Some(checkpoint) = checkpoint {
            assert_eq!(same, entries.len(), "a confirmed entry is gone: {case}");
            assert_eq!(checkpoint.size, size, "confirmed with another size: {case}");
        }
    }
    assert!(rest.is_empty(), "entries nobody appended: {case}");
}

/// Every checkpoint that was given out is one that the log grew from.
fn grew(disk: &Plug, told: &Told, case: &str) {
    let reader = LogReader::new(disk, PUBLIC);
    let now = reader.checkpoint(&key().verifier(), &[]).unwrap();
    let given: Vec<&Checkpoint> = told.appends.iter().filter_map(|a| a.1.as_ref()).collect();
    let some = given.iter().rev().step_by(1 + given.len() / 4);
    for old in some.chain(given.last()) {
        let proof = reader.prove_growth(old.size, &now).expect(case);
        check_consistency(&proof, old.size, old.root, now.size, now.root).expect(case);
    }
}

/// Opens what a crash left, and judges everything about it.
fn reopened(files: Files, told: &Told, seed: u64, case: &str) {
    let disk = Plug::new(files, Plan::default(), seed);
    let before = disk.files().seen();
    let log = match Log::open(disk.clone(), key()) {
        Err(LogError::None) => {
            let confirmed = told.appends.iter().any(|append| append.1.is_some());
            assert!(!confirmed, "the log is gone: {case}");
            let made = Log::create(disk.clone(), key()).expect(case);
            assert!(made.append(&entries(0, 3)).is_ok(), "{case}");
            assert!(findings(&disk).is_empty(), "{case}");
            return;
        }
        opened => opened.unwrap_or_else(|error| panic!("{error}: {case}")),
    };
    let mended = log.mended();
    let changed = before != disk.files().seen();
    assert_eq!(changed, !mended.is_empty(), "{mended:?}: {case}");
    let aside = disk.files().seen().get("wal.torn") != before.get("wal.torn");
    let torn = mended.iter().any(|m| matches!(m, Mended::Torn(_)));
    assert!(torn || !aside, "set aside in silence: {case}");
    let mut found = findings(&disk);
    if told.appends.iter().any(|append| append.1.is_none()) {
        // an answer whose question was not confirmed and is not there
        found.retain(|finding| !matches!(finding, Finding::Order { .. }));
    }
    assert!(found.is_empty(), "{found:?}, {mended:?}: {case}");
    let there = published(&disk);
    judge(&there, told, case);
    grew(&disk, told, case);

    let again = Log::open(disk.clone(), key()).expect(case);
    assert_eq!(again.mended(), [], "mended twice: {case}");

    let next = &entries(100_000, 1);
    let appended = log.append(next).expect(case);
    let proved = &appended.proved[0];
    assert_eq!(proved.index, there.len() as u64, "{case}");
    let signed = open_checkpoint(appended.checkpoint.as_bytes(), &key().verifier(), &[]).unwrap();
    let leaf = leaf_hash(&proved.bytes);
    check_inclusion(&proved.proof, signed.size, signed.root, proved.index, leaf).expect(case);
    assert_eq!(log.mended(), [], "mended while appending: {case}");
    assert_eq!(published(&disk).len(), there.len() + 1, "{case}");
}

#[test]
fn a_power_cut_at_any_step_leaves_all_that_was_confirmed() {
    let shape = Shape {
        appends: 170,
        most: 8,
    };
    let remember = Plan {
        remember: true,
        ..Plan::default()
    };
    let disk = Plug::new(Files::default(), remember, 1);
    let told = run(&disk, shape, 1);
    assert!(told.appends.iter().all(|append| append.1.is_some()));
    let moments = disk.moments();
    let shortened = moments
        .iter()
        .filter(|(name, _)| name == "rename wal.new wal");
    assert!(shortened.count() >= 2, "made once and cut short once");
    assert!(published(&disk).len() > 700, "three bundles are begun");

    let mut cuts = 0;
    for (number, (name, files)) in (0..).zip(&moments) {
        // steps that come once in hundreds of entries are tried more often
        let ordinary = name.contains("checkpoint") || name.contains(".p/") || name.contains(" wal");
        let tries = if ordinary && number > 12 { 1 } else { 12 };
        for seed in 0..tries {
            let case = format!("cut before operation {number}, {name}, seed {seed}");
            let mut dice = Dice::new(number * 100 + seed);
            let told = told.until(number);
            let left = files.cut(&mut dice);
            // the power may go again while the log is being opened
            let cut = Some(dice.below(40));
            let plan = Plan {
                cut,
                ..Plan::default()
            };
            if seed % 2 == number % 2 {
                let disk = Plug::new(left.clone(), plan, seed);
                let _ = Log::open(disk.clone(), key());
                let case = format!("{case}, and again after {cut:?}");
                reopened(disk.files().cut(&mut dice), &told, seed, &case);
                cuts += 1;
            }
            reopened(left, &told, seed, &case);
            cuts += 1;
        }
    }
    assert!(cuts >= 1500, "{cuts}");
}

#[test]
fn a_step_that_fails_costs_nothing_that_was_confirmed() {
    let shape = Shape {
        appends: 30,
        most: 50,
    };
    let disk = Plug::new(Files::default(), Plan::default(), 1);
    run(&disk, shape, 2);
    let operations = disk.operations();
    let mut dice = Dice::new(3);
    let mut confirmed = 0;
    for fail in 0..operations {
        // one step, or that one and one of the next ones; then the power goes, at once or later
        let second = fail + 1 + dice.below(12);
        let soon = if dice.yes() { 20 } else { 400 };
        let plan = Plan {
            fail: if dice.yes() {
                vec![fail]
            } else {
                vec![fail, second]
            },
            cut: Some(fail + 2 + dice.below(soon)),
            remember: false,
        };
        let case = format!("{plan:?}");
        let disk = Plug::new(Files::default(), plan, fail);
        let told = run(&disk, shape, 2);
        confirmed += told.appends.iter().filter(|a| a.1.is_some()).count();
        reopened(disk.files().cut(&mut dice), &told, fail, &case);
        // and where the power stays on, the next program sees what this one saw
        reopened(disk.files(), &told, fail, &case);
    }
    assert!(confirmed > 1000, "{confirmed}");
}

#[test]
fn nobody_appends_to_a_file_that_another_program_wrote_anew_and_could_not_keep() {
    let mut torn = 0;
    for seed in 0..40 {
        let disk = Plug::new(Files::default(), Plan::default(), seed);
        let one = Log::create(disk.clone(), key()).unwrap();
        let two = Log::open(disk.clone(), key()).unwrap();
        two.append(&entries(0, 3)).unwrap();
        // an append stops half-way, and what it left is set aside in a new file, whose name the disk does not keep
        disk.fail_after(0);
        one.append(&entries(10, 1)).unwrap_err();
        disk.fail_after(5);
        torn += u32::from(one.append(&entries(20, 1)).is_err());
        // the other program knows of neither
        let told = two.append(&entries(30, 1)).unwrap();
        let mut dice = Dice::new(seed);
        for _ in 0..8 {
            let left = Plug::new(disk.files().cut(&mut dice), Plan::default(), seed);
            Log::open(left.clone(), key()).unwrap();
            let there = published(&left);
            let place = usize::try_from(told.proved[0].index).unwrap();
            assert_eq!(there.get(place), Some(&told.proved[0].bytes), "{seed}");
        }
    }
    assert!(torn > 20, "{torn}");
}
