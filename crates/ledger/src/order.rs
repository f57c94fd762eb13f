//! Whether what stands in a log could have happened in that order.
//!
//! A question is answered only while its agreement is in force; an answer belongs to a question that was entered before
//! it and comes from a release that was entered before it.

use std::collections::{BTreeSet, HashMap, HashSet};

use thiserror::Error;

use crate::entry::{Entry, Sha256Digest, What};
use crate::tree::Hash;

/// An entry that could not follow those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Disorder {
    /// The agreement was not in force.
    #[error("the agreement was not in force")]
    NotInForce,
    /// The answer is to no question that waited for one.
    #[error("an answer without a question")]
    NoQuestion,
    /// The answer is from a release that was not entered before.
    #[error("an answer from a release that was not entered")]
    NoRelease,
}

#[derive(Debug, Default)]
struct Standing {
    agreed: bool,
    ended: bool,
    suspended_by: BTreeSet<String>,
    objecting: BTreeSet<String>,
}

impl Standing {
    fn in_force(&self) -> bool {
        self.agreed && !self.ended && self.suspended_by.is_empty() && self.objecting.is_empty()
    }
}

/// What the entries so far come to.
#[derive(Debug, Default)]
pub(crate) struct Order {
    standing: HashMap<Sha256Digest, Standing>,
    waiting: HashMap<[u8; 32], u64>,
    releases: HashSet<(Sha256Digest, Sha256Digest)>,
}

impl Order {
    /// Takes in the next entry, and says what is wrong with it here.
    pub(crate) fn next(&mut self, entry: &Entry, leaf: Hash) -> Option<Disorder> {
        let standing = self.standing.entry(entry.agreement).or_default();
        let not_in_force = (!standing.in_force()).then_some(Disorder::NotInForce);
        match &entry.what {
            What::AgreementInForce { .. } => standing.agreed = true,
            What::AgreementSuspended { party, .. } => {
                standing.suspended_by.insert(party.clone());
            }
            What::AgreementResumed { party, .. } => {
                standing.suspended_by.remove(party);
            }
            What::AgreementEnded { .. } => standing.ended = true,
            What::Consent {
                party, decision, ..
            } if decision == "object" => {
                standing.objecting.insert(party.clone());
            }
            What::Consent { party, .. } => {
                standing.objecting.remove(party);
            }
            What::DataRelease { release, .. } => {
                self.releases.insert((entry.agreement, *release));
                return not_in_force;
            }
            What::Question { .. } => {
                *self.waiting.entry(leaf.0).or_default() += 1;
                return not_in_force;
            }
            What::Answer {
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
            What::Refusal { .. } => {}
        }
        None
    }
}
