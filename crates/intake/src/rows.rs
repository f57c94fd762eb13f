//! A file as rows of fields, whatever kind of file it is; one row in memory at a time.

use std::path::Path;

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{agreement::ColumnType, digest::Digest, text::Text};

use crate::{
    csv::CsvRows,
    error::IntakeError,
    layout::{FileLayout, FileShape},
    numbers::NumberFormat,
    parquet::ParquetRows,
    value::Missing,
    xlsx::XlsxRows,
};

/// Why a field cannot be read, whatever its column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wrong {
    /// `#N/A`, `#REF!` and the like.
    ErrorValue,
    /// A date with a time of day.
    TimeOfDay,
    /// A serial number that is no day.
    NoDay,
    /// Bytes that are no text.
    NotText,
    /// A NUL character.
    Nul,
    /// A line break and the separator: a stray quote made other rows part of this value.
    OtherRows,
}

impl Wrong {
    /// What is wrong and what would mend it; `name` is the column.
    pub(crate) fn described(self, name: &str) -> Diagnostic {
        let (code, what, cure) = match self {
            Self::ErrorValue => (
                FaultCode::WrongType,
                Text::new(
                    format!(
                        "kolom `{name}` heeft hier een foutwaarde van het rekenblad, zoals `#N/B`"
                    ),
                    format!(
                        "column `{name}` has an error value of the spreadsheet here, such as `#N/A`"
                    ),
                ),
                Text::new(
                    "herstel de formule, of maak de cel leeg als de waarde onbekend is",
                    "mend the formula, or empty the cell if the value is unknown",
                ),
            ),
            Self::TimeOfDay => (
                FaultCode::WrongType,
                Text::new(
                    format!("kolom `{name}` heeft hier een dag met een tijdstip"),
                    format!("column `{name}` has a day with a time here"),
                ),
                Text::new(
                    "lever alleen de dag, of het tijdstip als tekst",
                    "deliver the day alone, or the time as text",
                ),
            ),
            Self::OtherRows => (
                FaultCode::Malformed,
                Text::new(
                    format!(
                        "een waarde van kolom `{name}` begint hier en loopt door over andere regels"
                    ),
                    format!("a value of column `{name}` begins here and runs on over other lines"),
                ),
                Text::new(
                    "zoek een los aanhalingsteken; schrijf het in een waarde als `\"\"`, of haal het weg",
                    "look for a stray quote; write it within a value as `\"\"`, or take it out",
                ),
            ),
            Self::NoDay => (
                FaultCode::OutOfRange,
                Text::new(
                    format!("kolom `{name}` heeft hier een datum die niet bestaat"),
                    format!("column `{name}` has a date here that does not exist"),
                ),
                Text::new("verbeter de datum", "mend the date"),
            ),
            Self::NotText => (
                FaultCode::Unreadable,
                Text::new("de tekst is geen UTF-8", "the text is not UTF-8"),
                Text::new(
                    "sla het bestand op als CSV met UTF-8",
                    "save the file as CSV with UTF-8",
                ),
            ),
            Self::Nul => (
                FaultCode::Unreadable,
                Text::new(
                    format!("kolom `{name}` heeft een NUL-teken"),
                    format!("column `{name}` has a NUL character"),
                ),
                Text::new(
                    "schrijf het bestand opnieuw; zo te zien is het beschadigd",
                    "write the file anew; it looks damaged",
                ),
            ),
        };
        Diagnostic::new(code, what, cure)
    }
}

/// One field: as it is written in a CSV, in standard form from files that know what a value is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) text: String,
    /// What the file says that it is; nothing for text.
    pub(crate) kind: Option<ColumnType>,
    pub(crate) wrong: Option<Wrong>,
}

impl Field {
    pub(crate) fn written(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn of(kind: ColumnType, text: String) -> Self {
        Self {
            text,
            kind: Some(kind),
            wrong: None,
        }
    }

    pub(crate) fn wrong(wrong: Wrong) -> Self {
        Self {
            wrong: Some(wrong),
            ..Self::default()
        }
    }
}

/// One row, with its line in a CSV or its number on a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FileRow {
    pub(crate) number: u64,
    pub(crate) fields: Vec<Field>,
}

/// The rows of a file.
pub(crate) enum FileRows {
    Csv(Box<CsvRows>),
    Xlsx(XlsxRows),
    Parquet(ParquetRows),
}

impl FileRows {
    pub(crate) fn open(file: &Path, layout: &FileLayout) -> Result<Self, IntakeError> {
        Ok(match &layout.shape {
            FileShape::Csv { .. } => Self::Csv(Box::new(CsvRows::open(file, layout)?)),
            FileShape::Xlsx(sheet) => Self::Xlsx(XlsxRows::open(file, sheet)?),
            FileShape::Parquet => Self::Parquet(ParquetRows::open(file)?),
        })
    }

    /// The names of the columns.
    pub(crate) fn header(&self) -> &[String] {
        match self {
            Self::Csv(rows) => rows.header(),
            Self::Xlsx(rows) => rows.header(),
            Self::Parquet(rows) => rows.header(),
        }
    }

    /// The next row, into `row`; false after the last. A row of a CSV may have more or fewer fields than the header.
    pub(crate) fn next(&mut self, row: &mut FileRow) -> Result<bool, IntakeError> {
        match self {
            Self::Csv(rows) => rows.next(row),
            Self::Xlsx(rows) => rows.next(row),
            Self::Parquet(rows) => rows.next(row),
        }
    }

    /// Where a field is, for people.
    pub(crate) fn place(&self, file: &Path, row: u64, column: usize) -> String {
        match self {
            Self::Xlsx(rows) => rows.place(row, column),
            _ => format!("{}:{row}", file.display()),
        }
    }

    /// The fingerprint of the bytes that were read; nothing for files that are not read from front to back.
    pub(crate) fn fingerprint(self, file: &Path) -> Result<Digest, IntakeError> {
        match self {
            Self::Csv(rows) => rows.fingerprint(file),
            _ => crate::bytes::fingerprint(file),
        }
    }
}

/// How the fields of a file are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldReading {
    pub(crate) numbers: NumberFormat,
    pub(crate) missing: Missing,
}
