//! Delivering a dataset: a file is looked through, and delivered as it was looked through.

use std::path::PathBuf;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::decide::amend;
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::share::deliver::{self, DeliveryCheck, ProvidedDataset};
use zwerm_app::share::waiting;
use zwerm_app::types::question::delivery::UnlistedValue;

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::upload::Uploaded;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{go, in_form, render};
use crate::share::datasets::{kind_words, uses};

#[derive(Template)]
#[template(path = "share/deliver.html")]
struct DeliverPage {
    page: Page,
    party: String,
    dataset: String,
    /// Versions with their periods: the name, and what people call it.
    periods: Vec<(String, String)>,
    /// What was found in the file that somebody sent, under the name that they know it by.
    looked: Option<LookedFile>,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// What was found in a file.
struct LookedFile {
    name: String,
    rows: u64,
    columns: Vec<(String, Text, u64)>,
    faults: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    remarks: Vec<(String, Text, Text)>,
    unlisted: Vec<UnlistedValue>,
    differences: Vec<Text>,
}

impl LookedFile {
    fn of(found: DeliveryCheck, name: &str, path: &str) -> Self {
        let named = |place: &str| place.replace(path, name);
        let renamed = |all: Vec<Diagnostic>| {
            let all = all.into_iter().map(|mut one| {
                one.place = named_place(one.place, path, name);
                one
            });
            all.collect::<Vec<_>>()
        };
        let faults = renamed(found.faults());
        let survey = found.report.survey;
        let columns = survey.columns.iter();
        let remarks = survey
            .remarks
            .iter()
            .filter(|remark| remark.grave.is_none());
        Self {
            name: name.to_owned(),
            rows: survey.rows,
            columns: columns
                .map(|c| (c.name.clone(), kind_words(c.kind), c.missing))
                .collect(),
            remarks: remarks
                .map(|r| (named(&r.place), r.what.clone(), r.cure.clone()))
                .collect(),
            warnings: renamed(found.findings.warnings),
            unlisted: found.findings.unlisted,
            differences: found.differences,
            faults,
        }
    }

    fn is_odd(&self) -> bool {
        !self.warnings.is_empty() || !self.unlisted.is_empty() || !self.remarks.is_empty()
    }
}

fn named_place(
    place: zwerm_agreement::diagnostic::Place,
    path: &str,
    name: &str,
) -> zwerm_agreement::diagnostic::Place {
    use zwerm_agreement::diagnostic::Place;
    match place {
        Place::Path(at) => Place::Path(at.replace(path, name)),
        other => other,
    }
}

fn deliver_page(
    web: &Web,
    visit: &Visit,
    (party, dataset): (&str, &str),
    uses: &[ProvidedDataset],
) -> DeliverPage {
    let title = Text::new(format!("Lever `{dataset}`"), format!("Deliver `{dataset}`"));
    let periods = uses.iter().map(|use_| {
        let agreement = use_.version.agreement();
        let period = use_.dataset.period.clone().unwrap_or_default();
        let title = agreement.title.get(visit.lang());
        let label = format!("{title}, {} {period}", agreement.version);
        (use_.version.name(), label.trim().to_owned())
    });
    let page = Page::new(web, visit, &title)
        .under("/data", &Text::new("Gegevens", "Data"))
        .under(format!("/data/{party}/{dataset}"), &Text::same(dataset));
    DeliverPage {
        page,
        periods: periods.collect(),
        party: party.to_owned(),
        dataset: dataset.to_owned(),
        looked: None,
        told: Vec::new(),
        reasons: Vec::new(),
    }
}

/// The form to bring data.
pub(crate) async fn form(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((party, dataset)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let uses = uses(&web, &visit, &party, &dataset, Act::Deliver).await?;
    render(&deliver_page(&web, &visit, (&party, &dataset), &uses))
}

/// Looks a delivery through and keeps it waiting; or takes it, or the one that waits, when that is what was asked.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((party, dataset)): Path<(String, String)>,
    uploaded: Uploaded,
) -> Result<Response, Failure> {
    let uses = uses(&web, &visit, &party, &dataset, Act::Deliver).await?;
    let mut shown = deliver_page(&web, &visit, (&party, &dataset), &uses);
    let name = uploaded.name.clone();
    let done = match uploaded.fields.get("what") {
        "deliver" => take(&web, &visit, (&party, &dataset), &uses, uploaded).await,
        _ => look(&web, &visit, (&party, &dataset), &uses, uploaded).await,
    };
    match done {
        Ok(None) => Ok(go(
            &visit,
            &format!("/data/{party}/{dataset}"),
            Done::Delivered,
        )),
        Ok(looked) => {
            shown.looked = looked;
            render(&shown)
        }
        Err((error, path)) => {
            let error = amend::renamed(error, &path.display().to_string(), &name);
            (shown.told, shown.reasons) = in_form(error)?;
            render(&shown)
        }
    }
}

/// What went wrong, and with which file.
type Unfit = (AppError, PathBuf);

fn chosen<'u>(uses: &'u [ProvidedDataset], version: &str) -> Option<&'u ProvidedDataset> {
    uses.iter().find(|use_| use_.version.name() == version)
}

async fn look(
    web: &Web,
    visit: &Visit,
    dataset: (&str, &str),
    uses: &[ProvidedDataset],
    uploaded: Uploaded,
) -> Result<Option<LookedFile>, Unfit> {
    let version = uploaded.fields.get("version").to_owned();
    let use_ = chosen(uses, &version).ok_or_else(|| (no_file(), PathBuf::new()))?;
    let file = uploaded.file.ok_or_else(|| (no_file(), PathBuf::new()))?;
    let path = file.path().to_owned();
    let wrong = |error| (error, path.clone());
    let found = deliver::look(&web.site, &use_.version, &use_.dataset, &path).await;
    let found = found.map_err(wrong)?;
    let looked = LookedFile::of(found, &uploaded.name, &path.display().to_string());
    if let (true, Some(signed)) = (looked.faults.is_empty(), visit.signed()) {
        let named = (uploaded.name.as_str(), version.as_str());
        let kept = waiting::keep(&web.site, signed, dataset, file, named).await;
        kept.map_err(wrong)?;
    }
    Ok(Some(looked))
}

async fn take(
    web: &Web,
    visit: &Visit,
    dataset: (&str, &str),
    uses: &[ProvidedDataset],
    uploaded: Uploaded,
) -> Result<Option<LookedFile>, Unfit> {
    let site = &web.site;
    let nowhere = |error| (error, PathBuf::new());
    let signed = visit.require_person().map_err(|_| nowhere(no_file()))?;
    let (path, version) = match &uploaded.file {
        Some(file) => (
            file.path().to_owned(),
            uploaded.fields.get("version").to_owned(),
        ),
        None => {
            let found = waiting::find(site, signed, dataset)
                .await
                .map_err(nowhere)?;
            let found = found.ok_or_else(|| nowhere(no_file()))?;
            (found.file, found.version)
        }
    };
    let use_ = chosen(uses, &version).ok_or_else(|| nowhere(no_file()))?;
    let done = deliver::deliver(site, signed, &use_.version, &use_.dataset, path.clone()).await;
    done.map_err(|error| (error, path))?;
    waiting::forget(site, signed, dataset)
        .await
        .map_err(nowhere)?;
    Ok(None)
}

fn no_file() -> AppError {
    AppError::usage(
        FaultCode::Missing,
        Text::new(
            "er is geen bestand of geen afspraak gekozen, of het bestand wachtte langer dan een dag",
            "no file or no agreement was chosen, or the file waited for more than a day",
        ),
        Text::new("kies beide opnieuw", "choose both again"),
    )
}
