//! From cells of the joint table back to those of the new view.

use std::collections::HashMap;

use zwerm_disclosure::Cell;

/// Where the new view is in the table of everything that is linked.
pub(in crate::cube) struct Joint {
    /// Per dimension of the new view where it is.
    pub(super) dimensions: Vec<OwnDimension>,
    /// Per measure of the new view its place in the table.
    pub(super) measures: Vec<usize>,
}

/// A dimension of the new view in the joint table.
pub(super) struct OwnDimension {
    /// Its place among the dimensions of the table.
    pub(super) at: usize,
    /// The view's own coordinate of each that it has in the table.
    pub(super) own: HashMap<u32, u32>,
}

impl Joint {
    /// The cells of the new view, as that view numbers them; unions that only other views have are left out.
    pub(in crate::cube) fn cells(&self, cells: Vec<Cell>) -> Vec<Cell> {
        let cells = cells.into_iter();
        cells.filter_map(|cell| self.local(&cell)).collect()
    }

    fn local(&self, cell: &Cell) -> Option<Cell> {
        let mut coordinates = Vec::with_capacity(self.dimensions.len());
        for OwnDimension { at, own } in &self.dimensions {
            coordinates.push(match cell.coordinates.get(*at).copied().flatten() {
                None => None,
                Some(at) => Some(*own.get(&at)?),
            });
        }
        let every = || self.measures.iter();
        let count = |&m: &usize| cell.counts.get(m).copied().flatten();
        let sum = |&m: &usize| cell.sums.get(m).copied().flatten();
        Some(Cell {
            coordinates,
            units: cell.units,
            rows: cell.rows,
            counts: every().map(count).collect(),
            sums: every().map(sum).collect(),
        })
    }
}
