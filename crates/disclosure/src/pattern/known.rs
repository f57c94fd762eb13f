//! What everyone knows of a pattern already: figures that were shown before, and those that are the same.

use std::collections::BTreeSet;

use super::Work;

/// What everyone knows of a pattern already.
pub(crate) struct Known {
    /// Figures that were published.
    pub(crate) published: Vec<bool>,
    /// Figures that are the same as one of these.
    pub(crate) exposed: Vec<bool>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell and measure numbers come from the table and its lattice"
)]
impl Work<'_> {
    pub(crate) fn nothing(&self) -> Known {
        Known {
            published: vec![false; self.lattice.cells()],
            exposed: vec![false; self.lattice.cells()],
        }
    }

    /// The figures that were published, and those that are the same: of the same units, or unchanged.
    fn known(&self, published: Vec<bool>, same: impl Fn(usize, usize) -> bool) -> Known {
        if !published.contains(&true) {
            return self.nothing();
        }
        let (local, states) = (self.lattice.local, self.lattice.states);
        let identity = self.lattice.identities();
        let mut exposed = published.clone();
        loop {
            let before = exposed.clone();
            let mut alike = BTreeSet::new();
            for cell in (0..exposed.len()).filter(|&c| exposed[c]) {
                alike.insert((cell / local, identity[cell % local]));
            }
            for (cell, of) in exposed.iter_mut().enumerate() {
                *of |= alike.contains(&(cell / local, identity[cell % local]));
            }
            for cell in (0..exposed.len()).filter(|&c| before[c]) {
                for other in (0..states).map(|s| s * local + cell % local) {
                    exposed[other] |= same(cell, other);
                }
            }
            if exposed == before {
                return Known { published, exposed };
            }
        }
    }

    pub(crate) fn known_counts(&self) -> Known {
        let same = |a, b| self.space.all_counts(a, b);
        self.known(self.space.known.clone(), same)
    }

    /// What is known of one measure.
    pub(crate) fn known_sum(&self, measure: usize) -> Known {
        let same = |a, b| self.space.sum(measure, a, b);
        let of = self.space.known_sums.get(measure).cloned();
        self.known(of.unwrap_or_default(), same)
    }

    /// What is known of related measures: no move goes through a cell that was shown of any of them, and only
    /// what everyone knows of all of them is no secret.
    pub(crate) fn known_sums(&self, class: &[usize]) -> Known {
        let each: Vec<Known> = class.iter().map(|&m| self.known_sum(m)).collect();
        let cells = 0..self.lattice.cells();
        Known {
            published: cells
                .clone()
                .map(|c| each.iter().any(|k| k.published[c]))
                .collect(),
            exposed: cells.map(|c| each.iter().all(|k| k.exposed[c])).collect(),
        }
    }
}
