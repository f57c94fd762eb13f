//! Reading agreement documents from files, and telling a file from an id.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use zwerm_agreement::agreement::{Agreement, Document, LARGEST_DOCUMENT};
use zwerm_agreement::diagnostic::{Diagnostic, Diagnostics, FaultCode, Position};
use zwerm_agreement::digest::Digest;
use zwerm_agreement::document::unseen_faults;
use zwerm_agreement::signature::ValidStatements;
use zwerm_agreement::status::StatusEvent;
use zwerm_agreement::text::Text;

use crate::config::default_zone;
use crate::error::HomeError;

/// An agreement with all that is known of it. A copy shares what is long.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The document, consents included.
    pub document: Arc<Document>,
    /// The agreement's identity.
    pub hash: Digest,
    /// What happened to this version since it was in force; nothing for a file without a home.
    pub events: Vec<StatusEvent>,
    /// What applies of consents and events: of a file without a home all of it, in a home what is signed.
    pub counting: Arc<ValidStatements>,
    /// The first day on which this version was in force, by what was said of it; nothing for a file without a home.
    pub first_day: Option<Date>,
    /// The file that it was read from.
    pub path: PathBuf,
}

/// What a person means by `ID|FILE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgreementTarget {
    /// A document as a plain file.
    File(PathBuf),
    /// An agreement in the home: `id` or `id@version`.
    Id(String),
}

impl AgreementTarget {
    /// A file if it ends in `.toml` or has a folder in it, an id otherwise.
    ///
    /// An id has neither a dot nor a slash, so nothing can be taken for the other.
    pub fn parse(text: &str) -> Self {
        let named_as_file = text.contains(['/', '\\', '.']);
        if named_as_file {
            Self::File(text.into())
        } else {
            Self::Id(text.to_owned())
        }
    }
}

/// Reads a document from a file.
pub fn file(path: &Path) -> Result<Stored, HomeError> {
    let (stored, _) = file_with_text(path)?;
    Ok(stored)
}

/// Reads a document from a file, and gives its text as well.
///
/// Paths to data are checked too: they stay in the document's folder and lead to a kind of file that is read. What somebody
/// brings holds no characters that nobody sees.
pub(crate) fn file_with_text(path: &Path) -> Result<(Stored, String), HomeError> {
    let text = read(path)?;
    let hidden = unseen_faults(&path.display().to_string(), &text);
    if hidden.is_empty() {
        return Ok((of_text(path, &text)?, text));
    }
    let mut faults = match of_text(path, &text) {
        Err(HomeError::Wrong(Diagnostics(faults))) => faults,
        Err(other) => return Err(other),
        Ok(_) => Vec::new(),
    };
    faults.extend(hidden);
    Err(Diagnostics(faults).into())
}

/// Reads a document that the home took before.
pub(crate) fn taken(path: &Path) -> Result<Stored, HomeError> {
    of_text(path, &read(path)?)
}

fn of_text(path: &Path, text: &str) -> Result<Stored, HomeError> {
    let name = path.display().to_string();
    let document = Document::parse(&name, text)?;
    let faults = source_faults(&name, text, &document.agreement);
    if !faults.is_empty() {
        return Err(Diagnostics(faults).into());
    }
    let hash = document.agreement.hash()?;
    Ok(Stored {
        counting: Arc::new(ValidStatements {
            consents: document.consents.clone(),
            zone: default_zone(),
            ..ValidStatements::default()
        }),
        first_day: None,
        document: Arc::new(document),
        hash,
        events: Vec::new(),
        path: path.to_owned(),
    })
}

/// The folder that a document's data paths are relative to.
pub fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn read(path: &Path) -> Result<String, HomeError> {
    let shown = path.display();
    if path.is_dir() {
        return Err(HomeError::usage(
            FaultCode::Unreadable,
            Text::new(
                format!("`{shown}` is een map, geen afspraak"),
                format!("`{shown}` is a folder, not an agreement"),
            ),
            Text::new(
                "noem het bestand in die map",
                "name the file in that folder",
            ),
        ));
    }
    let size = fs::metadata(path).map_err(|error| unreadable(path, error))?;
    if size.len() > LARGEST_DOCUMENT as u64 {
        return Err(Diagnostics::from(too_large(size.len()).at(start(path))).into());
    }
    let bytes = fs::read(path).map_err(|error| unreadable(path, error))?;
    String::from_utf8(bytes).map_err(|error| not_text(path, &error).into())
}

fn unreadable(path: &Path, source: std::io::Error) -> HomeError {
    let shown = path.display();
    match source.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => HomeError::usage(
            FaultCode::NotFound,
            Text::new(
                format!("het bestand `{shown}` is er niet"),
                format!("there is no file `{shown}`"),
            ),
            Text::new(
                "kijk naar de spelling en de map; een afspraak in het huis noemt u bij haar id",
                "check the spelling and the folder; an agreement in the home goes by its id",
            ),
        ),
        _ => HomeError::Environment {
            path: path.to_owned(),
            source,
        },
    }
}

fn too_large(bytes: u64) -> Diagnostic {
    Diagnostic::new(
        FaultCode::TooLarge,
        Text::new(
            format!("het document is te groot: {bytes} bytes"),
            format!("the document is too large: {bytes} bytes"),
        ),
        Text::new(
            format!("houd het op hoogstens {LARGEST_DOCUMENT} bytes"),
            format!("keep it at no more than {LARGEST_DOCUMENT} bytes"),
        ),
    )
}

fn not_text(path: &Path, error: &std::string::FromUtf8Error) -> Diagnostics {
    let bytes = error.as_bytes();
    let valid = bytes.get(..error.utf8_error().valid_up_to());
    let before = String::from_utf8_lossy(valid.unwrap_or_default());
    let line = before.rsplit('\n').next().unwrap_or_default();
    let place = Position {
        line: before.matches('\n').count() + 1,
        column: line.chars().count() + 1,
        ..start(path)
    };
    let not_text = Diagnostic::new(
        FaultCode::Unreadable,
        Text::new("dit is geen tekst in UTF-8", "this is not text in UTF-8"),
        Text::new(
            "bewaar de afspraak als platte tekst (TOML) in UTF-8",
            "save the agreement as plain text (TOML) in UTF-8",
        ),
    );
    not_text.at(place).into()
}

/// The start of a document.
fn start(path: &Path) -> Position {
    Position {
        source: path.display().to_string(),
        line: 1,
        column: 1,
        path: String::new(),
    }
}

/// What is wrong with the paths to data.
fn source_faults(name: &str, text: &str, agreement: &Agreement) -> Vec<Diagnostic> {
    let datasets = agreement.dataset.iter().enumerate();
    let faulty = datasets.filter_map(|(index, dataset)| {
        let fault = source_fault(&dataset.source)?;
        let (line, column) = find(text, &dataset.source);
        let place = Position {
            source: name.to_owned(),
            line,
            column,
            path: format!("dataset[{index}].source"),
        };
        Some(fault.at(place))
    });
    faulty.collect()
}

fn source_fault(source: &str) -> Option<Diagnostic> {
    let path = Path::new(source);
    let stays = path
        .components()
        .all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
    let foreign = source.contains(['\\', ':']);
    if !stays || foreign {
        return Some(Diagnostic::new(
            FaultCode::NotPermitted,
            Text::new(
                format!("`{source}` leidt buiten de map van de afspraak"),
                format!("`{source}` leads out of the agreement's folder"),
            ),
            Text::new(
                "noem een bestand in deze map of daaronder, zonder `..`, zoals `data/woningen.csv`",
                "name a file in this folder or below, without `..`, such as `data/woningen.csv`",
            ),
        ));
    }
    if extension(source).is_none() {
        return Some(Diagnostic::new(
            FaultCode::Unsupported,
            Text::new(
                format!("`{source}` is geen soort bestand dat wordt gelezen"),
                format!("`{source}` is no kind of file that is read"),
            ),
            Text::new(
                "lever de gegevens als `.csv`, `.xlsx` of `.parquet`",
                "deliver the data as `.csv`, `.xlsx` or `.parquet`",
            ),
        ));
    }
    None
}

/// The kinds of data file that are read.
pub const KINDS: [&str; 3] = ["csv", "xlsx", "parquet"];

/// The kind of a data file, if it is one that is read.
pub fn extension(source: &str) -> Option<&'static str> {
    let found = Path::new(source).extension()?.to_str()?;
    KINDS
        .into_iter()
        .find(|known| found.eq_ignore_ascii_case(known))
}

/// Line and column, from 1, of the first place where `source` is given this value.
fn find(text: &str, value: &str) -> (usize, usize) {
    let places = text.lines().enumerate().filter_map(|(index, line)| {
        let key = line.find("source")?;
        let at = line.get(key..)?.find(value)? + key;
        let before = line.get(..at)?;
        Some((index + 1, before.chars().count()))
    });
    let mut places = places;
    places.next().unwrap_or((1, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_dot_or_a_slash_is_a_file() {
        for text in ["a.toml", "./a", "map/a", "a.txt", "..", "C:\\a"] {
            assert!(
                matches!(AgreementTarget::parse(text), AgreementTarget::File(_)),
                "{text}"
            );
        }
        for text in ["leiden", "leiden-wonen@2", ""] {
            assert!(
                matches!(AgreementTarget::parse(text), AgreementTarget::Id(_)),
                "{text}"
            );
        }
    }

    #[test]
    fn data_stay_in_the_agreements_folder() {
        for source in [
            "../a.csv",
            "/etc/a.csv",
            "data/../../a.csv",
            "C:\\a.csv",
            "a.xls",
            "a.ods",
            "a",
            "",
            ".csv",
        ] {
            assert!(source_fault(source).is_some(), "{source}");
        }
        for source in [
            "a.csv",
            "data/a.csv",
            "./data/a.PARQUET",
            "a.b.csv",
            "a.xlsx",
        ] {
            assert!(source_fault(source).is_none(), "{source}");
        }
    }
}
