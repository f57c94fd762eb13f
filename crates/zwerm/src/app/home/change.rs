//! Suspending, resuming and ending an agreement; the agreement's policies decide who may.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use zwerm_commons::force::in_force;
use zwerm_commons::policy::{Action, PolicySet, Request, decide};
use zwerm_commons::refusal::{Code, Refusal};
use zwerm_commons::status::{Change, Event, suspensions};
use zwerm_commons::suggest::nearest;
use zwerm_commons::text::Text;

use super::Home;
use crate::app::error::AppError;
use crate::app::load::Stored;

/// What a party wants to do to an agreement, and when.
#[derive(Debug, Clone)]
pub(crate) struct Wish<'a> {
    /// The agreement: `id`, or `id@version`.
    pub(crate) agreement: &'a str,
    /// The party.
    pub(crate) party: &'a str,
    /// What it wants.
    pub(crate) change: Change,
    /// Why.
    pub(crate) reason: &'a str,
    /// The day.
    pub(crate) today: Date,
    /// The moment.
    pub(crate) now: Timestamp,
}

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Changed {
    /// The agreement, with what happened to it.
    pub(crate) stored: Stored,
    /// What happened now.
    pub(crate) event: Event,
    /// Why it is not in force now; nothing when it is.
    pub(crate) lacking: Vec<Refusal>,
    /// Said when a line that a crash tore was set aside first.
    pub(crate) notice: Option<Text>,
}

impl Home {
    /// Suspends, resumes or ends an agreement; when this returns, the disk has it.
    pub(crate) fn change(&self, wish: &Wish<'_>) -> Result<Changed, AppError> {
        if wish.reason.trim().is_empty() {
            return Err(no_reason());
        }
        let _lock = self.lock()?;
        let mut stored = self.agreement(wish.agreement)?;
        allowed(&stored, wish)?;
        let event = Event {
            party: wish.party.to_owned(),
            change: wish.change,
            reason: wish.reason.trim().to_owned(),
            at: after(&stored.events, wish.now),
        };
        let agreement = &stored.document.agreement;
        let journal = self.events_journal(&agreement.id, agreement.version);
        let notice = journal.append(&event)?;
        stored.events.push(event.clone());
        let lacking = lacking(&stored, wish.today);
        Ok(Changed {
            stored,
            event,
            lacking,
            notice,
        })
    }
}

/// Why an agreement is not in force on a day; nothing when it is.
pub(crate) fn lacking(stored: &Stored, today: Date) -> Vec<Refusal> {
    let document = &stored.document;
    let force = in_force(
        &document.agreement,
        &document.consents,
        &stored.events,
        today,
    );
    force.err().unwrap_or_default()
}

fn allowed(stored: &Stored, wish: &Wish<'_>) -> Result<(), AppError> {
    let agreement = &stored.document.agreement;
    let standing = suspensions(agreement, &stored.events);
    let policies = PolicySet::generate(agreement)?;
    let action = match wish.change {
        Change::Suspended => Action::Suspend,
        Change::Resumed => Action::Resume,
        Change::Ended => Action::End,
    };
    let mut request = Request::new(&agreement.id, wish.party, action, wish.today);
    request.suspended = !standing.is_empty();
    let mut refusals = decide(&policies, &request).refusals;
    for refusal in &mut refusals {
        if refusal.code == Code::WrongParty {
            suggest(stored, wish.party, refusal);
        }
    }
    let why_not = lacking(stored, wish.today);
    refusals.extend(why_not.iter().filter(|r| r.code == Code::Ended).cloned());
    let own = standing.iter().any(|event| event.party == wish.party);
    let resumes_others = wish.change == Change::Resumed && !own;
    if resumes_others {
        refusals.extend(why_not.into_iter().filter(|r| r.code == Code::Suspended));
    }
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    if resumes_others {
        return Err(not_suspended(&agreement.id));
    }
    Ok(())
}

/// A moment after everything that happened before, also when the clock was set back.
fn after(events: &[Event], now: Timestamp) -> Timestamp {
    let last = events.iter().map(|event| event.at).max();
    let next = last.and_then(|last| last.checked_add(SignedDuration::from_millis(1)).ok());
    next.map_or(now, |next| next.max(now))
}

/// Adds to a refusal which party was probably meant.
pub(crate) fn suggest(stored: &Stored, party: &str, refusal: &mut Refusal) {
    let known = stored.document.agreement.seats().map(|p| p.id.as_str());
    if let Some(near) = nearest(party, known).filter(|near| *near != party) {
        refusal.what.nl.push_str(&format!("; bedoelt u `{near}`?"));
        refusal
            .what
            .en
            .push_str(&format!("; did you mean `{near}`?"));
    }
}

fn no_reason() -> AppError {
    AppError::usage(
        Text::new("de reden is leeg", "the reason is empty"),
        Text::new(
            "zeg met `--reason` waarom; iedereen mag dat lezen",
            "say why with `--reason`; everyone may read it",
        ),
    )
}

fn not_suspended(id: &str) -> AppError {
    AppError::usage(
        Text::new(
            format!("de afspraak `{id}` is niet opgeschort"),
            format!("the agreement `{id}` is not suspended"),
        ),
        Text::new(
            format!("`zwerm agreement show {id}` toont hoe het ermee staat"),
            format!("`zwerm agreement show {id}` shows how it stands"),
        ),
    )
}
