//! The list of those who objected (AVG, article 21): their rows are left out before anything is shared.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use zwerm_agreement::agreement::Format;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_home::files::is_there;
use zwerm_intake::{standard_rows, survey};

use crate::error::AppError;
use crate::share::own::pseudonym::canonical;

/// Bytes of a list of one key per line at most.
const LARGEST: u64 = 256 << 20;

/// Keys whose rows are left out, and whether a row had each.
pub(super) struct Exclusion {
    keys: HashMap<String, bool>,
}

impl Exclusion {
    /// A list with nobody on it, for when nobody objected.
    pub(super) fn none() -> Self {
        Self {
            keys: HashMap::new(),
        }
    }

    /// Reads a table with the key column, or a text with one key per line.
    pub(super) fn read(file: &Path, key: &str) -> Result<Self, AppError> {
        is_there(file)?;
        let ending = file
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default();
        let is_table = ["csv", "xlsx", "parquet"]
            .iter()
            .any(|kind| ending.eq_ignore_ascii_case(kind));
        let keys = if is_table {
            from_table(file, key)?
        } else {
            from_lines(file)?
        };
        let keys = keys.into_iter().map(|key| canonical(&key).to_owned());
        Ok(Self {
            keys: keys
                .filter(|key| !key.is_empty())
                .map(|key| (key, false))
                .collect(),
        })
    }

    /// Whether the row of this key is left out.
    pub(super) fn holds(&mut self, key: &str) -> bool {
        let found = self.keys.get_mut(canonical(key));
        found.map(|seen| *seen = true).is_some()
    }

    /// Keys on the list.
    pub(super) fn len(&self) -> u64 {
        self.keys.len() as u64
    }

    /// Keys on the list that no row had.
    pub(super) fn unmatched(&self) -> u64 {
        self.keys.values().filter(|seen| !**seen).count() as u64
    }
}

fn from_table(file: &Path, key: &str) -> Result<Vec<String>, AppError> {
    let survey = survey(file, &Format::default())?;
    let Some(place) = survey.columns.iter().position(|c| c.name == key) else {
        // a list under a heading of its own would otherwise leave nobody out
        return Err(AppError::from(vec![Diagnostic::new(FaultCode::NotFound, Text::new(
                format!("de uitsluitlijst heeft geen kolom `{key}`"),
                format!("the exclusion list has no column `{key}`"),
            ), Text::new(
                format!(
                    "noem de kolom met sleutels `{key}`, of lever een `.txt` met één sleutel per regel"
                ),
                format!("name the column of keys `{key}`, or give a `.txt` with one key per line"),
            )).at(file.display().to_string())]));
    };
    let faults = survey.faults();
    if !faults.is_empty() {
        return Err(AppError::from(faults));
    }
    let mut keys = Vec::new();
    for row in standard_rows(file, &survey)? {
        keys.extend(row?.into_iter().nth(place).flatten());
    }
    Ok(keys)
}

fn from_lines(file: &Path) -> Result<Vec<String>, AppError> {
    let size = fs::metadata(file).map_err(AppError::at(file))?.len();
    let unread = |code: FaultCode, what: Text, cure: Text| {
        AppError::from(Diagnostic::new(code, what, cure).at(file.display().to_string()))
    };
    if size > LARGEST {
        return Err(unread(
            FaultCode::TooLarge,
            Text::new(
                format!("de uitsluitlijst is groter dan {LARGEST} bytes"),
                format!("the exclusion list is larger than {LARGEST} bytes"),
            ),
            Text::new("lever haar als `.csv`", "give it as `.csv`"),
        ));
    }
    let bytes = fs::read(file).map_err(AppError::at(file))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        unread(
            FaultCode::Unreadable,
            Text::new(
                "de uitsluitlijst is geen tekst in UTF-8",
                "the exclusion list is not text in UTF-8",
            ),
            Text::new(
                "bewaar haar als platte tekst in UTF-8, of lever een `.csv` met de sleutelkolom",
                "save it as plain text in UTF-8, or give a `.csv` with the key column",
            ),
        )
    })?;
    let text = text.trim_start_matches('\u{feff}');
    Ok(text.lines().map(str::to_owned).collect())
}
