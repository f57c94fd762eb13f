//! Faults in a document: where, what, and what would mend it; always all of them.

use std::fmt;

use serde::Serialize;

use crate::text::{Lang, Text};

/// Where in a document something stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Place {
    /// The document's name, usually a file name.
    pub source: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The place in the document's own terms, such as `view[0].dimension[1].values`; empty for the whole.
    pub path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source, self.line, self.column)
    }
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Fault {
    /// Where it stands.
    pub place: Place,
    /// What is wrong.
    pub what: Text,
    /// What would mend it.
    pub cure: Text,
}

impl Fault {
    /// The fault on one line, in one language.
    ///
    /// ```
    /// use zwerm_agreement::fault::{Fault, Place};
    /// use zwerm_agreement::text::{Lang, Text};
    /// let fault = Fault {
    ///     place: Place { source: "a.toml".into(), line: 3, column: 1, path: "id".into() },
    ///     what: Text::new("`id` ontbreekt", "`id` is missing"),
    ///     cure: Text::new("schrijf `id = \"…\"`", "write `id = \"…\"`"),
    /// };
    /// assert_eq!(fault.line_in(Lang::En), "a.toml:3:1: `id` is missing; write `id = \"…\"`");
    /// ```
    pub fn line_in(&self, lang: Lang) -> String {
        format!(
            "{}: {}; {}",
            self.place,
            self.what.get(lang),
            self.cure.get(lang)
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line_in(Lang::En))
    }
}

/// All faults of a document, in the order in which they stand in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// The report in one language, a fault per line.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// use zwerm_agreement::text::Lang;
    /// let faults = Document::parse("leeg.toml", "").unwrap_err();
    /// assert!(faults.report(Lang::Nl).starts_with("leeg.toml:1:1: `id` ontbreekt; "));
    /// ```
    pub fn report(&self, lang: Lang) -> String {
        let lines: Vec<_> = self.0.iter().map(|fault| fault.line_in(lang)).collect();
        lines.join("\n")
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report(Lang::En))
    }
}

impl std::error::Error for Faults {}
