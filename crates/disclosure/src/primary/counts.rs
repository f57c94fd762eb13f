//! Unsafe counts: of units, of values and of missing values.

use super::{Primary, RuledTable, groups::groups};
use crate::{
    ids::{CellId, IdVec},
    moves::Layer,
    table::{Contributions, Quantity},
};

/// Unsafe counts of units, of values and of missing values; groups of which (almost) all share a
/// sensitive value.
pub(crate) fn counts(site: RuledTable) -> Primary {
    let mut found = Primary::default();
    let statistics = &site.space.statistics;
    let mut add = |quantity, counts: &IdVec<CellId, u64>| {
        // what is not 0 stays so, in values as in units: then the units, moved alike, stay above 0 too
        let layer = Layer::count(&site.space.lattice, quantity, counts, |cell| {
            site.occupied(cell)
        });
        found.add_counts(layer, counts, site, quantity == Quantity::Units);
    };
    add(Quantity::Units, &statistics.units);
    for (m, cells) in statistics.measures.iter().enumerate() {
        if cells.iter().all(|c| c.missing == 0) {
            continue;
        }
        let of = |count: fn(&Contributions) -> u64| cells.iter().map(count).collect();
        add(Quantity::Present(m), &of(|c| c.units));
        add(Quantity::Missing(m), &of(|c| c.missing));
    }
    groups(site, &mut found);
    found
}
