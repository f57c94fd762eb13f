//! What hiding a cell costs.

use crate::{
    ids::{CellId, IdVec},
    lattice::{CellStatistics, Lattice},
    table::Table,
};

/// What hiding each cell costs: coarse tables and full cells are worth most; an empty cell is
/// hidden only where nothing else will do, unless its dimension is sensitive.
pub(super) fn costs(
    table: &Table,
    lattice: &Lattice,
    statistics: &CellStatistics,
) -> IdVec<CellId, f64> {
    let mut costs = IdVec::filled(0.0, lattice.size());
    for cell in lattice.published_cells() {
        let dimensions = lattice.dimensions_of(cell);
        let crossed = dimensions.count_ones() as usize;
        let above = table.max_dimensions.saturating_sub(crossed) as f64 + 1.0;
        let mut grouped = table.dimensions.iter().enumerate();
        let sensitive = grouped.any(|(d, of)| dimensions >> d & 1 == 1 && of.sensitive);
        let worth = match (statistics.units[cell], sensitive) {
            (0, true) => 3.0,
            (0, false) => 50.0,
            (units, _) => 1.0 + (1.0 + units as f64).ln() / 20.0,
        };
        costs[cell] = worth * above.powi(4);
    }
    costs
}
