//! Which states a cell was the same in: what has not changed between two releases is one unknown.
//!
//! Where it is known who is in a cell, other people make it another cell. Else a figure that is as large as it was
//! counts as unchanged; that it may have changed after all only narrows what
//! is looked for, never what is proved. Figures are looked at one by one: as many people may earn more.

use std::collections::BTreeMap;

/// Per cell and state the states in which it was the same, as bits.
#[derive(Debug, Clone)]
pub(crate) struct Coupling {
    states: usize,
    same: Vec<u64>,
}

impl Coupling {
    /// From whether a cell is the same in two states.
    pub(crate) fn new(
        cells: usize,
        states: usize,
        same: impl Fn(usize, usize, usize) -> bool,
    ) -> Coupling {
        let mut all = Vec::with_capacity(cells * states);
        for cell in 0..cells {
            for a in 0..states {
                let with = (0..states).filter(|&b| a == b || same(cell, a, b));
                all.push(with.fold(0, |mask, b| mask | 1_u64 << b));
            }
        }
        Coupling { states, same: all }
    }

    /// Whether a move changes alike what was the same; `local` is how many cells a state has.
    pub(crate) fn respects(&self, changes: &BTreeMap<usize, i64>, local: usize) -> bool {
        changes.iter().all(|(&cell, change)| {
            let (state, at) = (cell / local, cell % local);
            let same = self.same.get(at * self.states + state).copied();
            bits(same.unwrap_or(0)).all(|s| changes.get(&(s * local + at)) == Some(change))
        })
    }

    /// The states that a change of these cells in one state changes, as bits.
    pub(crate) fn states(&self, state: usize, cells: impl Iterator<Item = usize> + Clone) -> u64 {
        let mut mask = 1_u64 << state;
        loop {
            let before = mask;
            for cell in cells.clone() {
                let of = |s: usize| self.same.get(cell * self.states + s).copied().unwrap_or(0);
                mask |= bits(mask).fold(0, |all, s| all | of(s));
            }
            if mask == before {
                return mask;
            }
        }
    }
}

/// The positions of the bits that are set.
pub(crate) fn bits(mask: u64) -> impl Iterator<Item = usize> {
    (0..64).filter(move |bit| mask >> bit & 1 == 1)
}
