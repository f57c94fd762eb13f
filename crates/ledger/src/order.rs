//! Whether the entries of a log could have happened in that order.
//!
//! A question is answered only while its agreement is in force, and no later version is; an answer belongs to a question
//! that was entered earlier and comes from a release that was entered earlier. A version that was replaced stays so.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use thiserror::Error;

use crate::entry::{Entry, EntryKind, Sha256Digest};
use crate::tree::Hash;
use crate::zone;

/// An entry that could not follow those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Disorder {
    /// The agreement was not in force, not valid on that day, or a later version was in force.
    #[error("the agreement was not in force on that day")]
    NotInForce,
    /// The answer is not to a question that was waiting for one.
    #[error("an answer without a question")]
    NoQuestion,
    /// The answer is from a release that was not entered earlier.
    #[error("an answer from a release that was not entered")]
    NoRelease,
    /// A version that was replaced came into force.
    #[error("a version that was replaced comes into force")]
    Replaced,
    /// What is said to replace the version is no later version of the same agreement that came into force.
    #[error("replaced by what is no later version that came into force")]
    NoSuccessor,
    /// The agreement came into force before under another name or number, on other days or in another zone.
    #[error("it came into force before with another name, other days or another zone")]
    Otherwise,
    /// The zone is not in the list of zones.
    #[error("in a zone that is not known")]
    UnknownZone,
}

/// What the log says of an agreement that came into force.
#[derive(Debug, Clone, PartialEq)]
struct LoggedForce {
    id: String,
    version: u32,
    /// The days on which questions may be asked.
    days: (Date, Date),
    /// The name of the zone whose days these are; where none is named they are those of UTC.
    zone: Option<String>,
}

/// The standing of an agreement by the entries so far. Of what one party said the latest applies, not what was entered
/// last.
#[derive(Debug, Default)]
struct LoggedStanding {
    /// What was said when it first came into force, with the zone.
    force: Option<(LoggedForce, TimeZone)>,
    ended: bool,
    superseded: bool,
    /// Per party when it last suspended or resumed; at the same moment, the suspension applies.
    suspended: HashMap<String, (Timestamp, bool)>,
    /// Per party when it last consented or objected; at the same moment, the objection applies.
    objecting: HashMap<String, (Timestamp, bool)>,
}

impl LoggedStanding {
    fn allows(&self, time: Timestamp) -> bool {
        let valid = self.force.as_ref().is_some_and(|(force, zone)| {
            let (day, (from, until)) = (zone.to_datetime(time).date(), force.days);
            from <= day && day <= until
        });
        let free =
            |said: &HashMap<String, (Timestamp, bool)>| said.values().all(|(_, stops)| !stops);
        let over = self.ended || self.superseded;
        valid && !over && free(&self.suspended) && free(&self.objecting)
    }

    /// Records that the agreement came into force.
    fn comes_into_force(&mut self, force: LoggedForce) -> Option<Disorder> {
        let name = force.zone.as_deref().unwrap_or(zone::UTC);
        let zone = zone::find(name);
        let unknown = zone.is_none().then_some(Disorder::UnknownZone);
        let before = self.force.as_ref().map(|(before, _)| before);
        let otherwise = before.is_some_and(|before| *before != force);
        let replaced = self.superseded.then_some(Disorder::Replaced);
        // what was said first stays, so that no day is added afterwards
        self.force
            .get_or_insert((force, zone.unwrap_or(TimeZone::UTC)));
        unknown
            .or(otherwise.then_some(Disorder::Otherwise))
            .or(replaced)
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
    /// Per agreement the versions that came into force.
    versions: HashMap<String, Vec<Sha256Digest>>,
    waiting: HashMap<[u8; 32], u64>,
    releases: HashSet<(Sha256Digest, Sha256Digest)>,
}

impl EntryOrder {
    /// Records the next entry, and says what is wrong with it at this place.
    pub(crate) fn next(&mut self, entry: &Entry, leaf: Hash) -> Option<Disorder> {
        match &entry.what {
            EntryKind::AgreementInForce { .. } => self.in_force(entry),
            EntryKind::AgreementSuperseded { id, version, by } => {
                self.superseded(entry.agreement, (id, *version), by)
            }
            EntryKind::DataRelease { release, .. } => {
                self.releases.insert((entry.agreement, *release));
                self.not_in_force(entry)
            }
            EntryKind::Question { .. } => {
                *self.waiting.entry(leaf.0).or_default() += 1;
                self.not_in_force(entry)
            }
            EntryKind::Answer {
                question, release, ..
            } => self.answer(entry, question, release),
            said => {
                self.said(entry.agreement, said);
                None
            }
        }
    }

    /// Records what a party said of an agreement.
    fn said(&mut self, agreement: Sha256Digest, said: &EntryKind) {
        let standing = self.standing.entry(agreement).or_default();
        match said {
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
            _ => {}
        }
    }

    fn in_force(&mut self, entry: &Entry) -> Option<Disorder> {
        let EntryKind::AgreementInForce {
            id,
            version,
            from,
            until,
            zone,
        } = &entry.what
        else {
            return None;
        };
        let standing = self.standing.entry(entry.agreement).or_default();
        if standing.force.is_none() {
            let versions = self.versions.entry(id.clone()).or_default();
            versions.push(entry.agreement);
        }
        standing.comes_into_force(LoggedForce {
            id: id.clone(),
            version: *version,
            days: (*from, *until),
            zone: zone.clone(),
        })
    }

    /// Records that a version was replaced, by one that came into force.
    fn superseded(
        &mut self,
        agreement: Sha256Digest,
        (id, version): (&str, u32),
        by: &Sha256Digest,
    ) -> Option<Disorder> {
        let force = |agreement| {
            let standing = self.standing.get(agreement)?;
            standing.force.as_ref().map(|(force, _)| force)
        };
        let later = force(by).is_some_and(|by| by.id == id && by.version > version);
        let own = force(&agreement);
        let named = own.is_none_or(|own| (own.id.as_str(), own.version) == (id, version));
        // believed either way: it only restricts
        self.standing.entry(agreement).or_default().superseded = true;
        (!(later && named)).then_some(Disorder::NoSuccessor)
    }

    fn answer(
        &mut self,
        entry: &Entry,
        question: &Sha256Digest,
        release: &Sha256Digest,
    ) -> Option<Disorder> {
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
        self.not_in_force(entry)
    }

    /// Whether what needs an agreement in force happens without one.
    fn not_in_force(&self, entry: &Entry) -> Option<Disorder> {
        let standing = self.standing.get(&entry.agreement);
        let standing = standing.filter(|standing| standing.allows(entry.time));
        let force = standing.and_then(|standing| standing.force.as_ref());
        let one = force.is_some_and(|(force, _)| !self.is_replaced(force, entry.time));
        (!one).then_some(Disorder::NotInForce)
    }

    /// Whether a later version is in force, said or not. Of logs from before zones were named, two could be.
    fn is_replaced(&self, own: &LoggedForce, time: Timestamp) -> bool {
        let versions = self.versions.get(&own.id).into_iter().flatten();
        let mut versions = versions.filter_map(|hash| self.standing.get(hash));
        versions.any(|standing| {
            let force = standing.force.as_ref().map(|(force, _)| force);
            let later = force.is_some_and(|f| f.version > own.version && f.zone.is_some());
            later && standing.allows(time)
        })
    }
}
