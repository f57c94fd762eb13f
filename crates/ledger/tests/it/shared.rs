//! Many who append at the same moment, through one log and through several on the same folder.

use std::collections::BTreeMap;
use std::io::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use zwerm_ledger::disk::{Disk, FileDisk, Lock};
use zwerm_ledger::entry::{Entry, EntryKind, Sha256Digest};
use zwerm_ledger::log::{Appended, Log};
use zwerm_ledger::note::open_checkpoint;
use zwerm_ledger::tree::{check_inclusion, leaf_hash};

use crate::make::{findings, key, published};

/// A folder that counts how often the disk is made to keep something.
struct Counting {
    disk: FileDisk,
    syncs: Arc<AtomicU64>,
}

impl Disk for Counting {
    fn read(&self, path: &str, from: u64, most: u64) -> Result<Option<Vec<u8>>> {
        self.disk.read(path, from, most)
    }
    fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        self.disk.write(path, bytes)
    }
    fn append(&self, path: &str, length: u64, bytes: &[u8]) -> Result<()> {
        self.disk.append(path, length, bytes)
    }
    fn sync(&self, path: &str) -> Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.disk.sync(path)
    }
    fn sync_folder(&self, path: &str) -> Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.disk.sync_folder(path)
    }
    fn rename(&self, from: &str, to: &str) -> Result<()> {
        self.disk.rename(from, to)
    }
    fn remove_folder(&self, path: &str) -> Result<()> {
        self.disk.remove_folder(path)
    }
    fn list(&self, folder: &str) -> Result<Vec<String>> {
        self.disk.list(folder)
    }
    fn lock(&self) -> Result<Lock> {
        self.disk.lock()
    }
}

/// What asker `who` enters as its `number`th.
fn said(who: u64, number: u64) -> Entry {
    Entry {
        time: "2026-03-01T12:00:00Z".parse().unwrap(),
        agreement: Sha256Digest::of(b"the agreement"),
        what: EntryKind::Refusal {
            party: format!("asker {who}"),
            codes: vec![format!("number {number}")],
            owners: Vec::new(),
            text: Sha256Digest::of(&[who.to_be_bytes(), number.to_be_bytes()].concat()),
        },
    }
}

/// Each proof leads to the checkpoint that it came with.
fn proved(appended: &Appended) {
    let text = appended.checkpoint.as_bytes();
    let tree = open_checkpoint(text, &key().verifier(), &[]).unwrap();
    for proved in &appended.proved {
        let leaf = leaf_hash(&proved.bytes);
        check_inclusion(&proved.proof, tree.size, tree.root, proved.index, leaf).unwrap();
    }
    let next = |pair: &[zwerm_ledger::log::Proved]| pair[0].index + 1 == pair[1].index;
    assert!(appended.proved.windows(2).all(next), "one after the other");
}

/// Each of so many askers appends two entries at a time, so many times; gives what each was told.
fn ask(log: &Log, askers: std::ops::Range<u64>, times: u64) -> BTreeMap<u64, Vec<u8>> {
    let all = thread::scope(|scope| {
        let asker = |who: u64| {
            move || {
                let mut told = Vec::new();
                for number in 0..times {
                    let two = [said(who, 2 * number), said(who, 2 * number + 1)];
                    let appended = log.append(&two).unwrap();
                    proved(&appended);
                    for (proved, entry) in appended.proved.iter().zip(&two) {
                        assert_eq!(proved.bytes, entry.to_bytes().unwrap());
                        told.push((proved.index, proved.bytes.clone()));
                    }
                }
                assert!(told.is_sorted(), "in the asker's own order");
                told
            }
        };
        let threads: Vec<_> = askers.map(|who| scope.spawn(asker(who))).collect();
        let told = threads.into_iter().map(|thread| thread.join().unwrap());
        told.flatten().collect::<Vec<_>>()
    });
    let count = all.len();
    let told: BTreeMap<u64, Vec<u8>> = all.into_iter().collect();
    assert_eq!(told.len(), count, "no index is given twice");
    told
}

#[test]
fn sixty_four_askers_share_the_disks_work_and_each_finds_its_entries_once() {
    let folder = tempfile::tempdir().unwrap();
    let syncs = Arc::new(AtomicU64::new(0));
    let disk = Counting {
        disk: FileDisk::new(folder.path()),
        syncs: syncs.clone(),
    };
    let log = Log::create(disk, key()).unwrap();
    syncs.store(0, Ordering::Relaxed);
    let told = ask(&log, 0..64, 20);
    let there = published(&FileDisk::new(folder.path()));
    assert!(
        told.values().eq(&there),
        "all that was told, and nothing else"
    );
    assert_eq!(there.len(), 64 * 40);
    let mut once = there.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), there.len(), "each once");
    // how many share depends on the machine; that they share at all does not
    let syncs = syncs.load(Ordering::Relaxed);
    assert!(syncs < 64 * 20, "{syncs} for {} appends", 64 * 20);
    let again = Log::open(FileDisk::new(folder.path()), key()).unwrap();
    assert_eq!(again.mended(), []);
}

#[test]
fn logs_that_share_a_folder_take_turns_and_see_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let disk = || FileDisk::new(folder.path());
    let one = Log::create(disk(), key()).unwrap().shortened_at(256);
    let two = Log::open(disk(), key()).unwrap().shortened_at(256);
    let three = Log::open(disk(), key()).unwrap();
    let told = thread::scope(|scope| {
        let askers = [(&one, 0..4), (&two, 4..8), (&three, 8..9)];
        let threads = askers.map(|(log, who)| scope.spawn(move || ask(log, who, 60)));
        let told = threads.into_iter().map(|t| t.join().unwrap());
        told.flatten().collect::<BTreeMap<_, _>>()
    });
    let there = published(&disk());
    assert_eq!(there.len(), 9 * 120);
    assert!(told.values().eq(&there), "nobody wrote over another");
    for log in [&one, &two, &three] {
        assert_eq!(log.mended(), []);
    }
    let last = three.append(&[said(99, 0)]).unwrap();
    assert_eq!(last.proved[0].index, 9 * 120);
    assert_eq!(Log::open(disk(), key()).unwrap().mended(), []);
    // refusals need no agreement in force, so that nothing is out of order here
    assert!(findings(&disk()).is_empty());
}

#[test]
fn an_entry_that_does_not_fit_is_refused_and_the_log_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::create(FileDisk::new(folder.path()), key()).unwrap();
    let mut large = said(0, 0);
    if let EntryKind::Refusal { codes, .. } = &mut large.what {
        codes.push("x".repeat(65_535));
    }
    assert!(log.append(&[said(0, 1), large]).is_err());
    let appended = log.append(&[said(0, 2)]).unwrap();
    assert_eq!(appended.proved[0].index, 0, "nothing of what was refused");
    let none = log.append(&[]).unwrap();
    assert_eq!(
        (none.proved.len(), none.checkpoint),
        (0, appended.checkpoint)
    );
}

#[test]
fn an_entry_of_the_largest_size_is_kept_whole() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FileDisk::new(folder.path());
    let log = Log::create(disk.clone(), key()).unwrap();
    let mut large = said(0, 0);
    let short = large.to_bytes().unwrap().len();
    if let EntryKind::Refusal { party, .. } = &mut large.what {
        party.push_str(&"x".repeat(65_535 - short));
    }
    let appended = log.append(&[large.clone(), said(0, 1)]).unwrap();
    proved(&appended);
    assert_eq!(appended.proved[0].bytes.len(), 65_535);
    assert_eq!(published(&disk)[0], large.to_bytes().unwrap());
    assert_eq!(Log::open(disk.clone(), key()).unwrap().mended(), []);
    assert!(findings(&disk).is_empty());
}
