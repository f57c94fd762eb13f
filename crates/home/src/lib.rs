//! The home: a folder that holds agreements, data, releases, refusals and the public log.
//!
//! `docs/home-layout.md` says what lies where. Everything is written aside and renamed, or appended and made
//! durable before anyone is told that it happened.

pub mod accent;
pub mod access;
mod add;
mod agreements;
mod change;
pub mod clock;
pub mod config;
mod consent;
mod data;
pub mod deliveries;
pub mod error;
pub mod files;
mod journal;
mod ledger;
pub mod load;
mod marker;
mod memory;
mod pen;
pub mod places;
pub mod policies;
pub mod proxies;
pub mod refusals;
pub mod release;
pub mod room;
mod statements;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use zwerm_agreement::text::Text;
use zwerm_ledger::log::Log;

pub use add::{Added, Addition, DataState};
pub use change::{StoredInForce, WishedChange, in_force, lacking, suggest, suggest_from};
pub use consent::{EnteredWord, PartyWord, speak, worded};
pub use ledger::{
    EntryPlace, LogFiles, failed, failed_at, log_words, logged, note_words, read_public_key,
    read_witness,
};
pub use marker::LAYOUT;
use memory::{Stamps, stamps};
pub use pen::Pen;
pub use refusals::{KeptRefusal, StoredRefusal};

use crate::error::HomeError;
use crate::ledger::HomeLog;

const LOCK: &str = "lock";
/// Held for a moment by whoever is next to take [`LOCK`], so that nobody waits for ever while others share it.
const TURN: &str = "turn";
/// Between two looks at whether somebody else is done.
const PAUSE: Duration = Duration::from_millis(50);

/// The folders of a home.
const FOLDERS: [&str; 4] = ["agreements", "data", "releases", "refusals"];

/// A home that was opened.
#[derive(Debug)]
pub struct Home {
    root: PathBuf,
    notices: Vec<Text>,
    /// The public log; without it agreements can be suspended and shown, and nothing is answered.
    log: HomeLog,
    memory: memory::Memory,
    /// The zone whose days count, of what the log names no other zone of.
    zone: TimeZone,
}

/// Held by whoever changes a home; two processes that do so wait for each other.
#[derive(Debug)]
pub struct HomeLock {
    _file: File,
}

/// What [`Home::init`] found or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Initialised {
    /// A new home.
    Made,
    /// A home of before the public log, which has one now.
    Renewed,
    /// It already was a home.
    WasThere,
}

impl Home {
    /// Makes a home in an empty or new folder; an existing home stays as it is, or gets what it lacks.
    ///
    /// The public log gets this name, or one that is drawn.
    pub fn init(root: &Path, log_name: Option<&str>) -> Result<Initialised, HomeError> {
        let was_there = marker::path(root).is_file();
        if !was_there {
            marker::check_free(root)?;
            files::make_folder(root)?;
        }
        let _lock = lock(root)?;
        let is_home = marker::path(root).is_file();
        if is_home && !marker::is_before_the_log(root)? {
            marker::check(root)?;
            return Ok(Initialised::WasThere);
        }
        make_folders(root)?;
        ledger::make(root, log_name)?;
        marker::write(root)?;
        access::close(root)?;
        Ok(if is_home {
            Initialised::Renewed
        } else {
            Initialised::Made
        })
    }

    /// Opens a home and its log, mends what a crash left of the log, and says so; closes it to other accounts of the machine.
    pub fn open(root: &Path) -> Result<Self, HomeError> {
        Self::require(root)?;
        let log = HomeLog::open(root);
        let mended = log.opened().map(Log::mended).unwrap_or_default();
        access::close(root)?;
        Ok(Self {
            root: root.to_owned(),
            notices: mended.iter().map(ledger::notice).collect(),
            log,
            memory: memory::Memory::default(),
            zone: config::zone_of(root)?,
        })
    }

    /// A home to look at: its log is not opened, so nothing is mended and nothing can be entered.
    pub fn to_look_at(root: &Path) -> Result<Self, HomeError> {
        Self::require(root)?;
        Ok(Self {
            root: root.to_owned(),
            notices: Vec::new(),
            log: HomeLog::unopened(),
            memory: memory::Memory::default(),
            zone: config::zone_of(root)?,
        })
    }

    /// Whether a path lies in a home.
    pub fn holds(path: &Path) -> bool {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize();
        folder.is_ok_and(|folder| {
            folder
                .ancestors()
                .any(|above| marker::path(above).is_file())
        })
    }

    /// Checks that a folder is a home of the layout that this program knows.
    pub fn require(root: &Path) -> Result<(), HomeError> {
        if !marker::path(root).is_file() {
            return Err(marker::no_home(root));
        }
        marker::check(root)
    }

    /// The home's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What a person should know about the home, such as what a crash left.
    pub fn notices(&self) -> &[Text] {
        &self.notices
    }

    /// Waits until nobody else changes the home, and keeps others waiting until it is dropped.
    ///
    /// [`Home::add`], [`Home::change`] and the like take it themselves: never call them while holding it.
    pub fn lock(&self) -> Result<HomeLock, HomeError> {
        lock(&self.root)
    }

    /// Keeps whoever wants to change the home waiting until it is dropped; others may share it.
    ///
    /// Held while an answer is entered: a suspension comes before it or after it, never in between.
    fn share(&self) -> Result<HomeLock, HomeError> {
        take(&self.root, File::lock_shared)
    }

    /// Keeps others from building a release until it is dropped; nothing while one is being built.
    pub(crate) fn try_lock_releases(&self) -> Result<Option<HomeLock>, HomeError> {
        let path = self.root.join("releases").join(LOCK);
        let file = lock_file(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(HomeLock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(HomeError::at(&path)(error)),
        }
    }

    /// Waits until nobody else builds a release, and keeps others waiting until it is dropped.
    ///
    /// Building takes long, and a party must be able to suspend meanwhile: so this is not [`Home::lock`].
    pub(crate) async fn lock_releases(&self) -> Result<HomeLock, HomeError> {
        let path = self.root.join("releases").join(LOCK);
        let file = lock_file(&path)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(HomeLock { _file: file }),
                // a wait that lets Ctrl-C through
                Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
                Err(TryLockError::Error(error)) => return Err(HomeError::at(&path)(error)),
            }
        }
    }
}

/// Makes the folders of a home that are not there: for a new one, and for one that is restored from a copy of all of its files.
///
/// # Errors
/// When one cannot be made.
pub fn make_folders(root: &Path) -> Result<(), HomeError> {
    for folder in FOLDERS.map(|folder| root.join(folder)) {
        if !folder.is_dir() {
            files::make_folder(&folder)?;
        }
    }
    Ok(())
}

fn lock(root: &Path) -> Result<HomeLock, HomeError> {
    take(root, File::lock)
}

fn take(
    root: &Path,
    how: impl FnOnce(&File) -> std::io::Result<()>,
) -> Result<HomeLock, HomeError> {
    let (turn, path) = (root.join(TURN), root.join(LOCK));
    let next = lock_file(&turn)?;
    next.lock().map_err(HomeError::at(&turn))?;
    let file = lock_file(&path)?;
    how(&file).map_err(HomeError::at(&path))?;
    Ok(HomeLock { _file: file })
}

fn lock_file(path: &Path) -> Result<File, HomeError> {
    let mut options = access::private();
    let opened = options.create(true).truncate(false).write(true).open(path);
    opened.map_err(HomeError::at(path))
}

#[cfg(test)]
mod tests;
