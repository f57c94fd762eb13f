//! What agreements call what a receipt names by code, so that a browser can show it without asking this site for it.

use serde_json::{Map, Value, json};
use zwerm_agreement::agreement::{Agreement, Party, View};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::site::overview::Overview;
use zwerm_app::types::question::answer::{AnswerColumn, ColumnKind};
use zwerm_app::words::column::heading;
use zwerm_app::words::purpose::purpose;

/// Versions whose names the page has at most, the newest of each project first, and bytes of these: the page must stay small.
const MOST: usize = 40;
const LARGEST: usize = 32 << 10;

/// The names of agreements by the fingerprint of their versions, as JSON.
pub(crate) fn of(overview: &Overview, lang: Lang) -> String {
    let dossiers = overview.dossiers.iter();
    let versions = dossiers.flat_map(|dossier| dossier.versions().iter().rev());
    let mut size = 0;
    let names = versions.take(MOST).map(|version| {
        let hash = version.stored.hash.to_string();
        (hash, of_agreement(version.agreement(), lang))
    });
    // one with a list too long for a page is shown by its codes
    let small = names.filter(|(_, names)| {
        let with = size + names.to_string().len();
        let fits = with <= LARGEST;
        size = if fits { with } else { size };
        fits
    });
    Value::Object(small.collect()).to_string()
}

fn of_agreement(agreement: &Agreement, lang: Lang) -> Value {
    let parties = agreement.party.iter().map(|party| {
        let name = Party::display_name(party);
        (party.id.clone(), name.get(lang).into())
    });
    let parties: Map<String, Value> = parties.collect();
    let views = agreement.view.iter();
    let views = views.map(|view| (view.name.clone(), of_view(view, lang)));
    let views: Map<String, Value> = views.collect();
    let code = agreement.purpose.clone();
    let purposes: Map<String, Value> =
        Map::from_iter([(code.clone(), purpose(&code).get(lang).into())]);
    json!({ "parties": parties, "purposes": purposes, "views": views })
}

/// What the columns of answers are called, and the values of dimensions.
fn of_view(view: &View, lang: Lang) -> Value {
    let mut columns = Map::new();
    let mut name = |column: AnswerColumn| {
        let words = heading(&column, Some(view), lang);
        columns.insert(column.name, words.into());
    };
    for count in ["units()", "count(*)"] {
        name(column(count.to_owned(), ColumnKind::Count, None));
    }
    for measure in &view.measure {
        let (id, quantity) = (&measure.name, Some(measure.quantity.clone()));
        name(column(format!("count({id})"), ColumnKind::Count, None));
        name(column(
            format!("sum({id})"),
            ColumnKind::Sum,
            quantity.clone(),
        ));
        name(column(format!("avg({id})"), ColumnKind::Average, quantity));
    }
    let mut values = Map::new();
    for dimension in &view.dimension {
        if let Some(label) = &dimension.label {
            columns.insert(dimension.name.clone(), label.get(lang).into());
        }
        let labels = dimension.labels.iter();
        let labels = labels.map(|(value, label)| (value.clone(), label.get(lang).into()));
        let labels: Map<String, Value> = labels.collect();
        values.insert(dimension.name.clone(), labels.into());
    }
    json!({ "columns": columns, "values": values })
}

fn column(name: String, kind: ColumnKind, quantity: Option<String>) -> AnswerColumn {
    AnswerColumn {
        label: Text::same(&name),
        name,
        kind,
        quantity,
    }
}
