//! Who is alone in some cells, and so knows the figures of all these.
//!
//! Because of singletons a pattern that withstands outsiders may still fall to a contributor: Hundepool et al.,
//! *Statistical Disclosure Control* (Wiley, 2012), chapter 4.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter::once,
};

use super::{PatternWork, Singleton};
use crate::{
    ids::{CellId, GrainId, IdVec, LevelId, LocalId, StateId},
    lattice::{Coupling, members, only},
};

impl PatternWork<'_> {
    /// Who is alone in some cells, with so many `units` per cell.
    ///
    /// Who is alone in the same base cells in several states is taken to be the same unit.
    pub(super) fn singletons(
        &self,
        units: &IdVec<CellId, u64>,
        coupling: Option<&Coupling>,
    ) -> BTreeSet<Singleton> {
        let mut by_place: BTreeMap<Vec<LocalId>, Singleton> = BTreeMap::new();
        for bases in self.single_people(units) {
            let place = bases.iter().map(|&base| self.lattice.local(base)).collect();
            let cells = bases.iter().flat_map(|&b| self.alone(b, units, coupling));
            let single = by_place.entry(place).or_default();
            single.cells.extend(cells);
            single.bases.extend(bases);
        }
        let sorted = |mut single: Singleton| {
            single.cells.sort_unstable();
            single.cells.dedup();
            single
        };
        by_place.into_values().map(sorted).collect()
    }

    /// The base cells of everyone who is alone in one of them, in each state.
    fn single_people(&self, units: &IdVec<CellId, u64>) -> BTreeSet<Vec<CellId>> {
        let alone = |base: &CellId| units[*base] == 1;
        let bases = self.lattice.bases().filter(alone);
        let mut people: BTreeSet<Vec<CellId>> = bases.map(|base| vec![base]).collect();
        for parts in &self.space.straddled {
            let mut own: Vec<CellId> = parts.iter().copied().filter(alone).collect();
            own.sort_unstable();
            for base in &own {
                people.remove(&vec![*base]);
            }
            people.insert(own);
        }
        people.remove(&Vec::new());
        people
    }

    /// The cells over a base cell that hold one unit, in every state in which they have not changed.
    fn alone(
        &self,
        base: CellId,
        units: &IdVec<CellId, u64>,
        coupling: Option<&Coupling>,
    ) -> Vec<CellId> {
        let at = self.lattice.coordinates(base);
        let state = self.lattice.state(base);
        let mut cells = Vec::new();
        for level in self.lattice.levels.ids() {
            let cell = self.lattice.cell(level, &at);
            if units[self.lattice.at(state, cell)] != 1 || !self.is_named(level, cell) {
                continue;
            }
            let same = coupling.map_or(only(state), |c| c.states(state, once(cell)));
            let same = members(same).map(|s: StateId| self.lattice.at(s, cell));
            cells.extend(same.filter(|&cell| units[cell] == 1));
        }
        cells
    }

    /// Whether anybody can know that they are alone in a cell of a level: nobody does in what has no name.
    fn is_named(&self, level: LevelId, cell: LocalId) -> bool {
        let mut grains = self.lattice.levels[level].grains.iter();
        grains.all(|&g| g <= GrainId::EACH) || self.lattice.name(cell).is_some()
    }
}
