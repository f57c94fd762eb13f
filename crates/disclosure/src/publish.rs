//! What leaves this crate: cells with their figures, or nothing in the figure's place.

use crate::{
    Cell,
    ids::{CellId, IdVec},
    lattice::{CellStatistics, Lattice},
    pattern::Certificate,
};

/// Which cells of the lattice are hidden, jointly protected.
#[derive(Debug, Clone)]
pub struct Protected {
    /// The tables that are published together.
    pub(crate) lattice: Lattice,
    /// The figures of their cells.
    pub(crate) statistics: CellStatistics,
    /// Cells whose counts are hidden.
    pub(crate) counts: IdVec<CellId, bool>,
    /// Per measure the cells whose sums are hidden.
    pub(crate) measures: Vec<IdVec<CellId, bool>>,
    /// What proves it, where units have one value and nothing was published before.
    pub(crate) certificates: Vec<Certificate>,
}

impl Protected {
    /// All cells of all published tables, margins and empty cells included, unrounded.
    ///
    /// Which hidden cells were unsafe themselves and which only keep others safe is not part of it.
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
        let published = self.lattice.published_cells();
        published.map(|cell| self.cell(cell)).collect()
    }

    /// A cell with its figures, as far as they are not hidden.
    fn cell(&self, cell: CellId) -> Cell {
        let shown = !self.counts[cell];
        let statistics = &self.statistics;
        let measures = statistics.measures.iter();
        let sums = measures.clone().zip(&self.measures);
        Cell {
            coordinates: self
                .lattice
                .name(self.lattice.local(cell))
                .unwrap_or_default(),
            units: shown.then_some(statistics.units[cell]),
            rows: shown.then_some(statistics.rows[cell].count),
            counts: measures.map(|m| shown.then_some(m[cell].count)).collect(),
            sums: sums
                .map(|(m, hidden)| (!hidden[cell]).then_some(m[cell].total))
                .collect(),
        }
    }
}
