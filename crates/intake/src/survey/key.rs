//! Whether a column can be the key of a dataset: what a unit is known by, and nothing that a person is known by.

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;

use super::{Survey, SurveyColumn, Suspicion};

/// Why a column cannot be the key of a dataset that is shared; nothing when it can.
///
/// A citizen service number, an e-mail address and the like are refused: `zwerm data prepare` makes
/// pseudonyms of them.
#[must_use]
pub fn key_faults(survey: &Survey, key: &str) -> Vec<Diagnostic> {
    let mut faults = column_faults(survey, key);
    faults.extend(survey.find_column(key).and_then(known_by));
    faults
}

/// Why a column cannot be made into pseudonyms: it is not there, or not for every row.
#[must_use]
pub fn column_faults(survey: &Survey, key: &str) -> Vec<Diagnostic> {
    let Some(column) = survey.find_column(key) else {
        return vec![crate::no_column("--key", key, &survey.column_names())];
    };
    let missing = column.missing;
    if missing == 0 {
        return Vec::new();
    }
    let keyless = Diagnostic::new(
        FaultCode::Missing,
        Text::new(
            format!("{missing} rijen hebben geen `{key}`"),
            format!("{missing} rows have no `{key}`"),
        ),
        Text::new(
            "vul de sleutel in, of haal deze rijen weg",
            "fill in the key, or take these rows out",
        ),
    );
    vec![keyless.at(format!("--key {key}"))]
}

/// Something that a person is known by outside the file.
fn known_by(column: &SurveyColumn) -> Option<Diagnostic> {
    let (nl, en) = match column.looks_like? {
        Suspicion::Bsn => (
            "burgerservicenummers (BSN)",
            "citizen service numbers (BSN)",
        ),
        Suspicion::Email => ("e-mailadressen", "e-mail addresses"),
        Suspicion::Phone => ("telefoonnummers", "telephone numbers"),
        Suspicion::Iban => ("rekeningnummers", "bank accounts"),
        Suspicion::Name => ("namen van personen", "names of persons"),
        Suspicion::Address => ("volledige adressen", "full addresses"),
        Suspicion::BirthDate => ("geboortedatums", "days of birth"),
        Suspicion::Postcode => return None,
    };
    let name = &column.name;
    let known_by = Diagnostic::new(
        FaultCode::Identifying,
        Text::new(
            format!(
                "`{name}` lijkt op {nl}; daar is een persoon buiten het bestand aan te herkennen"
            ),
            format!("`{name}` looks like {en}; a person is known by those outside the file"),
        ),
        Text::new(
            "maak er eerst pseudoniemen van met `zwerm data prepare --key`",
            "make pseudonyms of them first with `zwerm data prepare --key`",
        ),
    );
    Some(known_by.at(format!("--key {name}")))
}
