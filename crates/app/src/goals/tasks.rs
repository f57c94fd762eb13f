//! Who does which part of a goal: a decider offers one, to their own party or another; that party's deciders answer.
//!
//! Nobody is made responsible: a party is so only once one of its own deciders said so, and stays so until another
//! party accepts.

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_store::StoreError;
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

/// What somebody may do with a part of a goal, of which these are all parts.
pub fn steps(signed: &SignedIn, part: &Task, all: &[Task]) -> TaskSteps {
    let may = |party: &str| rights::may(signed, Act::Undertake, party).is_ok();
    let (open, done) = (
        part.status == TaskStatus::Offered,
        part.status == TaskStatus::Accepted,
    );
    let mine = may(&part.party);
    let offered_on = offered_on(part, all).is_some();
    TaskSteps {
        answer: open && mine,
        hand_over: done && mine && !offered_on,
        give_back: done && mine && !offered_on,
        withdraw: open && part.offered_by.as_deref().is_some_and(may),
    }
}

/// The open offer of a part to another party.
pub fn offered_on<'a>(part: &Task, all: &'a [Task]) -> Option<&'a Task> {
    let mut open = all.iter().filter(|one| one.status == TaskStatus::Offered);
    open.find(|one| one.follows.as_deref() == Some(part.id.as_str()))
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

/// The tasks of a goal, those that are past among them.
///
/// # Errors
/// When the registry cannot be read.
pub async fn of_goal(site: &Site, goal: &str) -> Result<Vec<Task>, AppError> {
    Ok(site.store.tasks_of(goal).await?)
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
