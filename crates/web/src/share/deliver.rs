//! Delivering a dataset: a file is looked through, and delivered as it was looked through.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::decide::amend;
use zwerm_app::error::AppError;
use zwerm_app::people::accounts::SignedIn;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::share::deliver::{self, DeliveryCheck, ProvidedDataset};
use zwerm_app::share::waiting;
use zwerm_app::site::Site;
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
    /// What was found in a file that lies there, under the name that whoever sent it knows it by.
    fn of(found: DeliveryCheck, name: &str, lies: &str) -> Self {
        let renamed = |mut all: Vec<Diagnostic>| {
            for one in &mut all {
                amend::rename(one, lies, name);
            }
            all
        };
        let faults = renamed(found.faults());
        let survey = found.report.survey;
        let columns = survey.columns.iter();
        let remarks = survey.remarks.iter();
        let remarks = remarks.filter(|remark| remark.grave.is_none());
        Self {
            name: name.to_owned(),
            rows: survey.rows,
            columns: columns
                .map(|c| (c.name.clone(), kind_words(c.kind), c.missing))
                .collect(),
            remarks: remarks
                .map(|r| (r.place.replace(lies, name), r.what.clone(), r.cure.clone()))
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
    let signed = visit.require_person()?;
    let sender = Sender {
        site: &web.site,
        signed,
        dataset: (&party, &dataset),
        uses: &uses,
    };
    let done = match uploaded.fields.get("what") {
        "deliver" => sender.take(uploaded).await.map(|()| None),
        _ => sender.look(uploaded).await.map(Some),
    };
    if let Ok(None) = done {
        let page = format!("/data/{party}/{dataset}");
        return Ok(go(&visit, &page, Done::Delivered));
    }
    let mut shown = deliver_page(&web, &visit, (&party, &dataset), &uses);
    match done {
        Ok(looked) => shown.looked = looked,
        Err(error) => (shown.told, shown.reasons) = in_form(error)?,
    }
    render(&shown)
}

/// Who sends a file of which dataset.
struct Sender<'a> {
    site: &'a Site,
    signed: &'a SignedIn,
    dataset: (&'a str, &'a str),
    uses: &'a [ProvidedDataset],
}

impl Sender<'_> {
    /// The version that a file is for.
    fn chosen(&self, version: &str) -> Result<&ProvidedDataset, AppError> {
        let mut uses = self.uses.iter();
        let found = uses.find(|use_| use_.version.name() == version);
        found.ok_or_else(no_file)
    }

    /// Looks a file through, and keeps it when it can be delivered.
    async fn look(&self, mut uploaded: Uploaded) -> Result<LookedFile, AppError> {
        let file = uploaded.take_file()?.ok_or_else(no_file)?;
        let (version, name) = (uploaded.fields.get("version"), uploaded.name.as_str());
        let use_ = self.chosen(version)?;
        let lies = file.path().display().to_string();
        let found = deliver::look(self.site, &use_.version, &use_.dataset, file.path()).await;
        let found = found.map_err(|error| amend::renamed(error, &lies, name))?;
        let looked = LookedFile::of(found, name, &lies);
        if looked.faults.is_empty() {
            waiting::keep(self.site, self.signed, self.dataset, file, (name, version)).await?;
        }
        Ok(looked)
    }

    /// Takes the file that was sent, or the one that waits.
    async fn take(&self, mut uploaded: Uploaded) -> Result<(), AppError> {
        let sent = uploaded.take_file()?;
        let (path, name, version) = match &sent {
            Some(file) => {
                let version = uploaded.fields.get("version").to_owned();
                (file.path().to_owned(), uploaded.name.clone(), version)
            }
            None => {
                let found = waiting::find(self.site, self.signed, self.dataset).await?;
                let found = found.ok_or_else(no_file)?;
                (found.file, found.name, found.version)
            }
        };
        let use_ = self.chosen(&version)?;
        let lies = path.display().to_string();
        deliver::deliver(self.site, self.signed, &use_.version, &use_.dataset, path)
            .await
            .map_err(|error| amend::renamed(error, &lies, &name))?;
        waiting::forget(self.site, self.signed, self.dataset).await
    }
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
