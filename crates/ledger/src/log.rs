//! Appending: durable before it returns, and one `fsync` for all who append at the same moment.
//!
//! The first caller writes for everybody who is waiting; callers that arrive meanwhile wait for the next round. Two
//! processes that share a log take turns with its lock, and see what the other appended.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use thiserror::Error;

use crate::disk::Disk;
use crate::entry::{Entry, EntryError};
use crate::note::{LogKey, NoteError};
use crate::state::{LONG, LogState};
use crate::tree::Hash;

pub use crate::state::PUBLIC;

/// Why nothing was appended, or a log cannot be opened.
#[derive(Debug, Clone, Error)]
pub enum LogError {
    /// The disk failed.
    #[error(
        "`{path}` of the log: {source}; see whether the disk is full and whether you may write there"
    )]
    Disk {
        /// The file, within the log's folder.
        path: String,
        /// What the system said.
        source: Arc<std::io::Error>,
    },
    /// There is no log.
    #[error("there is no log here; make it first")]
    None,
    /// There is a log already.
    #[error("there is a log here already; open it")]
    Exists,
    /// What is there cannot come from a crash.
    #[error("{0}; restore the log from a copy, and do not answer from it as it is")]
    Damaged(Damage),
    /// An entry cannot be written.
    #[error(transparent)]
    Entry(#[from] Arc<EntryError>),
    /// The log's key cannot sign.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Our own fault.
    #[error("the tree lacks a hash that it must have; please report this")]
    Tree,
}

/// What is damaged in a way that no crash can have caused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Damage {
    /// The write-ahead file of the log is missing.
    #[error("the write-ahead file of the log is gone")]
    WalGone,
    /// The head of the write-ahead file cannot be read.
    #[error("the head of the write-ahead file cannot be read")]
    WalHead,
    /// The checkpoint is older than any that this log can have.
    #[error("the checkpoint is older than the log can be")]
    OldCheckpoint,
    /// The log has fewer entries than its checkpoint, so entries were lost.
    #[error("the log has fewer entries than its checkpoint, so entries were lost")]
    EntriesLost,
    /// The entries do not match the checkpoint.
    #[error("the entries are not those of the checkpoint")]
    OtherEntries,
    /// A bundle of entries cannot be read.
    #[error("a bundle of entries cannot be read")]
    Bundle,
    /// A bundle has too few entries.
    #[error("a bundle has too few entries")]
    ShortBundle,
    /// The log has no entry with that index.
    #[error("the log has no entry of that index")]
    NoEntry,
    /// The log is smaller than it was.
    #[error("the log is smaller than it was")]
    Shrunk,
    /// No log has as many entries as the checkpoint says.
    #[error("no log has as many entries as the checkpoint says")]
    Impossible,
    /// The tiles do not match the checkpoint.
    #[error("the tiles are not those of the checkpoint")]
    OtherTiles,
    /// A tile is missing.
    #[error("a tile is not there")]
    TileGone,
    /// A tile that was complete is missing or was changed.
    #[error("a tile that was complete is gone or was changed")]
    FullTile,
    /// The checkpoint was signed with another key, or changed after it was signed.
    #[error("the checkpoint was signed with another key, or changed after it was signed")]
    Checkpoint,
    /// The log's key cannot be read.
    #[error("the key of the log cannot be read")]
    Key,
}

/// What was mended when a log was opened after a crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mended {
    /// The checkpoint could not be read: a crash cut it off, or somebody removed it. It was signed anew.
    Checkpoint,
    /// How many entries were durable and in no checkpoint yet; now they are in one.
    Unpublished(u64),
    /// How many bytes of an unfinished entry, which was confirmed to nobody, were set aside in `wal.torn`.
    Torn(usize),
    /// How many tiles were not as they must be and were written anew.
    Tiles(usize),
}

/// An entry that is durable, with its place and proof.
#[derive(Debug, Clone, PartialEq)]
pub struct Proved {
    /// Its index, from 0.
    pub index: u64,
    /// Its bytes in the log.
    pub bytes: Vec<u8>,
    /// The proof that the tree of [`Appended::checkpoint`] has the entry.
    pub proof: Vec<Hash>,
}

/// Entries that were appended and are durable.
#[derive(Debug, Clone, PartialEq)]
pub struct Appended {
    /// The entries, in order.
    pub proved: Vec<Proved>,
    /// The signed checkpoint of a tree that has these entries.
    pub checkpoint: String,
}

type AppendResult = Result<Appended, LogError>;

#[derive(Default)]
struct Queue {
    next: u64,
    waiting: Vec<(u64, Vec<Vec<u8>>)>,
    somebody_writes: bool,
    done: BTreeMap<u64, AppendResult>,
}

/// A log to append to.
pub struct Log {
    disk: Box<dyn Disk>,
    key: LogKey,
    queue: Mutex<Queue>,
    changed: Condvar,
    state: Mutex<Option<LogState>>,
    mended: Mutex<Vec<Mended>>,
    /// The number of entries in the write-ahead file at which it is cut short.
    long: u64,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Log({:?})", self.key)
    }
}

impl Log {
    /// Makes an empty log.
    ///
    /// # Errors
    /// There is a log already, or the disk failed.
    ///
    /// ```
    /// use zwerm_ledger::{disk::FileDisk, log::Log, note::LogKey};
    /// let folder = std::env::temp_dir().join(format!("zwerm-log-create-{}", std::process::id()));
    /// let key = LogKey::from_seed("example.nl/log", &[1; 32])?;
    /// Log::create(FileDisk::new(&folder), key.clone())?;
    /// assert!(Log::create(FileDisk::new(&folder), key).is_err());
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn create(disk: impl Disk + 'static, key: LogKey) -> Result<Self, LogError> {
        let log = Self::over(disk, key);
        {
            let _lock = log.lock()?;
            if LogState::exists(log.disk.as_ref())? {
                return Err(LogError::Exists);
            }
            let state = LogState::create(log.disk.as_ref(), &log.key)?;
            *held(&log.state) = Some(state);
        }
        Ok(log)
    }

    /// Opens a log, and mends what a crash left; [`Log::mended`] says what.
    ///
    /// # Errors
    /// There is no log, the disk failed, or what is there cannot come from a crash.
    ///
    /// ```
    /// use zwerm_ledger::{disk::FileDisk, log::{Log, LogError}, note::LogKey};
    /// let key = LogKey::from_seed("example.nl/log", &[1; 32])?;
    /// let nowhere = FileDisk::new(std::env::temp_dir().join("no-such-log-of-zwerm"));
    /// assert!(matches!(Log::open(nowhere, key), Err(LogError::None)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(disk: impl Disk + 'static, key: LogKey) -> Result<Self, LogError> {
        let log = Self::over(disk, key);
        if !LogState::exists(log.disk.as_ref())? {
            return Err(LogError::None);
        }
        {
            let _lock = log.lock()?;
            let state = log.opened()?;
            *held(&log.state) = Some(state);
        }
        Ok(log)
    }

    fn over(disk: impl Disk + 'static, key: LogKey) -> Self {
        Self {
            disk: Box::new(disk),
            key,
            queue: Mutex::default(),
            changed: Condvar::new(),
            state: Mutex::new(None),
            mended: Mutex::default(),
            long: LONG,
        }
    }

    /// The same log with a write-ahead file that is cut short at this many entries: for tests, so that they can be
    /// short.
    #[doc(hidden)]
    #[must_use]
    pub fn shortened_at(mut self, entries: u64) -> Self {
        self.long = entries.max(crate::tile::WIDTH);
        self
    }

    /// What was mended since this was last called.
    ///
    /// ```
    /// # use zwerm_ledger::{disk::FileDisk, log::Log, note::LogKey};
    /// # let folder = std::env::temp_dir().join(format!("zwerm-log-mended-{}", std::process::id()));
    /// # let key = LogKey::from_seed("example.nl/log", &[1; 32])?;
    /// let log = Log::create(FileDisk::new(&folder), key)?;
    /// assert!(log.mended().is_empty());
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn mended(&self) -> Vec<Mended> {
        std::mem::take(&mut *held(&self.mended))
    }

    /// Appends entries, one after the other with none between them. When this returns, they are durable.
    ///
    /// # Errors
    /// An entry is too large, or the disk failed: then nobody may be told that the entries are in the log, though they
    /// may be.
    ///
    /// See the example of the [crate].
    pub fn append(&self, entries: &[Entry]) -> AppendResult {
        let bytes = entries
            .iter()
            .map(|entry| entry.to_bytes().map_err(Arc::new));
        let bytes: Vec<Vec<u8>> = bytes.collect::<Result<_, _>>()?;
        let mut queue = held(&self.queue);
        let ticket = queue.next;
        queue.next += 1;
        queue.waiting.push((ticket, bytes));
        loop {
            if let Some(outcome) = queue.done.remove(&ticket) {
                return outcome;
            }
            if queue.somebody_writes {
                queue = self
                    .changed
                    .wait(queue)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            queue.somebody_writes = true;
            let round = std::mem::take(&mut queue.waiting);
            drop(queue);
            let outcomes = self.commit(&round);
            queue = held(&self.queue);
            queue.somebody_writes = false;
            for ((ticket, _), outcome) in round.iter().zip(outcomes) {
                queue.done.insert(*ticket, outcome);
            }
            self.changed.notify_all();
        }
    }

    /// Runs one round: writes the entries of everybody who waits, with one `fsync`.
    fn commit(&self, round: &[(u64, Vec<Vec<u8>>)]) -> Vec<AppendResult> {
        let written = self.lock().and_then(|lock| {
            let outcomes = self.write(round);
            drop(lock);
            outcomes
        });
        written.unwrap_or_else(|error| round.iter().map(|_| Err(error.clone())).collect())
    }

    fn write(&self, round: &[(u64, Vec<Vec<u8>>)]) -> Result<Vec<AppendResult>, LogError> {
        let disk = self.disk.as_ref();
        let mut slot = held(&self.state);
        // the state is taken out, so that the next round reads the log anew whatever goes wrong below
        let mut state = slot.take();
        let fresh = match &mut state {
            Some(state) => state.refresh(disk, &self.key)?,
            None => false,
        };
        let mut state = match state.filter(|_| fresh) {
            Some(state) => state,
            None => self.opened()?,
        };
        let all: Vec<Vec<u8>> = round
            .iter()
            .flat_map(|(_, entries)| entries.clone())
            .collect();
        let mut index = state.span.size();
        state.append(disk, &all)?;
        state.sign(&self.key)?;
        let mut outcomes = Vec::new();
        for (_, entries) in round {
            let mut proved = Vec::new();
            for bytes in entries {
                proved.push(Proved {
                    index,
                    bytes: bytes.clone(),
                    proof: state.span.prove(index).ok_or(LogError::Tree)?,
                });
                index += 1;
            }
            outcomes.push(Ok(Appended {
                proved,
                checkpoint: state.checkpoint.clone(),
            }));
        }
        // the entries are durable; tiles that cannot be written now are written when the log is opened anew
        let published = state.publish(disk, &self.key);
        if published
            .and_then(|()| state.shorten(disk, self.long))
            .is_ok()
        {
            *slot = Some(state);
        }
        Ok(outcomes)
    }

    fn opened(&self) -> Result<LogState, LogError> {
        let (state, mended) = LogState::open(self.disk.as_ref(), &self.key)?;
        held(&self.mended).extend(mended);
        Ok(state)
    }

    fn lock(&self) -> Result<crate::disk::Lock, LogError> {
        self.disk.lock().map_err(crate::state::at("lock"))
    }
}

/// The lock's content, also after somebody panicked while holding it: a round puts back whatever it changes at its end.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
