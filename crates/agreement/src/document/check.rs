//! Checks of one part of a document against another: references, duplicates, what belongs together.

use crate::diagnostic::FaultCode;
use std::collections::{BTreeSet, HashSet};

use super::Document;
use super::check_party;
use super::check_view::views;
use super::reader::{DocumentReader, shorten};
use crate::agreement::{Agreement, Condition, Dataset, Embargo, Right};
use crate::condition;
use crate::consent::{Consent, Decision};
use crate::name::{LONGEST_HEADER, is_header, is_id, is_reserved, is_sql_name};
use crate::period::months;
use crate::text::Text;

pub(super) fn document(r: &mut DocumentReader<'_>, document: &Document) {
    let agreement = &document.agreement;
    for (path, text) in [
        ("id", &agreement.id),
        ("goal", &agreement.goal),
        ("purpose", &agreement.purpose),
        ("about.id", &agreement.about.id),
    ] {
        id(r, path, text);
    }
    validity(r, agreement);
    check_party::parties(r, agreement);
    datasets(r, agreement);
    views(r, agreement);
    for (i, embargo) in agreement.embargo.iter().enumerate() {
        self::embargo(r, &format!("embargo[{i}]"), embargo, agreement);
    }
    conditions(r, agreement);
    for (i, consent) in document.consents.iter().enumerate() {
        self::consent(r, &format!("consent[{i}]"), consent, agreement);
    }
}

/// Checks that an id is spelt as ids must be.
pub(super) fn id(r: &mut DocumentReader<'_>, path: &str, text: &str) {
    if r.sound(path) && !is_id(text) {
        let short = shorten(text);
        r.fault(
            path,
            FaultCode::Malformed,
            Text::new(
                format!("`{short}` kan geen id zijn"),
                format!("`{short}` cannot be an id"),
            ),
            Text::new(
                "gebruik kleine letters, cijfers en streepjes, zoals `gemeente-leiden`",
                "use lower-case letters, digits and hyphens, such as `gemeente-leiden`",
            ),
        );
    }
}

/// Checks that a name can be used in SQL.
pub(super) fn sql_name(r: &mut DocumentReader<'_>, path: &str, text: &str) {
    if !r.sound(path) || is_sql_name(text) {
        return;
    }
    let short = shorten(text);
    let (what, cure) = if is_reserved(text) {
        (
            Text::new(
                format!("`{short}` heeft al een betekenis in SQL"),
                format!("`{short}` already has a meaning in SQL"),
            ),
            Text::new(
                format!("kies een andere naam, zoals `{short}_naam`"),
                format!("choose another name, such as `{short}_name`"),
            ),
        )
    } else {
        (
            Text::new(
                format!("`{short}` kan geen naam zijn"),
                format!("`{short}` cannot be a name"),
            ),
            Text::new(
                "gebruik hoogstens 63 kleine letters, cijfers en `_`, een letter voorop",
                "use at most 63 lower-case letters, digits and `_`, a letter first",
            ),
        )
    };
    r.fault(path, FaultCode::Malformed, what, cure);
}

/// Checks that nothing is in a list twice.
pub(super) fn unique<'n>(
    r: &mut DocumentReader<'_>,
    named: impl Iterator<Item = (String, &'n str)>,
) {
    let mut seen = HashSet::new();
    for (path, name) in named {
        if r.sound(&path) && !seen.insert(name) {
            let short = shorten(name);
            r.fault(
                &path,
                FaultCode::Duplicate,
                Text::new(
                    format!("`{short}` staat er twee keer"),
                    format!("`{short}` is there twice"),
                ),
                Text::new(
                    "haal er een weg of geef hem een andere naam",
                    "remove one or give it another name",
                ),
            );
        }
    }
}

fn validity(r: &mut DocumentReader<'_>, agreement: &Agreement) {
    let valid = &agreement.valid;
    if valid.from > valid.until {
        r.fault(
            "valid.until",
            FaultCode::OutOfRange,
            Text::new(
                format!("de afspraak eindigt op `{}`, voor zij begint", valid.until),
                format!("the agreement ends on `{}`, before it begins", valid.until),
            ),
            Text::new(
                format!("kies een dag vanaf `{}`", valid.from),
                format!("choose a day from `{}` on", valid.from),
            ),
        );
    }
}

/// Checks that the party exists and sits at the table.
pub(super) fn seat_exists(
    r: &mut DocumentReader<'_>,
    path: &str,
    party: &str,
    agreement: &Agreement,
) {
    if !r.sound(path) || agreement.seats().any(|p| p.id == party) {
        return;
    }
    let short = shorten(party);
    let what = match agreement.find_party(party) {
        Some(_) => Text::new(
            format!("`{short}` is een leverancier en beslist niet mee"),
            format!("`{short}` is a supplier and has no seat at the table"),
        ),
        None => Text::new(
            format!("er is geen partner `{short}`"),
            format!("there is no party `{short}`"),
        ),
    };
    let seats = || agreement.seats().map(|p| p.id.as_str());
    let cure = match r.suggest(party, seats()) {
        Some(near) => Text::new(
            format!("bedoelde u `{near}`?"),
            format!("did you mean `{near}`?"),
        ),
        None => {
            let all = seats().collect::<Vec<_>>().join(", ");
            Text::new(
                format!("kies een partner aan tafel: {all}"),
                format!("choose a party at the table: {all}"),
            )
        }
    };
    r.fault(path, FaultCode::NotFound, what, cure);
}

fn datasets(r: &mut DocumentReader<'_>, agreement: &Agreement) {
    if agreement.dataset.is_empty() {
        r.fault(
            "dataset",
            FaultCode::Missing,
            Text::new("er is geen gegevensbron", "there is no dataset"),
            Text::new("voeg een `[[dataset]]` toe", "add a `[[dataset]]`"),
        );
    }
    let ids = agreement
        .dataset
        .iter()
        .enumerate()
        .map(|(i, d)| (format!("dataset[{i}].id"), d.id.as_str()));
    unique(r, ids);
    for (i, dataset) in agreement.dataset.iter().enumerate() {
        self::dataset(r, &format!("dataset[{i}]"), dataset, agreement);
    }
}

fn dataset(r: &mut DocumentReader<'_>, path: &str, dataset: &Dataset, agreement: &Agreement) {
    if !is_id(&dataset.id) || is_reserved(&dataset.id) {
        sql_name(r, &format!("{path}.id"), &dataset.id);
    }
    provider(r, path, dataset, agreement);
    columns(r, path, dataset);
    if let Some(format) = &dataset.format {
        for fault in format.faults(&dataset.source) {
            let key = fault.place.shown().unwrap_or_default();
            let at = format!("{path}.format.{key}");
            r.fault(&at, fault.code, fault.what, fault.cure);
        }
    }
    words_for_missing(r, path, dataset);
    if let Some(period) = &dataset.period {
        self::period(r, &format!("{path}.period"), period);
    }
}

/// Checks that no words for missing values are given for Parquet, which says itself what is missing.
fn words_for_missing(r: &mut DocumentReader<'_>, path: &str, dataset: &Dataset) {
    let said = dataset
        .format
        .as_ref()
        .is_some_and(|f| !f.missing.is_empty());
    let ending = std::path::Path::new(&dataset.source).extension();
    if said && ending.is_some_and(|e| e.eq_ignore_ascii_case("parquet")) {
        r.fault(
            &format!("{path}.format.missing"),
            FaultCode::NotApplicable, Text::new(
                "`missing` geldt niet voor een bestand `.parquet`",
                "`missing` is not for a file `.parquet`",
            ),
            Text::new(
                "laat het weg, en haal zulke woorden uit het bestand met `zwerm data prepare … --missing WOORD`",
                "leave it out, and take such words out of the file with `zwerm data prepare … --missing WORD`",
            ),
        );
    }
}

/// Checks that the provider sits at the table and may provide.
fn provider(r: &mut DocumentReader<'_>, path: &str, dataset: &Dataset, agreement: &Agreement) {
    let at = format!("{path}.provider");
    seat_exists(r, &at, &dataset.provider, agreement);
    let provider = agreement
        .party
        .iter()
        .enumerate()
        .find(|(_, p)| p.id == dataset.provider);
    if let Some((i, party)) = provider
        && !party.has(Right::Provide)
        && (r.sound(&format!("party[{i}].may")) || !r.present(&format!("party[{i}].may")))
    {
        let id = shorten(&party.id);
        r.fault(
            &at,
            FaultCode::NotPermitted,
            Text::new(
                format!("`{id}` mag geen gegevens leveren"),
                format!("`{id}` may not provide data"),
            ),
            Text::new(
                format!("zet `provide` bij `may` van `{id}`"),
                format!("add `provide` to `may` of `{id}`"),
            ),
        );
    }
}

fn columns(r: &mut DocumentReader<'_>, path: &str, dataset: &Dataset) {
    if dataset.columns.is_empty() {
        r.fault(
            &format!("{path}.columns"),
            FaultCode::Empty,
            Text::new("er wordt geen kolom gedeeld", "no column is shared"),
            Text::new(
                "noem de kolommen met hun soort",
                "name the columns and their types",
            ),
        );
    }
    for column in dataset.columns.keys() {
        let at = format!("{path}.columns.{column}");
        header(r, &at, column);
        if dataset.withheld.contains_key(column) {
            let short = shorten(column);
            r.fault(
                &at,
                FaultCode::Contradiction,
                Text::new(
                    format!("`{short}` wordt gedeeld en ook niet gedeeld"),
                    format!("`{short}` is both shared and withheld"),
                ),
                Text::new(
                    "haal hem weg uit `columns` of uit `withheld`",
                    "remove it from `columns` or from `withheld`",
                ),
            );
        }
    }
}

/// Checks that a column's name, which is its name in the file, is short and can be quoted in SQL.
fn header(r: &mut DocumentReader<'_>, path: &str, name: &str) {
    if !r.sound(path) || is_header(name) {
        return;
    }
    let short = shorten(name);
    r.fault(
        path,
        FaultCode::Malformed, Text::new(
            format!("`{short}` kan geen kolom heten"),
            format!("a column cannot be called `{short}`"),
        ),
        Text::new(
            format!("geef de kolom in het bestand een naam van hoogstens {LONGEST_HEADER} tekens, zonder aanhalingstekens"),
            format!("give the column in the file a name of at most {LONGEST_HEADER} characters, without quotes"),
        ),
    );
}

fn period(r: &mut DocumentReader<'_>, path: &str, period: &str) {
    if r.sound(path) && months(period).is_none() {
        let short = shorten(period);
        r.fault(
            path,
            FaultCode::Malformed,
            Text::new(
                format!("`{short}` is geen periode"),
                format!("`{short}` is not a period"),
            ),
            Text::new(
                "schrijf een jaar, `2026`, of een maand, `2026-01`",
                "write a year, `2026`, or a month, `2026-01`",
            ),
        );
    }
}

fn embargo(r: &mut DocumentReader<'_>, path: &str, embargo: &Embargo, agreement: &Agreement) {
    id(r, &format!("{path}.until_sealed"), &embargo.until_sealed);
    period(r, &format!("{path}.from"), &embargo.from);
    let at = format!("{path}.columns");
    if embargo.columns.is_empty() {
        r.fault(
            &at,
            FaultCode::Empty,
            Text::new(
                "dit embargo geldt voor geen kolom",
                "this embargo is on no column",
            ),
            Text::new(
                "noem kolommen als `gegevensbron.kolom`",
                "name columns as `dataset.column`",
            ),
        );
    }
    let known: Vec<String> = agreement
        .dataset
        .iter()
        .flat_map(|d| d.columns.keys().map(move |c| format!("{}.{c}", d.id)))
        .collect();
    let columns: HashSet<&str> = known.iter().map(String::as_str).collect();
    for (i, column) in embargo.columns.iter().enumerate() {
        if columns.contains(column.as_str()) {
            continue;
        }
        let short = shorten(column);
        let what = Text::new(
            format!("er is geen kolom `{short}`"),
            format!("there is no column `{short}`"),
        );
        let cure = match r.suggest(column, known.iter().map(String::as_str)) {
            Some(near) => Text::new(
                format!("bedoelde u `{near}`?"),
                format!("did you mean `{near}`?"),
            ),
            None => Text::new(
                "noem kolommen als `gegevensbron.kolom`",
                "name columns as `dataset.column`",
            ),
        };
        r.fault(&format!("{at}[{i}]"), FaultCode::NotFound, what, cure);
    }
}

fn conditions(r: &mut DocumentReader<'_>, agreement: &Agreement) {
    let enforced = condition::enforced(agreement);
    let paths: BTreeSet<&str> = enforced.iter().map(|c| c.path.as_str()).collect();
    for (i, condition) in agreement.condition.iter().enumerate() {
        let path = format!("condition[{i}]");
        exactly_one(r, &path, condition);
        if let Some(party) = &condition.promised_by {
            seat_exists(r, &format!("{path}.promised_by"), party, agreement);
        }
        let dangling = condition
            .enforced_by
            .as_deref()
            .filter(|by| !paths.contains(by));
        if let Some(by) = dangling {
            let short = shorten(by);
            let what = Text::new(
                format!("de machine handhaaft hier geen `{short}`"),
                format!("the machine enforces no `{short}` here"),
            );
            let cure = match r.suggest(by, paths.iter().copied()) {
                Some(near) => Text::new(
                    format!("bedoelde u `{near}`?"),
                    format!("did you mean `{near}`?"),
                ),
                None => Text::new(
                    "noem een voorwaarde van dit document, zoals `protection.minimum_units`, of wie het belooft",
                    "name a condition of this document, such as `protection.minimum_units`, or who promises it",
                ),
            };
            r.fault(
                &format!("{path}.enforced_by"),
                FaultCode::NotFound,
                what,
                cure,
            );
        }
    }
}

fn exactly_one(r: &mut DocumentReader<'_>, path: &str, condition: &Condition) {
    let written = |r: &DocumentReader<'_>, key: &str| r.present(&format!("{path}.{key}"));
    let cure = Text::new(
        "schrijf of `enforced_by` (de machine handhaaft het), of `promised_by` (een partner belooft het)",
        "write either `enforced_by` (the machine enforces it) or `promised_by` (a party promises it)",
    );
    match (written(r, "enforced_by"), written(r, "promised_by")) {
        (true, true) => r.fault(
            &format!("{path}.promised_by"),
            FaultCode::Contradiction,
            Text::new(
                "een voorwaarde wordt gehandhaafd of beloofd, niet beide",
                "a condition is enforced or promised, not both",
            ),
            cure,
        ),
        (false, false) if condition.enforced_by.is_none() => r.fault(
            path,
            FaultCode::Missing,
            Text::new(
                "niemand staat in voor deze voorwaarde",
                "nobody stands for this condition",
            ),
            cure,
        ),
        _ => {}
    }
}

fn consent(r: &mut DocumentReader<'_>, path: &str, consent: &Consent, agreement: &Agreement) {
    seat_exists(r, &format!("{path}.party"), &consent.party, agreement);
    if !r.sound(&format!("{path}.decision")) {
        return;
    }
    let must_say = |r: &mut DocumentReader<'_>, key: &str, cure: Text| {
        let at = format!("{path}.{key}");
        if !r.present(&at) {
            let what = Text::new(
                format!("`{key}` ontbreekt bij `{}`", consent.decision),
                format!("`{key}` is missing with `{}`", consent.decision),
            );
            r.fault(&at, FaultCode::Missing, what, cure);
        }
    };
    if consent.decision != Decision::Consent {
        must_say(r, "reason", Text::new("schrijf waarom", "write why"));
    }
    if consent.decision == Decision::Object {
        must_say(
            r,
            "lifts",
            Text::new(
                "schrijf wat het bezwaar zou wegnemen",
                "write what would lift the objection",
            ),
        );
    }
}
