//! What a walk has changed so far, cell by cell, in room that walk after walk uses again.

use std::collections::{BTreeMap, BTreeSet};

use super::Move;
use crate::lattice::Lattice;

/// The changes of one walk.
#[derive(Debug)]
pub(crate) struct Delta {
    change: Vec<i64>,
    touched: Vec<bool>,
    /// The cells that are touched.
    cells: Vec<usize>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers come from the lattice that sized these vectors"
)]
impl Delta {
    pub(crate) fn new(cells: usize) -> Delta {
        Delta {
            change: vec![0; cells],
            touched: vec![false; cells],
            cells: Vec::new(),
        }
    }

    /// Begins a walk that goes on from a move.
    pub(crate) fn start(&mut self, from: &Move) {
        for cell in self.cells.drain(..) {
            self.change[cell] = 0;
            self.touched[cell] = false;
        }
        for (&cell, &change) in &from.cells {
            self.add(cell, change);
        }
    }

    pub(crate) fn add(&mut self, cell: usize, change: i64) {
        self.change[cell] += change;
        self.touch(cell);
    }

    /// Notes that a cell hides for the walk.
    pub(crate) fn touch(&mut self, cell: usize) {
        if !self.touched[cell] {
            self.touched[cell] = true;
            self.cells.push(cell);
        }
    }

    /// By how much a cell has changed.
    pub(crate) fn change(&self, cell: usize) -> i64 {
        self.change[cell]
    }

    /// Whether a cell hides for the walk, if it is published.
    pub(crate) fn touched(&self, cell: usize) -> bool {
        self.touched[cell]
    }

    /// All changes as a move.
    pub(crate) fn end(&self, lattice: &Lattice) -> Move {
        let changed = self.cells.iter().filter(|&&cell| self.change[cell] != 0);
        let cells: BTreeMap<usize, i64> = changed.map(|&c| (c, self.change[c])).collect();
        let bases = cells.iter().filter(|&(&cell, _)| lattice.is_base(cell));
        Move {
            bases: bases.map(|(&cell, &change)| (cell, change)).collect(),
            cells,
            empties: BTreeSet::new(),
        }
    }
}
