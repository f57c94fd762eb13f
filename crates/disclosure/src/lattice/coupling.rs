//! Which release states a cell was the same in: what has not changed between two releases is one unknown.
//!
//! Where it is known who is in a cell, other people make it another cell. Otherwise a figure that is as large as it
//! was is taken as unchanged; that it may have changed after all only narrows what is looked for, never what is
//! proved. Figures are compared one by one: as many people may earn more.

use std::collections::BTreeMap;

use super::Lattice;
use crate::ids::{CellId, Id, LocalId, StateId, first};

/// Per cell and state the states in which it was the same, as bits.
#[derive(Debug, Clone)]
pub(crate) struct Coupling {
    states: usize,
    same: Vec<u64>,
}

impl Coupling {
    /// From whether a cell is the same in two states, for so many cells in one state and so many states.
    pub(crate) fn new(
        cells: usize,
        states: usize,
        same: impl Fn(LocalId, StateId, StateId) -> bool,
    ) -> Coupling {
        let mut all = Vec::with_capacity(cells * states);
        for cell in first(cells) {
            for a in first::<StateId>(states) {
                let with = first(states).filter(|&b| a == b || same(cell, a, b));
                all.push(with.fold(0, |mask, b| mask | only(b)));
            }
        }
        Coupling { states, same: all }
    }

    /// The states in which a cell was what it is in one of them, as bits.
    fn same(&self, cell: LocalId, state: StateId) -> u64 {
        let at = cell.position() * self.states + state.position();
        self.same.get(at).copied().unwrap_or(0)
    }

    /// Whether a move changes alike what was the same.
    pub(crate) fn respects(&self, changes: &BTreeMap<CellId, i64>, lattice: &Lattice) -> bool {
        changes.iter().all(|(&cell, change)| {
            let (state, at) = (lattice.state(cell), lattice.local(cell));
            let alike = |s: StateId| changes.get(&lattice.at(s, at)) == Some(change);
            members(self.same(at, state)).all(alike)
        })
    }

    /// The states that a change of these cells in one state changes, as bits.
    pub(crate) fn states(
        &self,
        state: StateId,
        cells: impl Iterator<Item = LocalId> + Clone,
    ) -> u64 {
        let mut mask = only(state);
        loop {
            let before = mask;
            for cell in cells.clone() {
                mask |= members(mask).fold(0, |all, s| all | self.same(cell, s));
            }
            if mask == before {
                return mask;
            }
        }
    }
}

/// A set of one state, as bits.
#[inline]
pub(crate) fn only(state: StateId) -> u64 {
    1 << state.position()
}

/// The states of a set, given as bits, rising.
#[inline]
pub(crate) fn members(mask: u64) -> impl Iterator<Item = StateId> {
    first(64).filter(move |bit: &StateId| mask >> bit.position() & 1 == 1)
}
