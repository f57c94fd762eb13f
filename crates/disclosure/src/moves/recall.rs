//! Moves that kept earlier releases safe, remembered for those that follow.
//!
//! A move may need several boxes, some of which undo what others change. Once a release is out, no single box may
//! change what it showed, and a walk that goes box by box does not find such a move again. So the patterns of
//! earlier releases are looked for anew, as they were then, and their moves are tried where a walk fails.

use std::collections::{BTreeMap, BTreeSet};

use super::{Goal, Instance, Move, tie::unties};
use crate::lattice::{Lattice, bits};

/// How often a remembered move is mended where a cell has become too small for it.
const REPAIRS: usize = 4;

/// What a move changes in one state, whichever that is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Remembered {
    bases: BTreeMap<usize, i64>,
    cells: BTreeMap<usize, i64>,
}

/// The parts of a move, state by state.
pub(crate) fn local(lattice: &Lattice, found: &Move) -> Vec<Remembered> {
    let mut parts: BTreeMap<usize, Remembered> = BTreeMap::new();
    let empty = || Remembered {
        bases: BTreeMap::new(),
        cells: BTreeMap::new(),
    };
    for (&cell, &change) in &found.cells {
        let part = parts.entry(lattice.state(cell)).or_insert_with(empty);
        part.cells.insert(cell % lattice.local, change);
    }
    for (&base, &change) in &found.bases {
        let part = parts.entry(lattice.state(base)).or_insert_with(empty);
        part.bases.insert(base % lattice.local, change);
    }
    parts.into_values().collect()
}

impl Instance<'_> {
    /// The cheapest remembered move that does what is wanted, in every state in which it must be done.
    pub(crate) fn recall(&self, goal: &Goal, moves: &[Remembered]) -> Option<Move> {
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

    /// A remembered move, with what it would hide; `None` when it is not allowed, or not what is wanted.
    fn again(&self, goal: &Goal, of: &Remembered, sign: i64) -> Option<(f64, Move)> {
        let (lattice, target) = (self.lattice, goal.target);
        let state = lattice.state(target.plus);
        let at = |cell: usize| of.cells.get(&(cell % lattice.local)).copied().unwrap_or(0) * sign;
        let change = at(target.plus) - target.minus.map_or(0, at);
        if change * goal.direction <= 0 {
            return None;
        }
        // as often as it takes to be far enough
        let times = match goal.linear {
            true => 1,
            false => goal.amount.unsigned_abs().div_ceil(change.unsigned_abs()),
        };
        let factor = sign * i64::try_from(times).ok()?;
        if let Some(level) = goal.known.and_then(|level| lattice.levels.get(level)) {
            let range = level.offset..level.offset + level.len;
            if of.cells.range(range).next().is_some() {
                return None;
            }
        }
        let states = match self.coupling {
            None => 1 << state,
            Some(coupling) => coupling.states(state, of.cells.keys().copied()),
        };
        let mut found = Move::default();
        for state in bits(states) {
            for (into, from) in [(&mut found.cells, &of.cells), (&mut found.bases, &of.bases)] {
                for (&cell, &change) in from {
                    into.insert(state * lattice.local + cell, change.checked_mul(factor)?);
                }
            }
        }
        let change = change.checked_mul(factor * sign)?;
        if let Some(tie) = &goal.tie {
            let own = |cell: usize| found.cells.get(&cell).copied().unwrap_or(0);
            if !unties(change, tie, own) {
                return None;
            }
        }
        for _ in 0..REPAIRS {
            let lacking = self.lacking(goal, &found)?;
            if lacking.is_empty() {
                let still = found.cells.get(&target.plus).copied().unwrap_or(0)
                    - target
                        .minus
                        .map_or(0, |c| found.cells.get(&c).copied().unwrap_or(0));
                let found = self.finish(found);
                return (still == change).then(|| (self.price(&found), found));
            }
            for (cell, amount) in lacking {
                found = self.raise(found, cell, amount)?;
            }
        }
        None
    }

    /// Cells that a move would make too small, and by how much; `None` when it is not allowed at all.
    fn lacking(&self, goal: &Goal, found: &Move) -> Option<Vec<(usize, i64)>> {
        let mut lacking = Vec::new();
        let shown = |cover| self.shown(cover) && !self.may_hide_empties;
        let told_empty = |base| self.told_empty(base, shown);
        for (&base, &change) in &found.bases {
            let index = self.lattice.base_index(base);
            if self.layer.fixed(index) || (change != 0 && told_empty(base)) {
                return None;
            }
            let short = change.abs() - self.layer.room(index, change.signum(), 0);
            if !goal.linear && short > 0 {
                if change > 0 {
                    return None;
                }
                lacking.push((base, short));
            }
        }
        for (&cell, &change) in &found.cells {
            if change != 0 && self.known.get(cell) == Some(&true) {
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
        let changed: BTreeSet<usize> = found.cells.keys().chain(&found.empties).copied().collect();
        let shown = changed.into_iter().filter(|&cell| self.shown(cell));
        shown.filter_map(|cell| self.cost.get(cell)).sum()
    }
}
