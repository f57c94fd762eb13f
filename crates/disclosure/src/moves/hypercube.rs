//! The geometry of boxes: their corners, and where they show.
//!
//! A box is given by the leaves of one corner, those of the far corner, and the axes it flips, as bits.

use crate::lattice::{DIMENSION_LIMIT, Lattice};

/// The cells of `level`, in one state, that a box touches, with their signs; `level` tells it.
#[expect(
    clippy::indexing_slicing,
    reason = "`mask` selects axes of the lattice"
)]
pub(crate) fn corners(
    lattice: &Lattice,
    level: usize,
    (coordinates, other, mask): (&[u32], &[u32], usize),
) -> impl Iterator<Item = (usize, i64)> + use<> {
    let start = lattice.cell(level, coordinates) as i64;
    let mut steps = [0_i64; DIMENSION_LIMIT];
    let mut n = 0;
    for axis in 0..coordinates.len() {
        if mask >> axis & 1 == 1 {
            let stride = lattice.levels[level].strides[axis] as i64;
            let class = |leaf| i64::from(lattice.class(level, axis, leaf));
            steps[n] = (class(other[axis]) - class(coordinates[axis])) * stride;
            n += 1;
        }
    }
    (0..1_usize << n).map(move |subset| {
        let shift: i64 = (0..n)
            .filter(|i| subset >> i & 1 == 1)
            .map(|i| steps[i])
            .sum();
        let sign = if subset.count_ones() % 2 == 0 { 1 } else { -1 };
        ((start + shift) as usize, sign)
    })
}

#[expect(
    clippy::indexing_slicing,
    reason = "`mask` selects axes of the lattice"
)]
/// Whether a box shows in one level.
pub(crate) fn shows(
    lattice: &Lattice,
    (coordinates, other, mask): (&[u32], &[u32], usize),
    level: usize,
) -> bool {
    let mut axes = (0..coordinates.len()).filter(|a| mask >> a & 1 == 1);
    let class = |axis, leaf| lattice.class(level, axis, leaf);
    axes.all(|a| class(a, coordinates[a]) != class(a, other[a]))
}

#[expect(
    clippy::indexing_slicing,
    reason = "`mask` selects axes of the lattice"
)]
/// Levels in which a box shows: those that tell the two leaves of every flipped axis apart.
pub(crate) fn telling(
    lattice: &Lattice,
    (coordinates, other, mask): (&[u32], &[u32], usize),
) -> impl Iterator<Item = usize> {
    let mut apart = Vec::new();
    for axis in (0..coordinates.len()).filter(|a| mask >> a & 1 == 1) {
        apart.push((axis, lattice.apart(axis, coordinates[axis], other[axis])));
    }
    let levels = lattice.levels.iter().enumerate();
    levels
        .filter(move |(_, level)| apart.iter().all(|&(a, of)| of >> level.grains[a] & 1 == 1))
        .map(|(number, _)| number)
}
