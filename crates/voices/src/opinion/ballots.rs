//! Who voted what: one vote of each voter on each statement, kept sparsely, in the order of their ids.

use std::collections::BTreeMap;

use super::error::{BallotsError, VoteFault, all_or};
use super::vote::Vote;

/// A vote as it was cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CastVote {
    /// Who voted.
    pub voter: u64,
    /// On which statement.
    pub statement: u64,
    /// What.
    pub vote: Vote,
    /// When, in any unit that grows; the latest vote wins.
    pub at: i64,
}

/// A statement that is voted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VotedStatement {
    /// Its id.
    pub id: u64,
    /// Whether it was moderated out: then it counts as nothing.
    pub moderated_out: bool,
}

/// The votes that apply: voters x statements, both in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballots {
    voters: Vec<u64>,
    statements: Vec<VotedStatement>,
    /// Where the votes of each voter end.
    ends: Vec<usize>,
    /// The place of a statement and the vote on it, by voter and then by statement.
    votes: Vec<(u32, Vote)>,
}

impl Ballots {
    /// The votes that apply: of each voter on each statement that with the greatest time; of two at the same time the lower.
    /// Without `statements` all that are voted on are statements, and none is moderated out.
    ///
    /// # Errors
    /// A vote on a statement that is not among `statements`, or a statement that is there twice.
    ///
    /// ```
    /// use zwerm_voices::opinion::{ballots::{Ballots, CastVote}, vote::Vote};
    /// let cast = |vote, at| CastVote { voter: 7, statement: 3, vote, at };
    /// let ballots = Ballots::new(&[cast(Vote::Agree, 2), cast(Vote::Pass, 2), cast(Vote::Disagree, 1)], &[])?;
    /// assert_eq!(ballots.of(0).collect::<Vec<_>>(), [(0, Vote::Pass)]);
    /// # Ok::<(), zwerm_voices::opinion::error::BallotsError>(())
    /// ```
    pub fn new(votes: &[CastVote], statements: &[VotedStatement]) -> Result<Self, BallotsError> {
        let mut faults = Vec::new();
        let mut known: BTreeMap<u64, bool> = BTreeMap::new();
        for statement in statements {
            if known
                .insert(statement.id, statement.moderated_out)
                .is_some()
            {
                faults.push(VoteFault::SameStatement(statement.id));
            }
        }
        let mut sorted = votes.to_vec();
        sorted.sort_unstable_by_key(|cast| {
            let last_first = (std::cmp::Reverse(cast.at), cast.vote);
            (cast.voter, cast.statement, last_first)
        });
        sorted.dedup_by_key(|cast| (cast.voter, cast.statement));
        if statements.is_empty() {
            known.extend(sorted.iter().map(|cast| (cast.statement, false)));
        }
        let places: BTreeMap<u64, u32> = known.keys().copied().zip(0..).collect();
        let (mut voters, mut ends, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        for cast in &sorted {
            let Some(place) = places.get(&cast.statement) else {
                faults.push(VoteFault::UnknownStatement {
                    voter: cast.voter,
                    statement: cast.statement,
                });
                continue;
            };
            if voters.last() != Some(&cast.voter) {
                voters.push(cast.voter);
                ends.push(kept.len());
            }
            kept.push((*place, cast.vote));
            if let Some(end) = ends.last_mut() {
                *end = kept.len();
            }
        }
        let statements = known
            .into_iter()
            .map(|(id, moderated_out)| VotedStatement { id, moderated_out });
        let ballots = Self {
            voters,
            statements: statements.collect(),
            ends,
            votes: kept,
        };
        all_or(ballots, faults)
    }

    /// The ids of the voters, in order.
    #[must_use]
    pub fn voters(&self) -> &[u64] {
        &self.voters
    }

    /// The statements, in the order of their ids.
    #[must_use]
    pub fn statements(&self) -> &[VotedStatement] {
        &self.statements
    }

    /// The votes of the voter at this place: the place of each statement, in order, and the vote on it.
    ///
    /// See [`Ballots::new`] for an example.
    pub fn of(&self, voter: usize) -> impl Iterator<Item = (usize, Vote)> + '_ {
        let start = voter
            .checked_sub(1)
            .map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(voter).copied());
        let votes = range.and_then(|(start, end)| self.votes.get(start..end));
        let votes = votes.unwrap_or_default().iter();
        votes.map(|(statement, vote)| (*statement as usize, *vote))
    }

    /// The same without statements that were moderated out.
    pub(super) fn of_kept(&self, voter: usize) -> impl Iterator<Item = (usize, Vote)> + '_ {
        self.of(voter)
            .filter(|(statement, _)| self.counts(*statement))
    }

    /// Whether a statement counts: it was not moderated out.
    pub(super) fn counts(&self, statement: usize) -> bool {
        let found = self.statements.get(statement);
        found.is_some_and(|statement| !statement.moderated_out)
    }

    /// How many votes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.votes.len()
    }

    /// Whether nobody voted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.votes.is_empty()
    }
}
