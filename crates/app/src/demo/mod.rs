//! The demonstration: the Leiden example in a home of its own, and an attack on it.

mod asked;
pub mod example;
pub mod furnish;

use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use jiff::civil::Date;
use zwerm_agreement::agreement::Agreement;
use zwerm_disclosure::audit::derivable;
use zwerm_example::{EXAMPLES, Generated};
use zwerm_home::load::{self, Stored};
use zwerm_home::release::{self, Progress, When};
use zwerm_home::{Home, LogFiles, files, in_force, read_public_key};
use zwerm_ledger::receipt::{Receipt, verify};
use zwerm_question::compare::{Exposure, jointly, lesser};
use zwerm_question::session::BuildLimits;

use crate::demo::example::write;
use crate::error::AppError;
use crate::share::embargo;

/// The example that the demonstration shows.
pub fn example() -> Option<&'static str> {
    EXAMPLES.first().map(|example| example.name)
}

/// A home with the example in it.
#[derive(Debug)]
pub struct PreparedDemo {
    /// The home that the story is told in.
    pub home: Home,
    /// The versions of its agreement, oldest first.
    pub versions: Vec<Stored>,
    /// The synthetic data, and how well they fit.
    pub generated: Generated,
    /// The folder with the example's files, to try things with.
    pub folder: PathBuf,
}

/// Makes the home if it is not there, and brings the example into it; what is there is kept.
pub fn prepare(
    root: &Path,
    seed: u64,
    today: Date,
    now: Timestamp,
) -> Result<PreparedDemo, AppError> {
    let name = example().ok_or_else(|| AppError::Internal("no example".into()))?;
    Home::init(root, None)?;
    let home = Home::open(root)?;
    let staged = tempfile::tempdir().map_err(AppError::at(root))?;
    let written = write(name, seed, staged.path(), &|_| ())?;
    let mut versions = Vec::new();
    for file in written
        .files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "toml"))
    {
        versions.push(home.add(file, today, now)?.stored);
    }
    let folder = partners_folder(root)?;
    files::make_folder(&folder)?;
    write(name, seed, &folder, &|_| ())?;
    Ok(PreparedDemo {
        home,
        versions,
        generated: written.generated,
        folder,
    })
}

/// What lies with the partners lies beside the home: their keys never come into it.
fn partners_folder(root: &Path) -> Result<PathBuf, AppError> {
    let named = match root.file_name() {
        Some(_) => root.to_owned(),
        // such as `.`
        None => root.canonicalize().map_err(AppError::at(root))?,
    };
    let mut name = named.file_name().unwrap_or_default().to_owned();
    name.push("-partners");
    Ok(named.with_file_name(name))
}

/// The nearest day on which an agreement is valid: the demonstration works on any day.
pub fn valid_day(agreement: &Agreement, today: Date) -> Date {
    today.clamp(agreement.valid.from, agreement.valid.until)
}

/// What an attacker gets out of hidden cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttackOutcome {
    /// Cells that were hidden.
    pub hidden: usize,
    /// Hidden cells whose number follows from what is shown.
    pub derived: usize,
}

/// The same tables under attack, protected in three ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attacks {
    /// Small figures hidden and nothing else.
    pub small_only: AttackOutcome,
    /// Each table protected with its own totals.
    pub one_by_one: AttackOutcome,
    /// All tables protected jointly: the release.
    pub jointly: AttackOutcome,
}

/// Attacks the same tables, protected in three ways.
pub async fn attack(
    home: &Home,
    stored: &Stored,
    when: When,
    limits: &BuildLimits,
    progress: Progress<'_>,
) -> Result<Attacks, AppError> {
    let agreement = &stored.document.agreement;
    let Some(view) = agreement.view.first() else {
        return Err(AppError::Internal("an agreement without views".into()));
    };
    let agreed = in_force(stored, when.today)?;
    let permit = embargo::permit_to_build(home, stored, view, when.today, limits).await?;
    let permitted = (view, &permit);
    let built = release::ensure(home, agreed, permitted, when.now, limits, progress).await?;
    let sources = home.sources(agreement);
    let lesser = lesser(agreement, view, &sources, limits).await?;
    Ok(Attacks {
        small_only: try_on(&lesser.small_only),
        one_by_one: try_on(&lesser.one_by_one),
        jointly: try_on(&jointly(&built.cube, view)),
    })
}

/// Counts hidden cells that other tables show outright, or that follow by adding and subtracting.
fn try_on(exposure: &Exposure) -> AttackOutcome {
    let hidden = |position: &usize| exposure.hidden.get(*position) == Some(&true);
    let cells = exposure.cells.iter().enumerate();
    let shown_elsewhere = cells.filter(|(_, c)| c.known).map(|(position, _)| position);
    let derived = derivable(&exposure.dimensions, &exposure.cells);
    let found = shown_elsewhere.chain(derived).filter(hidden).count();
    AttackOutcome {
        hidden: exposure.hidden.iter().filter(|h| **h).count(),
        derived: found,
    }
}

/// A version of an agreement as a file that `zwerm ask --agreement FILE` takes.
pub fn file_of(folder: &Path, version: u32) -> Result<PathBuf, AppError> {
    let path = folder.join(format!("agreement-v{version}.toml"));
    load::file(&path)?;
    Ok(path)
}

/// A receipt that was written to a file and verified, as it is and with one byte changed.
#[derive(Debug)]
pub struct ReceiptChecks {
    /// The file of the receipt.
    pub file: PathBuf,
    /// The public key of the log.
    pub key: PathBuf,
    /// Whether it verifies as it was given.
    pub as_given: bool,
    /// Whether it verifies with one byte of a figure changed.
    pub one_byte_changed: bool,
    /// What the Go project's code says of the two; `None` where it is not at hand.
    pub by_go: Option<(bool, bool)>,
}

/// A program of ours that judges receipts with the Go project's code for signed notes and transparency logs.
const GO: &str = include_str!("../../../ledger/go/verify.go");
/// Where Debian's package `golang-golang-x-mod-dev` puts that code.
const GO_SOURCES: &str = "/usr/share/gocode";

/// Writes a receipt beside the home, and verifies it from there.
pub fn check_receipt(
    prepared: &PreparedDemo,
    root: &Path,
    receipt: &Receipt,
) -> Result<ReceiptChecks, AppError> {
    let file = prepared.folder.join("receipt.json");
    let bytes = receipt
        .to_bytes()
        .map_err(|e| AppError::Internal(e.to_string()))?;
    files::write(&file, &bytes)?;
    let key_file = LogFiles::of(root).public_key;
    let key = read_public_key(&key_file)?;
    let verifies = |bytes: &[u8]| verify(bytes, &key, &[]).is_ok_and(|v| v.faults.is_empty());
    let mut changed = bytes.clone();
    if let Some(digit) = figure(&bytes).and_then(|place| changed.get_mut(place)) {
        *digit ^= 1;
    }
    let by_go = by_go(&bytes, &changed, &key_file);
    Ok(ReceiptChecks {
        by_go,
        as_given: verifies(&bytes),
        one_byte_changed: verifies(&changed),
        file,
        key: key_file,
    })
}

/// What the Go project's code says of a receipt as it is and as it was changed, where it is at hand.
fn by_go(given: &[u8], changed: &[u8], key: &Path) -> Option<(bool, bool)> {
    if !Path::new(GO_SOURCES)
        .join("src/golang.org/x/mod/sumdb/tlog")
        .is_dir()
    {
        return None;
    }
    let folder = tempfile::tempdir().ok()?;
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).ok().map(|()| path)
    };
    let source = file("verify.go", GO.as_bytes())?;
    let program = folder.path().join("verify");
    let mut build = Command::new("go");
    build.args(["build", "-o"]).args([&program, &source]);
    build
        .env("GO111MODULE", "off")
        .env("GOFLAGS", "")
        .env("GOPATH", GO_SOURCES);
    if !build.output().ok()?.status.success() {
        return None;
    }
    let key = key.canonicalize().ok()?;
    let accepts = |receipt: &Path| {
        let mut command = Command::new(&program);
        let ran = command.arg("receipt").arg(&key).arg(receipt).output();
        ran.ok().map(|output| output.status.success())
    };
    let (given, changed) = (file("given.json", given)?, file("changed.json", changed)?);
    Some((accepts(&given)?, accepts(&changed)?))
}

/// Where the last digit of a figure of the answer is.
fn figure(receipt: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(receipt).ok()?;
    let rows = text.find("\"rows\":[")?;
    let mut places = text.bytes().enumerate().skip(rows);
    let (start, _) = places.find(|(place, byte)| {
        byte.is_ascii_digit() && text.as_bytes().get(place - 1) == Some(&b':')
    })?;
    let digits = text.bytes().skip(start).take_while(u8::is_ascii_digit);
    Some(start + digits.count() - 1)
}
