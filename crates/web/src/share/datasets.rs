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
    datasets: Vec<DatasetLine>,
    /// Whether it provides nothing at all.
    is_without: bool,
}

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
    let (from, after) = wanted.after.split_once('/').unwrap_or_default();
    let (mut parties, mut room) = (Vec::new(), LISTED as usize);
    let (mut last, mut next) = (None, None);
    for party in stewarded.into_iter().filter(|party| *party >= from) {
        visit.require(Act::SeeUses, party)?;
        let all = provided(&overview, party);
        let is_without = all.is_empty();
        let name = name_of(party, &all);
        let mut rest = all
            .into_iter()
            .filter(|(id, _)| party > from || id.as_str() > after)
            .peekable();
        let shown: Vec<DatasetLine> = rest.by_ref().take(room).map(|of| line(&web, of)).collect();
        room -= shown.len();
        let more = rest.peek().is_some();
        last = shown
            .last()
            .map(|line| format!("{party}/{}", line.id))
            .or(last);
        if !shown.is_empty() || is_without {
            parties.push(ProvidingParty {
                id: party.to_owned(),
                name,
                datasets: shown,
                is_without,
            });
        }
        if more {
            next = last;
            break;
        }
    }
    let title = Text::new("Gegevens van uw partner", "Your party's data");
    render(&DatasetsPage {
        page: Page::new(&web, &visit, &title),
        parties,
        next,
    })
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
