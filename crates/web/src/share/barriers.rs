//! What could not be done, whose condition is in the way, and how it is with it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::barrier::Barrier;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::share::barriers::{self, BarrierDecision, InPublic};
use zwerm_app::site::overview::Overview;
use zwerm_app::types::store::barriers::{BarrierRow, BarrierStatus};

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, FormFields};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{draft, drop_draft, go, in_form, render};

#[derive(Template)]
#[template(path = "share/barriers.html")]
struct BarriersPage {
    page: Page,
    barriers: Vec<BarrierLine>,
    projects: Vec<(String, Text)>,
    statuses: [(BarrierStatus, Text); 4],
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

struct BarrierLine {
    barrier: Barrier,
    told: InPublic,
    key: String,
    owner: Text,
    title: Text,
    status: Text,
    class: &'static str,
    why: String,
    /// The status that was chosen and not sent, or sent with something wrong.
    chosen: String,
    mine: Option<String>,
}

/// Which are looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BarriersQuery {
    project: String,
}

fn words(status: BarrierStatus) -> Text {
    match status {
        BarrierStatus::Open => Text::new("open", "open"),
        BarrierStatus::BeingLifted => Text::new("er wordt aan gewerkt", "being lifted"),
        BarrierStatus::Lifted => Text::new("opgeheven", "lifted"),
        BarrierStatus::Stays => Text::new("blijft", "stays"),
    }
}

fn statuses() -> [(BarrierStatus, Text); 4] {
    [
        BarrierStatus::Open,
        BarrierStatus::BeingLifted,
        BarrierStatus::Lifted,
        BarrierStatus::Stays,
    ]
    .map(|s| (s, words(s)))
}

/// The list of barriers, of all projects or of one.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<BarriersQuery>,
) -> Result<Response, Failure> {
    let unsent = draft(&web, &visit, "/barriers").await?;
    listed(&web, &visit, &wanted, &unsent, None).await
}

/// The list, with what was filled in at one of them and what was wrong with it.
async fn listed(
    web: &Web,
    visit: &Visit,
    wanted: &BarriersQuery,
    unsent: &FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let all = barriers::of_home(&web.site).await?;
    let said = barriers::statuses(&web.site).await?;
    let overview = web.site.overview().await?;
    let shown = all
        .iter()
        .filter(|b| wanted.project.is_empty() || b.agreement == wanted.project);
    let lines = shown.map(|barrier| line(barrier, &said, &overview, visit, unsent));
    let projects = overview.dossiers.iter().filter_map(|dossier| {
        Some((
            dossier.id.clone(),
            dossier.current()?.agreement().title.clone(),
        ))
    });
    let title = Text::new("Belemmeringen", "Barriers");
    render(&BarriersPage {
        page: Page::new(web, visit, &title),
        barriers: lines.collect(),
        projects: projects.collect(),
        statuses: statuses(),
        told,
        reasons,
    })
}

fn line(
    barrier: &Barrier,
    said: &[BarrierRow],
    overview: &Overview,
    visit: &Visit,
    unsent: &FormFields,
) -> BarrierLine {
    let key = barriers::key(barrier);
    let said = said.iter().find(|status| status.key == key);
    let status = match said {
        Some(said) => said.status,
        None if barrier.is_open() => BarrierStatus::Open,
        None => BarrierStatus::Lifted,
    };
    let owner = barrier.refusal.owner.clone();
    let is_unsent = unsent.get("key") == key;
    BarrierLine {
        mine: owner.clone().filter(|party| visit.may(Act::Propose, party)),
        owner: owner.map_or_else(
            || Text::new("alle partners samen", "all parties together"),
            Text::same,
        ),
        title: overview
            .dossier(&barrier.agreement)
            .and_then(|dossier| dossier.current())
            .map_or_else(
                || Text::same(&barrier.agreement),
                |v| v.agreement().title.clone(),
            ),
        status: words(status),
        class: class(status),
        why: match is_unsent {
            true => unsent.get("reason").to_owned(),
            false => said.map(|said| said.reason.clone()).unwrap_or_default(),
        },
        chosen: match is_unsent {
            true => unsent.get("status").to_owned(),
            false => String::new(),
        },
        told: barriers::in_public(barrier, overview),
        barrier: barrier.clone(),
        key,
    }
}

fn class(status: BarrierStatus) -> &'static str {
    match status {
        BarrierStatus::Open => "utrecht-badge-status--warning",
        BarrierStatus::BeingLifted => "",
        BarrierStatus::Lifted => "utrecht-badge-status--ok",
        BarrierStatus::Stays => "utrecht-badge-status--stop",
    }
}

/// What the form of a barrier says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BarrierForm {
    key: String,
    status: String,
    reason: String,
}

/// Its owner says how it is with a barrier, and why.
pub(crate) async fn set(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Form { sent, fields }: Form<BarrierForm>,
) -> Result<Response, Failure> {
    let owner = barriers::owner(&web.site, &sent.key).await?;
    let signed = visit.require(Act::Propose, &owner.ok_or(Failure::NotFound)?)?;
    let status = sent.status.parse();
    let said = BarrierDecision {
        key: &sent.key,
        status: status.map_err(|_| Failure::NotFound)?,
        reason: &sent.reason,
    };
    match barriers::say(&web.site, signed, &said).await {
        Ok(()) => {
            drop_draft(&web, &visit, "/barriers").await;
            Ok(go(&visit, "/barriers", Done::Barrier))
        }
        Err(error) => {
            listed(
                &web,
                &visit,
                &BarriersQuery::default(),
                &fields,
                Some(error),
            )
            .await
        }
    }
}
