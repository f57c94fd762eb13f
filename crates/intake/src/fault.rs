//! What is wrong with a file, where, and what would mend it; never a value of the data.

use std::path::Path;

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{agreement::ColumnType, suggest, text::Text};

use crate::error::IntakeError;

/// Faults of one file that are listed; more are counted.
pub(crate) const MOST_FAULTS: usize = 20;

/// An option that names a column which the file does not have; `known` are those that it has.
///
/// ```
/// let fault = zwerm_intake::no_column("--by", "wjk", &["wijk", "inkomen"]);
/// assert_eq!(
///     fault.to_string(),
///     "--by wjk: there is no column `wjk`; did you mean `wijk`?"
/// );
/// ```
#[must_use]
pub fn no_column(option: &str, column: &str, known: &[&str]) -> Diagnostic {
    let what = Text::new(
        format!("er is geen kolom `{column}`"),
        format!("there is no column `{column}`"),
    );
    Diagnostic::new(FaultCode::NotFound, what, suggest::cure(column, known))
        .at(format!("{option} {column}"))
}

/// Faults of one file: the first are listed, the rest counted.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    listed: Vec<Diagnostic>,
    more: u64,
}

impl Faults {
    pub(crate) fn extend(&mut self, faults: Vec<Diagnostic>) {
        for fault in faults {
            if self.listed.len() < MOST_FAULTS {
                self.listed.push(fault);
            } else {
                self.more += 1;
            }
        }
    }

    /// Nothing if there was no fault, otherwise all of them.
    pub(crate) fn none(mut self, file: &Path) -> Result<(), IntakeError> {
        let more = self.more;
        if more > 0 {
            self.listed.push(fault(
                file,
                None,
                FaultCode::TooMany,
                Text::new(
                    format!("en nog {more} fouten"),
                    format!("and {more} more faults"),
                ),
                Text::new("herstel deze eerst", "mend these first"),
            ));
        }
        if self.listed.is_empty() {
            Ok(())
        } else {
            Err(IntakeError::Data(self.listed))
        }
    }
}

/// An error that is this one fault.
pub(crate) fn one(
    file: &Path,
    line: Option<u64>,
    code: FaultCode,
    what: Text,
    cure: Text,
) -> IntakeError {
    IntakeError::Data(vec![fault(file, line, code, what, cure)])
}

/// A fault of a file, at a line of it where one is known.
pub(crate) fn fault(
    file: &Path,
    line: Option<u64>,
    code: FaultCode,
    what: Text,
    cure: Text,
) -> Diagnostic {
    let name = file.display();
    let place = line.map_or_else(|| name.to_string(), |l| format!("{name}:{l}"));
    Diagnostic::new(code, what, cure).at(place)
}

/// That the system cannot read a file.
pub(crate) fn unreadable(file: &Path, source: std::io::Error) -> IntakeError {
    IntakeError::File {
        path: file.display().to_string(),
        source,
    }
}

/// A line with more or fewer fields than the header.
pub(crate) fn ragged(file: &Path, line: u64, fields: usize, header: usize) -> Diagnostic {
    fault(
        file,
        Some(line),
        FaultCode::Malformed,
        Text::new(
            format!("de regel heeft {fields} velden, de kop {header}"),
            format!("the line has {fields} fields, the header {header}"),
        ),
        Text::new(
            "zet velden met het scheidingsteken erin tussen dubbele aanhalingstekens",
            "put fields that hold the separator between double quotes",
        ),
    )
}

/// A value that is not of the type of its column.
pub(crate) fn not_of_type(
    place: String,
    name: &str,
    kind: ColumnType,
    decimal: char,
) -> Diagnostic {
    let (nl, en) = match (kind, decimal) {
        (ColumnType::Float64, ',') => (
            "gewoon getal (met een komma, niet oneindig)",
            "plain finite number with a decimal comma",
        ),
        _ => words(kind),
    };
    let fault = Diagnostic::new(
        FaultCode::WrongType,
        Text::new(
            format!("kolom `{name}` is hier geen {nl}"),
            format!("column `{name}` is no {en} here"),
        ),
        Text::new(
            "verbeter de waarde, of laat het veld leeg als zij onbekend is",
            "mend the value, or leave the field empty if it is unknown",
        ),
    );
    fault.at(place)
}

/// What a value should have been.
fn words(kind: ColumnType) -> (&'static str, &'static str) {
    match kind {
        ColumnType::Utf8 => ("tekst", "text"),
        ColumnType::Int64 => ("geheel getal", "whole number"),
        ColumnType::Float64 => (
            "gewoon getal (met een punt, niet oneindig)",
            "plain finite number",
        ),
        ColumnType::Boolean => ("`true` of `false`", "`true` or `false`"),
        ColumnType::Date => ("datum (jjjj-mm-dd)", "date (yyyy-mm-dd)"),
    }
}
