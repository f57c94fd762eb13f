//! Where each voter stands among the others, by what they answered, and how far statements draw people apart.

use super::ballots::Ballots;
use super::components::{Components, centred};

/// Votes that somebody must have cast to count, at most; of fewer statements, all of them.
const ENOUGH: usize = 7;
/// People who count at least, where there are so many: the most active.
const FEWEST: usize = 15;

/// Where a voter stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VoterPosition {
    /// Along the first component.
    pub x: f64,
    /// Along the second.
    pub y: f64,
    /// Votes that the voter cast, on statements of any kind.
    pub votes: usize,
    /// Whether the voter counts for groups.
    pub counts: bool,
}

/// The position of each voter, in the order of [`Ballots::voters`].
///
/// A position uses only what somebody answered: `sqrt(C / answered)` times the sum over what they answered of
/// `(vote - mean) * loading`, with `C` the number of statements; a statement that was moderated out is answered by everybody, with
/// nothing. Whoever cast at least `min(7, C)` votes counts; where that is fewer than 15, the most active are added until it is 15,
/// of those with equally many votes the lower id.
///
/// ```
/// use std::num::NonZeroUsize;
/// use zwerm_voices::opinion::{ballots::{Ballots, CastVote}, components::components, position::positions, vote::Vote};
/// let cast = |voter, statement, vote| CastVote { voter, statement, vote, at: 0 };
/// let ballots = Ballots::new(&[cast(1, 1, Vote::Agree), cast(2, 1, Vote::Disagree)], &[])?;
/// let found = positions(&ballots, &components(&ballots, NonZeroUsize::MIN));
/// assert_eq!((found[0].x, found[1].x), (1.0, -1.0));
/// assert!(found[0].counts);
/// # Ok::<(), zwerm_voices::opinion::error::BallotsError>(())
/// ```
#[must_use]
pub fn positions(ballots: &Ballots, components: &Components) -> Vec<VoterPosition> {
    let all = ballots.statements().len();
    let removed = ballots.statements().iter().filter(|one| one.moderated_out);
    let removed = removed.count();
    let [first, second] = &components.loadings;
    let mut positions: Vec<VoterPosition> = (0..ballots.voters().len())
        .map(|voter| {
            let (mut x, mut y, mut answered) = (0.0, 0.0, removed);
            for (statement, value) in centred(ballots, &components.means, voter) {
                x += value * first.get(statement).copied().unwrap_or_default();
                y += value * second.get(statement).copied().unwrap_or_default();
                answered += 1;
            }
            let scale = (all as f64 / answered.max(1) as f64).sqrt();
            let votes = ballots.of(voter).count();
            VoterPosition {
                x: scale * x,
                y: scale * y,
                votes,
                counts: votes >= ENOUGH.min(all),
            }
        })
        .collect();
    add_most_active(&mut positions);
    positions
}

/// Adds the most active where too few count.
fn add_most_active(positions: &mut [VoterPosition]) {
    if positions.iter().filter(|position| position.counts).count() >= FEWEST {
        return;
    }
    let mut order: Vec<usize> = (0..positions.len()).collect();
    order.sort_by_key(|voter| std::cmp::Reverse(positions.get(*voter).map(|one| one.votes)));
    for voter in order.into_iter().take(FEWEST) {
        if let Some(position) = positions.get_mut(voter) {
            position.counts = true;
        }
    }
}

/// How far each statement draws people apart: `sqrt(C) * |1 - mean| * length of its loading`, 0 or more.
///
/// ```
/// use zwerm_voices::opinion::{components::Components, position::extremities};
/// let found = extremities(&Components { means: vec![0.5, 0.0], loadings: [vec![0.6, 0.0], vec![0.8, 0.0]] });
/// assert!((found[0] - 2_f64.sqrt() * 0.5).abs() < 1e-12 && found[1] == 0.0);
/// ```
#[must_use]
pub fn extremities(components: &Components) -> Vec<f64> {
    let [first, second] = &components.loadings;
    let scale = (components.means.len() as f64).sqrt();
    let loadings = first.iter().zip(second);
    let all = components.means.iter().zip(loadings);
    all.map(|(mean, (x, y))| scale * (1.0 - mean).abs() * x.hypot(*y))
        .collect()
}
