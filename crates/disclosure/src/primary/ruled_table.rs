//! Where unsafe cells are looked for.

use crate::{
    ids::{CellId, IdVec},
    lattice::Space,
    table::{Ruling, Table},
};

/// A table with its rules, its figures, and what everyone knows of them.
#[derive(Clone, Copy)]
pub(crate) struct RuledTable<'a> {
    /// The table to protect.
    pub(crate) table: &'a Table,
    /// Its rules, per release state.
    pub(crate) ruling: &'a Ruling,
    /// The figures of the table.
    pub(crate) space: &'a Space,
    /// Cells that everyone knows whatever is hidden now.
    pub(crate) exposed: &'a IdVec<CellId, bool>,
}

impl RuledTable<'_> {
    /// Whether everyone knows a cell.
    pub(super) fn exposed(&self, cell: CellId) -> bool {
        self.exposed[cell]
    }

    /// How many units a cell has.
    pub(super) fn units(&self, cell: CellId) -> u64 {
        self.space.statistics.units[cell]
    }

    /// How many units a figure of a cell is about at least.
    pub(super) fn minimum(&self, cell: CellId) -> u64 {
        self.ruling.minimum(self.space.lattice.state(cell))
    }

    /// Whether an empty cell of this state is shown as such.
    pub(super) fn shows_zeros(&self, cell: CellId) -> bool {
        let state = self.space.lattice.state(cell);
        !self.ruling.protects_zeros(state)
    }

    /// Whether a hidden cell is known not to be empty, as that would be shown, or would have been.
    pub(super) fn occupied(&self, cell: CellId) -> bool {
        let now = self.space.lattice.published(cell) && self.ruling.shows_zeros;
        self.space.occupied[cell] || now
    }
}
