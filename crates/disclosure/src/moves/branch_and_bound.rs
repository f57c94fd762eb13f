//! The box that gives up least for what it moves: branch and bound over the far corner.
//!
//! A box is decided axis by axis: not flipped, or flipped to another leaf. Wherever all leaves are apart,
//! the corners of a box that is decided in part are corners of every box that it can become, so what they cost and
//! how far they can move bound what can still come of it. The search is repeated with a bound that grows, so that
//! a good box is found before the many bad ones are looked at; the outcome is that of looking at all of them.
//!
//! Land & Doig, *An automatic method of solving discrete programming problems* (1960), for branch and bound; Korf,
//! *Depth-first iterative-deepening* (1985), for a bound that grows.

use super::{Instance, MoveGoal, delta::Delta, hypercube::Hypercube, target::AxisTarget};
use crate::{
    ids::{AxisId, CellId, GrainId, Id, IdVec, LevelId, LocalId},
    lattice::Lattice,
};

/// A box that a move may be made of.
pub(super) struct Candidate {
    /// The leaves of the first corner.
    pub(super) coordinates: Vec<u32>,
    /// The far corner: another leaf on each flipped axis.
    pub(super) other: Vec<u32>,
    /// The flipped axes, as bits.
    pub(super) mask: usize,
    /// The states that it changes, as bits.
    pub(super) states: u64,
    /// What it changes of the cells that the target is tied to, where that matters.
    pub(super) tied: Vec<(CellId, i64)>,
    /// How far it can move.
    pub(super) amount: i64,
    /// What is hidden for it.
    pub(super) cost: f64,
}

impl Candidate {
    /// The box as a hypercube.
    pub(super) fn hypercube(&self) -> Hypercube<'_> {
        Hypercube {
            start: &self.coordinates,
            other: &self.other,
            mask: self.mask,
        }
    }
}

/// What is paid per quantum at first, and by how much that grows with each search.
const FIRST: f64 = 1e-3;
const GROWTH: f64 = 8.0;
/// Past this the search is not bounded any more.
const LAST: f64 = 1e4;
/// Sums of costs in another order may differ by this much, relatively.
const SLACK: f64 = 1e-9;

/// One step of a move: what is looked for, and where.
pub(super) struct BranchAndBound<'a> {
    /// Where moves are looked for.
    pub(super) instance: &'a Instance<'a>,
    /// What the move must do.
    pub(super) goal: &'a MoveGoal,
    /// What it must change, axis by axis.
    pub(super) target: &'a AxisTarget,
    /// Whether a box may pass through cells that everyone can see are empty.
    pub(super) empties_too: bool,
    /// How far the target must still move.
    pub(super) remaining: i64,
    /// What the move has changed so far.
    pub(super) delta: &'a Delta,
    /// Levels in which every box over the axes of the target shows.
    sure: Vec<LevelId>,
    /// Per axis of the target, the last first: what is decided there.
    branches: Vec<Branch>,
}

/// An axis that is decided.
struct Branch {
    axis: AxisId,
    leaves: u32,
    /// The levels in which all boxes show once it is decided that this axis is not flipped, if none of the axes with
    /// these bits is.
    later: Vec<(LevelId, usize)>,
}

/// A corner of a box that is decided in part: a level in which all it can become show, a cell of it, and its sign.
type Corner = (LevelId, i64, i64);

/// A box that is decided in part.
struct Partial<'a> {
    start: &'a [u32],
    other: Leaves,
    mask: usize,
    corners: Vec<Corner>,
    best: Option<Candidate>,
    /// What a box may cost per quantum in this search.
    bound: f64,
    /// What a box may move at most that costs nothing.
    most: i64,
}

/// A leaf per axis.
type Leaves = IdVec<AxisId, u32>;

/// What the corners so far say of every box they can become.
#[derive(Clone, Copy)]
struct CornerBound {
    cost: f64,
    amount: i64,
}

impl<'a> BranchAndBound<'a> {
    /// The search for the next box of a move that has changed `delta`, with `remaining` quanta still to go.
    pub(super) fn new(
        instance: &'a Instance,
        goal: &'a MoveGoal,
        target: &'a AxisTarget,
        empties_too: bool,
        remaining: i64,
        delta: &'a Delta,
    ) -> BranchAndBound<'a> {
        let (sure, branches) = branches(instance.lattice, target);
        BranchAndBound {
            instance,
            goal,
            target,
            empties_too,
            remaining,
            delta,
            sure,
            branches,
        }
    }

    /// The first of the boxes, from these base cells, that cost least for what they move; or the first that
    /// costs nothing and moves enough.
    pub(super) fn best(&self, bases: &[Vec<u32>]) -> Option<Candidate> {
        let mut bound = FIRST / self.remaining as f64 * (1.0 + SLACK);
        let mut most = self.remaining;
        loop {
            let found = self.within(bases, bound, most);
            if found.is_some() || bound.is_infinite() {
                return found;
            }
            // what costs nothing and moves this much or more would have been found
            most = ((FIRST / bound) as i64).clamp(1, (most - 1).max(1));
            bound = if bound < LAST {
                bound * GROWTH
            } else {
                f64::INFINITY
            };
        }
    }

    /// The same among the boxes that cost no more than `bound` for what they move, none of which moves more than
    /// `most` for nothing.
    fn within(&self, bases: &[Vec<u32>], bound: f64, most: i64) -> Option<Candidate> {
        let mut best = None;
        let mut corners = Vec::new();
        for start in bases {
            corners.clear();
            let mut partial = Partial {
                start,
                other: Leaves::from(start.clone()),
                mask: 0,
                corners,
                best,
                bound,
                most,
            };
            for &level in &self.sure {
                partial.show(self.instance.lattice, level);
            }
            let begun = CornerBound {
                cost: 0.0,
                amount: self.remaining,
            };
            let left = self.bounded(&partial, 0, begun);
            let done = left.is_some_and(|bound| self.branch(&mut partial, &self.branches, bound));
            (best, corners) = (partial.best, partial.corners);
            if done {
                break;
            }
        }
        best
    }

    /// Decides the axes that are left; `true` when nothing better can come.
    fn branch(&self, partial: &mut Partial, branches: &[Branch], bound: CornerBound) -> bool {
        let Some((next, rest)) = branches.split_first() else {
            return self.complete(partial);
        };
        let before = partial.corners.len();
        for &(level, coarse) in &next.later {
            if coarse & partial.mask == 0 {
                partial.show(self.instance.lattice, level);
            }
        }
        if self.narrow(partial, before, rest, bound) {
            return true;
        }
        let start = partial.other[next.axis];
        partial.mask |= 1 << next.axis.position();
        let mut others = (start + 1..next.leaves).chain(0..start);
        let done = others.any(|leaf| {
            partial.flip(self.instance.lattice, next.axis, start, leaf, before);
            self.narrow(partial, before, rest, bound)
        });
        partial.mask &= !(1 << next.axis.position());
        partial.other[next.axis] = start;
        done
    }

    /// Goes on with the corners from `first` on, if a box can come of them, and takes them back.
    fn narrow(
        &self,
        partial: &mut Partial,
        first: usize,
        rest: &[Branch],
        bound: CornerBound,
    ) -> bool {
        let narrower = self.bounded(partial, first, bound);
        let done = narrower.is_some_and(|bound| self.branch(partial, rest, bound));
        partial.corners.truncate(first);
        done
    }

    /// What the corners from `first` on leave of a bound; `None` when no box can come of them.
    fn bounded(
        &self,
        partial: &Partial,
        first: usize,
        mut bound: CornerBound,
    ) -> Option<CornerBound> {
        let instance = self.instance;
        let corners = partial.corners.get(first..).unwrap_or_default();
        let weighed = instance.weighed.get() + corners.len() as u64;
        instance.weighed.set(weighed);
        let limit = partial.limit();
        for &(level, cell, sign) in corners {
            let cell = LocalId::at(cell as usize);
            let cell = instance.lattice.at(self.target.state, cell);
            if level == instance.lattice.full {
                bound.amount = bound.amount.min(self.base_room(cell, sign)?);
            }
            if instance.lattice.seen(level) {
                if instance.known[cell] {
                    return None;
                }
                if self.shown(cell) {
                    bound.cost += instance.cost[cell];
                }
                if self.goal.lowers(sign) {
                    bound.amount = bound.amount.min(self.floor(cell));
                }
            }
            if bound.amount <= 0 || ratio(bound.cost, bound.amount) * (1.0 - SLACK) >= limit {
                return None;
            }
        }
        Some(bound)
    }

    /// Keeps a box that is decided if it beats what was found; `true` when nothing better can come.
    fn complete(&self, partial: &mut Partial) -> bool {
        let of = partial.hypercube();
        let shows = |level| of.shows(self.instance.lattice, level);
        if self.goal.known.is_some_and(shows) || !self.target.moved_by(of.start, of.other, of.mask)
        {
            return false;
        }
        let Some(found) = self.weigh(of, partial.limit()) else {
            return false;
        };
        let perfect = found.cost == 0.0 && found.amount >= partial.most;
        partial.best = Some(found);
        perfect
    }
}

/// The levels in which every box over the axes of a target shows, and these axes, the last first.
fn branches(lattice: &Lattice, target: &AxisTarget) -> (Vec<LevelId>, Vec<Branch>) {
    let branch = |&axis: &AxisId| Branch {
        axis,
        leaves: lattice.axes[axis].leaves as u32,
        later: Vec::new(),
    };
    let mut branches: Vec<Branch> = target.axes.iter().map(branch).collect();
    let mut sure = Vec::new();
    for (number, level) in lattice.levels.pairs() {
        let coarse = |of: &&mut Branch| level.grains[of.axis] != GrainId::EACH;
        let mut coarse = branches.iter_mut().filter(coarse);
        match coarse.next() {
            None => sure.push(number),
            Some(first) => {
                let rest = coarse.fold(0, |mask, of| mask | 1 << of.axis.position());
                first.later.push((number, rest));
            }
        }
    }
    branches.reverse();
    (sure, branches)
}

impl Partial<'_> {
    /// The box as it is decided so far.
    fn hypercube(&self) -> Hypercube<'_> {
        Hypercube {
            start: self.start,
            other: self.other.as_slice(),
            mask: self.mask,
        }
    }

    /// Adds the corners in a level that has the leaves of every flipped axis apart.
    fn show(&mut self, lattice: &Lattice, level: LevelId) {
        let cells = self.hypercube().corners(lattice, level);
        let corners = cells.map(|(cell, sign)| (level, cell.position() as i64, sign));
        self.corners.extend(corners);
    }

    /// Flips an axis from one leaf to another: adds the other side of each of the first `count` corners.
    fn flip(&mut self, lattice: &Lattice, axis: AxisId, from: u32, to: u32, count: usize) {
        self.other[axis] = to;
        let far = i64::from(to) - i64::from(from);
        self.corners.reserve(count);
        for number in 0..count {
            let Some(&(level, cell, sign)) = self.corners.get(number) else {
                return;
            };
            let stride = lattice.levels[level].strides[axis] as i64;
            self.corners.push((level, cell + far * stride, -sign));
        }
    }

    /// What a box must beat.
    fn limit(&self) -> f64 {
        let best = self.best.as_ref();
        best.map_or(self.bound, |b| ratio(b.cost, b.amount).min(self.bound))
    }
}

/// What a box costs for what it moves.
pub(super) fn ratio(cost: f64, amount: i64) -> f64 {
    (cost + FIRST) / amount as f64
}
