//! The home: a folder that holds agreements, data, releases and the list of questions.
//!
//! `docs/home-layout.md` says what lies where. Everything is written aside and renamed, or appended and made
//! durable before anyone is told that it happened.

mod add;
mod agreements;
mod change;
mod data;
mod journal;
mod marker;
mod questions;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use zwerm_commons::text::Text;

pub(crate) use add::{Added, Addition, DataState};
pub(crate) use change::{Wish, lacking, suggest};
pub(crate) use questions::{Asked, Entry, Outcome};

use super::error::AppError;
use super::files;
use journal::Journal;

const LOCK: &str = "lock";
const QUESTIONS: &str = "questions.jsonl";
/// Between two looks at whether somebody else is done.
const PAUSE: Duration = Duration::from_millis(50);

/// A home that was opened.
#[derive(Debug)]
pub(crate) struct Home {
    root: PathBuf,
    notices: Vec<Text>,
}

/// Held by whoever changes a home; two processes that do so wait for each other.
#[derive(Debug)]
pub(crate) struct HomeLock {
    _file: File,
}

/// What [`Home::init`] found or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Initialised {
    /// A new home.
    Made,
    /// It already was a home.
    WasThere,
}

impl Home {
    /// Makes a home in an empty or new folder; an existing home stays as it is.
    pub(crate) fn init(root: &Path) -> Result<Initialised, AppError> {
        if marker::path(root).is_file() {
            marker::check(root)?;
            return Ok(Initialised::WasThere);
        }
        marker::check_free(root)?;
        files::make_folder(root)?;
        let _lock = lock(root)?;
        if marker::path(root).is_file() {
            return Ok(Initialised::WasThere);
        }
        for folder in ["agreements", "data", "releases"] {
            files::make_folder(&root.join(folder))?;
        }
        marker::write(root)?;
        Ok(Initialised::Made)
    }

    /// Opens a home, and sets aside the last line of its list of questions if a crash tore it.
    pub(crate) fn open(root: &Path) -> Result<Self, AppError> {
        if !marker::path(root).is_file() {
            return Err(marker::no_home(root));
        }
        marker::check(root)?;
        let mut home = Self {
            root: root.to_owned(),
            notices: Vec::new(),
        };
        let set_aside = home.questions_journal().repair()?;
        home.notices.extend(set_aside);
        Ok(home)
    }

    /// The home's folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What a person should know about the home, such as a line that a crash tore.
    pub(crate) fn notices(&self) -> &[Text] {
        &self.notices
    }

    /// Waits until nobody else changes the home, and keeps others waiting until it is dropped.
    ///
    /// [`Home::add`], [`Home::change`] and the like take it themselves: never call them while holding it.
    /// [`Home::record`] has a lock of its own and may be called.
    pub(crate) fn lock(&self) -> Result<HomeLock, AppError> {
        lock(&self.root)
    }

    /// Waits until nobody else builds a release, and keeps others waiting until it is dropped.
    ///
    /// Building takes long, and a party must be able to suspend meanwhile: so this is not [`Home::lock`].
    pub(crate) async fn lock_releases(&self) -> Result<HomeLock, AppError> {
        let path = self.root.join("releases").join(LOCK);
        let file = lock_file(&path)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(HomeLock { _file: file }),
                // a wait that lets Ctrl-C through
                Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
                Err(TryLockError::Error(error)) => return Err(AppError::at(&path)(error)),
            }
        }
    }

    fn questions_journal(&self) -> Journal {
        Journal::new(self.root.join(QUESTIONS))
    }
}

fn lock(root: &Path) -> Result<HomeLock, AppError> {
    let path = root.join(LOCK);
    let file = lock_file(&path)?;
    file.lock().map_err(AppError::at(&path))?;
    Ok(HomeLock { _file: file })
}

fn lock_file(path: &Path) -> Result<File, AppError> {
    let mut options = File::options();
    let opened = options.create(true).truncate(false).write(true).open(path);
    opened.map_err(AppError::at(path))
}

#[cfg(test)]
mod tests;
