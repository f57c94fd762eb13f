//! Statistics of every cell of the lattice, merged up from the base cells.
//!
//! Units sit in one base cell each, so distinct units, sums and largest contributions all merge.

use crate::{BaseCell, Contributions, DisclosureError, Table, lattice::Lattice};

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
    let mut seen = vec![false; lattice.cells];
    for (position, base) in table.cells.iter().enumerate() {
        check(table, position, base)?;
        let own = lattice.cell(lattice.full(), &base.coordinates);
        if std::mem::replace(&mut seen[own], true) {
            return Err(DisclosureError::BadCell {
                cell: position,
                reason: "these coordinates occur twice; add the two up".into(),
            });
        }
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

fn check(table: &Table, position: usize, base: &BaseCell) -> Result<(), DisclosureError> {
    let bad = |reason: &str| {
        Err(DisclosureError::BadCell {
            cell: position,
            reason: reason.into(),
        })
    };
    if base.coordinates.len() != table.dimensions.len() {
        return bad("it needs one coordinate per dimension");
    }
    let outside = |(c, d): (&u32, &crate::Dimension)| *c as usize >= d.size;
    if base.coordinates.iter().zip(&table.dimensions).any(outside) {
        return bad("a coordinate lies outside its dimension");
    }
    if base.measures.len() != table.measures.len() {
        return bad("it needs one statistic per measure");
    }
    if base.units == 0 {
        return bad("an empty cell is left out");
    }
    if base.units > 1 << 50 {
        return bad("more units than can be counted exactly");
    }
    let finite = |c: &Contributions| c.total.is_finite() && c.absolute.is_finite();
    if !base.measures.iter().chain([&base.rows]).all(finite) {
        return bad("a sum is not finite");
    }
    Ok(())
}
