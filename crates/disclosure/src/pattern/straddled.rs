//! Units and rows where units have several values: two lattices, one pattern.

use std::collections::BTreeSet;

use super::{Counts, Work};
use crate::{DisclosureError, lattice::Lattice};

/// One pattern for units, which add up over the values that units have together, and for rows, which add up
/// over the values: each hides what the other does, until neither hides more.
pub(crate) fn straddled(units: &Work, rows: &Work) -> Result<Counts, DisclosureError> {
    let hidden = |of: &Counts| -> BTreeSet<usize> {
        let all = of.hidden.iter().enumerate();
        all.filter(|(_, h)| **h).map(|(cell, _)| cell).collect()
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
pub(crate) fn translated(from: &Lattice, to: &Lattice, cells: BTreeSet<usize>) -> BTreeSet<usize> {
    let named = to.named();
    let of = |cell: usize| {
        let local = named.get(&from.name(cell)?)?;
        Some(from.state(cell) * to.local + local)
    };
    cells.into_iter().filter_map(of).collect()
}
