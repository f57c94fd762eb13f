//! Opinion groups: people who vote alike, found in two steps.
//!
//! First at most 100 base clusters over the positions of all who count, seeded far apart; then those, weighed by how many stand in
//! each, come together into 2 to 5 groups, seeded by the first of them: clusters are in the order of their voters' ids, so that
//! seeds do not depend on the order in which votes came. The number of groups is the one whose mean silhouette over base clusters is
//! greatest; of equal ones the smaller.

use std::num::NonZeroUsize;

use super::ballots::Ballots;
use super::clusters::{Clusters, WeightedPoint, farthest_first, first_different, k_means};
use super::components::{Components, components};
use super::position::{VoterPosition, positions};
use super::silhouette::mean_silhouette;

/// Base clusters at most.
const BASE: usize = 100;
/// Groups at most.
const MOST: usize = 5;
/// Base clusters for each group more than two.
const PER_GROUP: usize = 12;

/// People who vote alike.
#[derive(Debug, Clone, PartialEq)]
pub struct OpinionGroup {
    /// The places of its voters among [`Ballots::voters`], in order.
    pub voters: Vec<usize>,
    /// Where they stand on the whole.
    pub centre: (f64, f64),
}

/// Opinion groups, and what they were found by.
#[derive(Debug, Clone, PartialEq)]
pub struct OpinionGroups {
    /// The directions in which votes differ most.
    pub components: Components,
    /// Where each voter stands.
    pub positions: Vec<VoterPosition>,
    /// The group of each voter; none of whoever does not count.
    pub of: Vec<Option<usize>>,
    /// The groups, in the order of their first voters.
    pub groups: Vec<OpinionGroup>,
    /// The mean silhouette of each number of groups that was tried, from 2 on.
    pub silhouettes: Vec<f64>,
}

/// Finds the groups. With fewer than two different positions all who count are one group; of nobody there are none.
///
/// Comes out the same, to the bit, for any number of threads. See [the module above](super) for an example.
#[must_use]
pub fn groups(ballots: &Ballots, threads: usize) -> OpinionGroups {
    let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
    let components = components(ballots, threads);
    let positions = positions(ballots, &components);
    let counting: Vec<usize> = (0..positions.len())
        .filter(|voter| positions.get(*voter).is_some_and(|one| one.counts))
        .collect();
    let points: Vec<WeightedPoint> = positions
        .iter()
        .filter(|position| position.counts)
        .map(|position| WeightedPoint {
            x: position.x,
            y: position.y,
            weight: 1.0,
        })
        .collect();
    let base = k_means(&points, &farthest_first(&points, BASE), threads);
    let (silhouettes, best) = best_groups(&base);
    let of_point = base.of.iter().map(|cluster| best.of.get(*cluster).copied());
    let of_point: Vec<usize> = of_point.map(Option::unwrap_or_default).collect();
    let groups =
        (0..best.centres.len()).map(|number| gathered(number, &of_point, &counting, &best));
    let groups = groups.collect();
    let mut of = vec![None; positions.len()];
    for (voter, group) in counting.iter().zip(&of_point) {
        if let Some(slot) = of.get_mut(*voter) {
            *slot = Some(*group);
        }
    }
    OpinionGroups {
        components,
        positions,
        of,
        groups,
        silhouettes,
    }
}

/// The base clusters in the number of groups that fits them best.
fn best_groups(base: &Clusters) -> (Vec<f64>, Clusters) {
    let centres = &base.centres;
    let most = MOST.min(2 + centres.len() / PER_GROUP).min(centres.len());
    let mut silhouettes = Vec::new();
    let mut best = k_means(centres, &first_different(centres, 1), NonZeroUsize::MIN);
    let mut greatest = f64::NEG_INFINITY;
    for many in 2..=most {
        let found = k_means(centres, &first_different(centres, many), NonZeroUsize::MIN);
        let silhouette = mean_silhouette(centres, &found);
        silhouettes.push(silhouette);
        if silhouette > greatest {
            (greatest, best) = (silhouette, found);
        }
    }
    (silhouettes, best)
}

fn gathered(number: usize, of: &[usize], counting: &[usize], best: &Clusters) -> OpinionGroup {
    let voters = counting.iter().zip(of);
    let voters = voters.filter(|(_, group)| **group == number);
    let centre = best.centres.get(number);
    OpinionGroup {
        voters: voters.map(|(voter, _)| *voter).collect(),
        centre: centre
            .map(|centre| (centre.x, centre.y))
            .unwrap_or_default(),
    }
}
