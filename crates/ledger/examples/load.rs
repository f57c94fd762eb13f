//! How much the log can take on this machine: `cargo run --release -p zwerm-ledger --example load [FOLDER] [ENTRIES]`.
//!
//! In one run, on one disk: what the disk itself can keep per second; entries per second with one asker and with 64,
//! each appending a question with its answer; and the time of a proof in a log of ten million entries.

use std::error::Error;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use zwerm_ledger::disk::{Disk, FileDisk, Lock};
use zwerm_ledger::entry::{Entry, EntryKind, Sha256Digest};
use zwerm_ledger::log::{Log, PUBLIC};
use zwerm_ledger::note::LogKey;
use zwerm_ledger::reader::LogReader;
use zwerm_ledger::receipt::question_hash;
use zwerm_ledger::tree::{check_inclusion, leaf_hash};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const SECONDS: u64 = 5;
const LARGE: u64 = 10_000_000;
/// Entries that the large log is given at a time.
const BATCH: u64 = 65_536;
const PROOFS: u64 = 500;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let temporary = tempfile::tempdir()?;
    let folder = arguments.next().map_or(temporary.path().into(), Into::into);
    let large = arguments.next().map_or(Ok(LARGE), |n| n.parse())?;
    let folder: std::path::PathBuf = folder;
    std::fs::create_dir_all(&folder)?;

    let alone = raw(&folder.join("raw"))?;
    println!("the disk alone: {alone:.0} fsyncs per second, each after 600 bytes");
    for askers in [1, 64] {
        ask(&folder.join(format!("log-{askers}")), askers, alone)?;
    }
    proofs(&folder.join("log-large"), large)
}

fn key() -> Outcome<LogKey> {
    Ok(LogKey::from_seed("example.nl/log", &[7; 32])?)
}

/// Appends and keeps, over and over; gives how often per second.
fn raw(path: &Path) -> Outcome<f64> {
    let mut file: File = OpenOptions::new().create(true).append(true).open(path)?;
    let started = Instant::now();
    let mut count = 0.0;
    while started.elapsed() < Duration::from_secs(SECONDS) {
        file.write_all(&[7; 600])?;
        file.sync_data()?;
        count += 1.0;
    }
    Ok(count / started.elapsed().as_secs_f64())
}

/// A question with its answer, of the size that they have.
fn pair(who: u64, number: u64) -> Outcome<[Entry; 2]> {
    let agreement = Sha256Digest::of(b"the agreement");
    let time = jiff::Timestamp::from_second(1_772_366_400)?;
    let plan = format!(
        "Aggregate: groupBy=[[huishoudens.wijk, huishoudens.inkomen]], aggr=[[units()]]\n  Filter: huishoudens.leeftijd \
         IN (?, ?) AND huishoudens.jaar = Int64({number})\n    TableScan: huishoudens {who}"
    );
    let question = Entry {
        time,
        agreement,
        what: EntryKind::Question {
            party: "gemeente-voorbeeldstad".into(),
            purpose: "schuldhulp-op-tijd".into(),
            view: "huishoudens".into(),
            plan,
        },
    };
    let answer = Entry {
        time,
        agreement,
        what: EntryKind::Answer {
            question: question_hash(&question)?,
            release: Sha256Digest::of(b"cells"),
            rules: vec![
                "views.huishoudens.smallest".into(),
                "views.huishoudens.columns.inkomen".into(),
            ],
            answer: Sha256Digest::of(&number.to_be_bytes()),
        },
    };
    Ok([question, answer])
}

/// So many askers at once for some seconds.
fn ask(folder: &Path, askers: u64, alone: f64) -> Outcome<()> {
    let counts = Arc::new(Counts::default());
    let disk = Counting {
        disk: FileDisk::new(folder),
        counts: counts.clone(),
    };
    let log = Log::create(disk, key()?)?;
    counts.take();
    let over = AtomicBool::new(false);
    let started = Instant::now();
    let (entries, bytes) = thread::scope(|scope| -> Outcome<(u64, u64)> {
        let threads: Vec<_> = (0..askers)
            .map(|who| {
                let (log, over) = (&log, &over);
                scope.spawn(move || -> Outcome<(u64, u64)> {
                    let (mut entries, mut bytes) = (0, 0);
                    while !over.load(Ordering::Relaxed) {
                        let appended = log.append(&pair(who, entries)?)?;
                        entries += appended.proved.len() as u64;
                        bytes += appended
                            .proved
                            .iter()
                            .map(|p| p.bytes.len() as u64)
                            .sum::<u64>();
                    }
                    Ok((entries, bytes))
                })
            })
            .collect();
        thread::sleep(Duration::from_secs(SECONDS));
        over.store(true, Ordering::Relaxed);
        let mut all = (0, 0);
        for thread in threads {
            let (entries, bytes) = thread.join().map_err(|_| "an asker stopped")??;
            all = (all.0 + entries, all.1 + bytes);
        }
        Ok(all)
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let (syncs, folders) = counts.take();
    let per_second = entries as f64 / seconds;
    println!(
        "{askers} at once: {per_second:.0} durable entries per second ({:.0} questions with their answers), of {} bytes; \
         {syncs} fsyncs of files and {folders} of folders, {:.1} entries per fsync; {:.1} entries for each fsync that the \
         disk alone can do",
        per_second / 2.0,
        bytes / entries.max(1),
        entries as f64 / (syncs + folders) as f64,
        per_second / alone,
    );
    Ok(())
}

/// A large log, and the time of one proof in it.
fn proofs(folder: &Path, size: u64) -> Outcome<()> {
    let disk = FileDisk::new(folder);
    let log = Log::create(disk.clone(), key()?)?;
    let entry = |number: u64| -> Outcome<Entry> {
        Ok(Entry {
            time: jiff::Timestamp::from_second(1_772_366_400)?,
            agreement: Sha256Digest::of(b"the agreement"),
            what: EntryKind::AgreementInForce {
                id: format!("{number}"),
                version: 1,
                from: "2026-01-01".parse()?,
                until: "2026-12-31".parse()?,
                zone: None,
            },
        })
    };
    let started = Instant::now();
    let mut next = 0;
    while next < size {
        let end = size.min(next + BATCH);
        log.append(&(next..end).map(entry).collect::<Outcome<Vec<Entry>>>()?)?;
        next = end;
    }
    println!(
        "{size} entries were appended in {:.0} s, {BATCH} at a time",
        started.elapsed().as_secs_f64()
    );
    drop(log);
    let started = Instant::now();
    Log::open(disk.clone(), key()?)?;
    println!(
        "opening that log: {:.1} ms",
        started.elapsed().as_secs_f64() * 1e3
    );

    let mut times = Vec::new();
    let mut dice: u64 = 88_172_645_463_325_252;
    for _ in 0..PROOFS {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let index = dice % size;
        let started = Instant::now();
        let reader = LogReader::new(&disk, PUBLIC);
        let tree = reader.checkpoint(&key()?.verifier(), &[])?;
        let proof = reader.prove(&tree, index)?;
        times.push(started.elapsed());
        let leaf = leaf_hash(&entry(index)?.to_bytes()?);
        check_inclusion(&proof, tree.size, tree.root, index, leaf)?;
    }
    times.sort();
    let at = |part: usize| {
        times
            .get(times.len() * part / 100)
            .copied()
            .unwrap_or_default()
    };
    println!(
        "one proof among {size} entries, checkpoint and tiles read from files: median {:.2} ms, 99th percentile {:.2} ms",
        at(50).as_secs_f64() * 1e3,
        at(99).as_secs_f64() * 1e3,
    );
    Ok(())
}

/// How often the disk was made to keep something.
#[derive(Default)]
struct Counts {
    files: AtomicU64,
    folders: AtomicU64,
}

impl Counts {
    fn take(&self) -> (u64, u64) {
        let take = |count: &AtomicU64| count.swap(0, Ordering::Relaxed);
        (take(&self.files), take(&self.folders))
    }
}

struct Counting {
    disk: FileDisk,
    counts: Arc<Counts>,
}

impl Disk for Counting {
    fn read(&self, path: &str, from: u64, most: u64) -> std::io::Result<Option<Vec<u8>>> {
        self.disk.read(path, from, most)
    }
    fn write(&self, path: &str, bytes: &[u8]) -> std::io::Result<()> {
        self.disk.write(path, bytes)
    }
    fn append(&self, path: &str, length: u64, bytes: &[u8]) -> std::io::Result<()> {
        self.disk.append(path, length, bytes)
    }
    fn sync(&self, path: &str) -> std::io::Result<()> {
        self.counts.files.fetch_add(1, Ordering::Relaxed);
        self.disk.sync(path)
    }
    fn sync_folder(&self, path: &str) -> std::io::Result<()> {
        // one for the folder, and one for each above it
        let above = path.split('/').filter(|part| !part.is_empty()).count() as u64;
        self.counts.folders.fetch_add(1 + above, Ordering::Relaxed);
        self.disk.sync_folder(path)
    }
    fn rename(&self, from: &str, to: &str) -> std::io::Result<()> {
        self.disk.rename(from, to)
    }
    fn remove_folder(&self, path: &str) -> std::io::Result<()> {
        self.disk.remove_folder(path)
    }
    fn list(&self, folder: &str) -> std::io::Result<Vec<String>> {
        self.disk.list(folder)
    }
    fn lock(&self) -> std::io::Result<Lock> {
        self.disk.lock()
    }
}
