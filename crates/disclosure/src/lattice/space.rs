//! A table in all its states as numbers per cell, and what is known of it already.
//!
//! Units in one base cell merge up the lattice. A straddler counts once in every cell that holds any of its
//! rows, so numbers of units do not add up over the values that it straddles. They do add up over *which
//! values units have together*: the lattice of the units has these sets of values as leaves, and each value
//! and each group as a union of them. Rows and sums add up over the values themselves, in a lattice of their own.

use super::{Coupling, Lattice, Statistics};
use crate::table::Contributions;

/// A lattice with its figures, and what was published of it before.
#[derive(Debug, Clone)]
pub(crate) struct Space {
    pub(crate) lattice: Lattice,
    pub(crate) statistics: Statistics,
    /// Per state its base cells: coordinates and units.
    pub(crate) bases: Vec<Vec<(Vec<u32>, usize)>>,
    /// Per straddler its base cells; none where a base cell is all that its unit is in.
    pub(crate) straddled: Vec<Vec<usize>>,
    /// Cells whose counts are known already.
    pub(crate) known: Vec<bool>,
    /// Cells that were hidden where an empty one would have been shown: they are known not to be empty.
    pub(crate) occupied: Vec<bool>,
    /// Per measure the cells whose sums are.
    pub(crate) known_sums: Vec<Vec<bool>>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell and measure numbers come from the lattice that sized these vectors"
)]
impl Space {
    /// Whether a cell has as many units in two states, given the cell in each.
    pub(crate) fn as_many(&self, a: usize, b: usize) -> bool {
        self.unmoved(a, b) && self.statistics.units[a] == self.statistics.units[b]
    }

    /// Whether the same units may be in a cell in two states, given the cell in each: they are, or nothing is
    /// known of who they are.
    fn unmoved(&self, a: usize, b: usize) -> bool {
        let identity = self.statistics.identity.as_ref();
        identity.is_none_or(|of| of[a] == of[b])
    }

    /// Whether it has the same counts of everything.
    pub(crate) fn all_counts(&self, a: usize, b: usize) -> bool {
        let of = &self.statistics;
        let counts = |c: &Contributions| (c.units, c.count, c.missing);
        let rows = || of.rows.get(a).map(counts) == of.rows.get(b).map(counts);
        let values = |m: &Vec<Contributions>| counts(&m[a]) == counts(&m[b]);
        self.as_many(a, b) && rows() && of.measures.iter().all(values)
    }

    /// Whether the sum of a measure is the same.
    pub(crate) fn sum(&self, measure: usize, a: usize, b: usize) -> bool {
        let of = &self.statistics.measures[measure];
        let equal = (of[a].count == 0) == (of[b].count == 0) && of[a].total == of[b].total;
        equal && self.unmoved(a, b)
    }

    /// What was the same in which states; `None` when there is one.
    pub(crate) fn coupling(&self, same: impl Fn(usize, usize) -> bool) -> Option<Coupling> {
        let (local, states) = (self.lattice.local, self.lattice.states);
        let both = |cell: usize, a: usize, b: usize| same(a * local + cell, b * local + cell);
        (states > 1).then(|| Coupling::new(local, states, both))
    }
}
