//! Checking a whole published log: every byte of every file, and that the entries could follow each other.
//!
//! Entries make leaves, leaves make tiles, tiles make the root, and the log's key signed the root: so a flipped byte
//! anywhere shows, and so does an entry that was dropped, moved or replaced. What a log alone cannot show is that it
//! was rolled back as a whole, or that somebody else is shown another log. An older checkpoint or a receipt shows that.

use std::collections::BTreeMap;

use thiserror::Error;
use tlog_tiles::tile::Tile;

use crate::disk::Disk;
use crate::entry::{Entry, EntryError};
use crate::log::{LogError, PUBLIC};
use crate::note::{Checkpoint, LogVerifier, LogWitness, NoteError, open_checkpoint};
use crate::order::EntryOrder;
use crate::reader::LogReader;
use crate::state::{ReadWal, WAL, at, read_wal};
use crate::tile::{HASH, WIDTH, bundle_path, decode_bundle, place, tile_path};
use crate::tree::{EMPTY_HASH, Hash, leaf_hash};

pub use crate::order::Disorder;

/// Something that is wrong with a log.
#[derive(Debug, Error)]
pub enum Finding {
    /// The log's key did not sign the checkpoint.
    #[error("checkpoint: {0}")]
    Checkpoint(#[from] NoteError),
    /// A file that the checkpoint needs is not there.
    #[error("`{0}` is not there")]
    Missing(String),
    /// A file does not hold what follows from the entries.
    #[error("`{0}` is not what the entries make")]
    Differs(String),
    /// A file holds entries that the checkpoint does not cover.
    #[error("`{0}` goes on after the checkpoint: the checkpoint is older than the log")]
    Beyond(String),
    /// Entries are durable and not published: what a crash leaves.
    #[error("{0} entries of the write-ahead file are not published yet; open the log to mend it")]
    Unpublished(u64),
    /// The write-ahead file ends in bytes that are not an entry: what a crash leaves.
    #[error("the write-ahead file ends in {0} bytes that are no entry; open the log to mend it")]
    Torn(usize),
    /// A file is not part of a log.
    #[error("`{0}` is no part of a log")]
    Stray(String),
    /// An entry cannot be read.
    #[error("entry {index}: {error}")]
    Entry {
        /// The index of the entry.
        index: u64,
        /// Why it cannot be read.
        error: EntryError,
    },
    /// The entries are not those that were signed.
    #[error("the entries do not make the root that was signed")]
    Root,
    /// An entry could not follow those before it.
    #[error("entry {index}: {what}")]
    Order {
        /// The index of the entry.
        index: u64,
        /// What is wrong with it there.
        what: Disorder,
    },
}

/// What a check found.
#[derive(Debug, Default)]
pub struct LogReport {
    /// The checkpoint, if its signature is valid.
    pub checkpoint: Option<Checkpoint>,
    /// How many entries were read.
    pub size: u64,
    /// How many of each kind.
    pub kinds: BTreeMap<&'static str, u64>,
    /// How many of each kind that this version does not know: they are hashed, and whether they could happen is not judged.
    pub other_kinds: BTreeMap<String, u64>,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
}

/// Checks a published log, whole.
///
/// Entries that are appended meanwhile may be reported as wrong: check a copy, or hold the log's [`Disk::lock`].
///
/// # Errors
/// The disk failed. What is wrong with the log is in the report.
///
/// ```
/// use zwerm_ledger::{check::check, disk::FileDisk, log::{Log, PUBLIC}, note::LogKey, reader::LogReader};
/// let folder = std::env::temp_dir().join(format!("zwerm-check-{}", std::process::id()));
/// let key = LogKey::from_seed("example.nl/log", &[1; 32])?;
/// Log::create(FileDisk::new(&folder), key.clone())?;
/// let disk = FileDisk::new(&folder);
/// let report = check(&LogReader::new(&disk, PUBLIC), &key.verifier(), &[], &mut |_| {})?;
/// assert!(report.findings.is_empty() && report.size == 0);
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check(
    reader: &LogReader<'_>,
    key: &LogVerifier,
    witnesses: &[LogWitness],
    each: &mut dyn FnMut(u64),
) -> Result<LogReport, LogError> {
    let bytes = reader.file("checkpoint")?.unwrap_or_default();
    let mut checker = Checker {
        reader,
        key,
        widths: BTreeMap::new(),
        order: EntryOrder::default(),
        report: LogReport::default(),
        levels: Vec::new(),
    };
    checker.list()?;
    match open_checkpoint(&bytes, key, witnesses) {
        Ok(checkpoint) => {
            checker.report.size = checkpoint.size;
            checker.report.checkpoint = Some(checkpoint);
        }
        Err(error) => {
            checker.report.findings.push(error.into());
            // go on with what the checkpoint says, to find everything at once
            let text = String::from_utf8_lossy(&bytes);
            let size = text.lines().nth(1).and_then(|line| line.parse().ok());
            checker.report.size = size.unwrap_or(0);
        }
    }
    checker.entries(each)?;
    Ok(checker.report)
}

/// Checks the write-ahead file against the published checkpoint, and changes nothing; for whoever keeps the log.
///
/// Nobody can append meanwhile. Whether the published entries lead to that checkpoint is for [`check`] to say.
///
/// # Errors
/// The disk failed.
///
/// ```
/// use zwerm_ledger::{check::check_private, disk::FileDisk, log::Log, note::LogKey};
/// let folder = std::env::temp_dir().join(format!("zwerm-check-private-{}", std::process::id()));
/// let key = LogKey::from_seed("example.nl/log", &[1; 32])?;
/// Log::create(FileDisk::new(&folder), key.clone())?;
/// assert!(check_private(&FileDisk::new(&folder), &key.verifier())?.is_empty());
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check_private(disk: &dyn Disk, key: &LogVerifier) -> Result<Vec<Finding>, LogError> {
    let _lock = disk.lock().map_err(at("lock"))?;
    let ReadWal { span, torn, .. } = match read_wal(disk) {
        Ok(read) => read,
        Err(LogError::None) => return Ok(vec![Finding::Missing(WAL.into())]),
        Err(LogError::Damaged(_)) => return Ok(vec![Finding::Differs(WAL.into())]),
        Err(error) => return Err(error),
    };
    let mut findings = Vec::new();
    if !torn.is_empty() {
        findings.push(Finding::Torn(torn.len()));
    }
    let reader = LogReader::new(disk, PUBLIC);
    let bytes = reader.file("checkpoint")?.unwrap_or_default();
    let checkpoint = match open_checkpoint(&bytes, key, &[]) {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            findings.push(error.into());
            return Ok(findings);
        }
    };
    let size = checkpoint.size;
    // the root follows from the head's hashes and the entries, so no byte of either can differ
    if span.head.base > size || span.size() < size || span.root(size) != Some(checkpoint.root) {
        findings.push(Finding::Differs(WAL.into()));
        return Ok(findings);
    }
    if span.size() > size {
        findings.push(Finding::Unpublished(span.size() - size));
    }
    Ok(findings)
}

struct Checker<'r> {
    reader: &'r LogReader<'r>,
    key: &'r LogVerifier,
    /// The widths in which each bundle and tile is published.
    widths: BTreeMap<(Option<u8>, u64), Vec<u64>>,
    order: EntryOrder,
    report: LogReport,
    /// Per level of tiles the hashes of the tile that is being filled, with its index.
    levels: Vec<(u64, Vec<Hash>)>,
}

impl Checker<'_> {
    fn list(&mut self) -> Result<(), LogError> {
        for path in self.reader.files()? {
            match place(&path) {
                Some(file) => {
                    let widths = self.widths.entry((file.level, file.index));
                    widths.or_default().push(file.width);
                }
                None if path == "log.pub" => self.public_key()?,
                // what a crash may leave of a checkpoint that was being written
                None if matches!(path.as_str(), "checkpoint" | "checkpoint.new") => {}
                None => self.report.findings.push(Finding::Stray(path)),
            }
        }
        Ok(())
    }

    /// Checks that the key published beside the log is the key that the log is checked with.
    fn public_key(&mut self) -> Result<(), LogError> {
        let bytes = self.reader.file("log.pub")?.unwrap_or_default();
        let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        if text != self.key.to_string().as_bytes() {
            self.report
                .findings
                .push(Finding::Differs("log.pub".into()));
        }
        Ok(())
    }

    fn entries(&mut self, each: &mut dyn FnMut(u64)) -> Result<(), LogError> {
        let size = self.report.size;
        for index in 0..size.div_ceil(WIDTH) {
            let first = index * WIDTH;
            let width = WIDTH.min(size - first);
            let path = bundle_path(index, width);
            let Some(bytes) = self.reader.file(&path)? else {
                let wider = self.widths.get(&(None, index));
                let wider = wider.is_some_and(|widths| widths.iter().any(|w| *w > width));
                self.report.findings.push(if wider {
                    Finding::Beyond(path)
                } else {
                    Finding::Missing(path)
                });
                return Ok(());
            };
            let entries = decode_bundle(&bytes).filter(|e| e.len() as u64 == width);
            let Some(entries) = entries else {
                self.report.findings.push(Finding::Differs(path));
                return Ok(());
            };
            let ends = entries.iter().scan(0, |end, entry| {
                *end += 2 + entry.len();
                Some(*end)
            });
            let ends: Vec<usize> = ends.collect();
            self.compare(None, index, &bytes, &ends)?;
            for (place, entry) in entries.iter().enumerate() {
                self.entry(first + place as u64, entry);
                self.hash(0, leaf_hash(entry))?;
            }
            each(first + width);
        }
        self.finish()
    }

    fn entry(&mut self, index: u64, bytes: &[u8]) {
        match Entry::parse(bytes) {
            Ok(entry) => {
                *self.report.kinds.entry(entry.kind()).or_default() += 1;
                if let Some(what) = self.order.next(&entry, leaf_hash(bytes)) {
                    self.report.findings.push(Finding::Order { index, what });
                }
            }
            Err(EntryError::OtherKind { kind, .. }) => {
                *self.report.other_kinds.entry(kind).or_default() += 1;
            }
            Err(error) => self.report.findings.push(Finding::Entry { index, error }),
        }
    }

    /// Adds the next hash of a level of tiles.
    fn hash(&mut self, level: u8, hash: Hash) -> Result<(), LogError> {
        while self.levels.len() <= usize::from(level) {
            self.levels.push((0, Vec::new()));
        }
        let Some((index, hashes)) = self.levels.get_mut(usize::from(level)) else {
            return Ok(());
        };
        hashes.push(hash);
        if (hashes.len() as u64) < WIDTH {
            return Ok(());
        }
        let (full, filled) = (*index, std::mem::take(hashes));
        *index += 1;
        let bytes: Vec<u8> = filled.iter().flat_map(|hash| hash.0).collect();
        self.tile(level, full, &bytes)?;
        self.hash(level + 1, Tile::subtree_hash(&bytes))
    }

    fn tile(&mut self, level: u8, index: u64, bytes: &[u8]) -> Result<(), LogError> {
        let ends: Vec<usize> = (1..=bytes.len() / HASH).map(|n| n * HASH).collect();
        self.compare(Some(level), index, bytes, &ends)
    }

    /// Compares each width in which a file is there with the whole; `ends` says how many bytes each width has.
    fn compare(
        &mut self,
        level: Option<u8>,
        index: u64,
        bytes: &[u8],
        ends: &[usize],
    ) -> Result<(), LogError> {
        let path = |width| match level {
            None => bundle_path(index, width),
            Some(level) => tile_path(level, index, width),
        };
        let widths = self.widths.remove(&(level, index)).unwrap_or_default();
        if !widths.contains(&(ends.len() as u64)) {
            let missing = Finding::Missing(path(ends.len() as u64));
            self.report.findings.push(missing);
        }
        for width in widths {
            let place = usize::try_from(width).unwrap_or(usize::MAX);
            let end = ends.get(place.saturating_sub(1));
            let Some(expected) = end.and_then(|end| bytes.get(..*end)) else {
                self.report.findings.push(Finding::Beyond(path(width)));
                continue;
            };
            if self.reader.file(&path(width))?.as_deref() != Some(expected) {
                self.report.findings.push(Finding::Differs(path(width)));
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), LogError> {
        let levels = std::mem::take(&mut self.levels);
        let mut root: Option<Hash> = None;
        for (level, (index, hashes)) in (0..).zip(&levels) {
            if hashes.is_empty() {
                continue;
            }
            let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
            self.tile(level, *index, &bytes)?;
            root = Some(fold(hashes, root));
        }
        let root = root.unwrap_or(EMPTY_HASH);
        let signed = self.report.checkpoint.as_ref().map(|c| c.root);
        if signed.is_some_and(|signed| signed != root) {
            self.report.findings.push(Finding::Root);
        }
        for ((level, index), widths) in std::mem::take(&mut self.widths) {
            for width in widths {
                self.report.findings.push(Finding::Beyond(match level {
                    None => bundle_path(index, width),
                    Some(level) => tile_path(level, index, width),
                }));
            }
        }
        Ok(())
    }
}

/// The hash over a level's last hashes with whatever comes after them on lower levels.
fn fold(hashes: &[Hash], after: Option<Hash>) -> Hash {
    let mut rest = hashes;
    let mut whole = Vec::new();
    for bit in (0..8).rev() {
        if hashes.len() >> bit & 1 == 1 {
            let (these, others) = rest.split_at_checked(1 << bit).unwrap_or((rest, &[]));
            let bytes: Vec<u8> = these.iter().flat_map(|hash| hash.0).collect();
            whole.push(Tile::subtree_hash(&bytes));
            rest = others;
        }
    }
    let last = after.or_else(|| whole.pop()).unwrap_or(EMPTY_HASH);
    let join = |right, left: &Hash| tlog_tiles::tlog::node_hash(*left, right);
    whole.iter().rev().fold(last, join)
}
