//! Datasets as the agreement describes them: found, checked, fingerprinted, and readable.
//!
//! A source is checked whole before anything is computed from it, so that all its faults are told at
//! once, by place and never by value.

mod bytes;
mod csv;
mod decoded;
mod layout;
mod numbers;
mod parquet;
mod prepared;
mod rows;
mod survey;
mod table;
mod value;
mod xlsx;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use datafusion::{
    arrow::datatypes::{DataType, Field, Schema},
    prelude::SessionContext,
};
use zwerm_agreement::{
    agreement::{Agreement, ColumnType, Dataset, Format},
    text::Text,
};

pub use layout::Assumed;
pub use prepared::{StandardRows, standard_rows, write_csv, write_parquet};
pub use survey::{
    Remark, Survey, SurveyColumn, Suspicion, column_faults as key_column_faults, is_bsn,
    key_faults, survey,
};

use self::layout::{Kind, Layout};
use crate::error::{DataFault, QuestionError};

/// Faults told of one file; more are counted.
const MOST_FAULTS: usize = 20;

/// The files of an agreement's datasets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// Per dataset its file.
    pub files: BTreeMap<String, PathBuf>,
}

impl Sources {
    /// The files as the agreement names them, relative to `folder`.
    ///
    /// ```
    /// # use zwerm_agreement::{agreement::Document, sample};
    /// use zwerm_question::source::Sources;
    /// # let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
    /// let sources = Sources::beside(&agreement, std::path::Path::new("/home/data"));
    /// assert_eq!(sources.files.len(), agreement.dataset.len());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn beside(agreement: &Agreement, folder: &Path) -> Sources {
        let file = |d: &Dataset| (d.id.clone(), folder.join(&d.source));
        Sources {
            files: agreement.dataset.iter().map(file).collect(),
        }
    }
}

/// How the engine gets at the rows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum How {
    /// It reads the file by itself.
    PlainCsv,
    Parquet,
    /// We decode it while it is scanned.
    Decoded(Box<Layout>),
}

/// A dataset whose file was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The dataset.
    pub id: String,
    /// Who provides it.
    pub provider: String,
    /// SHA-256 of the file, in hexadecimal.
    pub fingerprint: String,
    file: PathBuf,
    how: How,
    /// Columns in the order of the file.
    columns: Vec<(String, ColumnType)>,
}

/// Checks one dataset's file against what was agreed: its columns, and that every value is of its type.
///
/// # Errors
/// All faults of the file at once (at most 20 are told), or that it cannot be read.
pub fn check(dataset: &Dataset, sources: &Sources) -> Result<Checked, QuestionError> {
    let missing = PathBuf::from(&dataset.source);
    let file = sources.files.get(&dataset.id).unwrap_or(&missing);
    let Some(kind) = layout::named(file) else {
        // the reason is told there
        layout::kind(file)?;
        return Err(QuestionError::Internal("a kind of file has no name".into()));
    };
    if !file.is_file() {
        return Err(one(
            file,
            None,
            Text::new(
                format!("het bestand van gegevensbron `{}` is er niet", dataset.id),
                format!("the file of dataset `{}` is not there", dataset.id),
            ),
            Text::new(
                "zet het op deze plek, of pas `source` in de afspraak aan",
                "put it there, or change `source` in the agreement",
            ),
        ));
    }
    match kind {
        Kind::Parquet => parquet::check(dataset, file),
        Kind::Csv if dataset.format.as_ref().is_none_or(Format::is_empty) => {
            found_out(dataset, file)
        }
        Kind::Csv | Kind::Xlsx => {
            let layout = decoded::layout(dataset, file)?;
            as_written(dataset, file, layout)
        }
    }
}

/// A CSV of which nothing is said: most are written as programs write, and else it is found out.
fn found_out(dataset: &Dataset, file: &Path) -> Result<Checked, QuestionError> {
    let plain = match csv::check(dataset, file) {
        Err(QuestionError::Data(faults)) => faults,
        done => return done,
    };
    layout::kind(file)?;
    let Some(shape) = layout::csv_shape(file)? else {
        return Err(QuestionError::Data(plain));
    };
    match decoded::layout(dataset, file) {
        Ok(layout) if !layout.is_plain() => decoded::check(dataset, file, layout),
        // days may be written day first
        Ok(layout) => decoded::check(dataset, file, layout).or(Err(QuestionError::Data(plain))),
        Err(error) if !shape.is_plain() => Err(error),
        // what is wrong with it as a plain file is what there is to tell
        Err(QuestionError::Data(_)) => Err(QuestionError::Data(plain)),
        Err(other) => Err(other),
    }
}

fn as_written(dataset: &Dataset, file: &Path, layout: Layout) -> Result<Checked, QuestionError> {
    if layout.is_plain() {
        csv::check(dataset, file)
    } else {
        decoded::check(dataset, file, layout)
    }
}

fn one(file: &Path, line: Option<u64>, what: Text, cure: Text) -> QuestionError {
    QuestionError::Data(vec![fault(file, line, what, cure)])
}

fn fault(file: &Path, line: Option<u64>, what: Text, cure: Text) -> DataFault {
    let name = file.display();
    DataFault {
        place: line.map_or_else(|| name.to_string(), |l| format!("{name}:{l}")),
        what,
        cure,
    }
}

fn unreadable(file: &Path, source: std::io::Error) -> QuestionError {
    QuestionError::File {
        path: file.display().to_string(),
        source,
    }
}

/// Columns that were agreed and are missing, or are there and were not agreed.
fn column_faults(dataset: &Dataset, file: &Path, found: &[String]) -> Vec<DataFault> {
    let mut faults = Vec::new();
    for name in dataset.columns.keys().filter(|c| !found.contains(c)) {
        let near = zwerm_agreement::suggest::nearest(name, found.iter().map(String::as_str));
        let (nl, en) = near.map_or_else(Default::default, |n| {
            (format!("; wel `{n}`"), format!("; `{n}` is there"))
        });
        faults.push(fault(
            file,
            Some(1),
            Text::new(
                format!("kolom `{name}` ontbreekt{nl}"),
                format!("column `{name}` is missing{en}"),
            ),
            Text::new(
                "voeg de kolom toe, of pas `columns` in de afspraak aan",
                "add the column, or change `columns` in the agreement",
            ),
        ));
    }
    for (position, name) in found.iter().enumerate() {
        if !dataset.columns.contains_key(name) {
            faults.push(fault(
                file,
                Some(1),
                Text::new(
                    format!("kolom `{name}` is niet afgesproken"),
                    format!("column `{name}` was not agreed"),
                ),
                Text::new(
                    "haal de kolom uit het bestand: wat niet is afgesproken, wordt niet gedeeld",
                    "take the column out of the file: what was not agreed is not shared",
                ),
            ));
        } else if found.iter().take(position).any(|earlier| earlier == name) {
            faults.push(fault(
                file,
                Some(1),
                Text::new(
                    format!("kolom `{name}` komt twee keer voor"),
                    format!("column `{name}` occurs twice"),
                ),
                Text::new("houd er één over", "keep one of them"),
            ));
        }
    }
    faults
}

/// The file as a URL: in a bare path `*`, `?` and `[` would mean other files.
fn address(file: &Path) -> Result<String, QuestionError> {
    let whole = std::path::absolute(file).map_err(|e| unreadable(file, e))?;
    let mut url = String::from("file://");
    for byte in whole.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' => url.push(char::from(*byte)),
            b if b.is_ascii_alphanumeric() => url.push(char::from(*b)),
            b => url.push_str(&format!("%{b:02X}")),
        }
    }
    Ok(url)
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn arrow(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Utf8 => DataType::Utf8,
        ColumnType::Int64 => DataType::Int64,
        ColumnType::Float64 => DataType::Float64,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Date => DataType::Date32,
    }
}

impl Checked {
    /// What a person would want to know of a workbook: formulas, what is hidden, other sheets.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        match &self.how {
            How::Decoded(layout) => layout.remarks(),
            How::PlainCsv | How::Parquet => &[],
        }
    }

    /// What was assumed of how the file is written; nothing when it is written as programs write.
    ///
    /// ```no_run
    /// # fn told(checked: &zwerm_question::source::Checked) {
    /// for assumed in checked.assumed() {
    ///     println!("{} {}: {}", assumed.key, assumed.value, assumed.how.en);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn assumed(&self) -> &[Assumed] {
        match &self.how {
            How::Decoded(layout) => &layout.assumed,
            How::PlainCsv | How::Parquet => &[],
        }
    }

    /// Makes the dataset a table of the session, under its id.
    pub(crate) async fn register(&self, session: &SessionContext) -> Result<(), QuestionError> {
        let path = address(&self.file)?;
        match &self.how {
            How::Decoded(layout) => {
                let layout = layout.as_ref().clone();
                let table = table::table(self.file.clone(), layout, &self.columns)?;
                let name = datafusion::common::TableReference::bare(self.id.as_str());
                session.register_table(name, Arc::new(table))?;
            }
            How::PlainCsv => {
                let fields = self.columns.iter();
                let fields: Vec<Field> = fields
                    .map(|(name, kind)| Field::new(name, arrow(*kind), true))
                    .collect();
                let schema = Schema::new(fields);
                let extension = format!(
                    ".{}",
                    self.file.extension().unwrap_or_default().to_string_lossy()
                );
                let options = datafusion::prelude::CsvReadOptions::new()
                    .schema(&schema)
                    .file_extension(&extension)
                    .newlines_in_values(true);
                let table = datafusion::common::TableReference::bare(self.id.as_str());
                session.register_csv(table, path, options).await?;
            }
            How::Parquet => {
                let extension = format!(
                    ".{}",
                    self.file.extension().unwrap_or_default().to_string_lossy()
                );
                let options = datafusion::prelude::ParquetReadOptions {
                    file_extension: &extension,
                    ..Default::default()
                };
                let frame = session.read_parquet(path, options).await?;
                let columns = self.columns.iter().map(|(name, kind)| {
                    let column = datafusion::prelude::ident(name);
                    let kind = match kind {
                        // the file gives texts as views already: copying them all takes longer than reading them
                        ColumnType::Utf8 => DataType::Utf8View,
                        other => arrow(*other),
                    };
                    datafusion::prelude::cast(column, kind).alias(name)
                });
                let frame = frame.select(columns.collect::<Vec<_>>())?;
                let table = datafusion::common::TableReference::bare(self.id.as_str());
                session.register_table(table, frame.into_view())?;
            }
        }
        Ok(())
    }
}
