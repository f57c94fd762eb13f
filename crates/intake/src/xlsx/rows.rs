//! The rows of a sheet: its first row with anything in it names the columns.
//!
//! A thread of its own reads the workbook and hands over some hundreds of rows at a time, so that the
//! memory in use does not grow with the sheet.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

use calamine::{DataRef, ExcelDateTime};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{agreement::ColumnType, text::Text};

use super::{Sheet, book, damaged, place, sound};
use crate::{
    error::IntakeError,
    fault::{MOST_FAULTS, one},
    rows::{Field, FileRow, Wrong},
};

/// Rows that are handed over at a time.
const BATCH: usize = 256;
/// Columns of a table at most.
const MOST_COLUMNS: usize = 4_096;

enum SheetMessage {
    Header(Header),
    Rows(Vec<FileRow>),
    Failed(IntakeError),
}

struct Header {
    names: Vec<String>,
    /// The column of the sheet in which the table begins, from 0.
    first: u32,
}

/// The rows of a sheet, one after the other.
pub(crate) struct XlsxRows {
    file: PathBuf,
    sheet: String,
    header: Header,
    messages: Receiver<SheetMessage>,
    waiting: std::vec::IntoIter<FileRow>,
}

impl XlsxRows {
    pub(crate) fn open(file: &Path, sheet: &Sheet) -> Result<Self, IntakeError> {
        let (send, messages) = sync_channel(4);
        let (path, own) = (file.to_owned(), sheet.clone());
        std::thread::spawn(move || {
            if let Err(error) = sound(&path, || SheetReading::new(&path, &own, &send).run()) {
                // whoever waits for rows may have gone
                let _ = send.send(SheetMessage::Failed(error));
            }
        });
        match messages.recv() {
            Ok(SheetMessage::Header(header)) => Ok(Self {
                file: file.to_owned(),
                sheet: sheet.name.clone(),
                header,
                messages,
                waiting: Vec::new().into_iter(),
            }),
            Ok(SheetMessage::Failed(error)) => Err(error),
            _ => Err(damaged(file)),
        }
    }

    pub(crate) fn header(&self) -> &[String] {
        &self.header.names
    }

    /// The next row, into `row`; false after the last.
    pub(crate) fn next(&mut self, row: &mut FileRow) -> Result<bool, IntakeError> {
        loop {
            if let Some(next) = self.waiting.next() {
                *row = next;
                return Ok(true);
            }
            match self.messages.recv() {
                Ok(SheetMessage::Rows(rows)) => self.waiting = rows.into_iter(),
                Ok(SheetMessage::Failed(error)) => return Err(error),
                Ok(SheetMessage::Header(_)) => {}
                Err(_) => return Ok(false),
            }
        }
    }

    /// Where a field is, for people.
    pub(crate) fn place(&self, row: u64, column: usize) -> String {
        let column = u64::from(self.header.first) + column as u64;
        place(&self.file, &self.sheet, &address(row, column))
    }
}

/// `A1` for row 1 and column 0.
fn address(row: u64, column: u64) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters.reverse();
    letters.into_iter().chain(row.to_string().chars()).collect()
}

/// Row and column of `A1`, row from 1 and column from 0.
fn position(address: &str) -> Option<(u64, u64)> {
    let digits = address.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = address.split_at(digits);
    let mut column = 0_u64;
    for letter in letters.bytes() {
        let value = u64::from(letter.to_ascii_uppercase().checked_sub(b'A')?) + 1;
        column = column.checked_mul(26)?.checked_add(value)?;
    }
    Some((row.parse().ok()?, column.checked_sub(1)?))
}

struct SheetReading<'a> {
    file: &'a Path,
    sheet: &'a Sheet,
    send: &'a SyncSender<SheetMessage>,
    header: Option<(u32, usize)>,
    batch: Vec<FileRow>,
    faults: Vec<Diagnostic>,
}

impl<'a> SheetReading<'a> {
    fn new(file: &'a Path, sheet: &'a Sheet, send: &'a SyncSender<SheetMessage>) -> Self {
        Self {
            file,
            sheet,
            send,
            header: None,
            batch: Vec::new(),
            faults: Vec::new(),
        }
    }

    fn run(mut self) -> Result<(), IntakeError> {
        let mut book = book(self.file)?;
        let cells = book.worksheet_cells_reader(&self.sheet.name);
        let mut cells = cells.map_err(|_| damaged(self.file))?;
        let mut current: Vec<(u32, Field)> = Vec::new();
        let mut row = 0;
        while let Some(cell) = cells.next_cell().map_err(|_| damaged(self.file))? {
            let (at, column) = cell.get_position();
            if at != row {
                if at < row {
                    return Err(damaged(self.file));
                }
                if !self.finish(row, &mut current)? {
                    return Ok(());
                }
                row = at;
            }
            if let Some(field) = field(cell.get_value()) {
                current.push((column, field));
            }
        }
        self.finish(row, &mut current)?;
        if self.header.is_none() {
            return Err(no_header(self.file, &self.sheet.name));
        }
        if !self.faults.is_empty() {
            return Err(IntakeError::Data(self.faults));
        }
        let _ = self.send.send(SheetMessage::Rows(self.batch));
        Ok(())
    }

    /// A row is complete; false when nobody wants more.
    fn finish(&mut self, row: u32, cells: &mut Vec<(u32, Field)>) -> Result<bool, IntakeError> {
        if cells.is_empty() {
            return Ok(true);
        }
        let number = u64::from(row) + 1;
        let Some((first, width)) = self.header else {
            let header = self.header(number, std::mem::take(cells))?;
            self.header = Some((header.first, header.names.len()));
            return Ok(self.send.send(SheetMessage::Header(header)).is_ok());
        };
        let mut fields: Vec<Field> = vec![Field::default(); width];
        for (column, field) in cells.drain(..) {
            let within = column.checked_sub(first).map(|c| c as usize);
            match within.and_then(|c| fields.get_mut(c)) {
                Some(free) => *free = field,
                None => self.outside(number, u64::from(column)),
            }
        }
        self.batch.push(FileRow { number, fields });
        if self.batch.len() < BATCH {
            return Ok(true);
        }
        let batch = std::mem::take(&mut self.batch);
        Ok(self.send.send(SheetMessage::Rows(batch)).is_ok())
    }

    fn header(&self, row: u64, cells: Vec<(u32, Field)>) -> Result<Header, IntakeError> {
        let first = cells.iter().map(|(c, _)| *c).min().unwrap_or(0);
        let last = cells.iter().map(|(c, _)| *c).max().unwrap_or(0);
        let width = (last - first) as usize + 1;
        if width > MOST_COLUMNS {
            return Err(too_wide(self.file));
        }
        let mut names = vec![String::new(); width];
        for (column, field) in cells {
            if let Some(name) = names.get_mut((column - first) as usize) {
                *name = field.text;
            }
        }
        let mut faults = self.merged(row, u64::from(first), u64::from(last));
        for (column, _) in names
            .iter()
            .zip(u64::from(first)..)
            .filter(|(n, _)| n.is_empty())
            .map(|(n, c)| (c, n))
        {
            faults.push(self.fault(
                &address(row, column),
                FaultCode::Missing,
                Text::new("deze kolom heeft geen naam", "this column has no name"),
                Text::new(
                    "geef haar in deze cel een naam, of verwijder de lege kolom",
                    "give it a name in this cell, or delete the empty column",
                ),
            ));
        }
        if faults.is_empty() {
            Ok(Header { names, first })
        } else {
            Err(IntakeError::Data(faults))
        }
    }

    /// Merged cells within the table.
    fn merged(&self, row: u64, first: u64, last: u64) -> Vec<Diagnostic> {
        let within = |range: &&String| {
            let (start, end) = range.split_once(':').unwrap_or((range, range));
            match (position(start), position(end)) {
                (Some((_, left)), Some((bottom, right))) => {
                    bottom >= row && right >= first && left <= last
                }
                _ => false,
            }
        };
        let merged = self.sheet.merged.iter().filter(within);
        let fault = |range: &String| {
            self.fault(
                range,
                FaultCode::Unsupported, Text::new(
                    "samengevoegde cellen: bij welke rij en kolom de waarde hoort, staat er niet",
                    "merged cells: to which row and column the value belongs is not written",
                ),
                Text::new(
                    "hef de samenvoeging op en vul elke cel; staat er een titel boven de tabel, haal die weg",
                    "unmerge them and fill each cell; if a title stands above the table, take it out",
                ),
            )
        };
        merged.take(MOST_FAULTS).map(fault).collect()
    }

    fn outside(&mut self, row: u64, column: u64) {
        if self.faults.len() >= MOST_FAULTS {
            return;
        }
        let fault = self.fault(
            &address(row, column),
            FaultCode::Malformed,
            Text::new(
                "hier staat iets buiten de tabel: de kolom heeft geen naam",
                "something stands outside the table here: the column has no name",
            ),
            Text::new(
                "haal het weg, of geef de kolom een naam in de eerste rij",
                "take it out, or name the column in the first row",
            ),
        );
        self.faults.push(fault);
    }

    fn fault(&self, cell: &str, code: FaultCode, what: Text, cure: Text) -> Diagnostic {
        let place = place(self.file, &self.sheet.name, cell);
        Diagnostic::new(code, what, cure).at(place)
    }
}

/// A cell as a field; nothing for an empty one.
fn field(value: &DataRef<'_>) -> Option<Field> {
    let text = |text: &str| (!text.is_empty()).then(|| Field::written(text));
    match value {
        DataRef::Empty => None,
        DataRef::String(t) | DataRef::DurationIso(t) => text(t),
        DataRef::SharedString(t) => text(t),
        DataRef::Int(n) => Some(Field::of(ColumnType::Int64, n.to_string())),
        DataRef::Float(x) => Some(number(*x)),
        DataRef::Bool(b) => Some(Field::of(ColumnType::Boolean, b.to_string())),
        DataRef::DateTime(moment) => Some(date(moment)),
        DataRef::DateTimeIso(t) => Some(iso(t)),
        DataRef::Error(_) => Some(Field::wrong(Wrong::ErrorValue)),
    }
}

fn number(x: f64) -> Field {
    let whole = x.fract() == 0.0 && x.abs() < 9_007_199_254_740_992.0;
    let kind = if whole {
        ColumnType::Int64
    } else {
        ColumnType::Float64
    };
    Field::of(kind, format!("{}", x + 0.0))
}

fn date(moment: &ExcelDateTime) -> Field {
    if !moment.is_datetime() {
        return number(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let text = format!("{year:04}-{month:02}-{day:02}");
    // Excel knows a day that never was
    if text == "1900-02-29" || moment.as_f64() < 1.0 {
        return Field::wrong(Wrong::NoDay);
    }
    if (hour, minute, second, milli) != (0, 0, 0, 0) {
        return Field {
            text: format!("{text}T{hour:02}:{minute:02}:{second:02}"),
            kind: Some(ColumnType::Date),
            wrong: Some(Wrong::TimeOfDay),
        };
    }
    Field::of(ColumnType::Date, text)
}

fn iso(text: &str) -> Field {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let midnight = time.bytes().all(|b| matches!(b, b'0' | b':' | b'.' | b'Z'));
    Field {
        text: if midnight { day } else { text }.to_owned(),
        kind: Some(ColumnType::Date),
        wrong: (!midnight).then_some(Wrong::TimeOfDay),
    }
}

fn no_header(file: &Path, sheet: &str) -> IntakeError {
    let mut error = one(
        file,
        None,
        FaultCode::Empty,
        Text::new("het blad is leeg", "the sheet is empty"),
        Text::new(
            "begin met een rij met de namen van de kolommen",
            "begin with a row that names the columns",
        ),
    );
    if let IntakeError::Data(faults) = &mut error {
        for fault in faults {
            fault.place = format!("{}:{sheet}", file.display()).into();
        }
    }
    error
}

fn too_wide(file: &Path) -> IntakeError {
    one(
        file,
        None,
        FaultCode::TooLarge,
        Text::new(
            format!("de tabel is breder dan {MOST_COLUMNS} kolommen"),
            format!("the table is wider than {MOST_COLUMNS} columns"),
        ),
        Text::new(
            "haal weg wat er ver rechts op het blad staat",
            "take out what stands far to the right on the sheet",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_a_spreadsheet() {
        for (row, column, text) in [
            (1, 0, "A1"),
            (7, 25, "Z7"),
            (2, 26, "AA2"),
            (9, 701, "ZZ9"),
            (1, 702, "AAA1"),
        ] {
            assert_eq!(address(row, column), text);
            assert_eq!(position(text), Some((row, column)));
        }
        for wrong in ["", "A", "1", "ZZZZZZZZZZZZZZZZZZZZ1", "a-1"] {
            assert_eq!(position(wrong), None, "{wrong}");
        }
    }
}
