//! What the patterns of one space are worked out from.

use super::{Known, cost::costs};
use crate::{
    DisclosureError,
    ids::{CellId, IdVec},
    lattice::{CellStatistics, Lattice, Space, spaces},
    moves::Remembered,
    primary::RuledTable,
    table::{Rules, Ruling, Table, check},
};

/// What the patterns of one space are worked out from.
pub(crate) struct PatternWork<'a> {
    /// The table to protect.
    pub(super) table: &'a Table,
    /// Its rules, per release state.
    pub(super) ruling: &'a Ruling,
    /// The figures of the table.
    pub(super) space: &'a Space,
    /// The lattice of the space.
    pub(super) lattice: &'a Lattice,
    /// The statistics of the space.
    pub(super) statistics: &'a CellStatistics,
    /// What hiding a cell costs.
    pub(super) cost: IdVec<CellId, f64>,
    /// Moves that kept earlier releases safe.
    pub(super) remembered: &'a [Remembered],
}

impl<'a> PatternWork<'a> {
    /// Work on one space of a table, with nothing remembered.
    pub(crate) fn new(table: &'a Table, ruling: &'a Ruling, space: &'a Space) -> PatternWork<'a> {
        PatternWork {
            table,
            ruling,
            space,
            lattice: &space.lattice,
            statistics: &space.statistics,
            cost: costs(table, &space.lattice, &space.statistics),
            remembered: &[],
        }
    }

    /// The same with moves that kept earlier releases safe.
    pub(crate) fn remembering(self, remembered: &'a [Remembered]) -> PatternWork<'a> {
        PatternWork { remembered, ..self }
    }

    /// Where unsafe cells are looked for, when so much is known.
    pub(crate) fn site<'b>(&'b self, known: &'b Known) -> RuledTable<'b> {
        RuledTable {
            table: self.table,
            ruling: self.ruling,
            space: self.space,
            exposed: &known.exposed,
        }
    }
}

/// Checks a table and its rules, and adds the table up: the space of its units and, where a unit straddles values,
/// that of its rows.
///
/// # Errors
/// A table or rule that does not fit its description.
pub(crate) fn prepared(
    table: &Table,
    rules: &Rules,
    ruling: &Ruling,
) -> Result<(Space, Option<Space>), DisclosureError> {
    rules.check()?;
    for earlier in table.earlier.iter().flat_map(|e| &e.rules) {
        earlier.check()?;
    }
    check::table(table)?;
    spaces(table, ruling)
}
