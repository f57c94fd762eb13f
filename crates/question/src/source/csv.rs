//! CSV (UTF-8, comma, one header line) as partners deliver it: every line checked once.

use std::{
    fs::File,
    io::{BufReader, ErrorKind, Read},
    path::Path,
};

use sha2::{Digest, Sha256};
use zwerm_commons::{
    agreement::{ColumnType, Dataset},
    text::Text,
};

use super::{Checked, Kind, MOST_FAULTS, column_faults, fault, hex, one, unreadable};
use crate::error::{DataFault, QuestionError};

/// Bytes in a line at most; longer ones are a sign of a lost quote.
const LONGEST_LINE: u64 = 1 << 20;

pub(super) fn check(dataset: &Dataset, file: &Path) -> Result<Checked, QuestionError> {
    let opened = File::open(file).map_err(|e| unreadable(file, e))?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(Watched {
            inner: BufReader::with_capacity(1 << 16, opened),
            digest: Sha256::new(),
            record: Record {
                at: At::Start,
                line: 1,
                began: 1,
                length: 0,
            },
        });
    let header = reader.byte_headers().map_err(|e| unread(file, e))?.clone();
    let mut faults = Vec::new();
    let mut found = Vec::new();
    for name in &header {
        match std::str::from_utf8(name) {
            Ok(name) => found.push(name.trim_start_matches('\u{feff}').to_owned()),
            Err(_) => return Err(QuestionError::Data(vec![not_utf8(file, 1)])),
        }
    }
    if header.is_empty() {
        return Err(one(
            file,
            Some(1),
            Text::new("het bestand is leeg", "the file is empty"),
            Text::new(
                "begin met een regel met de namen van de kolommen",
                "begin with a line that names the columns",
            ),
        ));
    }
    faults.extend(column_faults(dataset, file, &found));
    if !faults.is_empty() {
        return Err(QuestionError::Data(faults));
    }
    let columns: Vec<(String, ColumnType)> = found
        .iter()
        .filter_map(|name| Some((name.clone(), *dataset.columns.get(name)?)))
        .collect();
    let mut record = csv::ByteRecord::new();
    let mut more = 0_u64;
    while reader
        .read_byte_record(&mut record)
        .map_err(|e| unread(file, e))?
    {
        let line = record.position().map_or(0, csv::Position::line);
        for fault in record_faults(file, line, &record, &columns) {
            if faults.len() < MOST_FAULTS {
                faults.push(fault);
            } else {
                more += 1;
            }
        }
    }
    if more > 0 {
        faults.push(fault(
            file,
            None,
            Text::new(
                format!("en nog {more} fouten"),
                format!("and {more} more faults"),
            ),
            Text::new("herstel deze eerst", "mend these first"),
        ));
    }
    if !faults.is_empty() {
        return Err(QuestionError::Data(faults));
    }
    let mut watched = reader.into_inner();
    std::io::copy(&mut watched, &mut std::io::sink()).map_err(|e| unreadable(file, e))?;
    Ok(Checked {
        id: dataset.id.clone(),
        provider: dataset.provider.clone(),
        fingerprint: hex(&watched.digest.finalize()),
        file: file.to_owned(),
        kind: Kind::Csv,
        columns,
    })
}

fn record_faults(
    file: &Path,
    line: u64,
    record: &csv::ByteRecord,
    columns: &[(String, ColumnType)],
) -> Vec<DataFault> {
    if record.len() != columns.len() {
        let (n, all) = (record.len(), columns.len());
        return vec![fault(
            file,
            Some(line),
            Text::new(
                format!("de regel heeft {n} velden, de kop {all}"),
                format!("the line has {n} fields, the header {all}"),
            ),
            Text::new(
                "zet velden met een komma erin tussen dubbele aanhalingstekens",
                "put fields that hold a comma between double quotes",
            ),
        )];
    }
    let mut faults = Vec::new();
    for (field, (name, kind)) in record.iter().zip(columns) {
        let Ok(text) = std::str::from_utf8(field) else {
            faults.push(not_utf8(file, line));
            continue;
        };
        if text.contains('\0') {
            faults.push(fault(
                file,
                Some(line),
                Text::new(
                    format!("kolom `{name}` heeft een NUL-teken"),
                    format!("column `{name}` has a NUL character"),
                ),
                Text::new(
                    "schrijf het bestand opnieuw; zo te zien is het beschadigd",
                    "write the file anew; it looks damaged",
                ),
            ));
        } else if let Some((nl, en)) = wrong(text, *kind) {
            faults.push(fault(
                file,
                Some(line),
                Text::new(
                    format!("kolom `{name}` is hier geen {nl}"),
                    format!("column `{name}` is no {en} here"),
                ),
                Text::new(
                    "verbeter de waarde, of laat het veld leeg als zij onbekend is",
                    "mend the value, or leave the field empty if it is unknown",
                ),
            ));
        }
    }
    faults
}

/// What a value should have been, when it is not; an empty field is a missing value.
fn wrong(text: &str, kind: ColumnType) -> Option<(&'static str, &'static str)> {
    if text.is_empty() {
        return None;
    }
    let (fine, nl, en) = match kind {
        ColumnType::Utf8 => (true, "tekst", "text"),
        ColumnType::Int64 => (text.parse::<i64>().is_ok(), "geheel getal", "whole number"),
        ColumnType::Float64 => (
            text.parse::<f64>().is_ok_and(f64::is_finite),
            "gewoon getal (met een punt, niet oneindig)",
            "plain finite number",
        ),
        ColumnType::Boolean => (
            text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
            "`true` of `false`",
            "`true` or `false`",
        ),
        ColumnType::Date => (is_date(text), "datum (jjjj-mm-dd)", "date (yyyy-mm-dd)"),
    };
    (!fine).then_some((nl, en))
}

fn is_date(text: &str) -> bool {
    use datafusion::arrow::{compute::kernels::cast_utils::Parser, datatypes::Date32Type};
    text.len() == 10 && Date32Type::parse(text).is_some()
}

fn not_utf8(file: &Path, line: u64) -> DataFault {
    fault(
        file,
        Some(line),
        Text::new("de tekst is geen UTF-8", "the text is not UTF-8"),
        Text::new(
            "sla het bestand op als CSV met UTF-8",
            "save the file as CSV with UTF-8",
        ),
    )
}

fn unread(file: &Path, error: csv::Error) -> QuestionError {
    let place = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(e) if e.kind() == ErrorKind::UnexpectedEof => one(
            file,
            e.to_string().parse().ok(),
            Text::new(
                "een aanhalingsteken wordt niet gesloten",
                "a quote is not closed",
            ),
            Text::new(
                "sluit het; schrijf een aanhalingsteken in een waarde als `\"\"`",
                "close it; write a quote within a value as `\"\"`",
            ),
        ),
        csv::ErrorKind::Io(e) if e.kind() == ErrorKind::FileTooLarge => one(
            file,
            e.to_string().parse().ok(),
            Text::new(
                "de regel is langer dan 1 MiB",
                "the line is longer than 1 MiB",
            ),
            Text::new(
                "zoek een aanhalingsteken dat niet wordt gesloten, of een verkeerd regeleinde",
                "look for a quote that is not closed, or a wrong end of line",
            ),
        ),
        csv::ErrorKind::Io(e) => unreadable(file, e),
        _ => QuestionError::Internal(place),
    }
}

/// Passes a file on while it fingerprints it, and stops at a record without end.
struct Watched {
    inner: BufReader<File>,
    digest: Sha256,
    record: Record,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        let read = buffer.get(..n).unwrap_or_default();
        self.digest.update(read);
        for byte in read {
            self.record.pass(*byte);
            if self.record.length > LONGEST_LINE {
                return Err(self.record.error(ErrorKind::FileTooLarge));
            }
        }
        if n == 0 && !buffer.is_empty() && self.record.at == At::Quoted {
            return Err(self.record.error(ErrorKind::UnexpectedEof));
        }
        Ok(n)
    }
}

/// Where in a record the file is: a quote opens at the start of a field only, and a line may end
/// within quotes. The same rules as those of the readers that come after.
struct Record {
    at: At,
    line: u64,
    /// The line on which the record began.
    began: u64,
    length: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Plain,
    Quoted,
    /// After a quote within quotes: the end of them, or half a quote that is part of the value.
    Quote,
}

impl Record {
    fn pass(&mut self, byte: u8) {
        self.length += 1;
        if byte == b'\n' {
            self.line += 1;
        }
        self.at = match (self.at, byte) {
            (At::Start, b'"') | (At::Quote, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) => At::Quoted,
            (_, b',') => At::Start,
            (_, b'\n' | b'\r') => {
                self.began = self.line;
                self.length = 0;
                At::Start
            }
            _ => At::Plain,
        };
    }

    fn error(&self, kind: ErrorKind) -> std::io::Error {
        std::io::Error::new(kind, self.began.to_string())
    }
}
