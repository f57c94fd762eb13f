//! Publishing cells, and the names that they are published under.

use std::collections::HashMap;

use super::Lattice;
use crate::ids::{CellId, LevelId, LocalId, StateId};

/// A published cell's values: one per dimension of the table, `None` where it is summed over.
pub(crate) type Name = Vec<Option<u32>>;

impl Lattice {
    /// Publishes every named cell over up to `most` of the dimensions in `asked`, as bits, where the other
    /// dimensions have the values `within`.
    pub(crate) fn publish(&mut self, asked: u32, within: &[(usize, u32)], most: usize) {
        let fixed = within.iter().fold(0, |mask, (d, _)| mask | 1_u32 << d);
        for number in self.levels.ids() {
            let level = &self.levels[number];
            let crossed = level.dimensions & !fixed;
            let fits = crossed & !asked == 0
                && level.dimensions & fixed == fixed
                && crossed.count_ones() as usize <= most;
            for cell in self.of_level(number).filter(|_| fits) {
                if self.name(cell).is_some_and(|name| has(&name, within)) {
                    self.publish_cell(cell);
                }
            }
        }
    }

    /// Publishes one cell.
    fn publish_cell(&mut self, cell: LocalId) {
        let (now, level) = (self.at(StateId::NOW, cell), self.level(cell));
        self.publication.now[now] = true;
        self.publication.seen[level] = true;
    }

    /// Publishes the cells of these names, and no others.
    pub(crate) fn publish_only<'a>(&mut self, names: impl Iterator<Item = &'a Name>) {
        let named = self.named();
        self.publication.now.iter_mut().for_each(|now| *now = false);
        for cell in names.filter_map(|name| named.get(name).copied()) {
            self.publish_cell(cell);
        }
    }

    /// Notes that a cell was published before, hidden or not.
    pub(crate) fn note_published(&mut self, cell: CellId) {
        let level = self.level_of(cell);
        self.publication.seen[level] = true;
        self.publication.before[cell] = true;
    }

    /// Whether any cell of a level is published, or was.
    #[inline]
    pub(crate) fn seen(&self, level: LevelId) -> bool {
        self.publication.seen[level]
    }

    /// Whether a cell is one of those that are published now, hidden or not.
    #[inline]
    pub(crate) fn published(&self, cell: CellId) -> bool {
        self.publication.now.find(cell).copied().unwrap_or(false)
    }

    /// Whether a cell is published, or was.
    pub(crate) fn ever_published(&self, cell: CellId) -> bool {
        self.published(cell) || self.publication.before[cell]
    }

    /// Cells that are published, by their number; names that mean the same cell stay apart.
    pub(crate) fn published_cells(&self) -> impl Iterator<Item = CellId> {
        let all = self.publication.now.pairs();
        all.filter(|(_, now)| **now).map(|(cell, _)| cell)
    }

    /// What a cell is published under, if it has a name.
    pub(crate) fn name(&self, cell: LocalId) -> Option<Name> {
        let mut name = vec![None; self.dimensions];
        for (grain, class) in self.parts(cell) {
            for &(d, value) in grain.label(class)? {
                if let Some(place) = name.get_mut(d) {
                    *place = Some(value);
                }
            }
        }
        Some(name)
    }

    /// Every named cell by its name.
    pub(crate) fn named(&self) -> HashMap<Name, LocalId> {
        let all = self.locals();
        all.filter_map(|cell| Some((self.name(cell)?, cell)))
            .collect()
    }
}

/// Whether a name has these values of these dimensions.
fn has(name: &Name, values: &[(usize, u32)]) -> bool {
    let at = |d: usize| name.get(d).copied().flatten();
    values.iter().all(|&(d, v)| at(d) == Some(v))
}
