//! Workbooks (`.xlsx`): one sheet of one, row by row.
//!
//! A workbook comes from anywhere and may be made to harm. It is counted before it is read
//! ([`guard`]), read on a thread of its own with bounded memory, and a reader that gives way is a fault.

mod guard;
mod rows;
mod structure;

use std::{fs::File, io::BufReader, panic::AssertUnwindSafe, path::Path};

use calamine::{Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{suggest, text::Text};

pub(super) use rows::XlsxRows;

use crate::{
    error::IntakeError,
    fault::{fault, one, unreadable},
    remark::Remark,
};

type WorkbookZip = ZipArchive<BufReader<File>>;

/// A sheet of a workbook, looked through but not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// Why this sheet.
    pub(super) how: Text,
    /// What a person would want to know, and what cannot be read.
    pub(super) remarks: Vec<Remark>,
    pub(super) faults: Vec<Diagnostic>,
    merged: Vec<String>,
}

/// Opens a workbook and chooses a sheet of it.
pub(super) fn open(file: &Path, wanted: Option<&str>) -> Result<Sheet, IntakeError> {
    sound(file, || {
        let mut zip = guard::archive(file)?;
        if zip.index_for_name("xl/workbook.xml").is_none() {
            return Err(no_workbook(file));
        }
        let mut book = book(file)?;
        let (name, how, mut remarks) = choose(&mut book, file, wanted)?;
        let found = structure::scan(&mut zip, &name, file)?;
        let faults = uncomputed(file, &name, &found);
        remarks.extend(remarked(file, &name, &found));
        Ok(Sheet {
            name,
            how,
            remarks,
            faults,
            merged: found.merged,
        })
    })
}

/// Runs a reader of workbooks; where it gives way, the workbook is damaged.
fn sound<T>(file: &Path, read: impl FnOnce() -> Result<T, IntakeError>) -> Result<T, IntakeError> {
    std::panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged(file)))
}

fn book(file: &Path) -> Result<Xlsx<BufReader<File>>, IntakeError> {
    let opened = File::open(file).map_err(|e| unreadable(file, e))?;
    Xlsx::new(BufReader::new(opened)).map_err(|_| damaged(file))
}

/// The sheet that was named, or the first that holds anything.
fn choose(
    book: &mut Xlsx<BufReader<File>>,
    file: &Path,
    wanted: Option<&str>,
) -> Result<(String, Text, Vec<Remark>), IntakeError> {
    let all = book.sheets_metadata().iter();
    let all: Vec<_> = all
        .filter(|s| s.typ == SheetType::WorkSheet)
        .cloned()
        .collect();
    let names: Vec<String> = all.iter().map(|s| s.name.clone()).collect();
    let is_hidden = |name: &str| {
        let mut sheets = all.iter();
        sheets.any(|s| s.name == name && s.visible != SheetVisible::Visible)
    };
    if let Some(wanted) = wanted {
        let Some(found) = names.iter().find(|n| *n == wanted) else {
            return Err(no_sheet(file, wanted, &names));
        };
        let how = Text::new("zo gekozen", "chosen so");
        let remarks = is_hidden(found).then(|| hidden_sheet(file, found));
        return Ok((found.clone(), how, remarks.into_iter().collect()));
    }
    let mut filled = Vec::new();
    for name in &names {
        if !is_hidden(name) && has_cells(book, name, file)? {
            filled.push(name.clone());
        }
    }
    let Some(first) = filled.first().cloned() else {
        return Err(no_sheet(file, "", &names));
    };
    let mut remarks = Vec::new();
    if filled.len() > 1 {
        remarks.push(other_sheets(file, &first, &filled));
    }
    let hidden = names.iter().filter(|name| is_hidden(name));
    remarks.extend(hidden.map(|name| hidden_sheet(file, name)));
    Ok((first, first_of(filled.len()), remarks))
}

/// Why the first sheet with anything in it was chosen, of so many.
fn first_of(filled: usize) -> Text {
    if filled == 1 {
        Text::new(
            "het enige blad met iets erin",
            "the only sheet with anything in it",
        )
    } else {
        Text::new(
            "het eerste blad met iets erin",
            "the first sheet with anything in it",
        )
    }
}

fn has_cells(
    book: &mut Xlsx<BufReader<File>>,
    name: &str,
    file: &Path,
) -> Result<bool, IntakeError> {
    let mut cells = book
        .worksheet_cells_reader(name)
        .map_err(|_| damaged(file))?;
    while let Some(cell) = cells.next_cell().map_err(|_| damaged(file))? {
        if !matches!(cell.get_value(), calamine::DataRef::Empty) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a file is that is called a workbook and is none, or the other way around.
pub(super) fn other_kind(file: &Path, start: &[u8]) -> Option<Diagnostic> {
    if start.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Some(old_container(file));
    }
    let parquet = || {
        Diagnostic::new(
            FaultCode::Mismatch,
            Text::new("dit is een Parquet-bestand", "this is a Parquet file"),
            Text::new(
                "laat de naam eindigen op `.parquet`",
                "let its name end in `.parquet`",
            ),
        )
    };
    start.starts_with(b"PAR1").then(parquet)
}

/// An old workbook, or a new one behind a password: both are in the same container.
fn old_container(file: &Path) -> Diagnostic {
    if holds_encrypted(file) {
        return Diagnostic::new(
            FaultCode::Unsupported,
            Text::new(
                "de werkmap is met een wachtwoord versleuteld",
                "the workbook is encrypted with a password",
            ),
            Text::new(
                "sla haar op zonder wachtwoord, op een plek die zelf beveiligd is",
                "save it without a password, in a place that is protected itself",
            ),
        );
    }
    Diagnostic::new(
        FaultCode::Unsupported,
        Text::new(
            "dit is een oud Excel-bestand (`.xls`)",
            "this is an old Excel file (`.xls`)",
        ),
        Text::new(
            "open het in een rekenblad en sla het op als `.xlsx` of als CSV (UTF-8)",
            "open it in a spreadsheet and save it as `.xlsx` or as CSV (UTF-8)",
        ),
    )
}

/// Whether an old container holds a workbook behind a password.
fn holds_encrypted(file: &Path) -> bool {
    use std::io::Read;
    let mark: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|f| f.take(8 << 20).read_to_end(&mut bytes));
    read.is_ok() && bytes.windows(mark.len()).any(|part| part == mark)
}

fn place(file: &Path, sheet: &str, cell: &str) -> String {
    format!("{}:{sheet}!{cell}", file.display())
}

fn uncomputed(file: &Path, sheet: &str, found: &structure::Structure) -> Vec<Diagnostic> {
    let fault = |cell: &String| {
        let uncomputed = Diagnostic::new(
            FaultCode::Missing,
            Text::new(
                "deze formule is nog nooit uitgerekend",
                "this formula was never computed",
            ),
            Text::new(
                "open de werkmap in een rekenblad en sla haar op, of plak de waarden",
                "open the workbook in a spreadsheet and save it, or paste the values",
            ),
        );
        uncomputed.at(place(file, sheet, cell))
    };
    found.uncomputed.iter().map(fault).collect()
}

fn remarked(file: &Path, sheet: &str, found: &structure::Structure) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if let Some(first) = &found.first_formula {
        let n = found.formulas;
        remarks.push(Remark::minor(
            place(file, sheet, first),
            Text::new(
                format!("{n} cellen zijn formules; gelezen is wat zij het laatst opleverden"),
                format!("{n} cells are formulas; what they gave last was read"),
            ),
            Text::new(
                "kijk of de werkmap na de laatste wijziging is doorgerekend en opgeslagen",
                "see whether the workbook was computed and saved after the last change",
            ),
        ));
    }
    let (rows, columns) = (found.hidden_rows, found.hidden_columns);
    if rows + columns > 0 {
        remarks.push(Remark::minor(
            format!("{}:{sheet}", file.display()),
            Text::new(
                format!(
                    "{rows} rijen en {columns} kolommen zijn verborgen; zij worden wel gelezen"
                ),
                format!("{rows} rows and {columns} columns are hidden; they are read all the same"),
            ),
            Text::new(
                "maak ze zichtbaar om te zien wat u deelt, of verwijder ze",
                "show them to see what you share, or delete them",
            ),
        ));
    }
    remarks
}

fn other_sheets(file: &Path, first: &str, filled: &[String]) -> Remark {
    let others: Vec<String> = filled.iter().skip(1).map(|n| format!("`{n}`")).collect();
    let others = others.join(", ");
    Remark::minor(
        format!("{}:{first}", file.display()),
        Text::new(
            format!("de werkmap heeft meer bladen: {others}"),
            format!("the workbook has more sheets: {others}"),
        ),
        Text::new(
            "kies een ander met `--sheet`",
            "choose another with `--sheet`",
        ),
    )
}

fn hidden_sheet(file: &Path, name: &str) -> Remark {
    Remark::minor(
        format!("{}:{name}", file.display()),
        Text::new("dit blad is verborgen", "this sheet is hidden"),
        Text::new(
            "kijk wat erop staat voor u de werkmap aan iemand geeft",
            "see what is on it before you give the workbook to anyone",
        ),
    )
}

fn no_sheet(file: &Path, wanted: &str, names: &[String]) -> IntakeError {
    let known = names.join("`, `");
    let (code, what, cure) = if wanted.is_empty() {
        (
            FaultCode::Empty,
            Text::new(
                "alle zichtbare bladen zijn leeg",
                "all visible sheets are empty",
            ),
            Text::new(
                format!("kies een ander blad met `--sheet`; er zijn: `{known}`"),
                format!("choose another sheet with `--sheet`; there are: `{known}`"),
            ),
        )
    } else {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        (
            FaultCode::NotFound,
            Text::new(
                format!("er is geen blad `{wanted}`"),
                format!("there is no sheet `{wanted}`"),
            ),
            suggest::cure(wanted, &names),
        )
    };
    one(file, None, code, what, cure)
}

fn no_workbook(file: &Path) -> IntakeError {
    one(
        file,
        None,
        FaultCode::Unreadable,
        Text::new(
            "dit is geen Excel-werkmap, maar een ander ingepakt bestand (misschien `.ods`, `.xlsb` of `.zip`)",
            "this is no Excel workbook but another packed file (perhaps `.ods`, `.xlsb` or `.zip`)",
        ),
        Text::new(
            "open het in een rekenblad en sla het op als `.xlsx` of als CSV (UTF-8)",
            "open it in a spreadsheet and save it as `.xlsx` or as CSV (UTF-8)",
        ),
    )
}

fn damaged(file: &Path) -> IntakeError {
    IntakeError::Data(vec![fault(
        file,
        None,
        FaultCode::Unreadable,
        Text::new(
            "dit is geen Excel-werkmap (`.xlsx`), of zij is beschadigd",
            "this is no Excel workbook (`.xlsx`), or it is damaged",
        ),
        Text::new(
            "open het in een rekenblad en sla het opnieuw op als `.xlsx`",
            "open it in a spreadsheet and save it anew as `.xlsx`",
        ),
    )])
}
