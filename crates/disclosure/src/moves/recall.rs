//! Moves that kept earlier releases safe, tried again for those that follow.
//!
//! A move may need several boxes, some of which undo what others change. Once a release is out, no single box may
//! change what it showed, and a search that goes box by box does not find such a move again. So the moves of earlier
//! releases are tried where that search fails.

use std::collections::{BTreeMap, BTreeSet};

use super::{Instance, Move, MoveGoal, tie::unties};
use crate::{
    ids::{CellId, LocalId, StateId},
    lattice::{Lattice, members},
};

/// How often a remembered move is mended where a cell has become too small for it.
const REPAIRS: usize = 4;

/// What a move changes in one state, whichever that is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Remembered {
    bases: BTreeMap<LocalId, i64>,
    cells: BTreeMap<LocalId, i64>,
}

impl Remembered {
    /// The parts of a move, state by state.
    pub(crate) fn of(lattice: &Lattice, found: &Move) -> Vec<Remembered> {
        let mut parts: BTreeMap<StateId, Remembered> = BTreeMap::new();
        for (&cell, &change) in &found.cells {
            let part = parts.entry(lattice.state(cell)).or_default();
            part.cells.insert(lattice.local(cell), change);
        }
        for (&base, &change) in &found.bases {
            let part = parts.entry(lattice.state(base)).or_default();
            part.bases.insert(lattice.local(base), change);
        }
        parts.into_values().collect()
    }

    /// By how much a cell changes, in whichever state.
    fn change(&self, cell: LocalId) -> i64 {
        self.cells.get(&cell).copied().unwrap_or(0)
    }

    /// The move that is `factor` times this in each of some states, as bits; `None` when it is too large.
    fn times(&self, lattice: &Lattice, states: u64, factor: i64) -> Option<Move> {
        let mut all = Move::default();
        for state in members(states) {
            for (into, from) in [(&mut all.cells, &self.cells), (&mut all.bases, &self.bases)] {
                for (&cell, &change) in from {
                    into.insert(lattice.at(state, cell), change.checked_mul(factor)?);
                }
            }
        }
        Some(all)
    }
}

impl Instance<'_> {
    /// The cheapest remembered move that does what it must, in every state in which it must be done.
    pub(crate) fn recall(&self, goal: &MoveGoal, moves: &[Remembered]) -> Option<Move> {
        let mut best: Option<(f64, Move)> = None;
        for remembered in moves {
            for sign in [1, -1] {
                let Some((cost, found)) = self.again(goal, remembered, sign) else {
                    continue;
                };
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, found));
                }
            }
        }
        best.map(|(_, found)| found)
    }

    /// A remembered move, with what it would hide; `None` when it is not allowed, or does not do what it must.
    fn again(&self, goal: &MoveGoal, of: &Remembered, sign: i64) -> Option<(f64, Move)> {
        let (lattice, target) = (self.lattice, goal.target);
        let at = |cell: CellId| of.change(lattice.local(cell)) * sign;
        let change = at(target.plus) - target.minus.map_or(0, at);
        if change * goal.direction <= 0 || self.seen(goal, of) {
            return None;
        }
        // as often as it takes to be far enough
        let times = match goal.linear {
            true => 1,
            false => goal.amount.unsigned_abs().div_ceil(change.unsigned_abs()),
        };
        let factor = sign * i64::try_from(times).ok()?;
        let states = self.states(lattice.state(target.plus), of.cells.keys().copied());
        let found = of.times(lattice, states, factor)?;
        let change = change.checked_mul(factor * sign)?;
        let agrees = |tie: &_| !unties(change, tie, |cell| found.change(cell));
        if goal.tie.as_deref().is_some_and(agrees) {
            return None;
        }
        let found = self.mended(goal, found)?;
        if found.change_of(target) != change {
            return None;
        }
        let found = self.finish(found);
        Some((self.price(&found), found))
    }

    /// Whether an attacker with knowledge of their own would see a remembered move.
    fn seen(&self, goal: &MoveGoal, of: &Remembered) -> bool {
        goal.known.is_some_and(|level| {
            let range = self.lattice.locals_of(level);
            of.cells.range(range).next().is_some()
        })
    }

    /// A move with cells raised where it would make them too small; `None` when that does not help.
    fn mended(&self, goal: &MoveGoal, mut found: Move) -> Option<Move> {
        for _ in 0..REPAIRS {
            let lacking = self.lacking(goal, &found)?;
            if lacking.is_empty() {
                return Some(found);
            }
            for (cell, amount) in lacking {
                found = self.raise(found, cell, amount)?;
            }
        }
        None
    }

    /// Cells that a move would make too small, and by how much; `None` when it is not allowed at all.
    fn lacking(&self, goal: &MoveGoal, found: &Move) -> Option<Vec<(CellId, i64)>> {
        let mut lacking = Vec::new();
        let shown = |cover| self.shown(cover) && !self.may_hide_empties;
        for (&cell, &change) in &found.bases {
            let base = self.lattice.base(cell);
            if self.layer.fixed(base) || (change != 0 && self.known_empty(cell, shown)) {
                return None;
            }
            let short = change.abs() - self.layer.room(base, change.signum(), 0);
            if !goal.linear && short > 0 {
                if change > 0 {
                    return None;
                }
                lacking.push((cell, short));
            }
        }
        for (&cell, &change) in &found.cells {
            if change != 0 && self.known[cell] {
                return None;
            }
            let short = -change - self.layer.floor(cell, 0);
            if !goal.linear && change < 0 && short > 0 {
                lacking.push((cell, short));
            }
        }
        Some(lacking)
    }

    /// What a whole move would hide that is shown now.
    fn price(&self, found: &Move) -> f64 {
        let changed: BTreeSet<CellId> = found.hides().collect();
        let shown = changed.into_iter().filter(|&cell| self.shown(cell));
        shown.map(|cell| self.cost[cell]).sum()
    }
}
