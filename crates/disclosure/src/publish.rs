//! What leaves this crate: cells with their figures, or nothing in the figure's place.

use crate::{
    Cell,
    lattice::{Lattice, Statistics},
    pattern::Certificate,
};

/// Which cells of the lattice are hidden, jointly protected.
#[derive(Debug, Clone)]
pub struct Protected {
    pub(crate) lattice: Lattice,
    pub(crate) statistics: Statistics,
    pub(crate) counts: Vec<bool>,
    pub(crate) measures: Vec<Vec<bool>>,
    /// What proves it, where units have one value and nothing was published before.
    pub(crate) certificates: Vec<Certificate>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers come from the lattice that sized these vectors"
)]
impl Protected {
    /// All cells of all published tables, margins and empty cells included, unrounded.
    ///
    /// Which hidden cells were unsafe themselves and which only keep others safe is not told.
    ///
    /// ```
    /// use zwerm_disclosure::{Rules, Table, protect};
    /// let table = Table { max_dimensions: 2, ..Table::default() };
    /// let cells = protect(&table, &Rules::minimum(10))?.cells();
    /// assert_eq!(cells[0].units, Some(0)); // nothing but an empty grand total
    /// # Ok::<(), zwerm_disclosure::DisclosureError>(())
    /// ```
    #[must_use]
    pub fn cells(&self) -> Vec<Cell> {
        self.lattice.shown().map(|cell| self.cell(cell)).collect()
    }

    fn cell(&self, cell: usize) -> Cell {
        let shown = !self.counts[cell];
        let statistics = &self.statistics;
        Cell {
            coordinates: self.lattice.name(cell).unwrap_or_default(),
            units: shown.then_some(statistics.units[cell]),
            rows: shown.then_some(statistics.rows[cell].count),
            counts: statistics
                .measures
                .iter()
                .map(|m| shown.then_some(m[cell].count))
                .collect(),
            sums: statistics
                .measures
                .iter()
                .zip(&self.measures)
                .map(|(m, hidden)| (!hidden[cell]).then_some(m[cell].total))
                .collect(),
        }
    }
}
