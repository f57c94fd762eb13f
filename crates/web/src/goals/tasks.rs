//! The parts of a goal that parties do: offering one, answering, handing it over.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::goals::goal;
use zwerm_app::goals::tasks::{self, StandingTask, TaskList, TaskOffer, TaskStep, TaskSteps};
use zwerm_app::people::parties;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::types::store::goals::Goal;
use zwerm_app::types::store::list::{ListPage, ListPlace};
use zwerm_app::types::store::parties::RegisteredParty;
use zwerm_app::types::store::tasks::TaskStatus;

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

/// Tasks of a goal on its page; the others have a page of their own.
const FEW: u32 = 10;
/// Tasks on that page.
const LISTED: u32 = 25;

/// The latest tasks of a goal.
pub(crate) struct TaskLines {
    pub(crate) done: TaskLinesOf,
    pub(crate) open: TaskLinesOf,
    pub(crate) past: TaskLinesOf,
}

/// Tasks of one list, and where the next page of it begins.
pub(crate) struct TaskLinesOf {
    pub(crate) lines: Vec<TaskLine>,
    pub(crate) older: Option<ListPlace>,
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

/// The latest tasks of a goal, of each list a few.
pub(crate) async fn latest(web: &Web, visit: &Visit, goal: &str) -> Result<TaskLines, Failure> {
    let parties = parties::all(&web.site).await?;
    let of = async |list| {
        let found = tasks::of_goal(&web.site, goal, list, None, FEW).await?;
        Ok::<_, Failure>(TaskLinesOf::new(visit, found, &parties))
    };
    Ok(TaskLines {
        done: of(TaskList::Done).await?,
        open: of(TaskList::Open).await?,
        past: of(TaskList::Past).await?,
    })
}

impl TaskLinesOf {
    fn new(visit: &Visit, found: ListPage<StandingTask>, parties: &[RegisteredParty]) -> Self {
        let rows = found.rows.iter();
        Self {
            lines: rows.map(|one| line(visit, one, parties)).collect(),
            older: found.older,
        }
    }
}

fn line(visit: &Visit, one: &StandingTask, parties: &[RegisteredParty]) -> TaskLine {
    let name = |id: &str| {
        let known = parties.iter().find(|party| party.id == id);
        known.map_or_else(|| Text::same(id), |party| party.name.clone())
    };
    let may = visit.signed().map(|signed| one.steps(signed));
    let may = may.unwrap_or_default();
    let task = &one.task;
    TaskLine {
        id: task.id.clone(),
        what: task.what.clone(),
        party: name(&task.party),
        by: task.offered_by.as_deref().map(name),
        offered_on: one.offered_on.as_ref().map(|offer| name(&offer.party)),
        status: words(task.status),
        reason: task.reason.clone(),
        at: task.at,
        may: may.any(),
        answers: may.answer,
    }
}

#[derive(Template)]
#[template(path = "goals/tasks.html")]
struct TasksPage {
    page: Page,
    goal: Goal,
    shown: TaskList,
    lists: Vec<(TaskList, Text, u64)>,
    tasks: TaskLinesOf,
}

/// Which tasks of a goal, and from which on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TasksQuery {
    list: String,
    before: String,
}

/// All tasks of a goal, one list of them, page by page.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<TasksQuery>,
) -> Result<Response, Failure> {
    let goal = goal::find(&web.site, &id).await?.ok_or(Failure::NotFound)?;
    let shown = query.list.parse().unwrap_or(TaskList::Done);
    let before = query.before.parse().ok();
    let mut lists = Vec::new();
    for (list, name) in [
        (
            TaskList::Done,
            Text::new("Wie waarvoor staat", "Who answers for what"),
        ),
        (
            TaskList::Open,
            Text::new("Wie is aan zet", "Whose turn it is"),
        ),
        (
            TaskList::Past,
            Text::new("Wat eerder gebeurde", "What happened before"),
        ),
    ] {
        lists.push((list, name, tasks::count(&web.site, &id, list).await?));
    }
    let found = tasks::of_goal(&web.site, &id, shown, before.as_ref(), LISTED).await?;
    let parties = parties::all(&web.site).await?;
    let title = Text::new("Taken", "Tasks");
    render(&TasksPage {
        page: Page::new(&web, &visit, &title)
            .under("/goals", &Text::new("Opgaven", "Goals"))
            .under(format!("/goals/{id}"), &goal.title),
        tasks: TaskLinesOf::new(&visit, found, &parties),
        shown,
        lists,
        goal,
    })
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
    let found = tasks::standing(&web.site, id, task).await?;
    let found = found.ok_or(Failure::NotFound)?;
    let steps = found.steps(signed);
    // what was answered meanwhile is told, not forbidden
    if !steps.any() && wrong.is_none() {
        return Err(not_yours());
    }
    let mut others = named(web).await?;
    others.retain(|(party, _)| *party != found.task.party);
    let parties = parties::all(&web.site).await?;
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("Een taak bij deze opgave", "A task of this goal");
    render(&TaskPage {
        page: Page::new(web, visit, &title),
        action: format!("/goals/{id}/tasks/{task}"),
        part: line(visit, &found, &parties),
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
