//! The list of those who objected (AVG, article 21): their rows are left out before anything is shared.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use zwerm_agreement::agreement::Format;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_home::files::is_there;
use zwerm_intake::{IntakeError, Remark, standard_rows, survey};

use crate::error::AppError;
use crate::share::own::notation::{BetterNotation, NotationCount};
use crate::share::own::pseudonym::canonical;

/// Bytes of a list of one key per line at most.
const LARGEST: u64 = 256 << 20;

/// Keys whose rows are left out, and whether a row had each.
pub(super) struct Exclusion {
    keys: HashMap<String, bool>,
    /// The list, when there is one.
    file: Option<PathBuf>,
}

impl Exclusion {
    /// A list with nobody on it, for when nobody objected.
    pub(super) fn none() -> Self {
        Self {
            keys: HashMap::new(),
            file: None,
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
            file: Some(file.to_owned()),
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

    /// What is odd about the list, after all rows were seen; `keys` reads those of the file once more.
    ///
    /// # Errors
    /// When nobody on the list is in the file: most likely it writes keys in another way.
    pub(super) fn remark(
        &self,
        key: &str,
        keys: impl Iterator<Item = Result<String, IntakeError>>,
    ) -> Result<Option<Remark>, AppError> {
        let Some(file) = &self.file else {
            return Ok(None);
        };
        let place = file.display().to_string();
        let (listed, matched) = (self.len(), self.len() - self.unmatched());
        if listed == 0 {
            return Ok(Some(nobody_listed(place)));
        }
        if matched * 2 >= listed {
            return Ok(None);
        }
        let list: Vec<String> = self.keys.keys().cloned().collect();
        let mut count = NotationCount::new(&list);
        for key in keys {
            count.see(canonical(&key?));
        }
        let better = count.best(matched);
        if matched == 0 {
            return Err(AppError::from(vec![
                nobody_found(listed, key, better).at(place),
            ]));
        }
        Ok(Some(few_found(place, (matched, listed), key, better)))
    }
}

fn nobody_listed(place: String) -> Remark {
    Remark {
        place,
        what: Text::new(
            "de uitsluitlijst is leeg: niemand is weggelaten",
            "the exclusion list is empty: nobody was left out",
        ),
        cure: Text::new(
            "kijk of dit het goede bestand is; maakte niemand bezwaar, dan is het goed zo",
            "see whether this is the right file; if nobody objected, all is well",
        ),
        grave: None,
        personal: false,
    }
}

fn nobody_found(listed: u64, key: &str, better: Option<BetterNotation>) -> Diagnostic {
    let what = Text::new(
        format!(
            "van de {listed} sleutels op de uitsluitlijst staat er geen in `{key}`: niemand zou worden weggelaten"
        ),
        format!(
            "of the {listed} keys on the exclusion list none is in `{key}`: nobody would be left out"
        ),
    );
    Diagnostic::new(
        FaultCode::Mismatch,
        what,
        written_alike(
            better,
            Text::new(
                "kijk of de lijst en het bestand de sleutel gelijk schrijven; staat er echt niemand van de lijst in dit bestand, laat `--exclude` dan weg",
                "see whether the list and the file write the key alike; if nobody on the list is in this file indeed, leave `--exclude` out",
            ),
        ),
    )
}

fn few_found(
    place: String,
    (matched, listed): (u64, u64),
    key: &str,
    better: Option<BetterNotation>,
) -> Remark {
    Remark {
        place,
        what: Text::new(
            format!(
                "van de {listed} sleutels op de uitsluitlijst staan er maar {matched} in `{key}`"
            ),
            format!("of the {listed} keys on the exclusion list only {matched} are in `{key}`"),
        ),
        cure: written_alike(
            better,
            Text::new(
                "kijk of de lijst en het bestand de sleutel gelijk schrijven",
                "see whether the list and the file write the key alike",
            ),
        ),
        grave: None,
        personal: false,
    }
}

/// The notation in which more would match, or else what to look at.
fn written_alike(better: Option<BetterNotation>, otherwise: Text) -> Text {
    better.map_or(otherwise, |BetterNotation { matching, words }| {
        Text::new(
            format!(
                "schrijf de sleutels in de lijst zoals in het bestand: {} passen er {matching}",
                words.nl
            ),
            format!(
                "write the keys in the list as in the file: {} {matching} match",
                words.en
            ),
        )
    })
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
