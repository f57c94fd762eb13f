//! CSV as partners deliver it, one header line: every line checked once.

use std::{
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{
    agreement::{ColumnType, Dataset},
    digest::Digest,
    text::Text,
};

use crate::{
    bytes::{Decoded, Digested},
    check::column_faults,
    checked::{CheckedDataset, RowReading},
    error::IntakeError,
    fault::{Faults, fault, not_of_type, one, ragged, unreadable},
    layout::{FileLayout, FileShape},
    rows::{Field, FileRow, Wrong},
    value::is_date,
};

/// Bytes in a line at most; longer ones are a sign of a lost quote.
const LONGEST_LINE: u64 = 1 << 20;

/// Checks a file as programs write it: UTF-8, comma, point.
pub(crate) fn check(dataset: &Dataset, file: &Path) -> Result<CheckedDataset, IntakeError> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(Watched::new(Digested::open(file)?, b','));
    let found = header(&mut reader, file)?;
    let faults = column_faults(dataset, file, &found);
    if !faults.is_empty() {
        return Err(IntakeError::Data(faults));
    }
    let columns: Vec<(String, ColumnType)> = found
        .iter()
        .filter_map(|name| Some((name.clone(), *dataset.columns.get(name)?)))
        .collect();
    let mut faults = Faults::default();
    let mut record = csv::ByteRecord::new();
    while reader
        .read_byte_record(&mut record)
        .map_err(|e| unread(file, e))?
    {
        let line = record.position().map_or(0, csv::Position::line);
        faults.extend(record_faults(file, line, &record, &columns));
    }
    faults.none(file)?;
    Ok(CheckedDataset {
        id: dataset.id.clone(),
        provider: dataset.provider.clone(),
        fingerprint: reader.into_inner().inner.finish(file)?,
        file: file.to_owned(),
        form: RowReading::PlainCsv,
        columns,
    })
}

/// The names of the columns.
fn header<R: Read>(
    reader: &mut csv::Reader<Watched<R>>,
    file: &Path,
) -> Result<Vec<String>, IntakeError> {
    let header = reader.byte_headers().map_err(|e| unread(file, e))?;
    let mut found = Vec::new();
    for name in header {
        match std::str::from_utf8(name) {
            Ok(name) => found.push(name.trim_start_matches('\u{feff}').to_owned()),
            Err(_) => return Err(IntakeError::Data(vec![not_utf8(file, 1)])),
        }
    }
    if found.is_empty() {
        return Err(one(
            file,
            Some(1),
            FaultCode::Empty,
            Text::new("het bestand is leeg", "the file is empty"),
            Text::new(
                "begin met een regel met de namen van de kolommen",
                "begin with a line that names the columns",
            ),
        ));
    }
    Ok(found)
}

/// The rows of a CSV, however it is written.
pub(crate) struct CsvRows {
    file: PathBuf,
    reader: csv::Reader<Watched<Decoded>>,
    header: Vec<String>,
    record: csv::ByteRecord,
    separator: u8,
}

impl CsvRows {
    pub(crate) fn open(file: &Path, layout: &FileLayout) -> Result<Self, IntakeError> {
        let FileShape::Csv {
            encoding,
            separator,
        } = layout.shape
        else {
            return Err(IntakeError::Internal("a CSV is read as no CSV".into()));
        };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(separator)
            .from_reader(Watched::new(Decoded::open(file, encoding)?, separator));
        let header = header(&mut reader, file)?;
        Ok(Self {
            file: file.to_owned(),
            reader,
            header,
            record: csv::ByteRecord::new(),
            separator,
        })
    }

    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// The next row, into `row`; false after the last.
    pub(crate) fn next(&mut self, row: &mut FileRow) -> Result<bool, IntakeError> {
        let more = self.reader.read_byte_record(&mut self.record);
        if !more.map_err(|e| unread(&self.file, e))? {
            return Ok(false);
        }
        row.number = self.record.position().map_or(0, csv::Position::line);
        row.fields.resize_with(self.record.len(), Field::default);
        for (field, bytes) in row.fields.iter_mut().zip(&self.record) {
            field.text.clear();
            field.kind = None;
            field.wrong = match std::str::from_utf8(bytes) {
                Ok(text) if text.contains('\0') => Some(Wrong::Nul),
                Ok(text) if holds_rows(text, self.separator) => Some(Wrong::OtherRows),
                Ok(text) => {
                    field.text.push_str(text);
                    None
                }
                Err(_) => Some(Wrong::NotText),
            };
        }
        Ok(true)
    }

    pub(crate) fn fingerprint(self, file: &Path) -> Result<Digest, IntakeError> {
        self.reader.into_inner().inner.into_inner().finish(file)
    }
}

fn record_faults(
    file: &Path,
    line: u64,
    record: &csv::ByteRecord,
    columns: &[(String, ColumnType)],
) -> Vec<Diagnostic> {
    if record.len() != columns.len() {
        return vec![ragged(file, line, record.len(), columns.len())];
    }
    let mut faults = Vec::new();
    for (field, (name, kind)) in record.iter().zip(columns) {
        let Ok(text) = std::str::from_utf8(field) else {
            faults.push(not_utf8(file, line));
            continue;
        };
        if text.contains('\0') {
            let place = format!("{}:{line}", file.display());
            faults.push(Wrong::Nul.described(name).at(place));
        } else if holds_rows(text, b',') {
            let place = format!("{}:{line}", file.display());
            faults.push(Wrong::OtherRows.described(name).at(place));
        } else if !fits(text, *kind) {
            let place = format!("{}:{line}", file.display());
            faults.push(not_of_type(place, name, *kind, '.'));
        }
    }
    faults
}

/// Whether a value holds what looks like other rows: a stray quote opens a value that goes on over the lines after it.
fn holds_rows(text: &str, separator: u8) -> bool {
    text.contains('\n') && text.as_bytes().contains(&separator)
}

/// Whether a value is of a type as programs write it; an empty field is a missing value.
fn fits(text: &str, kind: ColumnType) -> bool {
    text.is_empty()
        || match kind {
            ColumnType::Utf8 => true,
            ColumnType::Int64 => text.parse::<i64>().is_ok(),
            ColumnType::Float64 => text.parse::<f64>().is_ok_and(f64::is_finite),
            ColumnType::Boolean => {
                text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
            }
            ColumnType::Date => is_date(text),
        }
}

fn not_utf8(file: &Path, line: u64) -> Diagnostic {
    let what = Text::new("de tekst is geen UTF-8", "the text is not UTF-8");
    let cure = Text::new(
        "sla het bestand op als CSV met UTF-8",
        "save the file as CSV with UTF-8",
    );
    fault(file, Some(line), FaultCode::Unreadable, what, cure)
}

/// Why a CSV cannot be read on: [`Watched`] gives the line as the words of its error.
fn unread(file: &Path, error: csv::Error) -> IntakeError {
    let place = error.to_string();
    let csv::ErrorKind::Io(error) = error.into_kind() else {
        return IntakeError::Internal(place);
    };
    let line = error.to_string().parse().ok();
    let (line, code, what, cure) = match error.kind() {
        ErrorKind::UnexpectedEof => (
            line,
            FaultCode::Malformed,
            Text::new(
                "een aanhalingsteken wordt niet gesloten",
                "a quote is not closed",
            ),
            Text::new(
                "sluit het; schrijf een aanhalingsteken in een waarde als `\"\"`",
                "close it; write a quote within a value as `\"\"`",
            ),
        ),
        ErrorKind::FileTooLarge => (
            line,
            FaultCode::TooLarge,
            Text::new(
                "de regel is langer dan 1 MiB",
                "the line is longer than 1 MiB",
            ),
            Text::new(
                "zoek een aanhalingsteken dat niet wordt gesloten, of een verkeerd regeleinde",
                "look for a quote that is not closed, or a wrong end of line",
            ),
        ),
        ErrorKind::InvalidData => (
            None,
            FaultCode::Unreadable,
            Text::new(
                "de tekst is niet in de tekencodering die werd aangenomen",
                "the text is not in the encoding that was assumed",
            ),
            save_as_utf8(),
        ),
        _ => return unreadable(file, error),
    };
    one(file, line, code, what, cure)
}

fn save_as_utf8() -> Text {
    Text::new(
        "sla het bestand op als CSV met UTF-8",
        "save the file as CSV with UTF-8",
    )
}

/// Passes text on, and stops at a record without end.
struct Watched<R> {
    inner: R,
    record: CsvRecord,
}

impl<R> Watched<R> {
    fn new(inner: R, separator: u8) -> Self {
        Self {
            inner,
            record: CsvRecord {
                at: CsvState::Start,
                line: 1,
                began: 1,
                length: 0,
                separator,
            },
        }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        for byte in buffer.get(..n).unwrap_or_default() {
            self.record.pass(*byte);
            if self.record.length > LONGEST_LINE {
                return Err(self.record.error(ErrorKind::FileTooLarge));
            }
        }
        if n == 0 && !buffer.is_empty() && self.record.at == CsvState::Quoted {
            return Err(self.record.error(ErrorKind::UnexpectedEof));
        }
        Ok(n)
    }
}

/// Where in a record the file is: a quote opens at the start of a field only, and a line may end
/// within quotes. The same rules as those of the readers that come after.
struct CsvRecord {
    at: CsvState,
    line: u64,
    /// The line on which the record began.
    began: u64,
    length: u64,
    separator: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CsvState {
    Start,
    Plain,
    Quoted,
    /// After a quote within quotes: the end of them, or half a quote that is part of the value.
    Quote,
}

impl CsvRecord {
    fn pass(&mut self, byte: u8) {
        self.length += 1;
        if byte == b'\n' {
            self.line += 1;
        }
        self.at = match (self.at, byte) {
            (CsvState::Start, b'"') | (CsvState::Quote, b'"') => CsvState::Quoted,
            (CsvState::Quoted, b'"') => CsvState::Quote,
            (CsvState::Quoted, _) => CsvState::Quoted,
            (_, byte) if byte == self.separator => CsvState::Start,
            (_, b'\n' | b'\r') => {
                self.began = self.line;
                self.length = 0;
                CsvState::Start
            }
            _ => CsvState::Plain,
        };
    }

    fn error(&self, kind: ErrorKind) -> std::io::Error {
        std::io::Error::new(kind, self.began.to_string())
    }
}
