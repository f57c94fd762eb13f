//! The lattice of tables: every subset of the dimensions is a *level*, every level a dense table.
//!
//! A level is named by its bit mask over the dimensions; mask 0 is the grand total, the full mask
//! the base cells. A cell's number is its level's offset plus its position in that level.

use crate::DisclosureError;

/// Combinations, margins included, that are kept in memory at most.
pub(crate) const CELL_LIMIT: u128 = 8_000_000;
/// Dimensions that can be crossed at most.
pub(crate) const DIMENSION_LIMIT: usize = 16;

/// One table of the lattice.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    pub(crate) offset: usize,
    pub(crate) len: usize,
    /// Per dimension of the whole table; 0 for a dimension that is summed out.
    pub(crate) strides: Vec<usize>,
    pub(crate) dimensions: u32,
    pub(crate) published: bool,
}

/// All tables over some dimensions.
#[derive(Debug, Clone)]
pub(crate) struct Lattice {
    pub(crate) sizes: Vec<usize>,
    /// Indexed by mask.
    pub(crate) levels: Vec<Level>,
    pub(crate) cells: usize,
}

#[expect(
    clippy::indexing_slicing,
    reason = "masks and coordinates come from the lattice that sized these vectors"
)]
impl Lattice {
    pub(crate) fn new(sizes: &[usize], max_dimensions: usize) -> Result<Lattice, DisclosureError> {
        if sizes.len() > DIMENSION_LIMIT {
            return Err(DisclosureError::TooManyDimensions {
                dimensions: sizes.len(),
                limit: DIMENSION_LIMIT,
            });
        }
        let cells = sizes
            .iter()
            .fold(1_u128, |n, &size| n.saturating_mul(size as u128 + 1));
        if cells > CELL_LIMIT {
            return Err(DisclosureError::TooLarge {
                cells,
                limit: CELL_LIMIT,
            });
        }
        let mut levels = Vec::with_capacity(1 << sizes.len());
        let mut offset = 0;
        for mask in 0..1_usize << sizes.len() {
            let mut strides = vec![0; sizes.len()];
            let mut len = 1;
            for (d, &size) in sizes.iter().enumerate().rev() {
                if mask >> d & 1 == 1 {
                    strides[d] = len;
                    len *= size;
                }
            }
            let dimensions = mask.count_ones();
            levels.push(Level {
                offset,
                len,
                strides,
                dimensions,
                published: dimensions as usize <= max_dimensions,
            });
            offset += len;
        }
        Ok(Lattice {
            sizes: sizes.to_vec(),
            levels,
            cells: offset,
        })
    }

    pub(crate) fn full(&self) -> usize {
        self.levels.len() - 1
    }

    /// The cell of level `mask` that holds the base cell at `coordinates`.
    pub(crate) fn cell(&self, mask: usize, coordinates: &[u32]) -> usize {
        let level = &self.levels[mask];
        let position: usize = level
            .strides
            .iter()
            .zip(coordinates)
            .map(|(&stride, &c)| stride * c as usize)
            .sum();
        level.offset + position
    }

    /// The level of a cell.
    pub(crate) fn mask(&self, cell: usize) -> usize {
        self.levels.partition_point(|level| level.offset <= cell) - 1
    }

    /// The coordinates of a cell; 0 for a dimension that is summed out.
    pub(crate) fn coordinates(&self, cell: usize) -> Vec<u32> {
        let mask = self.mask(cell);
        let level = &self.levels[mask];
        let mut rest = cell - level.offset;
        let mut coordinates = vec![0; self.sizes.len()];
        let crossed = coordinates.iter_mut().zip(&level.strides);
        for (value, &stride) in crossed.filter(|(_, stride)| **stride > 0) {
            *value = (rest / stride) as u32;
            rest %= stride;
        }
        coordinates
    }

    pub(crate) fn published(&self, cell: usize) -> bool {
        self.levels[self.mask(cell)].published
    }

    /// Whether base or margin cell `inner` lies within `outer`.
    pub(crate) fn within(&self, inner: usize, outer: usize) -> bool {
        let (small, large) = (self.mask(inner), self.mask(outer));
        small & large == large && self.cell(large, &self.coordinates(inner)) == outer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_and_coordinates_are_inverse() {
        let lattice = Lattice::new(&[3, 2, 4], 2).unwrap();
        assert_eq!(lattice.cells, 4 * 3 * 5);
        for cell in 0..lattice.cells {
            let mask = lattice.mask(cell);
            assert_eq!(lattice.cell(mask, &lattice.coordinates(cell)), cell);
        }
        assert!(!lattice.published(lattice.cells - 1));
    }

    #[test]
    fn too_large_is_refused() {
        assert!(matches!(
            Lattice::new(&[10_000, 10_000], 2),
            Err(DisclosureError::TooLarge { .. })
        ));
    }
}
