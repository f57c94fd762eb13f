//! Units and rows where units have several values: two lattices, one pattern.

use std::collections::BTreeSet;

use super::{Counts, PatternWork};
use crate::{DisclosureError, ids::CellId, lattice::Lattice};

/// One pattern for units, which add up over the values that units have together, and for rows, which add up
/// over the values: each hides what the other does, until neither hides more.
///
/// # Errors
/// A cell that nothing protects.
pub(crate) fn straddled(
    units: &PatternWork,
    rows: &PatternWork,
) -> Result<Counts, DisclosureError> {
    let hidden = |of: &Counts| -> BTreeSet<CellId> {
        let all = of.hidden.pairs().filter(|(_, hidden)| **hidden);
        all.map(|(cell, _)| cell).collect()
    };
    let (from, to) = (&units.space.lattice, &rows.space.lattice);
    let mut more = BTreeSet::new();
    loop {
        let first = units.units(&more)?;
        let secrets = first.secrets.iter().filter(|s| s.minus.is_none());
        let secrets = translated(from, to, secrets.map(|s| s.plus).collect());
        let second = rows.rows(translated(from, to, hidden(&first)), secrets)?;
        let again = translated(to, from, hidden(&second));
        if again.is_subset(&hidden(&first)) {
            return Ok(second);
        }
        more = again;
    }
}

/// The cells of the same names in another lattice.
pub(crate) fn translated(
    from: &Lattice,
    to: &Lattice,
    cells: BTreeSet<CellId>,
) -> BTreeSet<CellId> {
    let named = to.named();
    let of = |cell: CellId| {
        let local = named.get(&from.name(from.local(cell))?)?;
        Some(to.at(from.state(cell), *local))
    };
    cells.into_iter().filter_map(of).collect()
}
