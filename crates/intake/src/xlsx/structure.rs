//! What a sheet holds beside its values: formulas, merged cells, and what is hidden.
//!
//! Values are read by another crate; what a person would want to know about the sheet is found here.

use std::{
    io::{BufReader, Read},
    path::Path,
};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::{WorkbookZip, damaged};
use crate::error::IntakeError;

/// Formulas that were never computed, of which the place is kept.
const MOST_PLACES: usize = 20;
/// Merged cells of which the place is kept: most are outside the table.
const MOST_MERGED: usize = 100_000;

/// What was found in a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Structure {
    /// Formulas, and the first of them.
    pub(super) formulas: u64,
    pub(super) first_formula: Option<String>,
    /// Formulas that were never computed.
    pub(super) uncomputed: Vec<String>,
    /// Merged cells, as `A1:B2`.
    pub(super) merged: Vec<String>,
    /// Rows and columns that are not shown.
    pub(super) hidden_rows: u64,
    pub(super) hidden_columns: u64,
}

/// Looks through the sheet of this name.
pub(super) fn scan(
    zip: &mut WorkbookZip,
    sheet: &str,
    file: &Path,
) -> Result<Structure, IntakeError> {
    let target = target(zip, sheet, file)?;
    let name = zip
        .file_names()
        .filter_map(Result::ok)
        .find(|name| name.eq_ignore_ascii_case(&target))
        .map(|name| name.into_owned())
        .ok_or_else(|| damaged(file))?;
    let part = zip.by_name(&name).map_err(|_| damaged(file))?;
    let mut found = Structure::default();
    let mut cell = SheetCell::default();
    each(part, |event| {
        match event {
            Event::Start(e) | Event::Empty(e) => found.see(e, &mut cell),
            Event::End(e) if e.local_name().as_ref() == "c" => found.close(&mut cell),
            _ => {}
        }
        true
    })
    .ok_or_else(|| damaged(file))?;
    Ok(found)
}

/// The cell that is being read.
#[derive(Default)]
struct SheetCell {
    address: String,
    formula: bool,
    value: bool,
}

impl Structure {
    fn see(&mut self, e: &BytesStart<'_>, cell: &mut SheetCell) {
        let hidden = || matches!(attribute(e, "hidden").as_deref(), Some("1" | "true"));
        match e.local_name().as_ref() {
            "c" => {
                *cell = SheetCell {
                    address: attribute(e, "r").unwrap_or_default(),
                    ..SheetCell::default()
                };
            }
            "f" => cell.formula = true,
            "v" | "is" => cell.value = true,
            "row" if hidden() => self.hidden_rows += 1,
            "col" if hidden() => {
                let end = |key| attribute(e, key).and_then(|n| n.parse::<u64>().ok());
                let (min, max) = (end("min").unwrap_or(1), end("max").unwrap_or(1));
                // a sheet may hide everything to the right of its table
                if max < 16_384 {
                    self.hidden_columns += max.saturating_sub(min) + 1;
                }
            }
            "mergeCell" => {
                let place = attribute(e, "ref").unwrap_or_default();
                if self.merged.len() < MOST_MERGED {
                    self.merged.push(place);
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, cell: &mut SheetCell) {
        let cell = std::mem::take(cell);
        if !cell.formula {
            return;
        }
        self.formulas += 1;
        if !cell.value && self.uncomputed.len() < MOST_PLACES {
            self.uncomputed.push(cell.address.clone());
        }
        self.first_formula.get_or_insert(cell.address);
    }
}

/// The part of the zip that holds the sheet of this name.
fn target(zip: &mut WorkbookZip, sheet: &str, file: &Path) -> Result<String, IntakeError> {
    let mut id = None;
    let workbook = zip.by_name("xl/workbook.xml").map_err(|_| damaged(file))?;
    each(workbook, |event| {
        if let Event::Start(e) | Event::Empty(e) = event
            && e.local_name().as_ref() == "sheet"
            && attribute(e, "name").as_deref() == Some(sheet)
        {
            id = attribute(e, "id");
        }
        id.is_none()
    })
    .ok_or_else(|| damaged(file))?;
    let id = id.ok_or_else(|| damaged(file))?;
    let mut target = None;
    let relations = zip.by_name("xl/_rels/workbook.xml.rels");
    each(relations.map_err(|_| damaged(file))?, |event| {
        if let Event::Start(e) | Event::Empty(e) = event
            && attribute(e, "Id").as_deref() == Some(&id)
        {
            target = attribute(e, "Target");
        }
        target.is_none()
    })
    .ok_or_else(|| damaged(file))?;
    let target = target.ok_or_else(|| damaged(file))?;
    Ok(match target.strip_prefix('/') {
        Some(from_root) => from_root.to_owned(),
        None => format!("xl/{target}"),
    })
}

/// An attribute by its name without prefix.
fn attribute(e: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = e.attributes();
    let mut sound = attributes.with_checks(false).flatten();
    let found = sound.find(|a| a.key.local_name().as_ref() == name)?;
    found
        .normalized_value(XmlVersion::Implicit1_0)
        .ok()
        .map(|value| value.into_owned())
}

/// Each event of an XML part, until one says stop; nothing when the part is damaged.
fn each(part: impl Read, mut see: impl FnMut(&Event<'_>) -> bool) -> Option<()> {
    let mut xml = Reader::from_reader(BufReader::new(part));
    xml.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).ok()? {
            Event::Eof => return Some(()),
            event => {
                if !see(&event) {
                    return Some(());
                }
            }
        }
    }
}
