//! The lattice of tables: every combination of a *grain* per axis is a *level*, every level a dense table.
//!
//! An axis is a dimension, or several that a unit may have more values of together. Its grains say how
//! its leaves are put together: grain 0 is all of them, grain 1 each by itself, the others are unions
//! (parents of a hierarchy, registered groups) that do not overlap within one grain. A cell's number is
//! its level's offset plus its position in that level, plus the cells of the states before it: state 0
//! is the table as it is now, later ones are the same table as it was when something was published of it.

use std::ops::Range;

use super::{Axis, axis::Grain, publication::Publication};
use crate::{
    DisclosureError,
    ids::{AxisId, BaseId, CellId, GrainId, Id, IdVec, LevelId, LocalId, StateId, first},
};

/// Combinations, margins included, that are kept in memory at most.
pub(crate) const CELL_LIMIT: u128 = 8_000_000;
/// Dimensions that can be crossed at most.
pub(crate) const DIMENSION_LIMIT: usize = 16;
/// Grains that an axis has at most: they are the bits of one word.
const GRAIN_LIMIT: usize = 128;

/// One table of the lattice.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    /// Its first cell.
    pub(crate) offset: usize,
    /// How many cells it has.
    pub(crate) len: usize,
    /// Per axis its grain.
    pub(crate) grains: IdVec<AxisId, GrainId>,
    /// Per axis; 0 for one that is summed out.
    pub(crate) strides: IdVec<AxisId, usize>,
    /// The table's dimensions that it groups by, as bits.
    pub(crate) dimensions: u32,
    /// The axes that it does not sum over, as bits.
    pub(crate) axes: usize,
}

/// All tables over some dimensions.
#[derive(Debug, Clone)]
pub(crate) struct Lattice {
    /// What is varied.
    pub(crate) axes: IdVec<AxisId, Axis>,
    /// Numbered by the grains of the axes as digits, the first axis the least.
    pub(crate) levels: IdVec<LevelId, Level>,
    /// How many cells there are in one state.
    pub(crate) per_state: usize,
    /// The level of the base cells.
    pub(crate) full: LevelId,
    /// In how many release states the table is there: now, and as it was before.
    pub(crate) states: usize,
    /// How many dimensions the table has.
    pub(super) dimensions: usize,
    /// Which cells are published, or were.
    pub(super) publication: Publication,
}

impl Lattice {
    /// The lattice of some axes over so many dimensions, in so many release states; nothing of it is published.
    ///
    /// # Errors
    /// More unions that overlap, or more cells, than fit.
    pub(crate) fn new(
        axes: Vec<Axis>,
        dimensions: usize,
        states: usize,
    ) -> Result<Lattice, DisclosureError> {
        fits(&axes, states)?;
        let axes = IdVec::from(axes);
        let count = axes.iter().map(|a: &Axis| a.grains.len()).product();
        let mut levels: IdVec<LevelId, Level> = IdVec::new();
        let (mut offset, mut full) = (0, LevelId::at(0));
        for index in 0..count {
            let grains = digits(&axes, index);
            let each = grains.iter().all(|&g| g == GrainId::EACH);
            let level = level(&axes, grains, offset);
            offset += level.len;
            let number = levels.push(level);
            if each {
                full = number;
            }
        }
        Ok(Lattice {
            publication: Publication::new(levels.len(), offset, states),
            axes,
            levels,
            per_state: offset,
            full,
            states,
            dimensions,
        })
    }

    /// How many cells there are in all states.
    pub(crate) fn size(&self) -> usize {
        self.per_state * self.states
    }

    /// The cells of all states, in order.
    pub(crate) fn cells(&self) -> impl DoubleEndedIterator<Item = CellId> + Clone + use<> {
        first(self.size())
    }

    /// The cells of one state, in order.
    pub(crate) fn locals(&self) -> impl DoubleEndedIterator<Item = LocalId> + Clone + use<> {
        first(self.per_state)
    }

    /// All release states, in order.
    pub(crate) fn state_ids(&self) -> impl Iterator<Item = StateId> + Clone + use<> {
        first(self.states)
    }

    /// A cell in one state.
    #[inline]
    pub(crate) fn at(&self, state: StateId, cell: LocalId) -> CellId {
        CellId::at(state.position() * self.per_state + cell.position())
    }

    /// The cells of a level in one state.
    pub(crate) fn range(&self, state: StateId, level: LevelId) -> Range<CellId> {
        let of = self.locals_of(level);
        self.at(state, of.start)..self.at(state, of.end)
    }

    /// The cells of a level, in order, whatever the state.
    pub(crate) fn of_level(&self, level: LevelId) -> impl Iterator<Item = LocalId> + use<> {
        let level = &self.levels[level];
        (level.offset..level.offset + level.len).map(LocalId::at)
    }

    /// The cells of a level as a range, whatever the state.
    pub(crate) fn locals_of(&self, level: LevelId) -> Range<LocalId> {
        let level = &self.levels[level];
        LocalId::at(level.offset)..LocalId::at(level.offset + level.len)
    }

    /// The base cells of all states, in order.
    pub(crate) fn bases(&self) -> impl Iterator<Item = CellId> + use<> {
        let full = &self.levels[self.full];
        let (offset, len, per_state) = (full.offset, full.len, self.per_state);
        let of = move |s| (0..len).map(move |at| CellId::at(s * per_state + offset + at));
        (0..self.states).flat_map(of)
    }

    /// The number of a base cell among [`Lattice::bases`].
    #[inline]
    pub(crate) fn base(&self, cell: CellId) -> BaseId {
        let full = &self.levels[self.full];
        let cell = cell.position();
        if self.states == 1 {
            return BaseId::at(cell - full.offset);
        }
        BaseId::at(cell / self.per_state * full.len + (cell % self.per_state - full.offset))
    }

    /// Whether a cell is a base cell.
    pub(crate) fn is_base(&self, cell: CellId) -> bool {
        let full = &self.levels[self.full];
        (full.offset..full.offset + full.len).contains(&self.local(cell).position())
    }

    /// The state of a cell.
    #[inline]
    pub(crate) fn state(&self, cell: CellId) -> StateId {
        StateId::at(cell.position() / self.per_state)
    }

    /// A cell without its state.
    #[inline]
    pub(crate) fn local(&self, cell: CellId) -> LocalId {
        LocalId::at(cell.position() % self.per_state)
    }

    /// The cell of a level that holds the base cell at `coordinates`.
    #[inline]
    pub(crate) fn cell(&self, level: LevelId, coordinates: &[u32]) -> LocalId {
        let level = &self.levels[level];
        let steps = level.strides.iter().zip(level.grains.iter());
        let mut position = level.offset;
        for ((&leaf, axis), (&stride, &grain)) in
            coordinates.iter().zip(self.axes.iter()).zip(steps)
        {
            if stride > 0 {
                position += stride * axis.grains[grain].class(leaf) as usize;
            }
        }
        LocalId::at(position)
    }

    /// The class of a leaf of an axis in a level.
    #[inline]
    pub(crate) fn class(&self, level: LevelId, axis: AxisId, leaf: u32) -> u32 {
        self.grain(level, axis).class(leaf)
    }

    /// The grain of an axis in a level.
    #[inline]
    fn grain(&self, level: LevelId, axis: AxisId) -> &Grain {
        &self.axes[axis].grains[self.levels[level].grains[axis]]
    }

    /// The level of a cell.
    pub(crate) fn level(&self, cell: LocalId) -> LevelId {
        let levels = self.levels.as_slice();
        let above = levels.partition_point(|level| level.offset <= cell.position());
        LevelId::at(above - 1)
    }

    /// The level of a cell of some state.
    pub(crate) fn level_of(&self, cell: CellId) -> LevelId {
        self.level(self.local(cell))
    }

    /// The axes that a cell's level does not sum over, as bits.
    pub(crate) fn axes_of(&self, cell: CellId) -> usize {
        self.levels[self.level_of(cell)].axes
    }

    /// The dimensions that a cell's level groups by, as bits.
    pub(crate) fn dimensions_of(&self, cell: CellId) -> u32 {
        self.levels[self.level_of(cell)].dimensions
    }

    /// The level of the margins over some dimensions, as bits, and no finer.
    pub(crate) fn margins_of(&self, held: u32) -> LevelId {
        let mut index = 0;
        let mut weight = 1;
        for axis in self.axes.iter() {
            index += weight * axis.grain_of(held).position();
            weight *= axis.grains.len();
        }
        LevelId::at(index)
    }
}

/// Whether a lattice of these axes is small enough.
fn fits(axes: &[Axis], states: usize) -> Result<(), DisclosureError> {
    if let Some(axis) = axes.iter().find(|a| a.grains.len() > GRAIN_LIMIT) {
        return Err(DisclosureError::TooManyUnions {
            grains: axis.grains.len(),
            limit: GRAIN_LIMIT,
        });
    }
    let classes = |a: &Axis| a.grains.iter().map(|g| g.len() as u128).sum::<u128>();
    let cells = axes
        .iter()
        .fold(states as u128, |n, a| n.saturating_mul(classes(a)));
    if cells > CELL_LIMIT {
        return Err(DisclosureError::TooLarge {
            cells,
            limit: CELL_LIMIT,
        });
    }
    Ok(())
}

/// The grain per axis of the level with this number.
fn digits(axes: &IdVec<AxisId, Axis>, number: usize) -> IdVec<AxisId, GrainId> {
    let mut rest = number;
    let digit = |axis: &Axis| {
        let grain = GrainId::at(rest % axis.grains.len());
        rest /= axis.grains.len();
        grain
    };
    axes.iter().map(digit).collect()
}

/// A level by its grains, with its first cell.
fn level(axes: &IdVec<AxisId, Axis>, grains: IdVec<AxisId, GrainId>, offset: usize) -> Level {
    let mut strides = IdVec::filled(0, axes.len());
    let (mut len, mut dimensions, mut bits) = (1, 0, 0);
    for (number, &grain) in grains.pairs().rev() {
        let of = &axes[number].grains[grain];
        if grain != GrainId::ALL {
            strides[number] = len;
            len *= of.len();
            dimensions |= of.dimensions;
            bits |= 1 << number.position();
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
    use crate::table::TableDimension;

    fn lattice(sizes: &[usize], unions: &[Vec<u32>]) -> Lattice {
        let dimensions: Vec<TableDimension> = sizes
            .iter()
            .enumerate()
            .map(|(d, &size)| TableDimension {
                unions: if d == 0 { unions.to_vec() } else { vec![] },
                ..TableDimension::new("d", size)
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
        assert_eq!(lattice.size(), 4 * 3 * 5);
        for base in lattice.bases() {
            let at = lattice.coordinates(base);
            assert_eq!(lattice.cell(lattice.full, &at), lattice.local(base));
        }
        assert!(!lattice.published(lattice.cells().next_back().unwrap()));
    }

    #[test]
    fn unions_that_overlap_are_of_different_grains() {
        let lattice = lattice(&[4, 2], &[vec![0, 1], vec![2, 3], vec![1, 2]]);
        let grains: Vec<usize> = lattice.axes.iter().map(|a| a.grains.len()).collect();
        assert_eq!(grains, [4, 2]);
        // all, four values, two unions that cover it, one union and an unpublished rest
        assert_eq!(lattice.size(), (1 + 4 + 2 + 2) * 3);
        assert_eq!(lattice.published_cells().count(), (1 + 4 + 3) * 3);
        for cell in lattice.published_cells() {
            let name = lattice.name(lattice.local(cell)).unwrap();
            assert_eq!(lattice.named()[&name], lattice.local(cell));
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
        let dimensions = [
            TableDimension::new("a", 10_000),
            TableDimension::new("b", 10_000),
        ];
        let axes = dimensions.iter().enumerate().map(|(d, of)| Axis::of(d, of));
        assert!(matches!(
            Lattice::new(axes.collect(), 2, 1),
            Err(DisclosureError::TooLarge { .. })
        ));
    }
}
