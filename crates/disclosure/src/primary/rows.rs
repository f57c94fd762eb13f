//! Unsafe numbers of rows: where units have several, a unit may dominate them.

use super::{Primary, RuledTable};
use crate::{
    moves::{Bounds, Layer},
    table::Quantity,
};

/// Rows as a magnitude, where units have several.
pub(crate) fn rows(site: RuledTable, found: &mut Primary) {
    let lattice = &site.space.lattice;
    let (rows, units) = (&site.space.statistics.rows, &site.space.statistics.units);
    if rows.iter().zip(units.iter()).all(|(r, &u)| r.count == u) {
        return;
    }
    let range = |base| match units[base] {
        0 => (0.0, 0.0),
        n => (n as f64, f64::INFINITY),
    };
    let range: Vec<(f64, f64)> = lattice.bases().map(range).collect();
    let bounds = Bounds {
        valueless: vec![false; range.len()],
        range,
    };
    let published = rows.pairs().filter(|(c, _)| lattice.ever_published(*c));
    let unsafe_cells = published.filter_map(|(cell, r)| {
        let state = lattice.state(cell);
        Some((cell, site.ruling.required_move(state, r)?))
    });
    let total = rows.iter().map(|r| r.total).collect();
    let layer = Layer::sum(lattice, Quantity::Rows, &total, bounds);
    found.add_sums(layer, unsafe_cells.collect(), site);
}
