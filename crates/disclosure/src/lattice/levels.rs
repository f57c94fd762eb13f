//! The lattice of tables: every combination of a *grain* per axis is a *level*, every level a dense table.
//!
//! An axis is a dimension, or several that a unit may have more values of together. Its grains say how
//! its leaves are put together: grain 0 is all of them, grain 1 each by itself, the others are unions
//! (parents of a hierarchy, registered groups) that do not overlap within one grain. A cell's number is
//! its level's offset plus its position in that level, plus the cells of the states before it: state 0
//! is the table as it is now, later ones are the same table as it was when something was published of it.

use std::collections::HashMap;

use super::Axis;
use crate::DisclosureError;

/// Combinations, margins included, that are kept in memory at most.
pub(crate) const CELL_LIMIT: u128 = 8_000_000;
/// Dimensions that can be crossed at most.
pub(crate) const DIMENSION_LIMIT: usize = 16;
/// Grains that an axis has at most: they are the bits of one word.
const GRAIN_LIMIT: usize = 128;

/// A published cell's values: one per dimension of the table, `None` where it is summed over.
pub(crate) type Name = Vec<Option<u32>>;

/// One table of the lattice.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    pub(crate) offset: usize,
    pub(crate) len: usize,
    /// Per axis its grain.
    pub(crate) grains: Vec<usize>,
    /// Per axis; 0 for one that is summed out.
    pub(crate) strides: Vec<usize>,
    /// The table's dimensions that it groups by, as bits.
    pub(crate) dimensions: u32,
    /// The axes that it does not sum over, as bits.
    pub(crate) axes: usize,
}

/// All tables over some dimensions.
#[derive(Debug, Clone)]
pub(crate) struct Lattice {
    pub(crate) axes: Vec<Axis>,
    /// Indexed by the grains of the axes as digits, the first axis the least.
    pub(crate) levels: Vec<Level>,
    /// Cells in one state.
    pub(crate) local: usize,
    /// The level of the base cells.
    pub(crate) full: usize,
    /// How often the table is there: now, and as it was before.
    pub(crate) states: usize,
    /// How many dimensions the table has.
    dimensions: usize,
    /// Per cell of the table as it is now whether it is published, hidden or not.
    published: Vec<bool>,
    /// Per cell in every state whether it was published before, hidden or not.
    listed: Vec<bool>,
    /// Per level whether any cell of it is published or was.
    seen: Vec<bool>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "levels, grains and coordinates come from the lattice that sized these vectors"
)]
impl Lattice {
    pub(crate) fn new(
        axes: Vec<Axis>,
        dimensions: usize,
        states: usize,
    ) -> Result<Lattice, DisclosureError> {
        if let Some(axis) = axes.iter().find(|a| a.grains.len() > GRAIN_LIMIT) {
            return Err(DisclosureError::TooManyUnions {
                grains: axis.grains.len(),
                limit: GRAIN_LIMIT,
            });
        }
        let classes = |a: &Axis| a.grains.iter().map(|g| g.names.len() as u128).sum::<u128>();
        let cells = axes
            .iter()
            .fold(states as u128, |n, a| n.saturating_mul(classes(a)));
        if cells > CELL_LIMIT {
            return Err(DisclosureError::TooLarge {
                cells,
                limit: CELL_LIMIT,
            });
        }
        let count = axes.iter().map(|a| a.grains.len()).product();
        let mut levels: Vec<Level> = Vec::with_capacity(count);
        let (mut offset, mut full) = (0, 0);
        for index in 0..count {
            let mut rest = index;
            let mut grains = Vec::with_capacity(axes.len());
            for axis in &axes {
                grains.push(rest % axis.grains.len());
                rest /= axis.grains.len();
            }
            if grains.iter().all(|&g| g == 1) {
                full = index;
            }
            let level = level(&axes, grains, offset);
            offset += level.len;
            levels.push(level);
        }
        Ok(Lattice {
            seen: vec![false; levels.len()],
            axes,
            levels,
            local: offset,
            full,
            states,
            dimensions,
            published: vec![false; offset],
            listed: vec![false; offset * states],
        })
    }

    /// Publishes every named cell over up to `most` of the dimensions in `asked`, where the other
    /// dimensions have the values `within`.
    pub(crate) fn publish(&mut self, asked: u32, within: &[(usize, u32)], most: usize) {
        let fixed = within.iter().fold(0, |mask, (d, _)| mask | 1_u32 << d);
        for level in 0..self.levels.len() {
            let of = &self.levels[level];
            let crossed = of.dimensions & !fixed;
            let fits = crossed & !asked == 0
                && of.dimensions & fixed == fixed
                && crossed.count_ones() as usize <= most;
            if !fits {
                continue;
            }
            let range = of.offset..of.offset + of.len;
            for cell in range {
                let named = self.name(cell);
                self.published[cell] = named.is_some_and(|name| {
                    let at = |d: usize| name.get(d).copied().flatten();
                    within.iter().all(|&(d, v)| at(d) == Some(v))
                });
                self.seen[level] |= self.published[cell];
            }
        }
    }

    /// Publishes the cells of these names, and no others.
    pub(crate) fn publish_only<'a>(&mut self, names: impl Iterator<Item = &'a Name>) {
        let named = self.named();
        self.published.fill(false);
        for cell in names.filter_map(|name| named.get(name).copied()) {
            let level = self.level(cell);
            self.published[cell] = true;
            self.seen[level] = true;
        }
    }

    /// Notes that a cell was published before, hidden or not.
    pub(crate) fn list(&mut self, cell: usize) {
        let level = self.level(cell);
        self.seen[level] = true;
        self.listed[cell] = true;
    }

    /// Whether any cell of a level is published, or was.
    pub(crate) fn seen(&self, level: usize) -> bool {
        self.seen[level]
    }

    /// Whether a cell is published, or was: were it empty, all would have been told, unless that is hidden.
    pub(crate) fn told(&self, cell: usize) -> bool {
        self.published(cell) || self.listed[cell]
    }

    /// Cells in all states.
    pub(crate) fn cells(&self) -> usize {
        self.local * self.states
    }

    /// Cells that are published, by their number; names that mean the same cell stay apart.
    pub(crate) fn shown(&self) -> impl Iterator<Item = usize> {
        (0..self.local).filter(|&cell| self.published[cell])
    }

    /// The base cells of all states.
    pub(crate) fn bases(&self) -> impl Iterator<Item = usize> {
        let full = &self.levels[self.full];
        let (offset, len, local) = (full.offset, full.len, self.local);
        (0..self.states).flat_map(move |s| (0..len).map(move |at| s * local + offset + at))
    }

    /// Where a base cell stands among [`Lattice::bases`].
    pub(crate) fn base_index(&self, cell: usize) -> usize {
        let full = &self.levels[self.full];
        if self.states == 1 {
            return cell - full.offset;
        }
        cell / self.local * full.len + (cell % self.local - full.offset)
    }

    /// Whether a cell is a base cell.
    pub(crate) fn is_base(&self, cell: usize) -> bool {
        let full = &self.levels[self.full];
        (full.offset..full.offset + full.len).contains(&(cell % self.local))
    }

    /// The state of a cell: 0 for now.
    pub(crate) fn state(&self, cell: usize) -> usize {
        cell / self.local
    }

    /// The cell of a level that holds the base cell at `coordinates`, now.
    pub(crate) fn cell(&self, level: usize, coordinates: &[u32]) -> usize {
        let level = &self.levels[level];
        let mut position = level.offset;
        for (axis, &c) in coordinates.iter().enumerate() {
            let stride = level.strides[axis];
            if stride > 0 {
                position +=
                    stride * self.axes[axis].grains[level.grains[axis]].class[c as usize] as usize;
            }
        }
        position
    }

    /// The class of a leaf in a level.
    pub(crate) fn class(&self, level: usize, axis: usize, leaf: u32) -> u32 {
        self.axes[axis].grains[self.levels[level].grains[axis]].class[leaf as usize]
    }

    /// The level of a cell.
    pub(crate) fn level(&self, cell: usize) -> usize {
        let local = cell % self.local;
        self.levels.partition_point(|level| level.offset <= local) - 1
    }

    /// The axes that a cell's level does not sum over, as bits.
    pub(crate) fn axes_of(&self, cell: usize) -> usize {
        self.levels[self.level(cell)].axes
    }

    /// The dimensions that a cell's level groups by, as bits.
    pub(crate) fn dimensions_of(&self, cell: usize) -> u32 {
        self.levels[self.level(cell)].dimensions
    }

    /// The class per axis of a cell; 0 for one that is summed out.
    fn classes(&self, cell: usize) -> Vec<u32> {
        let level = &self.levels[self.level(cell)];
        let mut rest = cell % self.local - level.offset;
        let mut classes = vec![0; self.axes.len()];
        let crossed = classes.iter_mut().zip(&level.strides);
        for (value, &stride) in crossed.filter(|(_, stride)| **stride > 0) {
            *value = (rest / stride) as u32;
            rest %= stride;
        }
        classes
    }

    /// The leaves per axis of which a cell is the sum.
    pub(crate) fn leaves(&self, cell: usize) -> Vec<Vec<u32>> {
        let level = &self.levels[self.level(cell)];
        let classes = self.classes(cell);
        let axes = self.axes.iter().zip(&level.grains).zip(classes);
        axes.map(|((axis, &grain), class)| {
            let of = &axis.grains[grain].class;
            (0..axis.leaves as u32)
                .filter(|&leaf| of[leaf as usize] == class)
                .collect()
        })
        .collect()
    }

    /// The coordinates of a base cell.
    pub(crate) fn coordinates(&self, base: usize) -> Vec<u32> {
        self.classes(base)
    }

    /// What a cell is published under, if it has a name.
    pub(crate) fn name(&self, cell: usize) -> Option<Name> {
        let level = &self.levels[self.level(cell)];
        let mut name = vec![None; self.dimensions];
        let axes = self.axes.iter().zip(&level.grains).zip(self.classes(cell));
        for ((axis, &grain), class) in axes {
            for &(d, value) in axis.grains[grain].names[class as usize].as_ref()? {
                name[d] = Some(value);
            }
        }
        Some(name)
    }

    /// The number of every named cell.
    pub(crate) fn named(&self) -> HashMap<Name, usize> {
        let all = (0..self.local).filter_map(|cell| Some((self.name(cell)?, cell)));
        all.collect()
    }

    /// Whether a cell is one of those that are published now, hidden or not.
    pub(crate) fn published(&self, cell: usize) -> bool {
        self.published.get(cell).copied().unwrap_or(false)
    }

    /// The level of the margins over some dimensions, as bits, and no finer.
    pub(crate) fn margins_of(&self, held: u32) -> usize {
        let mut index = 0;
        let mut weight = 1;
        for axis in &self.axes {
            index += weight * axis.grain_of(held);
            weight *= axis.grains.len();
        }
        index
    }

    /// Whether every leaf of `inner` is one of `outer`.
    pub(crate) fn within(&self, inner: usize, outer: usize) -> bool {
        let pairs = self.leaves(inner).into_iter().zip(self.leaves(outer));
        pairs
            .into_iter()
            .all(|(small, large)| small.iter().all(|leaf| large.contains(leaf)))
    }

    /// Whether something holds for the coordinates of every base cell within a cell.
    pub(crate) fn all_within(&self, cell: usize, holds: impl Fn(&[u32]) -> bool) -> bool {
        let leaves = self.leaves(cell);
        let mut places = vec![0; leaves.len()];
        loop {
            let at = leaves.iter().zip(&places).map(|(of, &place)| of[place]);
            if !holds(&at.collect::<Vec<u32>>()) {
                return false;
            }
            let mut axes = places.iter_mut().zip(&leaves);
            let next = axes.find_map(|(place, of)| {
                *place = (*place + 1) % of.len();
                (*place > 0).then_some(())
            });
            if next.is_none() {
                return true;
            }
        }
    }

    /// Per cell, in one state, a number that is the same for cells of the same leaves.
    pub(crate) fn identities(&self) -> Vec<u64> {
        let mut first: HashMap<(usize, Vec<u32>), u64> = HashMap::new();
        let mut of_axis: Vec<Vec<Vec<u64>>> = Vec::with_capacity(self.axes.len());
        for (number, axis) in self.axes.iter().enumerate() {
            let mut grains = Vec::with_capacity(axis.grains.len());
            for grain in &axis.grains {
                let mut members = vec![Vec::new(); grain.names.len()];
                for (leaf, &class) in (0..).zip(&grain.class) {
                    members[class as usize].push(leaf);
                }
                let mut known = |leaves: Vec<u32>| {
                    let next = first.len() as u64;
                    *first.entry((number, leaves)).or_insert(next)
                };
                grains.push(members.into_iter().map(&mut known).collect());
            }
            of_axis.push(grains);
        }
        let mut all: HashMap<Vec<u64>, u64> = HashMap::new();
        (0..self.local)
            .map(|cell| {
                let grains = &self.levels[self.level(cell)].grains;
                let classes = self.classes(cell).into_iter().enumerate();
                let key = classes.map(|(a, class)| of_axis[a][grains[a]][class as usize]);
                let next = all.len() as u64;
                *all.entry(key.collect()).or_insert(next)
            })
            .collect()
    }

    /// Whether a base cell lies in a cell; both in any state.
    pub(crate) fn holds(&self, cell: usize, coordinates: &[u32]) -> bool {
        self.cell(self.level(cell), coordinates) == cell % self.local
    }

    /// Per axis the grains in which two leaves are apart, as bits.
    pub(crate) fn apart(&self, axis: usize, a: u32, b: u32) -> u128 {
        let grains = self.axes[axis].grains.iter().enumerate();
        grains
            .filter(|(_, g)| g.class[a as usize] != g.class[b as usize])
            .fold(0, |mask, (number, _)| mask | 1 << number)
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "grains are numbered within their own axis"
)]
fn level(axes: &[Axis], grains: Vec<usize>, offset: usize) -> Level {
    let mut strides = vec![0; axes.len()];
    let (mut len, mut dimensions, mut bits) = (1, 0, 0);
    for (number, axis) in axes.iter().enumerate().rev() {
        let grain = &axis.grains[grains[number]];
        if grains[number] > 0 {
            strides[number] = len;
            len *= grain.names.len();
            dimensions |= grain.dimensions;
            bits |= 1 << number;
        }
    }
    Level {
        offset,
        len,
        grains,
        strides,
        dimensions,
        axes: bits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dimension;

    fn lattice(sizes: &[usize], unions: &[Vec<u32>]) -> Lattice {
        let dimensions: Vec<Dimension> = sizes
            .iter()
            .enumerate()
            .map(|(d, &size)| Dimension {
                unions: if d == 0 { unions.to_vec() } else { vec![] },
                ..Dimension::new("d", size)
            })
            .collect();
        let axes = dimensions.iter().enumerate().map(|(d, of)| Axis::of(d, of));
        let mut lattice = Lattice::new(axes.collect(), sizes.len(), 1).unwrap();
        lattice.publish(u32::MAX, &[], 2);
        lattice
    }

    #[test]
    fn base_cells_and_coordinates_are_inverse() {
        let lattice = lattice(&[3, 2, 4], &[]);
        assert_eq!(lattice.cells(), 4 * 3 * 5);
        for base in lattice.bases() {
            let at = lattice.coordinates(base);
            assert_eq!(lattice.cell(lattice.full, &at), base);
        }
        assert!(!lattice.published(lattice.cells() - 1));
    }

    #[test]
    fn unions_that_overlap_are_of_different_grains() {
        let lattice = lattice(&[4, 2], &[vec![0, 1], vec![2, 3], vec![1, 2]]);
        let grains: Vec<usize> = lattice.axes.iter().map(|a| a.grains.len()).collect();
        assert_eq!(grains, [4, 2]);
        // all, four values, two unions that cover it, one union and an unpublished rest
        assert_eq!(lattice.cells(), (1 + 4 + 2 + 2) * 3);
        assert_eq!(lattice.shown().count(), (1 + 4 + 3) * 3);
        for cell in lattice.shown() {
            let name = lattice.name(cell).unwrap();
            assert_eq!(lattice.named()[&name], cell);
            let leaves = lattice.leaves(cell);
            let mut bases = lattice.bases().map(|base| lattice.coordinates(base));
            assert!(bases.all(|at| {
                let inside = at.iter().zip(&leaves).all(|(leaf, of)| of.contains(leaf));
                inside == lattice.holds(cell, &at)
            }));
        }
    }

    #[test]
    fn too_large_is_refused() {
        let dimensions = [Dimension::new("a", 10_000), Dimension::new("b", 10_000)];
        let axes = dimensions.iter().enumerate().map(|(d, of)| Axis::of(d, of));
        assert!(matches!(
            Lattice::new(axes.collect(), 2, 1),
            Err(DisclosureError::TooLarge { .. })
        ));
    }
}
