//! Who does which part of a goal: a decider offers one, to their own party or another; that party's deciders answer.
//!
//! Nobody is made responsible: a party is so only once one of its own deciders said so, and stays so until another
//! party accepts.

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_agreement::words;
use zwerm_store::StoreError;
use zwerm_store::list::{ListPage, ListPlace};
use zwerm_store::tasks::{Task, TaskStatus};

use crate::error::AppError;
use crate::form::Checks;
use crate::people::accounts::SignedIn;
use crate::people::notices::{self, NoticeSubject};
use crate::people::rights;
use crate::site::Site;

/// Characters of a task or a reason at most.
const LONGEST: usize = 500;

/// A part of a goal that is to be done.
#[derive(Debug, Clone)]
pub struct TaskOffer {
    /// The id of the goal.
    pub goal: String,
    /// The party that offers it.
    pub by: String,
    /// The party that is asked.
    pub to: String,
    /// What the task is.
    pub what: Text,
}

/// What is done with a part that was offered or accepted.
#[derive(Debug, Clone)]
pub enum TaskStep {
    /// Whom it was offered to takes it on.
    Accept,
    /// It is not accepted, or given back: why.
    Decline(String),
    /// It is offered to another party.
    HandOver(String),
    /// The offer is taken back.
    Withdraw,
}

/// What somebody may do with a part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskSteps {
    /// Accept what was offered, or decline it.
    pub answer: bool,
    /// Offer it to another party.
    pub hand_over: bool,
    /// Give it back.
    pub give_back: bool,
    /// Take the offer back.
    pub withdraw: bool,
}

impl TaskSteps {
    /// Whether there is anything.
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

/// A part of a goal as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingTask {
    /// The part.
    pub task: Task,
    /// The open offer of it to another party.
    pub offered_on: Option<Task>,
}

impl StandingTask {
    async fn of(site: &Site, task: Task) -> Result<Self, AppError> {
        let offered_on = match task.status {
            TaskStatus::Accepted => site.store.task_offered_on(&task.id).await?,
            _ => None,
        };
        Ok(Self { task, offered_on })
    }

    /// What somebody may do with it.
    pub fn steps(&self, signed: &SignedIn) -> TaskSteps {
        let may = |party: &str| rights::may(signed, Act::Undertake, party).is_ok();
        let part = &self.task;
        let (open, done) = (
            part.status == TaskStatus::Offered,
            part.status == TaskStatus::Accepted,
        );
        let mine = may(&part.party);
        let stays = self.offered_on.is_none();
        TaskSteps {
            answer: open && mine,
            hand_over: done && mine && stays,
            give_back: done && mine && stays,
            withdraw: open && part.offered_by.as_deref().is_some_and(may),
        }
    }
}

/// Offers a part of a goal: to another party, which then answers, or to the own, which then does it.
pub async fn offer(site: &Site, signed: &SignedIn, offer: &TaskOffer) -> Result<(), AppError> {
    may(signed, &offer.by)?;
    let mut checks = Checks::default();
    let name = Text::new("de taak", "the task");
    let what = checks.pair("what", &name, &offer.what, LONGEST);
    if site.store.party(&offer.to).await?.is_none() {
        no_party(&mut checks);
    }
    checks.done()?;
    let now = site.clock.now();
    if offer.to == offer.by {
        let store = &site.store;
        store.take_task(&offer.goal, &offer.by, &what, now).await?;
        return Ok(());
    }
    let made = site
        .store
        .offer_task(&offer.goal, &offer.to, &offer.by, &what, now);
    let made = made.await?;
    tell_of_offer(site, &made).await;
    Ok(())
}

/// Answers an offer, takes it back, or hands on what was accepted.
pub async fn step(
    site: &Site,
    signed: &SignedIn,
    part: &Task,
    step: &TaskStep,
) -> Result<(), AppError> {
    let actor = match step {
        TaskStep::Withdraw => part.offered_by.as_deref().unwrap_or_default(),
        _ => &part.party,
    };
    may(signed, actor)?;
    match step {
        TaskStep::Accept => accept(site, part).await,
        TaskStep::Decline(reason) => decline(site, part, reason).await,
        TaskStep::HandOver(to) => hand_over(site, part, to).await,
        TaskStep::Withdraw => withdraw(site, part).await,
    }
}

async fn accept(site: &Site, part: &Task) -> Result<(), AppError> {
    let now = site.clock.now();
    site.store
        .accept_task(&part.id, now)
        .await
        .map_err(meanwhile)?;
    tell_of_answer(site, part, ("aanvaardt de taak", "accepts the task")).await;
    Ok(())
}

/// Does not accept what was offered, or gives back what was accepted.
async fn decline(site: &Site, part: &Task, reason: &str) -> Result<(), AppError> {
    let now = site.clock.now();
    let mut checks = Checks::default();
    let name = Text::new("de reden", "the reason");
    let reason = checks.text("reason", &name, reason, LONGEST);
    checks.done()?;
    site.store
        .decline_task(&part.id, &reason, now)
        .await
        .map_err(meanwhile)?;
    let said = match part.status {
        TaskStatus::Accepted => ("geeft de taak terug", "gives the task back"),
        _ => ("aanvaardt de taak niet", "does not accept the task"),
    };
    tell_of_answer(site, part, said).await;
    Ok(())
}

async fn hand_over(site: &Site, part: &Task, to: &str) -> Result<(), AppError> {
    let (store, now) = (&site.store, site.clock.now());
    let mut checks = Checks::default();
    if *to == part.party || store.party(to).await?.is_none() {
        no_party(&mut checks);
    }
    checks.done()?;
    let made = store
        .hand_over_task(&part.id, to, now)
        .await
        .map_err(meanwhile)?;
    tell_of_offer(site, &made).await;
    Ok(())
}

async fn withdraw(site: &Site, part: &Task) -> Result<(), AppError> {
    let now = site.clock.now();
    site.store
        .withdraw_task(&part.id, now)
        .await
        .map_err(meanwhile)?;
    let text = Text::new(
        format!("een aanbod is ingetrokken: {}", part.what.nl),
        format!("an offer was taken back: {}", part.what.en),
    );
    tell_deciders(site, &part.party, part, &text).await;
    Ok(())
}

async fn tell_of_offer(site: &Site, part: &Task) {
    let by = notices::name_of(site, part.offered_by.as_deref().unwrap_or_default()).await;
    let text = Text::new(
        format!("{} biedt uw partner een taak aan: {}", by.nl, part.what.nl),
        format!("{} offers your party a task: {}", by.en, part.what.en),
    );
    tell_deciders(site, &part.party, part, &text).await;
}

/// Tells the party that offered it.
async fn tell_of_answer(site: &Site, part: &Task, (nl, en): (&str, &str)) {
    let Some(by) = part.offered_by.as_deref().filter(|by| *by != part.party) else {
        return;
    };
    let party = notices::name_of(site, &part.party).await;
    let text = Text::new(
        format!("{} {nl}: {}", party.nl, part.what.nl),
        format!("{} {en}: {}", party.en, part.what.en),
    );
    tell_deciders(site, by, part, &text).await;
}

async fn tell_deciders(site: &Site, party: &str, part: &Task, text: &Text) {
    let about = NoticeSubject::Goal(part.goal.clone());
    notices::try_to_tell_deciders(site, &[party], "task", text, &about).await;
}

fn may(signed: &SignedIn, party: &str) -> Result<(), AppError> {
    rights::must(signed, Act::Undertake, party)
}

/// Somebody was first: that is no fault of the registry.
fn meanwhile(error: StoreError) -> AppError {
    match error {
        StoreError::Missing { .. } | StoreError::Taken { .. } => AppError::usage(
            FaultCode::NotNow,
            Text::new(
                "dit is al beantwoord of ingetrokken",
                "this was answered or taken back already",
            ),
            Text::new(
                "kijk bij de opgave hoe het er nu mee staat",
                "see with the goal how it stands now",
            ),
        ),
        other => other.into(),
    }
}

fn no_party(checks: &mut Checks) {
    checks.wrong(
        "to",
        FaultCode::NotFound,
        Text::new(
            "aan deze partner kan de taak niet worden aangeboden",
            "the task cannot be offered to this party",
        ),
        Text::new("kies een andere partner", "choose another party"),
    );
}

words! {
    in "zwerm_app::goals::tasks";
    /// Which tasks of a goal a list is of.
    pub enum TaskList {
        /// What a party answers for.
        Done = "done",
        /// What waits for an answer.
        Open = "open",
        /// What was declined, given back, taken back or handed over.
        Past = "past",
    }
}

impl TaskList {
    fn statuses(self) -> &'static [TaskStatus] {
        match self {
            Self::Done => &[TaskStatus::Accepted],
            Self::Open => &[TaskStatus::Offered],
            Self::Past => &[
                TaskStatus::Declined,
                TaskStatus::Withdrawn,
                TaskStatus::HandedOver,
            ],
        }
    }
}

/// Tasks of a goal, what changed last first, page by page.
///
/// # Errors
/// When the registry cannot be read.
pub async fn of_goal(
    site: &Site,
    goal: &str,
    list: TaskList,
    before: Option<&ListPlace>,
    most: u32,
) -> Result<ListPage<StandingTask>, AppError> {
    let found = site.store.tasks_of(goal, list.statuses(), before, most);
    let found = found.await?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for task in found.rows {
        rows.push(StandingTask::of(site, task).await?);
    }
    Ok(ListPage {
        rows,
        older: found.older,
    })
}

/// How many there are.
///
/// # Errors
/// When the registry cannot be read.
pub async fn count(site: &Site, goal: &str, list: TaskList) -> Result<u64, AppError> {
    Ok(site.store.task_count(goal, list.statuses()).await?)
}

/// A task as it stands, if there is one of this id with this goal.
///
/// # Errors
/// When the registry cannot be read.
pub async fn standing(
    site: &Site,
    goal: &str,
    task: &str,
) -> Result<Option<StandingTask>, AppError> {
    let found = find(site, task).await?.filter(|task| task.goal == goal);
    match found {
        Some(task) => StandingTask::of(site, task).await.map(Some),
        None => Ok(None),
    }
}

/// The task of this id, if there is one.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find(site: &Site, task: &str) -> Result<Option<Task>, AppError> {
    Ok(site.store.task(task).await?)
}

#[cfg(test)]
mod tests;
