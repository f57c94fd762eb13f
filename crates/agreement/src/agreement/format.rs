//! How a dataset's file is written, as the spreadsheet or the export that made it chose.
//!
//! What is left out is found from the file itself; stating it settles what the file does not show.

use crate::diagnostic::{Diagnostic, FaultCode};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::text::Text;
use crate::words;

words! {
    in "zwerm_agreement::agreement";
    /// How letters are written as bytes.
    pub enum Encoding {
        /// UTF-8, with or without a byte-order mark.
        Utf8 = "utf-8",
        /// UTF-16 with a byte-order mark, as spreadsheets write "Unicode text".
        Utf16 = "utf-16",
        /// Windows-1252, as older programs write in Western Europe.
        Windows1252 = "windows-1252",
    }
}

/// How a file is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// The sign between two fields of a CSV: one of [`Format::SEPARATORS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<char>,
    /// The sign before decimals: one of [`Format::DECIMALS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// The sign between groups of three digits: one of [`Format::THOUSANDS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thousands: Option<char>,
    /// How letters are written as bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// The sheet of a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Words that mean a missing value, besides an empty field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

impl Format {
    /// The signs that may separate two fields.
    pub const SEPARATORS: &'static [char] = &[',', ';', '\t', '|'];
    /// The signs that may come before decimals.
    pub const DECIMALS: &'static [char] = &['.', ','];
    /// The signs that may separate groups of three digits.
    pub const THOUSANDS: &'static [char] = &['.', ',', ' ', '\''];

    /// Whether nothing is stated, so that everything is found from the file.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Format;
    /// assert!(Format::default().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What in this format cannot be so, for a file of this name; each at its key.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Format;
    /// let format = Format { decimal: Some(','), thousands: Some(','), ..Format::default() };
    /// assert_eq!(format.faults("a.csv")[0].place.shown().as_deref(), Some("thousands"));
    /// let format = Format { sheet: Some("Blad1".into()), ..Format::default() };
    /// assert!(format.faults("a.xlsx").is_empty());
    /// assert_eq!(format.faults("a.csv")[0].place.shown().as_deref(), Some("sheet"));
    /// ```
    #[must_use]
    pub fn faults(&self, source: &str) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        let ending = Path::new(source).extension().and_then(|e| e.to_str());
        let is = |kind: &str| ending.is_some_and(|e| e.eq_ignore_ascii_case(kind));
        let only_in_csv = [
            ("separator", self.separator.is_some()),
            ("decimal", self.decimal.is_some()),
            ("thousands", self.thousands.is_some()),
            ("encoding", self.encoding.is_some()),
        ];
        for (key, given) in only_in_csv {
            if given && (is("xlsx") || is("parquet")) {
                faults.push(out_of_place(key, ".csv"));
            }
        }
        if self.sheet.is_some() && !is("xlsx") {
            faults.push(out_of_place("sheet", ".xlsx"));
        }
        // a point is the decimal sign when the format names none
        let decimal = self.decimal.unwrap_or('.');
        if self.decimal.is_some() && self.thousands == Some(decimal) {
            let what = Text::new(
                format!("`{decimal}` kan niet voor decimalen en voor duizendtallen staan"),
                format!("`{decimal}` cannot mark both decimals and thousands"),
            );
            let cure = Text::new(
                "kies voor een van beide een ander teken, of laat `thousands` weg",
                "choose another sign for one of them, or leave `thousands` out",
            );
            let fault = Diagnostic::new(FaultCode::Contradiction, what, cure);
            faults.push(fault.at("thousands".to_owned()));
        }
        faults
    }
}

fn out_of_place(key: &'static str, kind: &str) -> Diagnostic {
    let what = Text::new(
        format!("`{key}` geldt alleen voor een bestand `{kind}`"),
        format!("`{key}` is only for a file `{kind}`"),
    );
    let cure = Text::new("laat het weg", "leave it out");
    Diagnostic::new(FaultCode::NotApplicable, what, cure).at(key.to_owned())
}
