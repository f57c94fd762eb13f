//! Who is alone in some cells, and so knows the figures of all these.

use std::collections::{BTreeMap, BTreeSet};

use super::{Singleton, Work};
use crate::lattice::{Coupling, bits};

#[expect(
    clippy::indexing_slicing,
    reason = "cell and measure numbers come from the table and its lattice"
)]
impl Work<'_> {
    /// Who is alone in some cells, `units` being who counts.
    ///
    /// Who is alone in the same base cells in several states is taken to be the same unit.
    pub(crate) fn singletons(
        &self,
        units: &[u64],
        coupling: Option<&Coupling>,
    ) -> BTreeSet<Singleton> {
        let local = self.lattice.local;
        let alone = |base: &usize| units[*base] == 1;
        let bases = self.lattice.bases().filter(alone);
        let mut people: BTreeSet<Vec<usize>> = bases.map(|base| vec![base]).collect();
        for parts in &self.space.straddled {
            let mut own: Vec<usize> = parts.iter().copied().filter(alone).collect();
            own.sort_unstable();
            for base in &own {
                people.remove(&vec![*base]);
            }
            people.insert(own);
        }
        let mut places: BTreeMap<Vec<usize>, Singleton> = BTreeMap::new();
        for bases in people.into_iter().filter(|bases| !bases.is_empty()) {
            let cells = self.alone(&bases, units, coupling);
            let place = bases.iter().map(|base| base % local).collect();
            let single = places.entry(place).or_insert(Singleton {
                cells: Vec::new(),
                bases: Vec::new(),
            });
            single.cells.extend(cells);
            single.bases.extend(bases);
        }
        let people = places.into_values().map(|mut single| {
            single.cells.sort_unstable();
            single.cells.dedup();
            single
        });
        people.collect()
    }

    /// The cells over some base cells that hold one unit, in every state in which they have not changed.
    fn alone(&self, bases: &[usize], units: &[u64], coupling: Option<&Coupling>) -> Vec<usize> {
        let local = self.lattice.local;
        let mut cells = Vec::new();
        for &base in bases {
            let at = self.lattice.coordinates(base);
            let state = self.lattice.state(base);
            for level in 0..self.lattice.levels.len() {
                let cell = self.lattice.cell(level, &at);
                // nobody knows of themselves that they are alone in what has no name
                let grains = &self.lattice.levels[level].grains;
                let named = grains.iter().all(|&g| g <= 1) || self.lattice.name(cell).is_some();
                if units[state * local + cell] != 1 || !named {
                    continue;
                }
                let same = coupling.map_or(1 << state, |c| c.states(state, std::iter::once(cell)));
                let same = bits(same).map(|s| s * local + cell);
                cells.extend(same.filter(|&cell| units[cell] == 1));
            }
        }
        cells
    }
}
