//! The box that gives up least for what it moves: branch and bound over the far corner.
//!
//! A box is decided axis by axis: not flipped, or flipped to another leaf. Wherever all leaves are told apart,
//! the corners of a box that is decided in part are corners of every box that it can become, so what they cost and
//! how far they can move bound what can still come of it. The search is repeated with a bound that grows, so that
//! a good box is found before the many bad ones are looked at; the outcome is that of looking at all of them.

use super::{
    Goal, Instance,
    delta::Delta,
    hypercube::{corners, shows, telling},
    target::Target,
    tie::unties,
};
use crate::lattice::{Lattice, bits};

/// A box that a walk may apply.
pub(crate) struct Candidate {
    pub(crate) coordinates: Vec<u32>,
    /// The far corner: another leaf on each flipped axis.
    pub(crate) other: Vec<u32>,
    /// The flipped axes, as bits.
    pub(crate) mask: usize,
    /// The states that it changes, as bits.
    pub(crate) states: u64,
    /// What it changes of the cells that the target is tied to, where that matters.
    tied: Vec<(usize, i64)>,
    pub(crate) amount: i64,
    cost: f64,
}

/// What is paid per quantum at first, and by how much that grows with each search.
const FIRST: f64 = 1e-3;
const GROWTH: f64 = 8.0;
/// Past this the search is not bounded any more.
const LAST: f64 = 1e4;
/// Sums of costs in another order may differ by this much, relatively.
const SLACK: f64 = 1e-9;

/// One step of a walk: what is looked for, and where.
pub(crate) struct BranchAndBound<'a> {
    instance: &'a Instance<'a>,
    goal: &'a Goal,
    target: &'a Target,
    empties_too: bool,
    remaining: i64,
    delta: &'a Delta,
    /// Levels in which every box over the axes of the aim shows.
    sure: Vec<usize>,
    /// Per axis of the aim the levels in which all boxes show once it is decided that it is not flipped, if none of
    /// the axes with these bits is.
    later: Vec<Vec<(usize, usize)>>,
}

/// A corner of a box that is decided in part: a level in which all it can become show, a cell of it, and its sign.
type Corner = (usize, i64, i64);

/// A box that is decided in part.
struct Partial<'a> {
    start: &'a [u32],
    other: Vec<u32>,
    mask: usize,
    corners: Vec<Corner>,
    best: Option<Candidate>,
    /// What a box may cost per quantum in this search.
    bound: f64,
    /// What a box may move at most that costs nothing.
    most: i64,
}

/// What the corners so far say of every box they can become.
#[derive(Clone, Copy)]
struct Bound {
    cost: f64,
    amount: i64,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers and axes come from the lattice that sized these vectors"
)]
impl<'a> BranchAndBound<'a> {
    pub(crate) fn new(
        instance: &'a Instance,
        goal: &'a Goal,
        target: &'a Target,
        empties_too: bool,
        remaining: i64,
        delta: &'a Delta,
    ) -> BranchAndBound<'a> {
        let mut sure = Vec::new();
        let mut later = vec![Vec::new(); target.axes.len()];
        for (number, level) in instance.lattice.levels.iter().enumerate() {
            let mut coarse = (0..target.axes.len()).filter(|&n| level.grains[target.axes[n]] != 1);
            let Some(last) = coarse.next() else {
                sure.push(number);
                continue;
            };
            let rest = coarse.fold(0, |mask, n| mask | 1 << target.axes[n]);
            later[last].push((number, rest));
        }
        BranchAndBound {
            instance,
            goal,
            target,
            empties_too,
            remaining,
            delta,
            sure,
            later,
        }
    }

    /// The first of the boxes, from these base cells, that cost least for what they move; or the first that
    /// costs nothing and moves enough.
    pub(crate) fn best(&self, bases: &[Vec<u32>]) -> Option<Candidate> {
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
        let mut partial = Partial {
            start: &[],
            other: Vec::new(),
            mask: 0,
            corners: Vec::new(),
            best: None,
            bound,
            most,
        };
        for start in bases {
            partial.start = start;
            partial.other.clone_from(start);
            partial.corners.clear();
            for &level in &self.sure {
                partial.show(self.instance.lattice, level);
            }
            let begun = Bound {
                cost: 0.0,
                amount: self.remaining,
            };
            let Some(bound) = self.bounded(&partial, 0, begun) else {
                continue;
            };
            if self.descend(&mut partial, self.target.axes.len(), bound) {
                break;
            }
        }
        partial.best
    }

    /// Decides the axes before `undecided`, the last first; `true` when nothing better can come.
    fn descend(&self, partial: &mut Partial, undecided: usize, bound: Bound) -> bool {
        let Some(next) = undecided.checked_sub(1) else {
            return self.complete(partial);
        };
        let axis = self.target.axes[next];
        let leaves = self.instance.lattice.axes[axis].leaves as u32;
        let start = partial.start[axis];
        let before = partial.corners.len();
        for &(level, rest) in &self.later[next] {
            if rest & partial.mask == 0 {
                partial.show(self.instance.lattice, level);
            }
        }
        let narrower = self.bounded(partial, before, bound);
        let done = narrower.is_some_and(|bound| self.descend(partial, next, bound));
        partial.corners.truncate(before);
        if done {
            return true;
        }
        partial.mask |= 1 << axis;
        let mut done = false;
        for leaf in (start + 1..leaves).chain(0..start) {
            partial.other[axis] = leaf;
            let far = i64::from(leaf) - i64::from(start);
            for number in 0..before {
                let (level, cell, sign) = partial.corners[number];
                let stride = self.instance.lattice.levels[level].strides[axis] as i64;
                partial.corners.push((level, cell + far * stride, -sign));
            }
            let narrower = self.bounded(partial, before, bound);
            done = narrower.is_some_and(|bound| self.descend(partial, next, bound));
            partial.corners.truncate(before);
            if done {
                break;
            }
        }
        partial.mask &= !(1 << axis);
        partial.other[axis] = start;
        done
    }

    /// What the corners from `first` on leave of a bound; `None` when no box can come of them.
    fn bounded(&self, partial: &Partial, first: usize, mut bound: Bound) -> Option<Bound> {
        let instance = self.instance;
        let corners = &partial.corners[first..];
        instance
            .weighed
            .set(instance.weighed.get() + corners.len() as u64);
        let limit = partial.limit();
        for &(level, cell, sign) in corners {
            let cell = instance.at(self.target.state, cell as usize);
            let falls = !self.goal.linear && sign * self.goal.direction < 0;
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
                if falls {
                    let floor = instance.layer.floor(cell, self.delta.change(cell));
                    bound.amount = bound.amount.min(floor);
                }
            }
            if bound.amount <= 0 || ratio(bound.cost, bound.amount) * (1.0 - SLACK) >= limit {
                return None;
            }
        }
        Some(bound)
    }

    /// How far a corner can move; `None` when it cannot be one.
    fn base_room(&self, cell: usize, sign: i64) -> Option<i64> {
        let instance = self.instance;
        let index = instance.lattice.base_index(cell);
        let empty = instance.units[cell] == 0 && !self.empties_too;
        if instance.layer.fixed(index) || (empty && instance.told_empty(cell, |c| self.shown(c))) {
            return None;
        }
        if self.goal.linear {
            return Some(self.remaining);
        }
        let moved = self.delta.change(cell);
        Some(
            instance
                .layer
                .room(index, sign * self.goal.direction, moved),
        )
    }

    /// Keeps a box that is decided if it beats what was found; `true` when nothing better can come.
    fn complete(&self, partial: &mut Partial) -> bool {
        let at = (partial.start, partial.other.as_slice(), partial.mask);
        let shows = |level| shows(self.instance.lattice, at, level);
        if self.goal.known.is_some_and(shows) || !self.target.moved_by(at.0, at.1, at.2) {
            return false;
        }
        let Some(found) = self.weigh(at, partial.limit()) else {
            return false;
        };
        let perfect = found.cost == 0.0 && found.amount >= partial.most;
        partial.best = Some(found);
        perfect
    }

    fn shown(&self, cell: usize) -> bool {
        self.instance.shown(cell) && !self.delta.touched(cell)
    }

    /// A box, if it moves anything and costs less than `limit` for what it moves.
    fn weigh(&self, at: (&[u32], &[u32], usize), limit: f64) -> Option<Candidate> {
        let (lattice, state) = (self.instance.lattice, self.target.state);
        let states = match self.instance.coupling {
            None => 1 << state,
            Some(_) => {
                let levels = telling(lattice, at).collect::<Vec<_>>();
                let cells = levels.iter().flat_map(|&l| corners(lattice, l, at));
                let cells: Vec<usize> = cells.map(|(cell, _)| cell).collect();
                self.instance.states(state, cells.iter().copied())
            }
        };
        let mut candidate = Candidate {
            coordinates: at.0.to_vec(),
            other: at.1.to_vec(),
            mask: at.2,
            states,
            tied: Vec::new(),
            amount: self.remaining,
            cost: 0.0,
        };
        for state in bits(states) {
            let empties = self.base_corners(state, at, &mut candidate)?;
            self.margins(state, at, &empties, limit, &mut candidate)?;
        }
        if let Some(tie) = &self.goal.tie {
            let change = |cell| {
                let own = candidate.tied.iter().find(|(own, _)| *own == cell);
                own.map_or(0, |(_, change)| *change)
            };
            if !unties(1, tie, change) {
                return None;
            }
        }
        Some(candidate)
    }

    /// What the corners themselves allow in one state, and the empty cells that hide with them.
    fn base_corners(
        &self,
        state: usize,
        at: (&[u32], &[u32], usize),
        candidate: &mut Candidate,
    ) -> Option<Vec<usize>> {
        let instance = self.instance;
        let mut empties: Vec<usize> = Vec::new();
        for (local, sign) in corners(instance.lattice, instance.lattice.full, at) {
            let cell = instance.at(state, local);
            candidate.amount = candidate.amount.min(self.base_room(cell, sign)?);
            if candidate.amount <= 0 {
                return None;
            }
            for cover in instance.empty_covers(cell).into_iter().rev() {
                if instance.known[cover] {
                    return None;
                }
                if self.shown(cover) && !empties.contains(&cover) {
                    empties.push(cover);
                    candidate.cost += instance.cost[cover];
                }
            }
        }
        Some(empties)
    }

    /// What the cells that hold some corners allow in one state, and what hiding them costs.
    fn margins(
        &self,
        state: usize,
        at: (&[u32], &[u32], usize),
        empties: &[usize],
        limit: f64,
        candidate: &mut Candidate,
    ) -> Option<()> {
        let instance = self.instance;
        for level in telling(instance.lattice, at) {
            if self.goal.tie.is_none() && !instance.lattice.seen(level) {
                continue;
            }
            for (local, sign) in corners(instance.lattice, level, at) {
                let cell = instance.at(state, local);
                if instance.known[cell] {
                    return None;
                }
                if let Some(tie) = &self.goal.tie
                    && tie.binary_search_by_key(&cell, |&(own, _)| own).is_ok()
                {
                    candidate.tied.push((cell, sign));
                }
                if self.shown(cell) && !empties.contains(&cell) {
                    candidate.cost += instance.cost[cell];
                }
                if !self.goal.linear && sign * self.goal.direction < 0 {
                    let floor = instance.layer.floor(cell, self.delta.change(cell));
                    candidate.amount = candidate.amount.min(floor);
                }
            }
            if candidate.amount <= 0 || ratio(candidate.cost, candidate.amount) >= limit {
                return None;
            }
        }
        Some(())
    }
}

impl Partial<'_> {
    /// Adds the corners in a level that tells the leaves of every flipped axis apart.
    fn show(&mut self, lattice: &Lattice, level: usize) {
        let at = (self.start, self.other.as_slice(), self.mask);
        let cells = corners(lattice, level, at);
        self.corners
            .extend(cells.map(|(cell, sign)| (level, cell as i64, sign)));
    }

    /// What a box must beat.
    fn limit(&self) -> f64 {
        let best = self.best.as_ref();
        best.map_or(self.bound, |b| ratio(b.cost, b.amount).min(self.bound))
    }
}

fn ratio(cost: f64, amount: i64) -> f64 {
    (cost + FIRST) / amount as f64
}
