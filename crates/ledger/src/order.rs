//! Whether the entries of a log could have happened in that order.
//!
//! A question is answered only while its agreement is in force; an answer belongs to a question that was entered
//! earlier and comes from a release that was entered earlier.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use thiserror::Error;

use crate::entry::{Entry, EntryKind, Sha256Digest};
use crate::tree::Hash;

/// An entry that could not follow those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Disorder {
    /// The agreement was not in force, or not valid on that day.
    #[error("the agreement was not in force on that day")]
    NotInForce,
    /// The answer is not to a question that was waiting for one.
    #[error("an answer without a question")]
    NoQuestion,
    /// The answer is from a release that was not entered earlier.
    #[error("an answer from a release that was not entered")]
    NoRelease,
}

/// The standing of an agreement by the entries so far. Of what one party said the latest applies, not what was entered
/// last.
#[derive(Debug, Default)]
struct LoggedStanding {
    /// The days on which questions may be asked, once it was in force.
    valid: Option<(Date, Date)>,
    ended: bool,
    /// Per party when it last suspended or resumed; at the same moment, the suspension applies.
    suspended: HashMap<String, (Timestamp, bool)>,
    /// Per party when it last consented or objected; at the same moment, the objection applies.
    objecting: HashMap<String, (Timestamp, bool)>,
}

impl LoggedStanding {
    fn allows(&self, time: Timestamp) -> bool {
        let day = Offset::UTC.to_datetime(time).date();
        let valid = self
            .valid
            .is_some_and(|(from, until)| from <= day && day <= until);
        let free =
            |said: &HashMap<String, (Timestamp, bool)>| said.values().all(|(_, stops)| !stops);
        valid && !self.ended && free(&self.suspended) && free(&self.objecting)
    }
}

/// Records what a party said, unless it said something later.
fn hear(said: &mut HashMap<String, (Timestamp, bool)>, party: &str, word: (Timestamp, bool)) {
    let known = said.entry(party.to_owned()).or_insert(word);
    *known = word.max(*known);
}

/// What the entries so far lead to.
#[derive(Debug, Default)]
pub(crate) struct EntryOrder {
    standing: HashMap<Sha256Digest, LoggedStanding>,
    waiting: HashMap<[u8; 32], u64>,
    releases: HashSet<(Sha256Digest, Sha256Digest)>,
}

impl EntryOrder {
    /// Records the next entry, and says what is wrong with it at this place.
    pub(crate) fn next(&mut self, entry: &Entry, leaf: Hash) -> Option<Disorder> {
        let standing = self.standing.entry(entry.agreement).or_default();
        let not_in_force = (!standing.allows(entry.time)).then_some(Disorder::NotInForce);
        match &entry.what {
            EntryKind::AgreementInForce { from, until, .. } => {
                standing.valid = Some((*from, *until))
            }
            EntryKind::AgreementSuspended { party, at, .. } => {
                hear(&mut standing.suspended, party, (*at, true));
            }
            EntryKind::AgreementResumed { party, at, .. } => {
                hear(&mut standing.suspended, party, (*at, false));
            }
            EntryKind::AgreementEnded { .. } => standing.ended = true,
            EntryKind::Consent {
                party,
                decision,
                at,
                ..
            } => hear(&mut standing.objecting, party, (*at, decision == "object")),
            EntryKind::DataRelease { release, .. } => {
                self.releases.insert((entry.agreement, *release));
                return not_in_force;
            }
            EntryKind::Question { .. } => {
                *self.waiting.entry(leaf.0).or_default() += 1;
                return not_in_force;
            }
            EntryKind::Answer {
                question, release, ..
            } => {
                let waiting = self.waiting.get_mut(&question.0).filter(|n| **n > 0);
                let Some(waiting) = waiting else {
                    return Some(Disorder::NoQuestion);
                };
                *waiting -= 1;
                if *waiting == 0 {
                    self.waiting.remove(&question.0);
                }
                if !self.releases.contains(&(entry.agreement, *release)) {
                    return Some(Disorder::NoRelease);
                }
                return not_in_force;
            }
            EntryKind::Refusal { .. } => {}
        }
        None
    }
}
