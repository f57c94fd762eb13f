//! A document with a few of its conditions changed, to be tried out; and documents that come from a form.
//!
//! What is chosen is written into the TOML, which keeps its comments. The whole form is in [`super::compose`].

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};
use zwerm_agreement::agreement::{Agreement, AnswerReaders, Right};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode, Place};
use zwerm_agreement::text::Text;
use zwerm_home::load::{self, Stored};

use crate::error::AppError;
use crate::site::overview::Version;
use crate::site::standing::Standing;

/// What can be changed without reading TOML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EasyChanges {
    /// Units that a figure is about at least.
    pub minimum_units: String,
    /// What counts are rounded to.
    pub round_to: String,
    /// Dimensions in one question at most.
    pub max_dimensions: String,
    /// The last day.
    pub until: String,
    /// Months that answers stay readable.
    pub retention: String,
    /// Who may read answers: `public` or `parties`.
    pub answers: String,
    /// The parties that may ask.
    pub may_ask: Vec<String>,
}

const NAMES: [&str; 6] = [
    "minimum_units",
    "round_to",
    "max_dimensions",
    "until",
    "retention",
    "answers",
];

impl EasyChanges {
    /// What was filled in.
    pub fn from_fields<'a>(
        get: impl Fn(&str) -> String,
        may_ask: impl Iterator<Item = &'a str>,
    ) -> Self {
        let [a, b, c, d, e, f] = NAMES.map(|name| get(name).trim().to_owned());
        Self {
            minimum_units: a,
            round_to: b,
            max_dimensions: c,
            until: d,
            retention: e,
            answers: f,
            may_ask: may_ask.map(str::to_owned).collect(),
        }
    }
}

/// What an agreement says where it can be changed easily.
pub fn easy(agreement: &Agreement) -> EasyChanges {
    let protection = &agreement.protection;
    let askers = agreement.seats().filter(|seat| seat.has(Right::Ask));
    EasyChanges {
        minimum_units: protection.minimum_units.to_string(),
        round_to: protection.round_to.to_string(),
        max_dimensions: protection.max_dimensions.to_string(),
        until: agreement.valid.until.to_string(),
        retention: agreement.retention.months.to_string(),
        answers: agreement.answers.as_str().to_owned(),
        may_ask: askers.map(|seat| seat.id.clone()).collect(),
    }
}

/// The same as the fields of a form.
pub fn fields(agreement: &Agreement) -> Vec<(String, String)> {
    let easy = easy(agreement);
    let values = [
        easy.minimum_units,
        easy.round_to,
        easy.max_dimensions,
        easy.until,
        easy.retention,
        easy.answers,
    ];
    let own = NAMES.iter().zip(values);
    let own = own.map(|(name, value)| ((*name).to_owned(), value));
    let ask = easy.may_ask.into_iter();
    own.chain(ask.map(|party| ("ask".to_owned(), party)))
        .collect()
}

/// The document of a version with these changes and another version number, without the decisions about it.
pub fn amended(version: &Version, easy: &EasyChanges, number: u32) -> Result<String, AppError> {
    let agreement = version.agreement();
    let mut document = without_decisions(&version.text)?;
    let before = self::easy(agreement);
    document.insert("version", value(i64::from(number)));
    let mut whole = |changed: &str, was: &str, table: &str, key: &str| -> Result<(), AppError> {
        if changed != was {
            let n: i64 = changed.parse().map_err(|_| no_number(changed))?;
            set(&mut document, table, key, value(n));
        }
        Ok(())
    };
    whole(
        &easy.minimum_units,
        &before.minimum_units,
        "protection",
        "minimum_units",
    )?;
    whole(&easy.round_to, &before.round_to, "protection", "round_to")?;
    whole(
        &easy.max_dimensions,
        &before.max_dimensions,
        "protection",
        "max_dimensions",
    )?;
    whole(&easy.retention, &before.retention, "retention", "months")?;
    if easy.until != before.until {
        set(&mut document, "valid", "until", value(easy.until.as_str()));
    }
    if easy.answers != before.answers && easy.answers.parse::<AnswerReaders>().is_ok() {
        document.insert("answers", value(easy.answers.as_str()));
    }
    let parties = document
        .get_mut("party")
        .and_then(Item::as_array_of_tables_mut);
    for party in parties.into_iter().flat_map(ArrayOfTables::iter_mut) {
        may_ask(agreement, party, &easy.may_ask);
    }
    Ok(document.to_string())
}

/// Sets a key of a table, inline or not; the document has it, or it would not have been read.
fn set(document: &mut DocumentMut, table: &str, key: &str, new: Item) {
    let table = document.get_mut(table).and_then(Item::as_table_like_mut);
    if let Some(table) = table {
        table.insert(key, new);
    }
}

fn without_decisions(text: &str) -> Result<DocumentMut, AppError> {
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| AppError::Internal(error.to_string()))?;
    document.remove("consent");
    Ok(document)
}

fn may_ask(agreement: &Agreement, party: &mut Table, askers: &[String]) {
    let id = party
        .get("id")
        .and_then(Item::as_str)
        .unwrap_or_default()
        .to_owned();
    let Some(known) = agreement.seats().find(|seat| seat.id == id) else {
        return;
    };
    let wanted = askers.contains(&id);
    if wanted == known.has(Right::Ask) {
        return;
    }
    let mut rights = Array::new();
    if known.has(Right::Provide) {
        rights.push(Right::Provide.as_str());
    }
    if wanted {
        rights.push(Right::Ask.as_str());
    }
    party.insert("may", value(rights));
}

fn no_number(text: &str) -> AppError {
    AppError::usage(
        FaultCode::WrongType,
        Text::new(
            format!("`{text}` is geen geheel getal"),
            format!("`{text}` is not a whole number"),
        ),
        Text::new("schrijf een getal zoals 10", "write a number such as 10"),
    )
}

/// A document as if it were a file, with every fault in it.
pub fn read(text: &str) -> Result<Stored, AppError> {
    let folder = tempfile::tempdir().map_err(AppError::at(std::path::Path::new("tmp")))?;
    let path = folder.path().join("agreement.toml");
    std::fs::write(&path, text).map_err(AppError::at(&path))?;
    load::file(&path).map_err(|error| without_folder(error.into(), folder.path()))
}

/// A version as it would be proposed, with every fault in its document.
pub fn proposed(text: &str) -> Result<Version, AppError> {
    Ok(Version {
        stored: read(text)?,
        text: text.into(),
        lacking: Vec::new(),
        standing: Standing::AwaitsConsent,
    })
}

/// The same faults, without the name of a folder that nobody knows.
pub(crate) fn without_folder(error: AppError, folder: &std::path::Path) -> AppError {
    renamed(error, &format!("{}/", folder.display()), "")
}

/// The same faults, with another name in their places: what was sent is not called by where the machine put it.
pub fn renamed(error: AppError, from: &str, to: &str) -> AppError {
    match error {
        AppError::Wrong(mut faults) => {
            for fault in &mut faults.0 {
                rename(fault, from, to);
            }
            AppError::Wrong(faults)
        }
        other => other,
    }
}

/// A fault of a file under the name that people know the file by.
pub fn rename(fault: &mut Diagnostic, from: &str, to: &str) {
    match &mut fault.place {
        Place::Document(position) => {
            position.source = position.source.replace(from, to);
        }
        Place::Path(path) => *path = path.replace(from, to),
        Place::Whole | Place::Field(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use zwerm_agreement::agreement::Document;

    use super::*;

    fn sample() -> Version {
        proposed(zwerm_agreement::sample::AGREEMENT).expect("the sample is valid")
    }

    #[test]
    fn what_is_chosen_is_written_into_the_document_and_nothing_else() {
        let version = sample();
        let mut easy = easy(version.agreement());
        easy.minimum_units = "25".into();
        easy.answers = "parties".into();
        easy.may_ask.retain(|party| party != "universiteit");
        let text = amended(&version, &easy, 2).expect("amended");
        let document = Document::parse("new.toml", &text).expect("still valid");
        let (old, new) = (version.agreement(), &document.agreement);
        assert_eq!((new.version, new.protection.minimum_units), (2, 25));
        assert_eq!(new.answers, AnswerReaders::Parties);
        assert!(
            !new.find_party("universiteit")
                .is_some_and(|p| p.has(Right::Ask))
        );
        assert_eq!(new.condition, old.condition);
        assert!(document.consents.is_empty());
        assert_eq!((&new.dataset, &new.view), (&old.dataset, &old.view));
    }

    #[test]
    fn what_is_no_number_is_told() {
        let version = sample();
        let mut easy = easy(version.agreement());
        easy.round_to = "vijf".into();
        assert!(matches!(
            amended(&version, &easy, 2),
            Err(AppError::Wrong(wrong)) if wrong.codes() == [FaultCode::WrongType]
        ));
    }
}
