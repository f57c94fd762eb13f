//! The parts of a goal that parties do: offering one, answering, handing it over.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::goals::goal;
use zwerm_app::goals::tasks::{self, TaskOffer, TaskStep, TaskSteps, offered_on, steps};
use zwerm_app::people::parties;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::types::store::goals::Goal;
use zwerm_app::types::store::parties::RegisteredParty;
use zwerm_app::types::store::tasks::{Task, TaskStatus};

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, FormFields};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{Beside, draft, drop_draft, go, in_form, keep_draft, render};

/// A part as it is shown.
pub(crate) struct TaskLine {
    pub(crate) id: String,
    pub(crate) what: Text,
    pub(crate) party: Text,
    pub(crate) by: Option<Text>,
    /// Whom it is offered to besides.
    pub(crate) offered_on: Option<Text>,
    pub(crate) status: Text,
    pub(crate) reason: Option<String>,
    pub(crate) at: Timestamp,
    /// Whether whoever looks may do something with it.
    pub(crate) may: bool,
    /// Whether that is answering.
    pub(crate) answers: bool,
}

/// All parts of a goal.
#[derive(Default)]
pub(crate) struct TaskLines {
    pub(crate) done: Vec<TaskLine>,
    pub(crate) open: Vec<TaskLine>,
    pub(crate) past: Vec<TaskLine>,
}

/// The parties that whoever looks may offer and answer for.
pub(crate) fn speaks_for(visit: &Visit) -> Vec<String> {
    let mut parties = visit.parties_of_any_role();
    parties.sort_unstable();
    parties.dedup();
    let mine = parties.into_iter();
    mine.filter(|party| visit.may(Act::Undertake, party))
        .map(str::to_owned)
        .collect()
}

/// The parts of a goal.
pub(crate) async fn parts(web: &Web, visit: &Visit, goal: &str) -> Result<TaskLines, Failure> {
    let all = tasks::of_goal(&web.site, goal).await?;
    let parties = parties::all(&web.site).await?;
    let mut parts = TaskLines::default();
    for one in &all {
        let part = part(visit, one, &all, &parties);
        match one.status {
            TaskStatus::Accepted => parts.done.push(part),
            TaskStatus::Offered => parts.open.push(part),
            TaskStatus::Declined | TaskStatus::Withdrawn | TaskStatus::HandedOver => {
                parts.past.push(part)
            }
        }
    }
    Ok(parts)
}

fn part(visit: &Visit, one: &Task, all: &[Task], parties: &[RegisteredParty]) -> TaskLine {
    let name = |id: &str| {
        let known = parties.iter().find(|party| party.id == id);
        known.map_or_else(|| Text::same(id), |party| party.name.clone())
    };
    let may = visit.signed().map(|signed| steps(signed, one, all));
    let may = may.unwrap_or_default();
    TaskLine {
        id: one.id.clone(),
        what: one.what.clone(),
        party: name(&one.party),
        by: one.offered_by.as_deref().map(name),
        offered_on: offered_on(one, all).map(|offer| name(&offer.party)),
        status: words(one.status),
        reason: one.reason.clone(),
        at: one.at,
        may: may.any(),
        answers: may.answer,
    }
}

fn words(status: TaskStatus) -> Text {
    match status {
        TaskStatus::Offered => Text::new("aangeboden", "offered"),
        TaskStatus::Accepted => Text::new("aanvaard", "accepted"),
        TaskStatus::Declined => {
            Text::new("niet aanvaard of teruggegeven", "declined or given back")
        }
        TaskStatus::Withdrawn => Text::new("aanbod ingetrokken", "offer taken back"),
        TaskStatus::HandedOver => Text::new("overgedragen", "handed over"),
    }
}

#[derive(Template)]
#[template(path = "goals/offer.html")]
struct OfferPage {
    page: Page,
    goal: Goal,
    mine: Vec<(String, Text)>,
    all: Vec<(String, Text)>,
    fields: FormFields,
    beside: Beside,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The form to offer a part of a goal.
pub(crate) async fn offer(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let fields = draft(&web, &visit, &format!("/goals/{id}/offer")).await?;
    offer_form(&web, &visit, &id, fields, None).await
}

async fn offer_form(
    web: &Web,
    visit: &Visit,
    id: &str,
    fields: FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    visit.require_person()?;
    let mine = speaks_for(visit);
    if mine.is_empty() {
        return Err(Failure::Forbidden(Text::new(
            "een beslisser van een partner biedt taken aan",
            "a decider of a party offers tasks",
        )));
    }
    let goal = goal::find(&web.site, id).await?.ok_or(Failure::NotFound)?;
    let all = named(web).await?;
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("Bied een taak aan", "Offer a task");
    render(&OfferPage {
        page: Page::new(web, visit, &title),
        mine: all
            .iter()
            .filter(|(id, _)| mine.contains(id))
            .cloned()
            .collect(),
        all,
        goal,
        fields,
        beside,
        told,
        reasons,
    })
}

/// All parties with their names.
async fn named(web: &Web) -> Result<Vec<(String, Text)>, Failure> {
    let parties = parties::all(&web.site).await?.into_iter();
    Ok(parties.map(|party| (party.id, party.name)).collect())
}

/// What the form to offer a task says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TaskOfferForm {
    by: String,
    to: String,
    what_nl: String,
    what_en: String,
}

/// Offers a task to a party, or takes it on at once for the own party.
pub(crate) async fn put_offer(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Form { sent, fields }: Form<TaskOfferForm>,
) -> Result<Response, Failure> {
    let signed = visit.require(Act::Undertake, &sent.by)?;
    let form = format!("/goals/{id}/offer");
    keep_draft(&web, &visit, &form, &fields).await?;
    let offer = TaskOffer {
        goal: id.clone(),
        to: sent.to,
        what: Text::new(sent.what_nl, sent.what_en),
        by: sent.by,
    };
    match tasks::offer(&web.site, signed, &offer).await {
        Ok(()) => {
            drop_draft(&web, &visit, &form).await;
            let done = if offer.to == offer.by {
                Done::Taken
            } else {
                Done::Offered
            };
            Ok(go(&visit, &format!("/goals/{id}"), done))
        }
        Err(error) => offer_form(&web, &visit, &id, fields, Some(error)).await,
    }
}

#[derive(Template)]
#[template(path = "goals/task.html")]
struct TaskPage {
    page: Page,
    action: String,
    goal: Goal,
    part: TaskLine,
    steps: TaskSteps,
    others: Vec<(String, Text)>,
    fields: FormFields,
    beside: Beside,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// One part, with what whoever looks may do with it.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, task)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let fields = draft(&web, &visit, &format!("/goals/{id}/tasks/{task}")).await?;
    task_form(&web, &visit, (&id, &task), fields, None).await
}

async fn task_form(
    web: &Web,
    visit: &Visit,
    (id, task): (&str, &str),
    fields: FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    let goal = goal::find(&web.site, id).await?.ok_or(Failure::NotFound)?;
    let all = tasks::of_goal(&web.site, id).await?;
    let found = all.iter().find(|part| part.id == task);
    let found = found.ok_or(Failure::NotFound)?;
    let steps = steps(signed, found, &all);
    // what was answered meanwhile is told, not forbidden
    if !steps.any() && wrong.is_none() {
        return Err(not_yours());
    }
    let mut others = named(web).await?;
    others.retain(|(party, _)| *party != found.party);
    let parties = parties::all(&web.site).await?;
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("Een taak bij deze opgave", "A task of this goal");
    render(&TaskPage {
        page: Page::new(web, visit, &title),
        action: format!("/goals/{id}/tasks/{task}"),
        part: part(visit, found, &all, &parties),
        steps,
        others,
        goal,
        fields,
        beside,
        told,
        reasons,
    })
}

fn not_yours() -> Failure {
    Failure::Forbidden(Text::new(
        "een beslisser van de partner die aan zet is, antwoordt hier",
        "a decider of the party whose turn it is answers here",
    ))
}

/// What the form of a task says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TaskStepForm {
    /// `accept`, `hand-over` or `withdraw`; it is declined otherwise.
    what: String,
    to: String,
    reason: String,
}

/// Accepts it, declines it, hands it over, gives it back, or takes the offer back.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, task)): Path<(String, String)>,
    Form { sent, fields }: Form<TaskStepForm>,
) -> Result<Response, Failure> {
    let found = tasks::find(&web.site, &task).await?;
    let found = found
        .filter(|part| part.goal == id)
        .ok_or(Failure::NotFound)?;
    let (step, actor, done) = match sent.what.as_str() {
        "accept" => (TaskStep::Accept, Some(&found.party), Done::Taken),
        "hand-over" => (
            TaskStep::HandOver(sent.to),
            Some(&found.party),
            Done::Offered,
        ),
        "withdraw" => (TaskStep::Withdraw, found.offered_by.as_ref(), Done::Task),
        _ => (
            TaskStep::Decline(sent.reason),
            Some(&found.party),
            Done::Task,
        ),
    };
    let signed = visit.require(Act::Undertake, actor.ok_or(Failure::NotFound)?)?;
    let form = format!("/goals/{id}/tasks/{task}");
    match tasks::step(&web.site, signed, &found, &step).await {
        Ok(()) => {
            drop_draft(&web, &visit, &form).await;
            Ok(go(&visit, &format!("/goals/{id}"), done))
        }
        Err(error) => {
            keep_draft(&web, &visit, &form, &fields).await?;
            task_form(&web, &visit, (&id, &task), fields, Some(error)).await
        }
    }
}
