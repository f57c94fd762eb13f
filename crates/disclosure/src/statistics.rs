//! Statistics of every cell of the lattice, merged up from the base cells.
//!
//! Units sit in one base cell each, so distinct units, sums and largest contributions all merge.

use crate::{Contributions, DisclosureError, Table, check, lattice::Lattice};

/// Statistics per cell of the lattice.
#[derive(Debug, Clone)]
pub(crate) struct Statistics {
    pub(crate) units: Vec<u64>,
    pub(crate) rows: Vec<Contributions>,
    /// Per measure, per cell.
    pub(crate) measures: Vec<Vec<Contributions>>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers come from the lattice that sized these vectors"
)]
pub(crate) fn collect(
    table: &Table,
    lattice: &Lattice,
    keep: usize,
) -> Result<Statistics, DisclosureError> {
    let mut statistics = Statistics {
        units: vec![0; lattice.cells],
        rows: vec![Contributions::default(); lattice.cells],
        measures: vec![vec![Contributions::default(); lattice.cells]; table.measures.len()],
    };
    // in one order, whatever the table's: sums of floating-point numbers depend on it
    let mut order: Vec<(usize, usize)> = Vec::with_capacity(table.cells.len());
    for (position, base) in table.cells.iter().enumerate() {
        check::cell(table, position, base, keep)?;
        order.push((lattice.cell(lattice.full(), &base.coordinates), position));
    }
    order.sort_unstable();
    if let Some(twice) = order.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(DisclosureError::BadCell {
            cell: twice[1].1,
            reason: "these coordinates occur twice; add the two up".into(),
        });
    }
    for (_, position) in order {
        let base = &table.cells[position];
        for mask in 0..lattice.levels.len() {
            let cell = lattice.cell(mask, &base.coordinates);
            statistics.units[cell] += base.units;
            statistics.rows[cell].merge(&base.rows, keep);
            for (measure, contributions) in base.measures.iter().enumerate() {
                statistics.measures[measure][cell].merge(contributions, keep);
            }
        }
    }
    Ok(statistics)
}
