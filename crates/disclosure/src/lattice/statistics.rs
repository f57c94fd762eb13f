//! Figures per cell of a lattice, in every release state.

use crate::table::Contributions;

/// Statistics per cell of the lattice, all states after each other.
#[derive(Debug, Clone)]
pub(crate) struct Statistics {
    pub(crate) units: Vec<u64>,
    /// Who is in each cell, as a digest; nothing when that is not known of everyone.
    pub(crate) identity: Option<Vec<u64>>,
    pub(crate) rows: Vec<Contributions>,
    /// Per measure, per cell.
    pub(crate) measures: Vec<Vec<Contributions>>,
}

impl Statistics {
    /// Adds what a cell has to a cell of a coarser level.
    pub(crate) fn pass(&mut self, from: usize, to: usize, keep: usize) {
        let Some(&units) = self.units.get(from).filter(|units| **units > 0) else {
            return;
        };
        if let Some(into) = self.units.get_mut(to) {
            *into += units;
        }
        let digest = self
            .identity
            .as_ref()
            .and_then(|all| all.get(from).copied());
        self.identify(to, digest);
        for of in std::iter::once(&mut self.rows).chain(&mut self.measures) {
            let Some(mut into) = of.get_mut(to).map(std::mem::take) else {
                continue;
            };
            if let Some(more) = of.get(from) {
                into.merge(more, keep);
            }
            if let Some(place) = of.get_mut(to) {
                *place = into;
            }
        }
    }

    /// Adds to who is in a cell, where that is known.
    pub(crate) fn identify(&mut self, cell: usize, more: Option<u64>) {
        let place = self.identity.as_mut().and_then(|all| all.get_mut(cell));
        if let (Some(place), Some(more)) = (place, more) {
            *place = place.wrapping_add(more);
        }
    }
}

/// What some straddlers contribute together to a cell.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) rows: Contributions,
    pub(crate) measures: Vec<Contributions>,
}

impl Block {
    /// Nothing yet, of so many measures.
    pub(crate) fn new(measures: usize) -> Block {
        Block {
            rows: Contributions::default(),
            measures: vec![Contributions::default(); measures],
        }
    }
}
