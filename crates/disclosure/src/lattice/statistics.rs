//! Figures per cell of a lattice, in every release state.

use crate::{
    ids::{CellId, IdVec},
    table::Contributions,
};

/// Statistics per cell of the lattice, all states after each other.
#[derive(Debug, Clone)]
pub(crate) struct CellStatistics {
    /// Distinct units.
    pub(crate) units: IdVec<CellId, u64>,
    /// Who is in each cell, as a digest; nothing when that is not known of everyone.
    pub(crate) identity: Option<IdVec<CellId, u64>>,
    /// What the units contribute to the rows.
    pub(crate) rows: IdVec<CellId, Contributions>,
    /// Per measure, per cell.
    pub(crate) measures: Vec<IdVec<CellId, Contributions>>,
}

impl CellStatistics {
    /// Nothing in so many cells yet; numbers of units only, if there are no `measures`.
    pub(crate) fn new(cells: usize, identified: bool, measures: Option<usize>) -> CellStatistics {
        let nothing = || IdVec::filled(Contributions::default(), cells);
        CellStatistics {
            units: IdVec::filled(0, cells),
            identity: identified.then(|| IdVec::filled(0, cells)),
            rows: measures.map_or(IdVec::new(), |_| nothing()),
            measures: (0..measures.unwrap_or(0)).map(|_| nothing()).collect(),
        }
    }

    /// What the units contribute to a measure, per cell.
    #[expect(
        clippy::indexing_slicing,
        reason = "measures are those of the table, and checked on their way in"
    )]
    pub(crate) fn measure(&self, measure: usize) -> &IdVec<CellId, Contributions> {
        &self.measures[measure]
    }

    /// The rows, then each measure.
    fn magnitudes(&mut self) -> impl Iterator<Item = &mut IdVec<CellId, Contributions>> {
        std::iter::once(&mut self.rows).chain(&mut self.measures)
    }

    /// Adds what a cell has to a cell of a coarser level.
    pub(crate) fn pass(&mut self, from: CellId, to: CellId, keep: usize) {
        let units = self.units[from];
        if units == 0 {
            return;
        }
        self.units[to] += units;
        let digest = self.identity.as_ref().map(|all| all[from]);
        self.identify(to, digest);
        for of in self.magnitudes().filter(|of| of.len() > 0) {
            let mut into = std::mem::take(&mut of[to]);
            into.merge(&of[from], keep);
            of[to] = into;
        }
    }

    /// Adds to who is in a cell, where that is known.
    pub(crate) fn identify(&mut self, cell: CellId, more: Option<u64>) {
        if let (Some(all), Some(more)) = (self.identity.as_mut(), more) {
            all[cell] = all[cell].wrapping_add(more);
        }
    }

    /// Adds contributions of other units to the rows and the measures of a cell.
    pub(crate) fn merge(
        &mut self,
        cell: CellId,
        rows: &Contributions,
        measures: &[Contributions],
        keep: usize,
    ) {
        let all = std::iter::once(rows).chain(measures);
        for (into, more) in self.magnitudes().zip(all) {
            into[cell].merge(more, keep);
        }
    }
}
