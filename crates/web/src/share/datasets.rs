//! A steward's datasets: every use, the code book, a delivery, and withdrawing.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::agreement::ColumnType;
use zwerm_agreement::role::{Act, Role};
use zwerm_agreement::text::Text;
use zwerm_app::share::deliver::{self, ProvidedDataset, provided};
use zwerm_app::share::{questions, withdraw};
use zwerm_app::types::home::Delivery;
use zwerm_app::types::store::list::ListPlace;
use zwerm_app::types::store::questions::AskedQuestion;

use crate::Web;
use crate::decide::agreement::is_key;
use crate::decide::lifting::{Lifting, liftings};
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::marks::{PartyMark, Stands, StateKind};
use crate::page::Page;
use crate::render::render;

/// Questions on one page.
const LISTED: u32 = 50;

#[derive(Template)]
#[template(path = "share/datasets.html")]
struct DatasetsPage {
    page: Page,
    parties: Vec<ProvidingParty>,
    /// Where the next page begins: after this dataset of this party.
    next: Option<String>,
}

/// A party with those of its datasets that are on the page.
struct ProvidingParty {
    id: String,
    name: Text,
    /// None where it provides nothing.
    datasets: Vec<DatasetLine>,
}

/// What parties provide, with ids.
type ProvidedBy<'p, T> = Vec<(&'p str, Vec<(String, T)>)>;

struct DatasetLine {
    id: String,
    uses: Vec<(String, u32, Text, Text, StateKind)>,
    missing: bool,
}

/// After which dataset of which party the list goes on, as `party/dataset`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DatasetsQuery {
    after: String,
}

/// Lists the datasets of the parties that a steward works for.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<DatasetsQuery>,
) -> Result<Response, Failure> {
    visit.require_person()?;
    let overview = web.site.overview().await?;
    let stewarded = visit.parties(Role::Steward);
    if stewarded.is_empty() {
        return Err(Failure::Forbidden(Text::new(
            "een gegevensbeheerder ziet hier de gegevens van de eigen partner",
            "a steward sees the data of their own party here",
        )));
    }
    let mut all = Vec::with_capacity(stewarded.len());
    for party in stewarded {
        visit.require(Act::SeeUses, party)?;
        all.push((party, provided(&overview, party)));
    }
    let names: BTreeMap<&str, Text> = all
        .iter()
        .map(|(party, all)| (*party, name_of(party, all)))
        .collect();
    let (listed, next) = page_after(all, &wanted.after, LISTED as usize);
    let parties = listed.into_iter().map(|(party, datasets)| ProvidingParty {
        id: party.to_owned(),
        name: names.get(party).cloned().unwrap_or_default(),
        datasets: datasets.into_iter().map(|of| line(&web, of)).collect(),
    });
    let parties = parties.collect();
    let title = Text::new("Gegevens van uw partner", "Your party's data");
    render(&DatasetsPage {
        page: Page::new(&web, &visit, &title),
        parties,
        next,
    })
}

/// So many datasets after one, as `party/dataset`, of parties in the order of their ids; and after which the next page begins,
/// where there is one. A party that provides nothing stands where it would.
fn page_after<'p, T>(
    all: Vec<(&'p str, BTreeMap<String, T>)>,
    after: &str,
    most: usize,
) -> (ProvidedBy<'p, T>, Option<String>) {
    let (from, after) = after.split_once('/').unwrap_or_default();
    let mut listed: ProvidedBy<'p, T> = Vec::new();
    let (mut room, mut last) = (most, None);
    for (party, datasets) in all.into_iter().filter(|(party, _)| *party >= from) {
        let is_without = datasets.is_empty();
        let mut rest = datasets.into_iter();
        let rest = rest
            .by_ref()
            .filter(|(id, _)| party > from || id.as_str() > after);
        let mut rest = rest.peekable();
        let shown: Vec<(String, T)> = rest.by_ref().take(room).collect();
        room -= shown.len();
        last = shown.last().map(|(id, _)| format!("{party}/{id}")).or(last);
        if !shown.is_empty() || is_without {
            listed.push((party, shown));
        }
        if rest.peek().is_some() {
            return (listed, last);
        }
    }
    (listed, None)
}

/// What the newest agreement that uses a dataset of a party calls it.
fn name_of(party: &str, provided: &BTreeMap<String, Vec<ProvidedDataset>>) -> Text {
    let newest = provided.values().next().and_then(|uses| uses.first());
    newest.map_or_else(
        || Text::same(party),
        |newest| PartyMark::of(newest.version.agreement(), party).name,
    )
}

fn line(web: &Web, (id, uses): (String, Vec<ProvidedDataset>)) -> DatasetLine {
    DatasetLine {
        missing: uses.first().is_some_and(|newest| is_missing(web, newest)),
        uses: uses.iter().map(used).collect(),
        id,
    }
}

fn used(use_: &ProvidedDataset) -> (String, u32, Text, Text, StateKind) {
    let (agreement, standing) = (use_.version.agreement(), use_.version.standing);
    (
        agreement.id.clone(),
        agreement.version,
        agreement.title.clone(),
        standing.words(),
        standing.kind(),
    )
}

fn is_missing(web: &Web, use_: &ProvidedDataset) -> bool {
    let missing = web.site.home.missing_data(use_.version.agreement());
    missing.iter().any(|dataset| dataset.id == use_.dataset.id)
}

/// The uses of a party's dataset, newest first, for a steward who may see them.
pub(crate) async fn uses(
    web: &Web,
    visit: &Visit,
    party: &str,
    dataset: &str,
    act: Act,
) -> Result<Vec<ProvidedDataset>, Failure> {
    visit.require(act, party)?;
    let overview = web.site.overview().await?;
    let mut all = provided(&overview, party);
    all.remove(dataset).ok_or(Failure::NotFound)
}

#[derive(Template)]
#[template(path = "share/dataset.html")]
struct DatasetPage {
    page: Page,
    party: String,
    dataset: String,
    uses: Vec<(String, u32, Text, Text, StateKind)>,
    /// Who can lift what suspends those that use it.
    liftings: Vec<Lifting>,
    /// Each with its type, and whether it is a key that nobody sees.
    columns: Vec<(String, Text, bool)>,
    withheld: Vec<(String, String)>,
    legal_basis: String,
    period: Option<String>,
    missing: bool,
    /// What was delivered, the newest first.
    delivered: Vec<Delivery>,
    asked: Vec<AskedQuestion>,
    /// Where the next page of questions begins.
    older: Option<ListPlace>,
    open: usize,
}

/// From which question on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DatasetQuery {
    before: String,
}

/// Shows one: who uses it for what, and what was asked of it.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((party, dataset)): Path<(String, String)>,
    Query(wanted): Query<DatasetQuery>,
) -> Result<Response, Failure> {
    let uses = uses(&web, &visit, &party, &dataset, Act::SeeUses).await?;
    let newest = uses.first().ok_or(Failure::NotFound)?;
    let versions = uses.iter().map(|use_| use_.version.agreement());
    let versions: Vec<(&str, u32)> = versions
        .map(|agreement| (agreement.id.as_str(), agreement.version))
        .collect();
    let before = wanted.before.parse().ok();
    let asked = questions::under(&web.site, &versions, before.as_ref(), LISTED).await?;
    let columns = newest.dataset.columns.iter();
    let withheld = newest.dataset.withheld.iter();
    let open = withdraw::affected(&uses, &party).len();
    let agreement = newest.version.agreement();
    let Text { nl, en } = PartyMark::of(agreement, &party).name;
    let title = Text::new(format!("{dataset}, {nl}"), format!("{dataset}, {en}"));
    render(&DatasetPage {
        page: Page::new(&web, &visit, &title)
            .about(agreement)
            .under("/data", &Text::new("Gegevens", "Data")),
        columns: columns
            .map(|(name, kind)| (name.clone(), kind_words(*kind), is_key(agreement, name)))
            .collect(),
        withheld: withheld
            .map(|(name, why)| (name.clone(), why.clone()))
            .collect(),
        legal_basis: newest.dataset.legal_basis.clone(),
        period: newest.dataset.period.clone(),
        missing: is_missing(&web, newest),
        delivered: deliver::delivered(&web.site, &newest.dataset).await?,
        open,
        liftings: suspended(&web, &visit, &uses).await?,
        uses: uses.iter().map(used).collect(),
        older: asked.older,
        asked: asked.rows,
        party,
        dataset,
    })
}

/// The suspensions of what uses a dataset, each with who can lift it.
pub(crate) async fn suspended(
    web: &Web,
    visit: &Visit,
    uses: &[ProvidedDataset],
) -> Result<Vec<Lifting>, Failure> {
    let overview = web.site.overview().await?;
    let all = uses
        .iter()
        .flat_map(|use_| liftings(visit, &overview, &use_.version));
    Ok(all.collect())
}

/// What is in a column, as people say it.
pub(crate) fn kind_words(kind: ColumnType) -> Text {
    match kind {
        ColumnType::Utf8 => Text::new("tekst", "text"),
        ColumnType::Int64 => Text::new("geheel getal", "whole number"),
        ColumnType::Float64 => Text::new("getal", "number"),
        ColumnType::Boolean => Text::new("ja of nee", "yes or no"),
        ColumnType::Date => Text::new("dag", "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_datasets_show_each_once_and_end() {
        for (counts, most) in [
            (vec![3, 0, 2, 4], 2),
            (vec![2, 2, 0], 2),
            (vec![0, 0], 1),
            (vec![5], 5),
            (vec![1, 5, 1], 3),
        ] {
            let parties: Vec<String> = (0..counts.len()).map(|place| format!("p{place}")).collect();
            let all = || {
                let each = parties.iter().zip(&counts);
                let each = each.map(|(party, many)| {
                    let datasets = (0..*many).map(|place| (format!("d{place}"), ()));
                    (party.as_str(), datasets.collect())
                });
                each.collect::<Vec<(&str, BTreeMap<String, ()>)>>()
            };
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let (listed, next) = page_after(all(), &after, most);
                let ids = listed.iter().flat_map(|(party, datasets)| {
                    datasets.iter().map(move |(id, ())| format!("{party}/{id}"))
                });
                let ids: Vec<String> = ids.collect();
                assert!(ids.len() <= most, "{counts:?}");
                seen.extend(ids);
                let Some(next) = next else { break };
                assert!(next > after, "{counts:?}: {next} after {after}");
                after = next;
            }
            let wanted = parties.iter().zip(&counts);
            let wanted = wanted
                .flat_map(|(party, many)| (0..*many).map(move |place| format!("{party}/d{place}")));
            assert_eq!(seen, wanted.collect::<Vec<_>>(), "{counts:?} by {most}");
        }
        // what is no place in the list begins at its first page
        let one = || vec![("p", BTreeMap::from([("d".to_owned(), ())]))];
        for odd in ["", "/", "zz", "\u{0};--"] {
            assert_eq!(page_after(one(), odd, 5).0.len(), 1, "{odd}");
        }
    }
}
