//! What each provider knows of a pattern: the margins over its own columns.

use std::collections::BTreeSet;

use super::{PatternWork, Provider};
use crate::{
    ids::{CellId, LevelId},
    moves::Functional,
};

impl PatternWork<'_> {
    /// What each provider of `known` knows; `secrets` are looked through for what is its own anyway, as far as the
    /// measures of `class` have values.
    pub(super) fn providers(
        &self,
        known: &[usize],
        class: &[usize],
        secrets: &[Functional],
    ) -> Vec<Option<Provider>> {
        let axes = self.lattice.axes.iter();
        let everything = axes.fold(0, |all, a| all | a.dimensions);
        let of = |provider| {
            let held = self.held(provider);
            let level = self.lattice.margins_of(held);
            let own = |s: &&Functional| s.minus.is_none() && self.own(level, s.plus, class);
            (known.contains(&provider) && held != everything).then(|| Provider {
                level,
                held,
                own: secrets.iter().filter(own).map(|s| s.plus).collect(),
            })
        };
        (0..self.table.providers).map(of).collect()
    }

    /// Whether a cell is a union of cells of the level `known`, as far as there are values.
    fn own(&self, known: LevelId, cell: CellId, class: &[usize]) -> bool {
        let state = self.lattice.state(cell);
        let valued = |base: CellId| {
            let mut measures = class.iter().map(|&m| self.statistics.measure(m));
            measures.any(|of| of[base].count > 0)
        };
        let bases = self.space.bases[state].iter();
        let bases = bases.filter(|(_, base)| valued(*base));
        let sides: BTreeSet<_> = bases
            .map(|(at, _)| (self.lattice.cell(known, at), self.lattice.holds(cell, at)))
            .collect();
        let mut inside = sides.iter().filter(|(_, inside)| *inside);
        !inside.any(|(own, _)| sides.contains(&(*own, false)))
    }

    /// The dimensions that a provider holds, as bits.
    fn held(&self, provider: usize) -> u32 {
        let dimensions = self.table.dimensions.iter().enumerate();
        dimensions
            .filter(|(_, d)| d.known_to.contains(&provider))
            .fold(0, |mask, (d, _)| mask | 1 << d)
    }
}
