//! How many agree, disagree and pass: of each group on each statement.

use super::ballots::Ballots;
use super::vote::Vote;

/// Votes on a statement by some people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Who agree.
    pub agree: u64,
    /// Who disagree.
    pub disagree: u64,
    /// Who voted at all, passes included.
    pub seen: u64,
}

impl Tally {
    /// Who passed.
    ///
    /// ```
    /// use zwerm_voices::opinion::tally::Tally;
    /// assert_eq!(Tally { agree: 1, disagree: 2, seen: 5 }.passed(), 2);
    /// ```
    #[must_use]
    pub const fn passed(&self) -> u64 {
        self.seen
            .saturating_sub(self.agree)
            .saturating_sub(self.disagree)
    }

    /// Those who are not of `part`.
    ///
    /// ```
    /// use zwerm_voices::opinion::tally::Tally;
    /// let all = Tally { agree: 3, disagree: 2, seen: 6 };
    /// let part = Tally { agree: 1, disagree: 2, seen: 3 };
    /// assert_eq!(all.without(&part), Tally { agree: 2, disagree: 0, seen: 3 });
    /// ```
    #[must_use]
    pub const fn without(&self, part: &Self) -> Self {
        Self {
            agree: self.agree.saturating_sub(part.agree),
            disagree: self.disagree.saturating_sub(part.disagree),
            seen: self.seen.saturating_sub(part.seen),
        }
    }

    /// The same seen from the other side: who disagree as if they agreed.
    ///
    /// ```
    /// use zwerm_voices::opinion::tally::Tally;
    /// let tally = Tally { agree: 1, disagree: 2, seen: 3 };
    /// assert_eq!(tally.opposite(), Tally { agree: 2, disagree: 1, seen: 3 });
    /// ```
    #[must_use]
    pub const fn opposite(&self) -> Self {
        Self {
            agree: self.disagree,
            disagree: self.agree,
            seen: self.seen,
        }
    }

    fn count(&mut self, vote: Vote) {
        self.seen += 1;
        match vote {
            Vote::Agree => self.agree += 1,
            Vote::Disagree => self.disagree += 1,
            Vote::Pass => {}
        }
    }
}

/// Votes by everyone and by group, each by statement in the order of [`Ballots::statements`]; of one that was moderated out
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallies {
    /// Of all who voted, in a group or not.
    pub all: Vec<Tally>,
    /// Of each group.
    pub by_group: Vec<Vec<Tally>>,
}

impl Tallies {
    /// The votes of those who are in another group, by statement; whoever is in none is left out.
    ///
    /// ```
    /// use zwerm_voices::opinion::tally::{Tallies, Tally};
    /// let one = |agree| vec![Tally { agree, disagree: 0, seen: agree }];
    /// let tallies = Tallies { all: one(9), by_group: vec![one(1), one(2), one(4)] };
    /// assert_eq!(tallies.others(1)[0].agree, 5);
    /// ```
    #[must_use]
    pub fn others(&self, group: usize) -> Vec<Tally> {
        let mut sums = vec![Tally::default(); self.all.len()];
        let groups = self.by_group.iter().enumerate();
        for (_, other) in groups.filter(|(place, _)| *place != group) {
            for (sum, tally) in sums.iter_mut().zip(other) {
                sum.agree += tally.agree;
                sum.disagree += tally.disagree;
                sum.seen += tally.seen;
            }
        }
        sums
    }
}

/// Counts votes, with the group of each voter.
///
/// ```
/// use zwerm_voices::opinion::{ballots::{Ballots, CastVote}, tally::tallies, vote::Vote};
/// let cast = |voter, vote| CastVote { voter, statement: 1, vote, at: 0 };
/// let ballots = Ballots::new(&[cast(1, Vote::Agree), cast(2, Vote::Pass)], &[])?;
/// let found = tallies(&ballots, &[Some(0), None], 1);
/// assert_eq!((found.all[0].seen, found.by_group[0][0].seen), (2, 1));
/// # Ok::<(), zwerm_voices::opinion::error::BallotsError>(())
/// ```
#[must_use]
pub fn tallies(ballots: &Ballots, of: &[Option<usize>], groups: usize) -> Tallies {
    let none = vec![Tally::default(); ballots.statements().len()];
    let mut found = Tallies {
        by_group: vec![none.clone(); groups],
        all: none,
    };
    for (voter, group) in of.iter().enumerate() {
        let mut own = group.and_then(|group| found.by_group.get_mut(group));
        for (statement, vote) in ballots.of_kept(voter) {
            if let Some(tally) = found.all.get_mut(statement) {
                tally.count(vote);
            }
            let tally = own.as_deref_mut().and_then(|own| own.get_mut(statement));
            if let Some(tally) = tally {
                tally.count(vote);
            }
        }
    }
    found
}
