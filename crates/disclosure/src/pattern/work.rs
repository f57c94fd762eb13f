//! The ground that the patterns of one space are found on.

use super::{cost::costs, known::Known};
use crate::{
    DisclosureError,
    lattice::{Lattice, Space, Statistics, spaces},
    moves::Remembered,
    primary::Site,
    table::{Rules, Ruling, Table, check},
};

/// The ground that the patterns of one space are found on.
pub(crate) struct Work<'a> {
    pub(crate) table: &'a Table,
    pub(crate) ruling: &'a Ruling,
    pub(crate) space: &'a Space,
    pub(crate) lattice: &'a Lattice,
    pub(crate) statistics: &'a Statistics,
    pub(crate) cost: Vec<f64>,
    pub(crate) remembered: &'a [Remembered],
}

impl<'a> Work<'a> {
    pub(crate) fn new(table: &'a Table, ruling: &'a Ruling, space: &'a Space) -> Work<'a> {
        Work {
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
    pub(crate) fn remembering(self, remembered: &'a [Remembered]) -> Work<'a> {
        Work { remembered, ..self }
    }

    pub(crate) fn site<'b>(&'b self, known: &'b Known) -> Site<'b> {
        Site {
            table: self.table,
            ruling: self.ruling,
            space: self.space,
            exposed: &known.exposed,
        }
    }
}

/// Checks a table and its rules, and adds the table up.
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
