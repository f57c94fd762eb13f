//! A steward's datasets: every use, the code book, a delivery, and withdrawing.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::agreement::ColumnType;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::role::{Act, Role};
use zwerm_agreement::text::Text;
use zwerm_app::decide::amend;
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::share::deliver::{self, ProvidedDataset, provided};
use zwerm_app::share::{questions, withdraw};
use zwerm_app::site::overview::Version;
use zwerm_app::types::intake::Survey;
use zwerm_app::types::store::list::ListPlace;
use zwerm_app::types::store::questions::AskedQuestion;

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::upload::Uploaded;
use crate::http::visit::Visit;
use crate::marks::{Stands, StateKind};
use crate::page::Page;
use crate::render::{go, in_form, render};

/// Questions on one page.
const LISTED: u32 = 50;

#[derive(Template)]
#[template(path = "share/datasets.html")]
struct DatasetsPage {
    page: Page,
    parties: Vec<(String, Vec<DatasetLine>)>,
}

struct DatasetLine {
    id: String,
    uses: Vec<(String, u32, Text, Text, StateKind)>,
    missing: bool,
}

/// Lists the datasets of the parties that a steward works for.
pub(crate) async fn list(State(web): State<Arc<Web>>, visit: Visit) -> Result<Response, Failure> {
    visit.require_person()?;
    let overview = web.site.overview().await?;
    let mut parties = Vec::new();
    for party in visit.parties(Role::Steward) {
        visit.require(Act::SeeUses, party)?;
        let lines = provided(&overview, party)
            .into_iter()
            .map(|(id, uses)| DatasetLine {
                missing: uses.first().is_some_and(|newest| is_missing(&web, newest)),
                uses: uses.iter().map(used).collect(),
                id,
            });
        parties.push((party.to_owned(), lines.collect()));
    }
    if parties.is_empty() {
        return Err(Failure::Forbidden(Text::new(
            "een gegevensbeheerder ziet hier de gegevens van de eigen partner",
            "a steward sees the data of their own party here",
        )));
    }
    let title = Text::new("Gegevens van uw partner", "Your party's data");
    render(&DatasetsPage {
        page: Page::new(&web, &visit, &title),
        parties,
    })
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
    let all = provided(&overview, party);
    let found = all.into_iter().find(|(id, _)| id == dataset);
    let (_, uses) = found.ok_or(Failure::NotFound)?;
    Ok(uses)
}

#[derive(Template)]
#[template(path = "share/dataset.html")]
struct DatasetPage {
    page: Page,
    party: String,
    dataset: String,
    uses: Vec<(String, u32, Text, Text, StateKind)>,
    columns: Vec<(String, Text)>,
    withheld: Vec<(String, String)>,
    legal_basis: String,
    period: Option<String>,
    missing: bool,
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
    let mut agreements: Vec<&str> = uses
        .iter()
        .map(|u| u.version.agreement().id.as_str())
        .collect();
    agreements.dedup();
    let before = wanted.before.parse().ok();
    let mut asked = questions::under(&web.site, &agreements, before.as_ref(), LISTED).await?;
    asked
        .rows
        .retain(|asked| uses.iter().any(|use_| is_of(asked, &use_.version)));
    let columns = newest.dataset.columns.iter();
    let withheld = newest.dataset.withheld.iter();
    let open = withdraw::affected(&uses, &party).len();
    let title = Text::same(format!("{dataset} ({party})"));
    render(&DatasetPage {
        page: Page::new(&web, &visit, &title),
        columns: columns
            .map(|(name, kind)| (name.clone(), kind_words(*kind)))
            .collect(),
        withheld: withheld
            .map(|(name, why)| (name.clone(), why.clone()))
            .collect(),
        legal_basis: newest.dataset.legal_basis.clone(),
        period: newest.dataset.period.clone(),
        missing: is_missing(&web, newest),
        open,
        uses: uses.iter().map(used).collect(),
        older: asked.older,
        asked: asked.rows,
        party,
        dataset,
    })
}

/// Whether a question was asked under this version.
fn is_of(asked: &AskedQuestion, version: &Version) -> bool {
    let agreement = version.agreement();
    (&asked.agreement, asked.version) == (&agreement.id, agreement.version)
}

#[derive(Template)]
#[template(path = "share/deliver.html")]
struct DeliverPage {
    page: Page,
    party: String,
    dataset: String,
    periods: Vec<(String, String)>,
    columns: Vec<(String, String, u64)>,
    rows: Option<u64>,
    remarks: Vec<(String, Text, Text)>,
    differences: Vec<Text>,
    looked: bool,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

impl DeliverPage {
    /// Adds what was found in the file.
    fn add_survey(&mut self, survey: &Survey) {
        self.looked = true;
        self.rows = Some(survey.rows);
        let columns = survey.columns.iter();
        let columns = columns.map(|c| (c.name.clone(), c.kind.to_string(), c.missing));
        self.columns = columns.collect();
        let remarks = survey.remarks.iter();
        let remarks = remarks.map(|r| (r.place.clone(), r.what.clone(), r.cure.clone()));
        self.remarks = remarks.collect();
    }
}

fn deliver_page(
    web: &Web,
    visit: &Visit,
    party: &str,
    dataset: &str,
    uses: &[ProvidedDataset],
) -> DeliverPage {
    let title = Text::new(format!("Lever `{dataset}`"), format!("Deliver `{dataset}`"));
    let periods = uses.iter().map(|use_| {
        let agreement = use_.version.agreement();
        let name = use_.version.name();
        let period = use_.dataset.period.clone().unwrap_or_default();
        let title = agreement.title.get(visit.lang());
        (name, format!("{title}, {} {period}", agreement.version))
    });
    DeliverPage {
        page: Page::new(web, visit, &title),
        periods: periods.collect(),
        party: party.to_owned(),
        dataset: dataset.to_owned(),
        columns: Vec::new(),
        rows: None,
        remarks: Vec::new(),
        differences: Vec::new(),
        looked: false,
        told: Vec::new(),
        reasons: Vec::new(),
    }
}

/// The form to bring data.
pub(crate) async fn deliver(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((party, dataset)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let uses = uses(&web, &visit, &party, &dataset, Act::Deliver).await?;
    render(&deliver_page(&web, &visit, &party, &dataset, &uses))
}

/// Looks a delivery through, and takes it when that is what was asked.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((party, dataset)): Path<(String, String)>,
    uploaded: Uploaded,
) -> Result<Response, Failure> {
    let uses = uses(&web, &visit, &party, &dataset, Act::Deliver).await?;
    let mut shown = deliver_page(&web, &visit, &party, &dataset, &uses);
    let wanted = uploaded.fields.get("version");
    let use_ = uses.iter().find(|use_| use_.version.name() == wanted);
    let (Some(use_), Some(file)) = (use_, uploaded.file) else {
        (shown.told, shown.reasons) = in_form(no_file())?;
        return render(&shown);
    };
    let take = uploaded.fields.get("what") == "deliver";
    let path = file.path().display().to_string();
    match deliver::receive(&web.site, &use_.dataset, file, take).await {
        Ok(_) if take => Ok(go(
            &visit,
            &format!("/data/{party}/{dataset}"),
            Done::Delivered,
        )),
        Ok(looked) => {
            shown.add_survey(&looked.report.survey);
            shown.differences = looked.differences;
            render(&shown)
        }
        Err(error) => {
            let error = amend::renamed(error, &path, &uploaded.name);
            (shown.told, shown.reasons) = in_form(error)?;
            render(&shown)
        }
    }
}

fn no_file() -> AppError {
    AppError::usage(
        FaultCode::Missing,
        Text::new(
            "er is geen bestand of geen versie gekozen",
            "no file or no version was chosen",
        ),
        Text::new("kies beide", "choose both"),
    )
}

/// What is in a column, as people say it.
fn kind_words(kind: ColumnType) -> Text {
    match kind {
        ColumnType::Utf8 => Text::new("tekst", "text"),
        ColumnType::Int64 => Text::new("geheel getal", "whole number"),
        ColumnType::Float64 => Text::new("getal", "number"),
        ColumnType::Boolean => Text::new("ja of nee", "yes or no"),
        ColumnType::Date => Text::new("dag", "day"),
    }
}
