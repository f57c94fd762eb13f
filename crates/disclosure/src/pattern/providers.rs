//! What each provider knows of a pattern: the margins over its own columns.

use std::collections::BTreeSet;

use super::{Provider, Work};
use crate::moves::Functional;

#[expect(
    clippy::indexing_slicing,
    reason = "cell and measure numbers come from the table and its lattice"
)]
impl Work<'_> {
    /// What each provider of `known` knows; `secrets` are looked through for what is its own anyway.
    pub(crate) fn providers(
        &self,
        known: &[usize],
        class: &[usize],
        secrets: &[Functional],
    ) -> Vec<Option<Provider>> {
        let everything = self
            .lattice
            .axes
            .iter()
            .fold(0, |all, a| all | a.dimensions);
        (0..self.table.providers)
            .map(|p| {
                let held = self.held(p);
                let level = self.lattice.margins_of(held);
                let own = |s: &&Functional| s.minus.is_none() && self.own(level, s.plus, class);
                (known.contains(&p) && held != everything).then(|| Provider {
                    level,
                    held,
                    own: secrets.iter().filter(own).map(|s| s.plus).collect(),
                })
            })
            .collect()
    }

    /// Whether a cell is a union of cells of the level `known`, as far as there are values.
    fn own(&self, known: usize, cell: usize, class: &[usize]) -> bool {
        let state = self.lattice.state(cell);
        let valued = |base: usize| {
            let mut of = class
                .iter()
                .map(|&m| self.statistics.measures[m][base].count);
            of.any(|count| count > 0)
        };
        let bases = self.space.bases.get(state).into_iter().flatten();
        let bases = bases.filter(|(_, base)| valued(*base));
        let side = |(at, _): &(Vec<u32>, usize)| {
            (self.lattice.cell(known, at), self.lattice.holds(cell, at))
        };
        let sides: BTreeSet<(usize, bool)> = bases.map(side).collect();
        let inside = sides.iter().filter(|(_, inside)| *inside);
        !inside
            .into_iter()
            .any(|(own, _)| sides.contains(&(*own, false)))
    }

    /// The dimensions that a provider holds, as bits.
    fn held(&self, provider: usize) -> u32 {
        let dimensions = self.table.dimensions.iter().enumerate();
        dimensions
            .filter(|(_, d)| d.known_to.contains(&provider))
            .fold(0, |mask, (d, _)| mask | 1 << d)
    }
}
