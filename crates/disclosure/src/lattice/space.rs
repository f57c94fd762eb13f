//! A table in all its release states as figures per cell, and what is known of it already.
//!
//! Units in one base cell merge up the lattice. A straddler counts once in every cell that holds any of its
//! rows, so numbers of units do not add up over the values that it straddles. They do add up over *which
//! values units have together*: the lattice of the units has these sets of values as leaves, and each value
//! and each group as a union of them. Rows and sums add up over the values themselves, in a lattice of their own.

use super::{CellStatistics, Coupling, Lattice};
use crate::{
    ids::{CellId, IdVec, LocalId, StateId},
    table::Contributions,
};

/// A lattice with its figures, and what was published of it before.
#[derive(Debug, Clone)]
pub(crate) struct Space {
    /// The tables that are published together.
    pub(crate) lattice: Lattice,
    /// The figures of their cells.
    pub(crate) statistics: CellStatistics,
    /// Per state its base cells that hold units: coordinates and cell.
    pub(crate) bases: IdVec<StateId, Vec<(Vec<u32>, CellId)>>,
    /// Per straddler its base cells; none where a base cell is all that its unit is in.
    pub(crate) straddled: Vec<Vec<CellId>>,
    /// Cells whose counts are known already.
    pub(crate) known: IdVec<CellId, bool>,
    /// Cells that were hidden where an empty one would have been shown: they are known not to be empty.
    pub(crate) occupied: IdVec<CellId, bool>,
    /// Per measure the cells whose sums are known already.
    pub(crate) known_sums: Vec<IdVec<CellId, bool>>,
}

impl Space {
    /// Whether a cell has as many units in two states, given the cell in each.
    pub(crate) fn as_many(&self, a: CellId, b: CellId) -> bool {
        self.unmoved(a, b) && self.statistics.units[a] == self.statistics.units[b]
    }

    /// Whether the same units may be in a cell in two states, given the cell in each: they are, or nothing is
    /// known of who they are.
    fn unmoved(&self, a: CellId, b: CellId) -> bool {
        let identity = self.statistics.identity.as_ref();
        identity.is_none_or(|of| of[a] == of[b])
    }

    /// Whether a cell has the same counts of everything in two states, given the cell in each.
    pub(crate) fn all_counts(&self, a: CellId, b: CellId) -> bool {
        let of = &self.statistics;
        let counts = |c: &Contributions| (c.units, c.count, c.missing);
        let rows = || of.rows.find(a).map(counts) == of.rows.find(b).map(counts);
        let values = |m: &IdVec<CellId, Contributions>| counts(&m[a]) == counts(&m[b]);
        self.as_many(a, b) && rows() && of.measures.iter().all(values)
    }

    /// Whether the sum of a measure is the same in two states, given the cell in each.
    pub(crate) fn sum(&self, measure: usize, a: CellId, b: CellId) -> bool {
        let of = self.statistics.measure(measure);
        let equal = (of[a].count == 0) == (of[b].count == 0) && of[a].total == of[b].total;
        equal && self.unmoved(a, b)
    }

    /// What was the same in which states; `None` when there is one.
    pub(crate) fn coupling(&self, same: impl Fn(CellId, CellId) -> bool) -> Option<Coupling> {
        let lattice = &self.lattice;
        let both = |cell: LocalId, a, b| same(lattice.at(a, cell), lattice.at(b, cell));
        (lattice.states > 1).then(|| Coupling::new(lattice.per_state, lattice.states, both))
    }
}
