//! What sets a group apart: statements that its members agree or disagree with, and more than others do.
//!
//! Shares and tests are those of Polis (2021): shares with one vote added to each side, so that few votes do not make a certainty,
//! and z-scores with one added to each count.

use super::ballots::Ballots;
use super::tally::{Tallies, Tally};

/// The z-score that a one-sided test at 10% passes: more than this.
pub const Z_90: f64 = 1.2816;
/// Representative statements of a group at most, and statements of the majority in each direction.
const MOST: usize = 5;

/// Which way a statement is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Its people agree.
    Agree,
    /// Its people disagree.
    Disagree,
}

/// How a group stands on a statement in one direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupStanding {
    /// The share who vote so, with one vote added to each side: between 0 and 1.
    pub share: f64,
    /// How many times the share of all others that is; 1 when they are alike.
    pub representativeness: f64,
    /// The z-score of the share against a half.
    pub share_z: f64,
    /// The z-score of the share against that of all others.
    pub representativeness_z: f64,
}

impl GroupStanding {
    /// By what representative statements are ordered.
    ///
    /// ```
    /// use zwerm_voices::opinion::representative::GroupStanding;
    /// let standing = GroupStanding { share: 0.5, representativeness: 2.0, share_z: 3.0, representativeness_z: 4.0 };
    /// assert_eq!(standing.strength(), 12.0);
    /// ```
    #[must_use]
    pub fn strength(&self) -> f64 {
        self.representativeness * self.representativeness_z * self.share * self.share_z
    }

    /// Whether both tests pass.
    ///
    /// ```
    /// use zwerm_voices::opinion::representative::GroupStanding;
    /// let standing = GroupStanding { share: 0.9, representativeness: 2.0, share_z: 3.0, representativeness_z: 1.0 };
    /// assert!(!standing.is_significant());
    /// ```
    #[must_use]
    pub fn is_significant(&self) -> bool {
        self.share_z > Z_90 && self.representativeness_z > Z_90
    }
}

/// The share who agree, `(A + 1) / (S + 2)`.
///
/// ```
/// use zwerm_voices::opinion::{representative::share, tally::Tally};
/// assert_eq!(share(&Tally { agree: 2, disagree: 0, seen: 2 }), 0.75);
/// ```
#[must_use]
pub fn share(tally: &Tally) -> f64 {
    (tally.agree as f64 + 1.0) / (tally.seen as f64 + 2.0)
}

/// The z-score of the share who agree against a half: `2 * sqrt(S + 1) * ((A + 1) / (S + 1) - 1/2)`.
///
/// ```
/// use zwerm_voices::opinion::{representative::share_z, tally::Tally};
/// assert_eq!(share_z(&Tally { agree: 3, disagree: 0, seen: 3 }), 2.0);
/// ```
#[must_use]
pub fn share_z(tally: &Tally) -> f64 {
    let (agree, seen) = (tally.agree as f64 + 1.0, tally.seen as f64 + 1.0);
    2.0 * seen.sqrt() * (agree / seen - 0.5)
}

/// The z-score of two shares who agree against each other, with one added to all four counts; 0 when all agree.
///
/// ```
/// use zwerm_voices::opinion::{representative::two_shares_z, tally::Tally};
/// let tally = |agree, seen| Tally { agree, disagree: 0, seen };
/// assert_eq!(two_shares_z(&tally(3, 3), &tally(8, 8)), 0.0);
/// assert!(two_shares_z(&tally(9, 9), &tally(0, 9)) > 4.0);
/// ```
#[must_use]
pub fn two_shares_z(one: &Tally, other: &Tally) -> f64 {
    let (a, s) = (one.agree as f64 + 1.0, one.seen as f64 + 1.0);
    let (b, t) = (other.agree as f64 + 1.0, other.seen as f64 + 1.0);
    let pooled = (a + b) / (s + t);
    if pooled == 1.0 {
        return 0.0;
    }
    (a / s - b / t) / (pooled * (1.0 - pooled) * (1.0 / s + 1.0 / t)).sqrt()
}

/// How a group stands on a statement that others voted on as well.
///
/// ```
/// use zwerm_voices::opinion::{representative::{Direction, standing}, tally::Tally};
/// let (group, others) = (Tally { agree: 8, disagree: 0, seen: 8 }, Tally { agree: 1, disagree: 7, seen: 8 });
/// let found = standing(&group, &others, Direction::Agree);
/// assert_eq!((found.share, found.representativeness), (0.9, 4.5));
/// ```
#[must_use]
pub fn standing(group: &Tally, others: &Tally, direction: Direction) -> GroupStanding {
    let (group, others) = match direction {
        Direction::Agree => (*group, *others),
        Direction::Disagree => (group.opposite(), others.opposite()),
    };
    GroupStanding {
        share: share(&group),
        representativeness: share(&group) / share(&others),
        share_z: share_z(&group),
        representativeness_z: two_shares_z(&group, &others),
    }
}

/// A statement that stands for people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandsFor {
    /// The place of the statement among [`Ballots::statements`].
    pub statement: usize,
    /// Which way.
    pub direction: Direction,
    /// How they stand on it.
    pub standing: GroupStanding,
}

/// The statements that set a group apart: those whose two tests pass in one direction, the strongest first, at most five, those that
/// it agrees with before those that it disagrees with. Where there is none, the strongest that it agrees with.
///
/// ```
/// use zwerm_voices::opinion::{ballots::{Ballots, CastVote}, representative::{Direction, representative}, tally::tallies, vote::Vote};
/// let votes: Vec<CastVote> = (0..16)
///     .map(|voter| CastVote { voter, statement: 5, vote: if voter < 8 { Vote::Agree } else { Vote::Disagree }, at: 0 })
///     .collect();
/// let ballots = Ballots::new(&votes, &[])?;
/// let of: Vec<Option<usize>> = (0..16).map(|voter| Some(voter / 8)).collect();
/// let found = representative(&ballots, &tallies(&ballots, &of, 2), 1);
/// assert_eq!((found[0].statement, found[0].direction), (0, Direction::Disagree));
/// # Ok::<(), zwerm_voices::opinion::error::BallotsError>(())
/// ```
#[must_use]
pub fn representative(ballots: &Ballots, tallies: &Tallies, group: usize) -> Vec<StandsFor> {
    let own = tallies.by_group.get(group);
    let both = own.into_iter().flatten().zip(tallies.others(group));
    let mut all = Vec::new();
    for (statement, (own, others)) in both.enumerate() {
        if ballots.counts(statement) {
            all.extend(
                [Direction::Agree, Direction::Disagree].map(|direction| StandsFor {
                    statement,
                    direction,
                    standing: standing(own, &others, direction),
                }),
            );
        }
    }
    let significant = all.iter().filter(|one| one.standing.is_significant());
    let mut found: Vec<StandsFor> = significant.copied().collect();
    strongest_first(&mut found, |one| one.standing.strength());
    found.truncate(MOST);
    found.sort_by_key(|one| one.direction == Direction::Disagree);
    if found.is_empty() {
        all.retain(|one| one.direction == Direction::Agree);
        strongest_first(&mut all, |one| one.standing.strength());
        found.extend(all.first());
    }
    found
}

/// A statement that most people share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharedByMost {
    /// The place of the statement among [`Ballots::statements`].
    pub statement: usize,
    /// Which way.
    pub direction: Direction,
    /// The share who vote so.
    pub share: f64,
    /// Its z-score against a half.
    pub share_z: f64,
}

/// What most people agree with, and then what most disagree with: over everyone, with a share of more than a half and a z-score of
/// more than 1.2816, the five of greatest share times z-score in each direction.
///
/// ```
/// use zwerm_voices::opinion::{ballots::{Ballots, CastVote}, representative::majority, tally::tallies, vote::Vote};
/// let votes: Vec<CastVote> = (0..9).map(|voter| CastVote { voter, statement: 1, vote: Vote::Agree, at: 0 }).collect();
/// let ballots = Ballots::new(&votes, &[])?;
/// let found = majority(&ballots, &tallies(&ballots, &[None; 9], 0));
/// assert_eq!((found.len(), found[0].share), (1, 10.0 / 11.0));
/// # Ok::<(), zwerm_voices::opinion::error::BallotsError>(())
/// ```
#[must_use]
pub fn majority(ballots: &Ballots, tallies: &Tallies) -> Vec<SharedByMost> {
    let of = |direction| {
        let all = tallies.all.iter().enumerate();
        let counted = all.filter(|(statement, _)| ballots.counts(*statement));
        let shared = counted.map(|(statement, tally)| {
            let tally = match direction {
                Direction::Agree => *tally,
                Direction::Disagree => tally.opposite(),
            };
            SharedByMost {
                statement,
                direction,
                share: share(&tally),
                share_z: share_z(&tally),
            }
        });
        let mut shared: Vec<SharedByMost> = shared
            .filter(|one| one.share > 0.5 && one.share_z > Z_90)
            .collect();
        strongest_first(&mut shared, |one| one.share * one.share_z);
        shared.truncate(MOST);
        shared
    };
    [of(Direction::Agree), of(Direction::Disagree)].concat()
}

/// By strength, the strongest first; of equally strong ones the first.
fn strongest_first<T>(all: &mut [T], strength: impl Fn(&T) -> f64) {
    all.sort_by(|one, other| strength(other).total_cmp(&strength(one)));
}
