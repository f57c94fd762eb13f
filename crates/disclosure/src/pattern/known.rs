//! What everyone knows of a pattern already: figures that were shown before, and those that are the same.

use std::collections::BTreeSet;

use super::{Known, PatternWork};
use crate::ids::{CellId, IdVec};

impl PatternWork<'_> {
    /// Nothing is known.
    pub(crate) fn nothing(&self) -> Known {
        let nothing = IdVec::filled(false, self.lattice.size());
        Known {
            published: nothing.clone(),
            exposed: nothing,
        }
    }

    /// The figures that were published, and those that are the same: of the same units, or unchanged.
    fn known(
        &self,
        published: IdVec<CellId, bool>,
        same: impl Fn(CellId, CellId) -> bool,
    ) -> Known {
        let mut known = Known {
            exposed: published.clone(),
            published,
        };
        if !known.any() {
            return self.nothing();
        }
        let identity = self.lattice.identities();
        let units = |cell| (self.lattice.state(cell), identity[self.lattice.local(cell)]);
        loop {
            let before = known.exposed.clone();
            self.expose_same(&mut known.exposed, units, &same);
            if known.exposed == before {
                return known;
            }
        }
    }

    /// Exposes what is the same as something exposed: cells with the same `units` in them, and those that are the
    /// `same` in another state.
    fn expose_same<U: Ord>(
        &self,
        exposed: &mut IdVec<CellId, bool>,
        units: impl Fn(CellId) -> U,
        same: impl Fn(CellId, CellId) -> bool,
    ) {
        let known = exposed.pairs().filter(|(_, of)| **of);
        let known: Vec<CellId> = known.map(|(cell, _)| cell).collect();
        let alike: BTreeSet<U> = known.iter().map(|&cell| units(cell)).collect();
        for (cell, of) in exposed.pairs_mut() {
            *of |= alike.contains(&units(cell));
        }
        for cell in known {
            for state in self.lattice.state_ids() {
                let other = self.lattice.at(state, self.lattice.local(cell));
                exposed[other] |= same(cell, other);
            }
        }
    }

    /// What is known of the counts.
    pub(super) fn known_counts(&self) -> Known {
        let same = |a, b| self.space.all_counts(a, b);
        self.known(self.space.known.clone(), same)
    }

    /// What is known of one measure.
    pub(super) fn known_sum(&self, measure: usize) -> Known {
        let same = |a, b| self.space.sum(measure, a, b);
        let of = self.space.known_sums.get(measure).cloned();
        self.known(of.unwrap_or_default(), same)
    }

    /// What is known of related measures: no move goes through a cell that was shown of any of them, and only
    /// what everyone knows of all of them is no secret.
    pub(super) fn known_sums(&self, class: &[usize]) -> Known {
        let each: Vec<Known> = class.iter().map(|&m| self.known_sum(m)).collect();
        let cells = self.lattice.cells();
        Known {
            published: cells
                .clone()
                .map(|c| each.iter().any(|k| k.published[c]))
                .collect(),
            exposed: cells.map(|c| each.iter().all(|k| k.exposed[c])).collect(),
        }
    }
}
