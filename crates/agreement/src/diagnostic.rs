//! What is wrong with what somebody gave: a stable code, where, what, and what would mend it; always all of it.
//!
//! One shape serves documents, data, forms, commands and the machine's own failures, so that every door shows them alike
//! and a program can tell them apart by their code. What conditions forbid is no diagnostic but a [`crate::refusal`].

use std::fmt;

use serde::Serialize;

use crate::text::{Lang, Text};
use crate::words;

words! {
    in "zwerm_agreement::diagnostic";
    /// What kind of thing is wrong; the names are stable.
    pub enum FaultCode {
        /// Something required is not there.
        Missing = "missing",
        /// Something required is there and holds nothing.
        Empty = "empty",
        /// More characters than are taken.
        TooLong = "too-long",
        /// More bytes than are taken, or a file that unpacks to more.
        TooLarge = "too-large",
        /// More of a thing than is taken.
        TooMany = "too-many",
        /// A number or day outside its range.
        OutOfRange = "out-of-range",
        /// The same thing twice.
        Duplicate = "duplicate",
        /// A new thing with the name of one that is there.
        Exists = "exists",
        /// What was named is not there.
        NotFound = "not-found",
        /// A key, column, word or option that is not known.
        Unknown = "unknown",
        /// Something known that has no place here.
        NotApplicable = "not-applicable",
        /// A value of another type than agreed.
        WrongType = "wrong-type",
        /// Not written the way such a thing is written.
        Malformed = "malformed",
        /// Two things that exclude each other.
        Contradiction = "contradiction",
        /// Two things that must be the same, and are not.
        Mismatch = "mismatch",
        /// What can be read in several ways.
        Ambiguous = "ambiguous",
        /// Whoever asks may not do this.
        NotPermitted = "not-permitted",
        /// What was asked does not fit how things are now.
        NotNow = "not-now",
        /// What it was based on has changed or is over.
        Stale = "stale",
        /// The last one, which must stay.
        Last = "last",
        /// What cannot be read as what it should be.
        Unreadable = "unreadable",
        /// A file that only this program writes, and that does not hold what it should.
        Damaged = "damaged",
        /// A kind of file, type or construction that is not read.
        Unsupported = "unsupported",
        /// A key by which people are known elsewhere.
        Identifying = "identifying",
        /// Rows of one unit that contradict each other.
        SeveralPerUnit = "several-per-unit",
        /// A table in which no figures that are safe to show are left.
        NotProtectable = "not-protectable",
        /// A signature or key that proves nothing.
        NotProven = "not-proven",
        /// A password that is easily guessed.
        Weak = "weak",
        /// Too many tries or questions in a short time.
        TooBusy = "too-busy",
        /// A limit of the machine was reached.
        LimitExceeded = "limit-exceeded",
        /// The system could not read or write.
        System = "system",
        /// Somebody stopped it.
        Interrupted = "interrupted",
        /// Our own fault.
        Internal = "internal",
    }
}

/// Where something is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Place {
    /// In what was asked as a whole.
    #[default]
    Whole,
    /// In a document, at a line.
    Document(Position),
    /// In a file, at a path in an agreement, or at an option: as people read it.
    Path(String),
    /// In a field of a form, by its id.
    Field(String),
}

impl Place {
    /// The place as people read it; nothing for the whole, nor for a field, beside which its fault is shown.
    ///
    /// ```
    /// use zwerm_agreement::diagnostic::Place;
    /// assert_eq!(Place::Path("a.csv:3".into()).shown().as_deref(), Some("a.csv:3"));
    /// assert_eq!(Place::Field("title".into()).shown(), None);
    /// ```
    pub fn shown(&self) -> Option<String> {
        match self {
            Self::Whole | Self::Field(_) => None,
            Self::Document(position) => Some(position.to_string()),
            Self::Path(path) => Some(path.clone()),
        }
    }

    /// The id of the field, where it is one.
    ///
    /// ```
    /// use zwerm_agreement::diagnostic::Place;
    /// assert_eq!(Place::Field("title".into()).field(), Some("title"));
    /// assert_eq!(Place::Whole.field(), None);
    /// ```
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Field(field) => Some(field),
            Self::Whole | Self::Document(_) | Self::Path(_) => None,
        }
    }

    /// The position in a document, where it is one.
    ///
    /// ```
    /// use zwerm_agreement::diagnostic::Place;
    /// assert_eq!(Place::Whole.position(), None);
    /// ```
    pub fn position(&self) -> Option<&Position> {
        match self {
            Self::Document(position) => Some(position),
            Self::Whole | Self::Path(_) | Self::Field(_) => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown().unwrap_or_default())
    }
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        Self::Document(position)
    }
}

impl From<String> for Place {
    /// A file, a path in an agreement, or an option.
    fn from(path: String) -> Self {
        Self::Path(path)
    }
}

/// A position in a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Position {
    /// The document's name, usually a file name.
    pub source: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The place in the document's own terms, such as `view[0].dimension[1].values`; empty for the whole.
    pub path: String,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source, self.line, self.column)
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Diagnostic {
    /// What kind of thing.
    pub code: FaultCode,
    /// Where it is.
    pub place: Place,
    /// What is wrong, the user's own input in backticks; never a value of the data.
    pub what: Text,
    /// What would mend it.
    pub cure: Text,
}

impl Diagnostic {
    /// Something wrong with what was asked as a whole.
    ///
    /// ```
    /// use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
    /// use zwerm_agreement::text::Text;
    /// let missing = Diagnostic::new(
    ///     FaultCode::Missing,
    ///     Text::new("`id` ontbreekt", "`id` is missing"),
    ///     Text::new("schrijf `id = \"…\"`", "write `id = \"…\"`"),
    /// );
    /// assert_eq!(missing.to_string(), "`id` is missing; write `id = \"…\"`");
    /// ```
    pub fn new(code: FaultCode, what: Text, cure: Text) -> Self {
        Self {
            code,
            place: Place::Whole,
            what,
            cure,
        }
    }

    /// The same at a place.
    ///
    /// ```
    /// # use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
    /// # use zwerm_agreement::text::Text;
    /// let empty = Diagnostic::new(FaultCode::Empty, Text::same("empty"), Text::same("fill it in"));
    /// assert_eq!(empty.at("a.csv:1".to_owned()).to_string(), "a.csv:1: empty; fill it in");
    /// ```
    #[must_use]
    pub fn at(mut self, place: impl Into<Place>) -> Self {
        self.place = place.into();
        self
    }

    /// It on one line, in one language.
    ///
    /// ```
    /// use zwerm_agreement::diagnostic::{Diagnostic, FaultCode, Position};
    /// use zwerm_agreement::text::{Lang, Text};
    /// let what = Text::new("`id` ontbreekt", "`id` is missing");
    /// let cure = Text::new("schrijf `id = \"…\"`", "write `id = \"…\"`");
    /// let place = Position { source: "a.toml".into(), line: 3, column: 1, path: "id".into() };
    /// let missing = Diagnostic::new(FaultCode::Missing, what, cure).at(place);
    /// assert_eq!(missing.line_in(Lang::En), "a.toml:3:1: `id` is missing; write `id = \"…\"`");
    /// ```
    pub fn line_in(&self, lang: Lang) -> String {
        let (what, cure) = (self.what.get(lang), self.cure.get(lang));
        match self.place.shown() {
            Some(place) => format!("{place}: {what}; {cure}"),
            None => format!("{what}; {cure}"),
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line_in(Lang::En))
    }
}

/// All that is wrong, in the order in which it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// The report in one language, a line each.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// use zwerm_agreement::text::Lang;
    /// let faults = Document::parse("leeg.toml", "").unwrap_err();
    /// assert!(faults.report(Lang::Nl).starts_with("leeg.toml:1:1: `id` ontbreekt; "));
    /// ```
    pub fn report(&self, lang: Lang) -> String {
        let lines: Vec<_> = self.0.iter().map(|one| one.line_in(lang)).collect();
        lines.join("\n")
    }

    /// The codes, each once, in the order in which they were found.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// use zwerm_agreement::diagnostic::FaultCode;
    /// let faults = Document::parse("leeg.toml", "").unwrap_err();
    /// assert_eq!(faults.codes(), [FaultCode::Missing]);
    /// ```
    pub fn codes(&self) -> Vec<FaultCode> {
        let mut codes = Vec::new();
        for one in &self.0 {
            if !codes.contains(&one.code) {
                codes.push(one.code);
            }
        }
        codes
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report(Lang::En))
    }
}

impl std::error::Error for Diagnostics {}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Self {
        Self(vec![one])
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(all: Vec<Diagnostic>) -> Self {
        Self(all)
    }
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "reads the page that lists the codes"
)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_row_on_the_page_and_no_row_is_of_another() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../docs/reference/faults.md"
        );
        let page = std::fs::read_to_string(path).unwrap();
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
        let listed: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
        let codes: Vec<&str> = FaultCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(listed, codes);
    }
}
