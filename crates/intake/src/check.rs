//! A dataset's file checked against what was agreed: its kind, its columns, and every value of it.

use std::path::{Path, PathBuf};

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{
    agreement::{Dataset, Format},
    suggest,
    text::Text,
};

use crate::{
    checked::CheckedDataset,
    csv, decoded,
    error::IntakeError,
    fault::{fault, one},
    layout::{self, FileKind, FileLayout},
    parquet,
    sources::Sources,
};

/// Checks one dataset's file against what was agreed: its columns, and that every value is of its type.
///
/// # Errors
/// All faults of the file at once (at most 20 are listed), or that it cannot be read.
pub fn check(dataset: &Dataset, sources: &Sources) -> Result<CheckedDataset, IntakeError> {
    let missing = PathBuf::from(&dataset.source);
    let file = sources.files.get(&dataset.id).unwrap_or(&missing);
    let Some(kind) = layout::named(file) else {
        // says why
        layout::kind(file)?;
        return Err(IntakeError::Internal("a kind of file has no name".into()));
    };
    if !file.is_file() {
        return Err(one(
            file,
            None,
            FaultCode::NotFound,
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
        FileKind::Parquet => parquet::check(dataset, file),
        FileKind::Csv if dataset.format.as_ref().is_none_or(Format::is_empty) => {
            found_out(dataset, file)
        }
        FileKind::Csv | FileKind::Xlsx => {
            let layout = decoded::layout(dataset, file)?;
            as_written(dataset, file, layout)
        }
    }
}

/// A CSV of which nothing is said: most are written as programs write, and else it is found out.
fn found_out(dataset: &Dataset, file: &Path) -> Result<CheckedDataset, IntakeError> {
    let plain = match csv::check(dataset, file) {
        Err(IntakeError::Data(faults)) => faults,
        done => return done,
    };
    layout::kind(file)?;
    let Some(shape) = layout::csv_shape(file)? else {
        return Err(IntakeError::Data(plain));
    };
    match decoded::layout(dataset, file) {
        Ok(layout) if !layout.is_plain() => decoded::check(dataset, file, layout),
        // days may be written day first
        Ok(layout) => decoded::check(dataset, file, layout).or(Err(IntakeError::Data(plain))),
        Err(error) if !shape.is_plain() => Err(error),
        // report what is wrong with it as a plain file
        Err(IntakeError::Data(_)) => Err(IntakeError::Data(plain)),
        Err(other) => Err(other),
    }
}

fn as_written(
    dataset: &Dataset,
    file: &Path,
    layout: FileLayout,
) -> Result<CheckedDataset, IntakeError> {
    if layout.is_plain() {
        csv::check(dataset, file)
    } else {
        decoded::check(dataset, file, layout)
    }
}

/// Columns that were agreed and are missing, or are there and were not agreed.
pub(crate) fn column_faults(dataset: &Dataset, file: &Path, found: &[String]) -> Vec<Diagnostic> {
    let missing = dataset.columns.keys().filter(|c| !found.contains(c));
    let mut faults: Vec<Diagnostic> = missing
        .map(|name| missing_column(file, name, found))
        .collect();
    for (position, name) in found.iter().enumerate() {
        if !dataset.columns.contains_key(name) {
            faults.push(not_agreed(file, name));
        } else if found.iter().take(position).any(|earlier| earlier == name) {
            faults.push(fault(
                file,
                Some(1),
                FaultCode::Duplicate,
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

fn missing_column(file: &Path, name: &str, found: &[String]) -> Diagnostic {
    let near = suggest::nearest(name, found.iter().map(String::as_str));
    let (nl, en) = near.map_or_else(Default::default, |n| {
        (format!("; wel `{n}`"), format!("; `{n}` is there"))
    });
    fault(
        file,
        Some(1),
        FaultCode::Missing,
        Text::new(
            format!("kolom `{name}` ontbreekt{nl}"),
            format!("column `{name}` is missing{en}"),
        ),
        Text::new(
            "voeg de kolom toe, of pas `columns` in de afspraak aan",
            "add the column, or change `columns` in the agreement",
        ),
    )
}

fn not_agreed(file: &Path, name: &str) -> Diagnostic {
    fault(
        file,
        Some(1),
        FaultCode::Unknown,
        Text::new(
            format!("kolom `{name}` is niet afgesproken"),
            format!("column `{name}` was not agreed"),
        ),
        Text::new(
            "haal de kolom uit het bestand: wat niet is afgesproken, wordt niet gedeeld",
            "take the column out of the file: what was not agreed is not shared",
        ),
    )
}
