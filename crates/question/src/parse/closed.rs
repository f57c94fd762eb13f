//! Names that a view does not have: of the key, of a column that the agreement keeps closed, or of nothing.

use zwerm_agreement::{
    agreement::{Agreement, Dataset, View},
    condition,
    refusal::{Code, Refusal},
    text::Text,
};

use super::reasons::{key, quote, unknown_column};

/// The dataset that has a column which the view does not register, and whether it is withheld.
fn closed<'a>(column: &str, agreement: &'a Agreement) -> Option<(&'a Dataset, bool)> {
    let named = |known: &String| known.eq_ignore_ascii_case(column);
    let withheld = |dataset: &&Dataset| dataset.withheld.keys().any(named);
    let shared = |dataset: &&Dataset| dataset.columns.keys().any(named);
    let mut all = agreement.dataset.iter();
    let found = all.find(withheld).map(|dataset| (dataset, true));
    found.or_else(|| {
        let mut all = agreement.dataset.iter();
        all.find(shared).map(|dataset| (dataset, false))
    })
}

/// The refusal of a name that the view does not have.
pub(super) fn no_column(name: &str, view: &View, agreement: &Agreement) -> Refusal {
    let column = name.rsplit('.').next().unwrap_or_default();
    if column.eq_ignore_ascii_case(&view.key) {
        return key(view, agreement);
    }
    let registered = view.dimension.iter().map(|d| &d.name);
    let mut registered = registered.chain(view.measure.iter().map(|m| &m.name));
    if registered.any(|known| known.eq_ignore_ascii_case(column)) {
        return unknown_column(name, view);
    }
    match closed(column, agreement) {
        Some((dataset, true)) => withheld(name, dataset),
        Some((_, false)) => unregistered(name, view, agreement),
        None => unknown_column(name, view),
    }
}

fn withheld(name: &str, dataset: &Dataset) -> Refusal {
    let (name, id, provider) = (quote(name), &dataset.id, &dataset.provider);
    Refusal::new(
        Code::WithheldColumn,
        Text::new(
            format!("`{name}` uit `{id}` wordt niet gedeeld"),
            format!("`{name}` of `{id}` is not shared"),
        ),
        Text::new(
            format!("een nieuwe versie waarin `{provider}` deze kolom deelt"),
            format!("a new version in which `{provider}` shares this column"),
        ),
    )
    .under(format!("dataset.{id}.withheld"))
    .owned_by(provider)
}

fn unregistered(name: &str, view: &View, agreement: &Agreement) -> Refusal {
    let (name, path) = (quote(name), format!("view.{}", view.name));
    Refusal::new(
        Code::WithheldColumn,
        Text::new(
            format!(
                "`{name}` hoort niet bij wat van `{}` te vragen is",
                view.name
            ),
            format!("`{name}` is not among what can be asked of `{}`", view.name),
        ),
        condition::amend(agreement, &path),
    )
    .under(path)
}
