//! What a home that stays open remembers of its files, so that a question does not read all of them again.
//!
//! Nothing here is trusted for longer than the files are those that were read: each use looks whether they still have the
//! same length and time of change. Published figures only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;
use std::{fmt, fs};

use zwerm_question::answer::{AnswerFigures, Opened};

use crate::ledger::EntryPlace;
use crate::load::Stored;

/// Things of one kind that are remembered, but for documents; then all of them are forgotten.
const MOST: usize = 1000;
/// Values of answers that are remembered, together: tens of megabytes.
const MOST_VALUES: usize = 500_000;

/// What tells whether a file is still the one that was read.
pub(crate) type FileStamp = (u64, Option<SystemTime>);

/// Length and time of change of a file; nothing when it is not there.
pub(crate) fn stamp(path: &Path) -> Option<FileStamp> {
    let found = fs::metadata(path).ok()?;
    Some((found.len(), found.modified().ok()))
}

/// The files that something was read from, as they were.
pub(crate) type Stamps = Vec<(PathBuf, Option<FileStamp>)>;

/// How files are now.
pub(crate) fn stamps(files: impl IntoIterator<Item = PathBuf>) -> Stamps {
    let all = files.into_iter().map(|path| {
        let stamp = stamp(&path);
        (path, stamp)
    });
    all.collect()
}

fn are_same(stamps: &Stamps) -> bool {
    stamps.iter().all(|(path, known)| stamp(path) == *known)
}

/// Held by one at a time, across waits.
pub(crate) type AnswerTurn = Arc<tokio::sync::Mutex<()>>;

/// What is remembered.
#[derive(Default)]
pub(super) struct Memory {
    documents: Mutex<BTreeMap<PathBuf, (Stamps, Stored)>>,
    releases: Mutex<BTreeMap<PathBuf, (Stamps, Opened)>>,
    turns: Mutex<BTreeMap<(String, String), AnswerTurn>>,
    answers: Mutex<RememberedAnswers>,
    places: Mutex<BTreeSet<EntryPlace>>,
}

/// Answers by release and question, and how many values they have together.
#[derive(Default)]
struct RememberedAnswers {
    all: BTreeMap<(String, String), AnswerFigures>,
    values: usize,
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

fn remembered<V: Clone>(all: &Mutex<BTreeMap<PathBuf, (Stamps, V)>>, path: &Path) -> Option<V> {
    let all = all.lock().ok()?;
    let (stamps, value) = all.get(path)?;
    are_same(stamps).then(|| value.clone())
}

fn remember<K: Ord, V>(all: &Mutex<BTreeMap<K, V>>, key: K, value: V) {
    if let Ok(mut all) = all.lock() {
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(key, value);
    }
}

impl Memory {
    /// The agreement of a document, while its files are as they were.
    pub(super) fn document(&self, path: &Path) -> Option<Stored> {
        remembered(&self.documents, path)
    }

    /// `stamps` are of before it was read: a change meanwhile shows the next time.
    ///
    /// There are as many as the home has versions, and an overview holds all of them: none is forgotten.
    pub(super) fn keep_document(&self, stamps: Stamps, stored: &Stored) {
        if let Ok(mut documents) = self.documents.lock() {
            documents.insert(stored.path.clone(), (stamps, stored.clone()));
        }
    }

    pub(super) fn release(&self, cells: &Path) -> Option<Opened> {
        remembered(&self.releases, cells)
    }

    pub(super) fn keep_release(&self, cells: &Path, stamps: Stamps, opened: &Opened) {
        remember(&self.releases, cells.to_owned(), (stamps, opened.clone()));
    }

    pub(super) fn answer(&self, release: &str, plan: &str) -> Option<AnswerFigures> {
        let answers = self.answers.lock().ok()?;
        let key = (release.to_owned(), plan.to_owned());
        answers.all.get(&key).cloned()
    }

    pub(super) fn keep_answer(&self, release: &str, plan: &str, answer: AnswerFigures) {
        let values = answer.len();
        let Ok(mut answers) = self.answers.lock() else {
            return;
        };
        if values > MOST_VALUES {
            return;
        }
        if answers.all.len() >= MOST || answers.values + values > MOST_VALUES {
            *answers = RememberedAnswers::default();
        }
        let key = (release.to_owned(), plan.to_owned());
        if answers.all.insert(key, answer).is_none() {
            answers.values += values;
        }
    }

    /// Whether the log was seen to have an entry at its place. The log that is open refuses to go on after one that
    /// is shorter or other than it was, so what it had it has.
    pub(super) fn has_seen(&self, place: &EntryPlace) -> bool {
        self.places
            .lock()
            .is_ok_and(|places| places.contains(place))
    }

    pub(super) fn keep_seen(&self, place: EntryPlace) {
        if let Ok(mut places) = self.places.lock() {
            if places.len() >= MOST {
                places.clear();
            }
            places.insert(place);
        }
    }
}

impl crate::Home {
    /// A release that was opened before, while its files and its data are as they were.
    pub(crate) fn opened_before(&self, cells: &Path) -> Option<Opened> {
        self.memory.release(cells)
    }

    /// Held by whoever opens a release that is not remembered, or works out what a question is answered; others who want
    /// the same wait, and find it remembered.
    pub fn turn(&self, release: &str, plan: &str) -> AnswerTurn {
        let Ok(mut turns) = self.memory.turns.lock() else {
            return Arc::default();
        };
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        let key = (release.to_owned(), plan.to_owned());
        Arc::clone(turns.entry(key).or_default())
    }

    /// Remembers a release that was opened; `stamps` are of before that.
    pub(crate) fn keep_opened(&self, cells: &Path, stamps: Stamps, opened: &Opened) {
        self.memory.keep_release(cells, stamps, opened);
    }

    /// The answer that a release gave to a question before: it always gives the same.
    pub fn answered_before(&self, release: &str, plan: &str) -> Option<AnswerFigures> {
        self.memory.answer(release, plan)
    }

    /// Keeps the figures of an answer in memory, so that who asks the same gets the same at once.
    pub fn keep_answered(&self, release: &str, plan: &str, answer: AnswerFigures) {
        self.memory.keep_answer(release, plan, answer);
    }
}
