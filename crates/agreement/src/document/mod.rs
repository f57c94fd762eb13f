//! The agreement document: TOML in, an [`Agreement`] and its consents out, or every fault at once; and TOML again.
//!
//! Read in three steps: the TOML parser (which goes on after an error), the shape (keys, types, words),
//! and the checks of one part against another. Each later step skips what an earlier one found faulty.
//!
//! Written in one place too: [`Document::to_toml`] says which key is written where, a [`Block`] how; what is not yet an
//! agreement is put into a block as far as it goes.

mod block;
mod check;
mod check_party;
mod check_view;
mod lines;
mod reader;
pub(crate) mod record;
mod shape;
mod shape_view;
mod unseen;
mod values;
mod write;

pub use block::{Block, Layout, Value};
pub use unseen::unseen_faults;
pub use write::with_consents;

use crate::diagnostic::{Diagnostic, Diagnostics, FaultCode, Position};
use toml::de::DeTable;

use self::reader::{DocumentReader, TableKeys};
use self::record::KeyRecord;
use crate::agreement::Agreement;
use crate::consent::Consent;
use crate::text::Text;

/// The largest document that is read: 1 MiB.
pub const LARGEST_DOCUMENT: usize = 1 << 20;

/// How a blank begins that a draft leaves to people, in Dutch and in English. A document with one is not finished.
pub const BLANKS: [&str; 2] = ["INVULLEN:", "FILL IN:"];

/// An agreement with the consents that are beside it in the same file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The agreement.
    pub agreement: Agreement,
    /// What parties decided about it; not part of its hash.
    pub consents: Vec<Consent>,
}

impl Document {
    /// Reads a document; `source_name` is what faults call it, usually a file name.
    ///
    /// # Errors
    /// Every fault in it, in order, with line, column and cure.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?;
    /// assert_eq!(document.agreement.party.len(), 5);
    ///
    /// let faults = Document::parse("a.toml", "verison = 1").unwrap_err();
    /// assert!(faults.to_string().contains("a.toml:1:1: `verison` is not known here; did you mean `version`?"));
    /// # Ok::<(), zwerm_agreement::diagnostic::Diagnostics>(())
    /// ```
    pub fn parse(source_name: &str, text: &str) -> Result<Self, Diagnostics> {
        if text.len() > LARGEST_DOCUMENT {
            return Err(too_large(source_name, text.len()));
        }
        let mut reader = DocumentReader::new(source_name, text);
        let document = read(&mut reader, text);
        reader.finish()?;
        Ok(document)
    }
}

fn read(reader: &mut DocumentReader<'_>, text: &str) -> Document {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        syntax_fault(reader, error);
    }
    let fields = TableKeys::new(reader, table.get_ref(), String::new(), 0);
    let document = shape::document(fields);
    if !reader.has_syntax_faults() {
        check::document(reader, &document);
    }
    document
}

/// What the reader asks for and expects when it reads this document.
///
/// # Errors
/// Every fault in it.
pub(crate) fn recorded(source_name: &str, text: &str) -> Result<KeyRecord, Diagnostics> {
    let mut reader = DocumentReader::new(source_name, text);
    reader.take_notes();
    read(&mut reader, text);
    let notes = reader.notes().unwrap_or_default();
    reader.finish()?;
    Ok(notes)
}

fn too_large(source_name: &str, bytes: usize) -> Diagnostics {
    let place = Position {
        source: source_name.to_owned(),
        line: 1,
        column: 1,
        path: String::new(),
    };
    let what = Text::new(
        format!("het document is te groot: {bytes} bytes"),
        format!("the document is too large: {bytes} bytes"),
    );
    let cure = Text::new(
        format!("houd het op hoogstens {LARGEST_DOCUMENT} bytes"),
        format!("keep it at no more than {LARGEST_DOCUMENT} bytes"),
    );
    Diagnostic::new(FaultCode::TooLarge, what, cure)
        .at(place)
        .into()
}

fn syntax_fault(reader: &mut DocumentReader<'_>, error: &toml::de::Error) {
    let offset = error.span().map_or(0, |span| span.start);
    let message = error.message();
    reader.syntax(
        offset,
        FaultCode::Malformed,
        Text::new(
            format!("dit is geen geldige TOML (`{message}`)"),
            format!("this is not valid TOML (`{message}`)"),
        ),
        Text::new(
            "kijk op deze regel naar aanhalingstekens, haakjes en het =-teken",
            "look for quotes, brackets and the = sign on this line",
        ),
    );
}

#[cfg(test)]
mod format_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod write_tests;
