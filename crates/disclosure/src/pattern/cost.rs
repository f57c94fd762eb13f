//! What hiding a cell costs.

use crate::{
    lattice::{Lattice, Statistics},
    table::Table,
};

/// What hiding each cell costs: coarse tables and full cells are worth most; an empty cell is
/// hidden only where nothing else will do, unless its dimension is sensitive.
pub(crate) fn costs(table: &Table, lattice: &Lattice, statistics: &Statistics) -> Vec<f64> {
    let mut cost = vec![0.0; lattice.cells()];
    let now = cost.iter_mut().zip(&statistics.units).take(lattice.local);
    for (cell, (cost, &units)) in now.enumerate() {
        if !lattice.published(cell) {
            continue;
        }
        let dimensions = lattice.dimensions_of(cell);
        let crossed = dimensions.count_ones() as usize;
        let above = table.max_dimensions.saturating_sub(crossed) as f64 + 1.0;
        let mut grouped = table.dimensions.iter().enumerate();
        let sensitive = grouped.any(|(d, of)| dimensions >> d & 1 == 1 && of.sensitive);
        let worth = match (units, sensitive) {
            (0, true) => 3.0,
            (0, false) => 50.0,
            _ => 1.0 + (1.0 + units as f64).ln() / 20.0,
        };
        *cost = worth * above.powi(4);
    }
    cost
}
