//! A first agreement, drafted from the data that it is to be about: what there is to group by and to add up.
//!
//! The draft is a document like any other. What only people can decide is a blank in it, to be filled.

mod columns;
mod keys;
mod place;
mod sql;
mod text;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use zwerm_agreement::agreement::{BLANKS, Document, Format};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::{Lang, Text};
use zwerm_intake::{IntakeError, Survey, key_faults, survey};

use crate::error::AppError;
pub use crate::share::own::draft::columns::Hierarchy;
pub use crate::share::own::draft::columns::suggested;
pub(crate) use crate::share::own::draft::columns::unnameable;
pub use crate::share::own::draft::columns::{ColumnChoice, DraftColumns};
pub use crate::share::own::draft::keys::several_values;
pub use crate::share::own::draft::text::DraftProtection;
pub use crate::share::own::draft::text::VIEW;
pub use crate::share::own::draft::text::dataset_id;
pub use crate::share::own::draft::text::document;
use crate::slug::slug;
use zwerm_home::files::is_there;

/// A file of data that was looked through.
#[derive(Debug)]
pub struct DraftTable {
    /// Where it is.
    pub file: PathBuf,
    /// Where it is, seen from the document.
    pub source: String,
    /// How it is written, as far as somebody said so.
    pub options: Format,
    /// What is in it.
    pub survey: Survey,
}

/// A dimension of the view.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftDimension {
    /// The file, by its place.
    pub table: usize,
    /// The column in the file.
    pub column: String,
    /// Its name in the view.
    pub name: String,
    /// The values of the column, which an agreement lists.
    pub values: Vec<String>,
    /// The larger whole of each value.
    pub parents: Vec<(String, String)>,
    /// Whether a unit has one value of it.
    pub per_unit: bool,
}

/// A measure of the view.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftMeasure {
    /// The file, by its place.
    pub table: usize,
    /// The column in the file.
    pub column: String,
    /// Its name in the view.
    pub name: String,
    /// Bounds that every value lies within.
    pub lower: f64,
    /// The upper one.
    pub upper: f64,
}

/// What an agreement is drafted from.
#[derive(Debug)]
pub struct AgreementDraft {
    /// The id of the agreement, after the first file.
    pub id: String,
    /// The files, each a dataset of the agreement.
    pub tables: Vec<DraftTable>,
    /// The key column, the same in every file.
    pub key: String,
    /// The name of the key in the view.
    pub key_name: String,
    /// What there is to group by.
    pub dimensions: Vec<DraftDimension>,
    /// What there is to add up.
    pub measures: Vec<DraftMeasure>,
    /// How the tables are protected.
    pub protection: DraftProtection,
    /// The day from which it is valid.
    pub today: Date,
    /// Whether placeholder parties consent, so that asking works at once.
    pub trial: bool,
}

/// What to draft an agreement from.
#[derive(Debug, Clone)]
pub struct DraftRequest {
    /// The files, all in one folder.
    pub files: Vec<PathBuf>,
    /// How they are written.
    pub options: Format,
    /// The column that tells units apart, in every file.
    pub key: String,
    /// Whether placeholder parties consent.
    pub trial: bool,
    /// The first day on which the agreement is valid.
    pub today: Date,
    /// The language of its comments.
    pub lang: Lang,
    /// Where to write it; beside the first file otherwise.
    pub output: Option<PathBuf>,
}

/// A draft that was written.
#[derive(Debug)]
pub struct DraftedAgreement {
    /// Where the agreement was written.
    pub path: PathBuf,
    /// What it was drafted from.
    pub draft: AgreementDraft,
}

/// Dimensions of a draft at most, and how many of them go together.
const MOST_SUGGESTED: usize = 8;
const TOGETHER: usize = 3;

/// Drafts an agreement and writes it; never over another file.
pub fn draft(request: &DraftRequest) -> Result<DraftedAgreement, AppError> {
    let (mut tables, mut faults) = look(&request.files, &request.options, &request.key)?;
    let personal = tables
        .iter()
        .flat_map(|t| t.survey.remarks.iter().filter(|r| r.personal));
    faults.extend(personal.filter_map(|remark| remark.fault()));
    let Some(first) = request.files.first() else {
        return Err(AppError::Internal("a draft of nothing".into()));
    };
    let path = match &request.output {
        Some(path) => path.clone(),
        None => first.with_file_name(format!("{}.toml", id_of(first))),
    };
    faults.extend(place::seen_from(&path, &mut tables)?);
    told(faults)?;
    let draft = drafted(request, tables)?;
    let text = document(&draft, request.lang);
    // what we write must be an agreement once it is filled in; no words would make a key
    let lines = text.lines().filter(|line| !line.starts_with("public_key"));
    let lines: Vec<&str> = lines.collect();
    let filled = BLANKS
        .iter()
        .fold(lines.join("\n"), |text, blank| text.replace(blank, ""));
    Document::parse(&path.display().to_string(), &filled)?;
    zwerm_home::files::keep_others(&path, &text)?;
    zwerm_home::files::write(&path, text.as_bytes())?;
    Ok(DraftedAgreement { path, draft })
}

fn drafted(request: &DraftRequest, tables: Vec<DraftTable>) -> Result<AgreementDraft, AppError> {
    let key = &request.key;
    let DraftColumns {
        mut dimensions,
        measures,
    } = suggested(&tables, key);
    dimensions.truncate(MOST_SUGGESTED);
    let mut faults = keys::strangers(&tables, key)?;
    faults.extend(keys::repeated(&tables, key, &measures));
    told(faults)?;
    several_values(&tables, key, &mut dimensions)?;
    Ok(AgreementDraft {
        key_name: key_name(&tables, key),
        key: key.clone(),
        protection: DraftProtection {
            minimum: 10,
            dominance: None,
            p_percent: (!measures.is_empty()).then_some(10.0),
            round_to: 5,
            most: dimensions.len().clamp(1, TOGETHER),
        },
        id: request.files.first().map(|f| id_of(f)).unwrap_or_default(),
        tables,
        dimensions,
        measures,
        today: request.today,
        trial: request.trial,
    })
}

/// The name of the key in the view.
pub fn key_name(tables: &[DraftTable], key: &str) -> String {
    let column = tables.first().and_then(|t| t.survey.find_column(key));
    column.map_or_else(|| key.to_owned(), |c| c.sql_name.clone())
}

/// Nothing, or all that is wrong.
pub fn told(faults: Vec<Diagnostic>) -> Result<(), AppError> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(AppError::from(faults))
    }
}

/// Looks files through; returns what can be read of them, and the faults of all of them at once.
pub fn look(
    files: &[PathBuf],
    options: &Format,
    key: &str,
) -> Result<(Vec<DraftTable>, Vec<Diagnostic>), AppError> {
    let mut tables = Vec::new();
    let mut faults: Vec<Diagnostic> = Vec::new();
    for file in files {
        is_there(file)?;
        let survey = match survey(file, options) {
            Ok(survey) => survey,
            Err(IntakeError::Data(all)) => {
                faults.extend(all);
                continue;
            }
            Err(other) => return Err(other.into()),
        };
        faults.extend(survey.faults());
        faults.extend(columns::unnameable(file, &survey));
        faults.extend(key_faults(&survey, key));
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        tables.push(DraftTable {
            file: file.clone(),
            source: name.into_owned(),
            options: options.clone(),
            survey,
        });
    }
    Ok((tables, faults))
}

/// An id made of a file's name.
pub fn id_of(file: &Path) -> String {
    slug(
        &file.file_stem().unwrap_or_default().to_string_lossy(),
        "tabel",
    )
}

/// A fault of an option.
pub fn fault(place: String, code: FaultCode, what: Text, cure: Text) -> Diagnostic {
    Diagnostic::new(code, what, cure).at(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_any_file_name() {
        for (file, id) in [
            ("Huur 2025.csv", "huur-2025"),
            ("data/2025_élk.xlsx", "tabel-2025-elk"),
            ("---.csv", "tabel"),
        ] {
            assert_eq!(id_of(Path::new(file)), id);
            assert!(
                zwerm_agreement::name::is_id(&id_of(Path::new(file))),
                "{file}"
            );
        }
    }
}
