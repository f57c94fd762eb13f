//! Suspending, resuming and ending an agreement; the agreement's policies decide who may.

use jiff::Timestamp;
use jiff::civil::Date;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::force::InForce;
use zwerm_agreement::policy::{Action, decide};
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::signature::in_force_signed;
use zwerm_agreement::status::{StatusChange, StatusEvent, suspensions};
use zwerm_agreement::suggest::nearest;
use zwerm_agreement::text::Text;

use crate::consent::readable;
use crate::error::HomeError;
use crate::load::Stored;
use crate::pen::Pen;
use crate::{Home, policies};

/// What a party wants to do to an agreement, and when.
#[derive(Debug, Clone)]
pub struct WishedChange<'a> {
    /// The agreement: `id`, or `id@version`.
    pub agreement: &'a str,
    /// The id of the party that wants it.
    pub party: &'a str,
    /// What it wants.
    pub change: StatusChange,
    /// Why, for everybody to read.
    pub reason: &'a str,
    /// With what the party signs.
    pub pen: Pen,
    /// The day for which it is said whether the agreement is in force.
    pub today: Date,
    /// The moment that the statement names.
    pub now: Timestamp,
}

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedAgreement {
    /// The agreement, with what happened to it.
    pub stored: Stored,
    /// What happened now.
    pub event: StatusEvent,
    /// Why it is not in force now; nothing when it is.
    pub lacking: Vec<Refusal>,
    /// Said when a line that a crash tore was set aside first, or the log did not take this yet.
    pub notices: Vec<Text>,
}

impl Home {
    /// Suspends, resumes or ends an agreement; when this returns, the disk has it.
    pub fn change(&self, wish: &WishedChange<'_>) -> Result<ChangedAgreement, HomeError> {
        let _lock = self.lock()?;
        let mut stored = self.meant(wish)?;
        let mut event = worded(&stored, wish)?;
        let agreement = &stored.document.agreement;
        let statement = event.statement(stored.hash);
        event.signature = wish.pen.sign(agreement, &statement, event.restricts())?;
        let journal = self.events_journal(&agreement.id, agreement.version);
        let mut notices: Vec<Text> = journal.append(&event)?.into_iter().collect();
        stored.events.push(event.clone());
        let zone = stored.counting.zone.clone();
        stored.count(zone);
        notices.extend(self.enter_said(&stored, wish.now));
        let lacking = lacking(&stored, wish.today);
        Ok(ChangedAgreement {
            stored,
            event,
            lacking,
            notices,
        })
    }

    /// What a party would sign to suspend, resume or end an agreement, with the version that it is about.
    pub fn wished(&self, wish: &WishedChange<'_>) -> Result<(Stored, StatusEvent), HomeError> {
        let stored = self.meant(wish)?;
        let event = worded(&stored, wish)?;
        Ok((stored, event))
    }

    /// The version that a wish is about.
    ///
    /// Without a version it is the one that is in force, since that is what answers; to lift one's own suspension, the
    /// newest that one suspended; the newest of all if there is none.
    fn meant(&self, wish: &WishedChange<'_>) -> Result<Stored, HomeError> {
        if wish.change == StatusChange::Resumed && !wish.agreement.contains('@') {
            for stored in self.every_version(wish.agreement)?.into_iter().rev() {
                let standing = suspensions(&stored.document.agreement, &stored.counting.events);
                if standing.iter().any(|event| event.party == wish.party) {
                    return Ok(stored);
                }
            }
        }
        self.agreement(wish.agreement, wish.today)
    }
}

/// What a party does, checked, and without its signature.
fn worded(stored: &Stored, wish: &WishedChange<'_>) -> Result<StatusEvent, HomeError> {
    if wish.reason.trim().is_empty() {
        return Err(no_reason());
    }
    readable(Some(wish.reason))?;
    allowed(stored, wish)?;
    let before = stored.events.iter().map(|event| event.at);
    Ok(StatusEvent {
        party: wish.party.to_owned(),
        change: wish.change,
        reason: wish.reason.trim().to_owned(),
        at: wish.pen.moment(before, wish.now)?,
        signature: None,
    })
}

/// A version of an agreement with the proof that it is in force: only [`in_force`] makes one, so that the proof is never of
/// another version.
#[derive(Debug, Clone, Copy)]
pub struct StoredInForce<'a> {
    stored: &'a Stored,
    force: InForce<'a>,
}

impl<'a> StoredInForce<'a> {
    /// The version, with what was said of it.
    pub fn stored(self) -> &'a Stored {
        self.stored
    }

    /// The proof, with the day that it is of.
    pub fn force(self) -> InForce<'a> {
        self.force
    }
}

/// The proof that an agreement is in force on a day, by what was signed.
///
/// # Errors
/// Every reason why it is not.
pub fn in_force(stored: &Stored, today: Date) -> Result<StoredInForce<'_>, Vec<Refusal>> {
    let force = in_force_signed(&stored.document.agreement, &stored.counting, today)?;
    Ok(StoredInForce { stored, force })
}

/// Why an agreement is not in force on a day; nothing when it is.
pub fn lacking(stored: &Stored, today: Date) -> Vec<Refusal> {
    in_force(stored, today).err().unwrap_or_default()
}

fn allowed(stored: &Stored, wish: &WishedChange<'_>) -> Result<(), HomeError> {
    let agreement = &stored.document.agreement;
    let standing = suspensions(agreement, &stored.counting.events);
    let policies = policies::of(stored)?;
    let action = match wish.change {
        StatusChange::Suspended => Action::Suspend,
        StatusChange::Resumed => Action::Resume,
        StatusChange::Ended => Action::End,
    };
    let request = policies::request(stored, wish.party, action, wish.today);
    let mut refusals = decide(&policies, &request).refusals;
    for refusal in &mut refusals {
        if refusal.code == Code::WrongParty {
            suggest(stored, wish.party, refusal);
        }
    }
    let why_not = lacking(stored, wish.today);
    refusals.extend(why_not.iter().filter(|r| r.code == Code::Ended).cloned());
    let own = standing.iter().any(|event| event.party == wish.party);
    let resumes_others = wish.change == StatusChange::Resumed && !own;
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

/// Adds to a refusal which party was probably meant; it is a slip then.
pub fn suggest(stored: &Stored, party: &str, refusal: &mut Refusal) {
    let known = stored.document.agreement.seats().map(|p| p.id.as_str());
    suggest_from(known, party, refusal);
}

/// Adds to a refusal which of the known names was probably meant by one; it is a slip then.
pub fn suggest_from<'k>(known: impl Iterator<Item = &'k str>, name: &str, refusal: &mut Refusal) {
    if let Some(near) = nearest(name, known).filter(|near| *near != name) {
        refusal.slip = true;
        refusal.what.nl.push_str(&format!("; bedoelt u `{near}`?"));
        refusal
            .what
            .en
            .push_str(&format!("; did you mean `{near}`?"));
    }
}

fn no_reason() -> HomeError {
    HomeError::usage(
        FaultCode::Empty,
        Text::new("de reden is leeg", "the reason is empty"),
        Text::new(
            "zeg waarom (`--reason`); iedereen mag dat lezen",
            "say why (`--reason`); everyone may read it",
        ),
    )
}

fn not_suspended(id: &str) -> HomeError {
    HomeError::usage(
        FaultCode::NotNow,
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
