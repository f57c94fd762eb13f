//! Keys, entries and logs for the tests, and the dice that they throw.

use std::path::PathBuf;

use zwerm_ledger::check::{Finding, check};
use zwerm_ledger::disk::{Disk, FileDisk};
use zwerm_ledger::entry::{Entry, EntryKind, Sha256Digest, commitment};
use zwerm_ledger::log::{Log, PUBLIC};
use zwerm_ledger::note::LogKey;
use zwerm_ledger::reader::LogReader;
use zwerm_ledger::receipt::{Content, Receipt, answered, question_hash};
use zwerm_ledger::tile::{bundle_path, encode_bundle, tile_path};
use zwerm_ledger::tree::{Hash, leaf_hash};

pub(crate) const ORIGIN: &str = "example.nl/log";

pub(crate) fn key() -> LogKey {
    LogKey::from_seed(ORIGIN, &[7; 32]).unwrap()
}

fn agreement() -> Sha256Digest {
    Sha256Digest::of(b"the agreement")
}

fn release() -> Sha256Digest {
    Sha256Digest::of(b"the cells")
}

fn entry_of(number: u64, what: EntryKind) -> Entry {
    let second = i64::try_from(1_772_366_400 + number).unwrap();
    Entry {
        time: jiff::Timestamp::from_second(second).unwrap(),
        agreement: agreement(),
        what,
    }
}

/// Entry `number` of the story that the tests tell: an agreement comes into force, data is released, and from then on
/// each question is followed by its answer. No two are the same, and none depends on where it ends up.
pub(crate) fn entry(number: u64) -> Entry {
    entry_of(
        number,
        match number {
            0 => EntryKind::AgreementInForce {
                id: "woonlasten".into(),
                version: 1,
                from: "2026-01-01".parse().unwrap(),
                until: "2026-12-31".parse().unwrap(),
                zone: None,
            },
            1 => EntryKind::DataRelease {
                view: "huishoudens".into(),
                release: release(),
            },
            _ if number.is_multiple_of(2) => EntryKind::Question {
                party: "gemeente".into(),
                purpose: "woonlasten".into(),
                view: "huishoudens".into(),
                plan: format!("units() group by wijk limit {number}"),
            },
            _ => EntryKind::Answer {
                question: question_hash(&entry(number - 1)).unwrap(),
                release: release(),
                rules: vec!["views.huishoudens.smallest".into()],
                answer: commitment(&salt(number), &content(number).1),
            },
        },
    )
}

pub(crate) fn entries(from: u64, count: u64) -> Vec<Entry> {
    (from..from + count).map(entry).collect()
}

pub(crate) fn bytes(number: u64) -> Vec<u8> {
    entry(number).to_bytes().unwrap()
}

fn salt(number: u64) -> [u8; 32] {
    Sha256Digest::of(&number.to_be_bytes()).0
}

/// The question in full that entry `number` answers, with the answer's bytes.
fn content(number: u64) -> (serde_json::Value, Vec<u8>) {
    let answer = serde_json::json!({"rows": [["Centrum", number * 3], ["Noord", 40]]});
    let bytes = answered("SELECT wijk, units() FROM huishoudens", &answer).unwrap();
    (answer, bytes)
}

/// Appends the story from entry `from` to entry `last`, an answer, and gives its receipt.
pub(crate) fn receipt(log: &Log, from: u64, last: u64) -> Receipt {
    assert!(last >= 3 && !last.is_multiple_of(2), "an answer comes last");
    let appended = log.append(&entries(from, last - from + 1)).unwrap();
    let content = Content {
        question: entry(last - 1),
        entry: entry(last),
        asked: "SELECT wijk, units() FROM huishoudens".into(),
        answer: content(last).0,
        salt: salt(last),
    };
    Receipt::new(content, &appended).unwrap()
}

/// What a check of the published log finds.
pub(crate) fn findings(disk: &dyn Disk) -> Vec<Finding> {
    let reader = LogReader::new(disk, PUBLIC);
    let report = check(&reader, &key().verifier(), &[], &mut |_| {}).unwrap();
    report.findings
}

/// Makes a log of these entries, as they are.
pub(crate) fn log_of(disk: &FileDisk, entries: &[Entry]) {
    let log = Log::create(disk.clone(), key()).unwrap();
    log.append(entries).unwrap();
}

/// Publishes a small log of these bytes, whatever they are: what somebody with the key can make.
pub(crate) fn raw_log(disk: &FileDisk, entries: &[Vec<u8>]) {
    let public = disk.path(PUBLIC);
    let write = |path: &str, bytes: &[u8]| {
        let path = public.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    let width = entries.len() as u64;
    let leaves: Vec<u8> = entries.iter().flat_map(|one| leaf_hash(one).0).collect();
    let all = entries.iter().map(Vec::as_slice);
    write(&bundle_path(0, width), &encode_bundle(all));
    write(&tile_path(0, 0, width), &leaves);
    let checkpoint = key().checkpoint(width, root(entries)).unwrap();
    write("checkpoint", checkpoint.as_bytes());
    write("log.pub", format!("{}\n", key().verifier()).as_bytes());
}

/// Every entry of the published log.
pub(crate) fn published(disk: &dyn Disk) -> Vec<Vec<u8>> {
    let reader = LogReader::new(disk, PUBLIC);
    let size = reader.checkpoint(&key().verifier(), &[]).unwrap().size;
    let bundles = (0..size.div_ceil(256)).map(|index| reader.bundle(index, size).unwrap());
    bundles.flatten().collect()
}

/// The root of a tree as RFC 6962 defines it, word for word: slow, and of nothing but that page.
pub(crate) fn root(entries: &[Vec<u8>]) -> Hash {
    match entries {
        [] => Hash(Sha256Digest::of(b"").0),
        [entry] => Hash(Sha256Digest::of(&[&[0], entry.as_slice()].concat()).0),
        _ => {
            let mut left = 1;
            while left * 2 < entries.len() {
                left *= 2;
            }
            let (left, right) = (root(&entries[..left]), root(&entries[left..]));
            Hash(Sha256Digest::of(&[[1].as_slice(), &left.0, &right.0].concat()).0)
        }
    }
}

/// The folder with data of others, if there is one here; otherwise says aloud that the test is skipped.
pub(crate) fn reference_data() -> Option<PathBuf> {
    let folder = std::env::var_os("ZWERM_REFERENCE_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: ZWERM_REFERENCE_DATA is not set");
    }
    folder
}

/// Xorshift (Marsaglia 2003): dice that fall the same way each time.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number from 0 up to, and not including, `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end.max(1)
    }

    pub(crate) fn place(&mut self, end: usize) -> usize {
        usize::try_from(self.below(end as u64)).unwrap()
    }

    pub(crate) fn yes(&mut self) -> bool {
        self.below(2) == 1
    }
}
