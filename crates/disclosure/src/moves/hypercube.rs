//! The geometry of boxes: their corners, and where they show.
//!
//! A box is a hypercube of 2^|S| cells, and the *hypercube method* of cell suppression hides one for each sensitive
//! cell: Repsilber, *Preservation of confidentiality in aggregated data* (Second International Seminar on Statistical
//! Confidentiality, Luxembourg, 1994); Giessing & Repsilber, *Tools and strategies to protect multiple tables with the
//! GHQUAR cell suppression engine* (LNCS 2316, 2002), in tau-ARGUS as GHMITER. There a hypercube is a pattern; here it
//! is a move, signed and with an amount, that is added to others and kept as proof.

use crate::{
    ids::{AxisId, Id, IdVec, LevelId, LocalId},
    lattice::{DIMENSION_LIMIT, Lattice},
};

/// A box, by its first corner, its far corner, and the axes on which these differ.
#[derive(Clone, Copy)]
pub(crate) struct Hypercube<'a> {
    /// The leaves of the first corner.
    pub(crate) start: &'a [u32],
    /// The leaves of the far corner.
    pub(crate) other: &'a [u32],
    /// The axes that are flipped, as bits.
    pub(crate) mask: usize,
}

impl Hypercube<'_> {
    /// The flipped axes, each with the leaf of the first corner and that of the far one.
    #[inline]
    fn flipped(&self) -> impl Iterator<Item = (AxisId, u32, u32)> {
        let leaves = self.start.iter().zip(self.other).enumerate();
        let flipped = leaves.filter(|(axis, _)| self.mask >> axis & 1 == 1);
        flipped.map(|(axis, (&a, &b))| (AxisId::at(axis), a, b))
    }

    /// The cells of `level` that a box touches, with their signs; the box shows in `level`.
    #[inline]
    pub(crate) fn corners(
        &self,
        lattice: &Lattice,
        level: LevelId,
    ) -> impl Iterator<Item = (LocalId, i64)> + use<> {
        let start = lattice.cell(level, self.start).position() as i64;
        let strides: &IdVec<AxisId, usize> = &lattice.levels[level].strides;
        let mut steps = [0_i64; DIMENSION_LIMIT];
        let mut n = 0;
        for (step, (axis, a, b)) in steps.iter_mut().zip(self.flipped()) {
            let class = |leaf| i64::from(lattice.class(level, axis, leaf));
            *step = (class(b) - class(a)) * strides[axis] as i64;
            n += 1;
        }
        (0..1_usize << n).map(move |subset| {
            let taken = steps.iter().enumerate().take(n);
            let taken = taken.filter(|(i, _)| subset >> i & 1 == 1);
            let shift: i64 = taken.map(|(_, step)| step).sum();
            let sign = if subset.count_ones() % 2 == 0 { 1 } else { -1 };
            (LocalId::at((start + shift) as usize), sign)
        })
    }

    /// Whether a box shows in one level: the two leaves of every flipped axis are apart there.
    pub(crate) fn shows(&self, lattice: &Lattice, level: LevelId) -> bool {
        let class = |axis, leaf| lattice.class(level, axis, leaf);
        self.flipped()
            .all(|(axis, a, b)| class(axis, a) != class(axis, b))
    }

    /// The levels in which a box shows.
    pub(crate) fn levels(&self, lattice: &Lattice) -> impl Iterator<Item = LevelId> {
        let apart = self
            .flipped()
            .map(|(axis, a, b)| (axis, lattice.apart(axis, a, b)));
        let apart: Vec<(AxisId, u128)> = apart.collect();
        let shown = lattice.levels.pairs().filter(move |(_, level)| {
            let seen = |&(axis, of): &(AxisId, u128)| of >> level.grains[axis].position() & 1 == 1;
            apart.iter().all(seen)
        });
        shown.map(|(number, _)| number)
    }
}
