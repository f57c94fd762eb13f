//! What a move has changed so far, cell by cell, in room that move after move uses again.

use std::collections::{BTreeMap, BTreeSet};

use super::Move;
use crate::{
    ids::{CellId, IdVec},
    lattice::Lattice,
};

/// The changes of one move that is being put together.
#[derive(Debug)]
pub(crate) struct Delta {
    change: IdVec<CellId, i64>,
    touched: IdVec<CellId, bool>,
    /// The cells that are touched.
    cells: Vec<CellId>,
}

impl Delta {
    /// No changes yet, of so many cells.
    pub(crate) fn new(cells: usize) -> Delta {
        Delta {
            change: IdVec::filled(0, cells),
            touched: IdVec::filled(false, cells),
            cells: Vec::new(),
        }
    }

    /// Forgets everything, and goes on from a move.
    pub(crate) fn start(&mut self, from: &Move) {
        for cell in self.cells.drain(..) {
            self.change[cell] = 0;
            self.touched[cell] = false;
        }
        for (&cell, &change) in &from.cells {
            self.add(cell, change);
        }
    }

    /// Changes a cell by so much more.
    pub(crate) fn add(&mut self, cell: CellId, change: i64) {
        self.change[cell] += change;
        self.touch(cell);
    }

    /// Notes that a cell hides for the move.
    pub(crate) fn touch(&mut self, cell: CellId) {
        if !self.touched[cell] {
            self.touched[cell] = true;
            self.cells.push(cell);
        }
    }

    /// By how much a cell has changed.
    #[inline]
    pub(crate) fn change(&self, cell: CellId) -> i64 {
        self.change[cell]
    }

    /// Whether a cell hides for the move, if it is published.
    #[inline]
    pub(crate) fn touched(&self, cell: CellId) -> bool {
        self.touched[cell]
    }

    /// All changes as a move.
    pub(crate) fn end(&self, lattice: &Lattice) -> Move {
        let changed = self.cells.iter().filter(|&&cell| self.change[cell] != 0);
        let cells: BTreeMap<CellId, i64> = changed.map(|&c| (c, self.change[c])).collect();
        let bases = cells.iter().filter(|&(&cell, _)| lattice.is_base(cell));
        Move {
            bases: bases.map(|(&cell, &change)| (cell, change)).collect(),
            cells,
            empties: BTreeSet::new(),
        }
    }
}
