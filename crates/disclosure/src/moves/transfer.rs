//! One unit straight from a base cell to another: a null vector where no box will do.

use super::{
    Instance, Move, MoveGoal,
    target::AxisTarget,
    tie::{Tie, unties},
};
use crate::{
    ids::{CellId, LocalId, StateId},
    lattice::members,
};

impl Instance<'_> {
    /// The cheapest move from one non-empty base cell straight to another: what is left for an attacker
    /// with knowledge of their own where every box has an empty corner. A null vector and no more.
    pub(crate) fn transfer(&self, goal: &MoveGoal) -> Option<Move> {
        if !goal.linear {
            return None;
        }
        let target = AxisTarget::new(self.lattice, goal.target);
        let all = self.full_bases(target.state);
        let (inside, outside): (Vec<_>, Vec<_>) = all.into_iter().partition(|at| target.holds(at));
        let mut best: Option<(f64, Move)> = None;
        for from in &inside {
            for to in &outside {
                let Some((cost, found)) = self.transferred(goal, target.state, from, to) else {
                    continue;
                };
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, found));
                }
            }
        }
        best.map(|(_, found)| found)
    }

    /// The coordinates of the base cells of the present that are not empty and may move in `state`.
    fn full_bases(&self, state: StateId) -> Vec<Vec<u32>> {
        let full = self.lattice.of_level(self.lattice.full);
        let usable = full.map(|cell| self.lattice.at(state, cell));
        let usable = usable.filter(|&cell| self.movable(cell));
        usable.map(|cell| self.lattice.coordinates(cell)).collect()
    }

    /// Whether a base cell is not empty and may move.
    fn movable(&self, base: CellId) -> bool {
        self.units[base] > 0 && !self.layer.fixed(self.lattice.base(base))
    }

    /// One unit from a base cell to another, if that does what it must, with what it costs.
    fn transferred(
        &self,
        goal: &MoveGoal,
        state: StateId,
        from: &[u32],
        to: &[u32],
    ) -> Option<(f64, Move)> {
        let cell = |level, at| self.lattice.cell(level, at);
        if goal.known.is_some_and(|l| cell(l, from) != cell(l, to)) {
            return None;
        }
        let (cost, found) = self.shift(state, from, to)?;
        let agrees = |tie: &Tie| !unties(1, tie, |cell| found.change(cell));
        if goal.tie.as_deref().is_some_and(agrees) {
            return None;
        }
        Some((cost, found))
    }

    /// One unit from a base cell to another, with what it costs; `None` when it may not be done.
    fn shift(&self, state: StateId, from: &[u32], to: &[u32]) -> Option<(f64, Move)> {
        let levels = self.lattice.levels.ids();
        let pairs = levels.map(|l| (self.lattice.cell(l, from), self.lattice.cell(l, to)));
        let pairs: Vec<(LocalId, LocalId)> = pairs.filter(|(a, b)| a != b).collect();
        let states = self.states(state, pairs.iter().flat_map(|&(a, b)| [a, b]));
        let mut found = Move::default();
        let mut cost = 0.0;
        for state in members(states) {
            let ends = [from, to].map(|at| self.base(state, at));
            if !ends.iter().all(|&base| self.movable(base)) {
                return None;
            }
            found.bases.extend(ends.into_iter().zip([1, -1]));
            for &(a, b) in &pairs {
                for (cell, change) in [(a, 1), (b, -1)] {
                    let cell = self.lattice.at(state, cell);
                    if self.known[cell] {
                        return None;
                    }
                    found.cells.insert(cell, change);
                    if self.shown(cell) {
                        cost += self.cost[cell];
                    }
                }
            }
        }
        Some((cost, found))
    }
}
