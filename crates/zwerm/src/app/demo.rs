//! The demonstration: the Leiden example in a home of its own, and an attack on it.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use zwerm_commons::agreement::Agreement;
use zwerm_disclosure::audit::derivable;
use zwerm_question::compare::{Exposure, jointly, lesser};
use zwerm_question::session::Limits;

use super::error::AppError;
use super::example::write::write;
use super::example::{EXAMPLES, Generated};
use super::home::Home;
use super::load::{self, Stored};
use super::release::{self, Progress};

/// The example that the demonstration shows.
pub(crate) fn example() -> Option<&'static str> {
    EXAMPLES.first().map(|example| example.name)
}

/// A home with the example in it.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The home.
    pub(crate) home: Home,
    /// The versions of its agreement, oldest first.
    pub(crate) versions: Vec<Stored>,
    /// The synthetic data, and how well they fit.
    pub(crate) generated: Generated,
    /// The folder with the example's files, to try things with.
    pub(crate) folder: PathBuf,
}

/// Makes the home if it is not there, and brings the example into it; what is there is kept.
pub(crate) fn prepare(root: &Path, seed: u64, today: Date) -> Result<Prepared, AppError> {
    let name = example().ok_or_else(|| AppError::Internal("no example".into()))?;
    Home::init(root)?;
    let home = Home::open(root)?;
    let staged = tempfile::tempdir().map_err(AppError::at(root))?;
    let written = write(name, seed, staged.path(), &|_| ())?;
    let mut versions = Vec::new();
    for file in written
        .files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "toml"))
    {
        versions.push(home.add(file, today)?.stored);
    }
    let folder = root.join("example");
    write(name, seed, &folder, &|_| ())?;
    Ok(Prepared {
        home,
        versions,
        generated: written.generated,
        folder,
    })
}

/// The nearest day on which an agreement is valid: the demonstration works on any day.
pub(crate) fn valid_day(agreement: &Agreement, today: Date) -> Date {
    today.clamp(agreement.valid.from, agreement.valid.until)
}

/// What an attacker gets out of hidden cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attack {
    /// Cells that were hidden.
    pub(crate) hidden: usize,
    /// Hidden cells whose number follows from what is shown.
    pub(crate) derived: usize,
}

/// The same tables under attack, protected in three ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attacks {
    /// Small figures hidden and nothing else.
    pub(crate) small_only: Attack,
    /// Each table protected with its own totals.
    pub(crate) one_by_one: Attack,
    /// All tables protected jointly: the release.
    pub(crate) jointly: Attack,
}

/// Attacks the same tables, protected in three ways.
pub(crate) async fn attack(
    home: &Home,
    stored: &Stored,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Attacks, AppError> {
    let agreement = &stored.document.agreement;
    let Some(view) = agreement.view.first() else {
        return Err(AppError::Internal("an agreement without views".into()));
    };
    let built = release::ensure(home, stored, view, limits, progress).await?;
    let sources = home.sources(agreement);
    let lesser = lesser(agreement, view, &sources, limits).await?;
    Ok(Attacks {
        small_only: try_on(&lesser.small_only),
        one_by_one: try_on(&lesser.one_by_one),
        jointly: try_on(&jointly(&built.cube, view)),
    })
}

/// Counts hidden cells that other tables show outright, or that follow by adding and subtracting.
fn try_on(exposure: &Exposure) -> Attack {
    let hidden = |position: &usize| exposure.hidden.get(*position) == Some(&true);
    let cells = exposure.cells.iter().enumerate();
    let shown_elsewhere = cells.filter(|(_, c)| c.known).map(|(position, _)| position);
    let derived = derivable(&exposure.dimensions, &exposure.cells);
    let found = shown_elsewhere.chain(derived).filter(hidden).count();
    Attack {
        hidden: exposure.hidden.iter().filter(|h| **h).count(),
        derived: found,
    }
}

/// A version of an agreement as a file that `zwerm ask --agreement FILE` takes.
pub(crate) fn file_of(folder: &Path, version: u32) -> Result<PathBuf, AppError> {
    let path = folder.join(format!("agreement-v{version}.toml"));
    load::file(&path).map(|_| path)
}
