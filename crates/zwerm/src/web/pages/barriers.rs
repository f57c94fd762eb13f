//! What could not be done and whose condition it is; and what would become possible if something were changed.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::condition;
use zwerm_agreement::refusal::Code;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_store::barriers::{BarrierStatus, Status};

use super::super::Web;
use super::super::failure::Failure;
use super::super::page::Page;
use super::super::post::{Fields, Posted, Signed};
use super::super::visit::Visit;
use super::projects::current;
use super::{draft, drop_draft, go, in_form, render};
use crate::app::amend::{self, Easy};
use crate::app::barrier;
use zwerm_agreement::barrier::Barrier;
use crate::app::error::AppError;
use crate::app::inquiry::KeptReason;
use crate::app::overview::Overview;
use crate::words::fault::Told;
use crate::words::refusal::code;

#[derive(Template)]
#[template(path = "barriers.html")]
struct Barriers {
    page: Page,
    barriers: Vec<Line>,
    projects: Vec<(String, Text)>,
    statuses: [(Status, Text); 4],
}

struct Line {
    barrier: Barrier,
    told: InPublic,
    key: String,
    owner: Text,
    title: Text,
    status: Text,
    class: &'static str,
    why: String,
    mine: Option<String>,
}

/// Which are looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    project: String,
}

fn words(status: Status) -> Text {
    match status {
        Status::Open => Text::new("open", "open"),
        Status::BeingLifted => Text::new("er wordt aan gewerkt", "being lifted"),
        Status::Lifted => Text::new("opgeheven", "lifted"),
        Status::Stays => Text::new("blijft", "stays"),
    }
}

fn statuses() -> [(Status, Text); 4] {
    [
        Status::Open,
        Status::BeingLifted,
        Status::Lifted,
        Status::Stays,
    ]
    .map(|s| (s, words(s)))
}

/// A reason as everybody may read it.
struct InPublic {
    what: Text,
    /// In full, where nothing of it is the asker's own words.
    more: Option<Text>,
    lifts: Option<Text>,
}

/// What a barrier says to everybody: the words of a question that was refused may name somebody, so only the code and the
/// condition are told, unless the reason is about the agreement alone.
fn in_public(barrier: &Barrier, overview: &Overview) -> InPublic {
    let refusal = &barrier.refusal;
    let condition = refusal.condition.as_deref();
    if is_of_agreement(refusal.code) {
        return InPublic {
            what: code(refusal.code),
            more: Some(refusal.what.clone()),
            lifts: Some(refusal.lifts.clone()),
        };
    }
    let version = overview
        .dossier(&barrier.agreement)
        .and_then(|dossier| dossier.current());
    let known = version
        .zip(condition)
        .filter(|(version, path)| condition::find(version.agreement(), path).is_some());
    InPublic {
        what: code(refusal.code),
        more: None,
        lifts: match refusal.code {
            // nothing lifts this, and that is said
            Code::Key => Some(refusal.lifts.clone()),
            _ => known.map(|(version, path)| condition::amend(version.agreement(), path)),
        },
    }
}

/// Whether a reason speaks of the agreement and its parties only.
fn is_of_agreement(code: Code) -> bool {
    matches!(
        code,
        Code::SideMissing
            | Code::ProviderMissing
            | Code::NotRepresented
            | Code::Unsigned
            | Code::Objection
            | Code::Suspended
            | Code::Ended
            | Code::NotYetValid
            | Code::Expired
    )
}

/// What a barrier goes by.
fn key(barrier: &Barrier) -> String {
    let refusal = &barrier.refusal;
    let condition = refusal.condition.as_deref().unwrap_or_default();
    let owner = refusal.owner.as_deref().unwrap_or_default();
    format!("{} {} {condition} {owner}", barrier.agreement, refusal.code)
}

/// Lists them.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let all = barrier::of_home(&web.site).await?;
    let said = web.site.store.barriers().await?;
    let unsent = draft(&web, &visit, "/barriers").await?;
    let overview = web.site.overview().await?;
    let shown = all
        .iter()
        .filter(|b| wanted.project.is_empty() || b.agreement == wanted.project);
    let lines = shown.map(|barrier| {
        let key = key(barrier);
        let said = said.iter().find(|status| status.key == key);
        let status = match said {
            Some(said) => said.status,
            None if barrier.is_open() => Status::Open,
            None => Status::Lifted,
        };
        let class = match status {
            Status::Open => "utrecht-badge-status--warning",
            Status::BeingLifted => "",
            Status::Lifted => "utrecht-badge-status--ok",
            Status::Stays => "utrecht-badge-status--stop",
        };
        let owner = barrier.refusal.owner.clone();
        let mine = owner.clone().filter(|party| visit.may(Act::Propose, party));
        Line {
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
            class,
            why: if unsent.get("key") == key {
                unsent.get("reason").to_owned()
            } else {
                said.map(|said| said.reason.clone()).unwrap_or_default()
            },
            told: in_public(barrier, &overview),
            barrier: barrier.clone(),
            key,
            mine,
        }
    });
    let projects = overview.dossiers.iter().filter_map(|dossier| {
        Some((
            dossier.id.clone(),
            dossier.current()?.agreement().title.clone(),
        ))
    });
    let title = Text::new("Belemmeringen", "Barriers");
    render(&Barriers {
        page: Page::new(&web, &visit, &title),
        barriers: lines.collect(),
        projects: projects.collect(),
        statuses: statuses(),
    })
}

/// Its owner says how it stands with a barrier, and why.
pub(crate) async fn set(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Signed(fields): Signed,
) -> Result<Response, Failure> {
    let all = barrier::of_home(&web.site).await?;
    let barrier = all.iter().find(|barrier| key(barrier) == fields.get("key"));
    let barrier = barrier.ok_or(Failure::NotFound)?;
    let owner = barrier.refusal.owner.clone().ok_or(Failure::NotFound)?;
    visit.require(Act::Propose, &owner)?;
    let status = fields
        .get("status")
        .parse()
        .map_err(|_| Failure::NotFound)?;
    let said = BarrierStatus {
        key: key(barrier),
        status,
        reason: fields.get("reason").trim().chars().take(1000).collect(),
        party: owner,
        at: web.site.clock.now(),
    };
    web.site.store.set_barrier(&said).await?;
    drop_draft(&web, &visit, "/barriers").await?;
    Ok(go(&visit, "/barriers", "barrier"))
}

#[derive(Template)]
#[template(path = "what_if.html")]
struct WhatIf {
    page: Page,
    id: String,
    title: Text,
    easy: Easy,
    parties: Vec<(String, Text, bool)>,
    document: String,
    outcomes: Option<Vec<Outcome>>,
    told: Vec<Told>,
    reasons: Vec<KeptReason>,
}

struct Outcome {
    sql: String,
    party: String,
    still: Vec<Text>,
}

/// The form: the agreement as it is, to change something in.
pub(crate) async fn what_if(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let fields = Fields::from(amend::easy(version.agreement()).to_fields());
    form(&web, &visit, id, &fields, None, None).await
}

async fn form(
    web: &Web,
    visit: &Visit,
    id: String,
    fields: &Fields,
    outcomes: Option<Vec<Outcome>>,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let agreement = version.agreement();
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let easy = Easy::from_fields(|name| fields.get(name).to_owned(), fields.all("ask"));
    let seats = agreement.seats().map(|seat| {
        (
            seat.id.clone(),
            seat.display_name(),
            easy.may_ask.contains(&seat.id),
        )
    });
    let title = Text::new(
        "Wat als wij iets veranderen?",
        "What if we change something?",
    );
    render(&WhatIf {
        page: Page::new(web, visit, &title),
        title: agreement.title.clone(),
        parties: seats.collect(),
        document: fields.get("document").to_owned(),
        easy,
        id,
        outcomes,
        told,
        reasons,
    })
}

/// Tries a change out on the questions that were refused; nothing is asked and nothing is changed.
pub(crate) async fn try_out(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let easy = Easy::from_fields(|name| fields.get(name).to_owned(), fields.all("ask"));
    let document = match fields.text("document") {
        Some(document) => Ok(document.to_owned()),
        None => amend::amended(version, &easy, version.agreement().version),
    };
    let tried = match document {
        Ok(document) => amend::what_if(&web.site, &id, document).await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(changes) => {
            let outcomes = changes.into_iter().map(|change| Outcome {
                // what was refused may name somebody: only its party reads it
                sql: if visit
                    .parties_of_any_role()
                    .contains(&change.kept.refusal.party.as_str())
                {
                    change.kept.refusal.sql
                } else {
                    String::new()
                },
                party: change.kept.refusal.party,
                still: change
                    .still
                    .into_iter()
                    .map(|refusal| match is_of_agreement(refusal.code) {
                        true => refusal.what,
                        false => code(refusal.code),
                    })
                    .collect(),
            });
            form(&web, &visit, id, &fields, Some(outcomes.collect()), None).await
        }
        Err(error) => form(&web, &visit, id, &fields, None, Some(error)).await,
    }
}
