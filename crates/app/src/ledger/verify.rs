//! Verifying without a home: a receipt by itself, or a published log against an older checkpoint.

use std::fs;
use std::path::Path;

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;
use zwerm_home::{failed_at, log_words, note_words};
use zwerm_ledger::disk::FileDisk;
use zwerm_ledger::log::LogError;
use zwerm_ledger::note::{Checkpoint, LogVerifier, LogWitness, NoteError, open_checkpoint};
use zwerm_ledger::reader::LogReader;
use zwerm_ledger::receipt::{Receipt, ReceiptError, ReceiptVerdict, verify};
use zwerm_ledger::tree::{ProofError, check_consistency};

use crate::error::AppError;

/// A receipt is a few kilobytes, an answer in it at most some megabytes.
const LARGEST: u64 = 64 << 20;

/// Verifies a receipt with the log's key; every named witness must have signed.
pub fn receipt(
    path: &Path,
    key: &LogVerifier,
    witnesses: &[LogWitness],
) -> Result<ReceiptVerdict, AppError> {
    let bytes = read(path)?;
    verify(&bytes, key, witnesses).map_err(|error| no_receipt(path, &error))
}

/// How a log grew since an older checkpoint.
#[derive(Debug)]
pub struct Growth {
    /// The older checkpoint.
    pub old: Checkpoint,
    /// The checkpoint of now, if the log's key signed it.
    pub new: Option<Checkpoint>,
    /// Whether the log of now begins with all that was in it then.
    pub verdict: Result<(), Broken>,
}

/// Why a log is not the one that it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// It has fewer entries.
    Shrunk,
    /// What was in it then is not in it now.
    Changed,
    /// Its checkpoint is not one that its key signed, or its files are not those of it.
    Files(Text),
}

/// Checks that a published log still begins with all that an older checkpoint, or a receipt's, had.
pub fn growth(
    folder: &Path,
    since: &Path,
    key: &LogVerifier,
    witnesses: &[LogWitness],
) -> Result<Growth, AppError> {
    let old = old_checkpoint(since, key)?;
    let disk = FileDisk::new(folder);
    let reader = LogReader::new(&disk, "");
    let (new, verdict) = match reader.checkpoint(key, witnesses) {
        Ok(new) => {
            let verdict = grown(&reader, &old, &new);
            (Some(new), verdict)
        }
        Err(LogError::Note(error)) => (None, Err(Broken::Files(note_words(&error)))),
        Err(error) => return Err(failed_at(folder, error).into()),
    };
    Ok(Growth { old, new, verdict })
}

fn grown(reader: &LogReader<'_>, old: &Checkpoint, new: &Checkpoint) -> Result<(), Broken> {
    if old.size > new.size {
        return Err(Broken::Shrunk);
    }
    let proof = if old.size == 0 {
        Vec::new()
    } else {
        let proof = reader.prove_growth(old.size, new);
        proof.map_err(|error| Broken::Files(log_words(&error)))?
    };
    let checked = check_consistency(&proof, old.size, old.root, new.size, new.root);
    checked.map_err(|error| match error {
        ProofError::Shrunk { .. } => Broken::Shrunk,
        ProofError::Wrong | ProofError::NoSuchEntry { .. } => Broken::Changed,
    })
}

/// The checkpoint of a file that is one, or that is a receipt with one in it.
fn old_checkpoint(path: &Path, key: &LogVerifier) -> Result<Checkpoint, AppError> {
    let bytes = read(path)?;
    let bytes = match Receipt::parse(&bytes) {
        Ok(receipt) => receipt.checkpoint.into_bytes(),
        Err(_) => bytes,
    };
    open_checkpoint(&bytes, key, &[]).map_err(|error| no_checkpoint(path, &error))
}

fn read(path: &Path) -> Result<Vec<u8>, AppError> {
    zwerm_home::files::is_there(path)?;
    let size = fs::metadata(path).map_err(AppError::at(path))?.len();
    if size > LARGEST {
        let shown = path.display();
        return Err(AppError::usage(
            FaultCode::TooLarge,
            Text::new(
                format!("`{shown}` is te groot"),
                format!("`{shown}` is too large"),
            ),
            Text::new(
                "noem het controlebewijs of het controlepunt",
                "name the receipt or the checkpoint",
            ),
        ));
    }
    fs::read(path).map_err(AppError::at(path))
}

fn no_receipt(path: &Path, error: &ReceiptError) -> AppError {
    let shown = path.display();
    let what = match error {
        ReceiptError::Unknown(_) => Text::new(
            format!("`{shown}` is geen controlebewijs"),
            format!("`{shown}` is no receipt"),
        ),
        ReceiptError::Version(version) => Text::new(
            format!(
                "`{shown}` is een controlebewijs van versie {version}, die dit programma niet kent"
            ),
            format!(
                "`{shown}` is a receipt of version {version}, which this program does not know"
            ),
        ),
        ReceiptError::NotCanonical => Text::new(
            format!("`{shown}` is niet geschreven zoals een controlebewijs: het is veranderd"),
            format!("`{shown}` is not written as receipts are: it was changed"),
        ),
    };
    AppError::usage(
        FaultCode::Unreadable,
        what,
        Text::new(
            "neem het bestand zoals `zwerm ask --receipt` het schreef",
            "take the file as `zwerm ask --receipt` wrote it",
        ),
    )
}

fn no_checkpoint(path: &Path, error: &NoteError) -> AppError {
    let (shown, Text { nl, en }) = (path.display(), note_words(error));
    AppError::usage(
        FaultCode::Unreadable,
        Text::new(
            format!("`{shown}` is geen controlepunt van dit logboek: {nl}"),
            format!("`{shown}` is no checkpoint of this log: {en}"),
        ),
        Text::new(
            "neem een controlepunt of een controlebewijs dat met deze sleutel is ondertekend",
            "take a checkpoint or a receipt that was signed with this key",
        ),
    )
}
