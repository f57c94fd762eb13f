//! Adding up from each level to the coarser ones.

use super::Lattice;
use crate::ids::{AxisId, GrainId, Id, LevelId, LocalId};

/// Gives every cell of a level with the cell that it adds to in each level made from that one: first come the levels
/// with most axes apart, and each level is made from the smallest that is finer by one axis.
pub(super) fn up(lattice: &Lattice, mut pass: impl FnMut(LocalId, LocalId)) {
    let folded = |of: &LevelId| {
        let grains = lattice.levels[*of].grains.iter();
        grains.filter(|&&grain| grain != GrainId::EACH).count()
    };
    let mut order: Vec<LevelId> = lattice.levels.ids().collect();
    order.sort_by_key(folded);
    for number in order {
        if let Some((axis, finer)) = finer(lattice, number) {
            fold(lattice, axis, (finer, number), &mut pass);
        }
    }
}

/// The smallest level that is finer than this one by one axis, with that axis.
fn finer(lattice: &Lattice, number: LevelId) -> Option<(AxisId, LevelId)> {
    let mut weight = 1;
    let mut finer: Option<(AxisId, LevelId)> = None;
    for (axis, &grain) in lattice.levels[number].grains.pairs() {
        let of = number.position() + weight - weight * grain.position();
        weight *= lattice.axes[axis].grains.len();
        if grain == GrainId::EACH {
            continue;
        }
        let of = LevelId::at(of);
        let len = lattice.levels[of].len;
        if finer.is_none_or(|(_, best)| len < lattice.levels[best].len) {
            finer = Some((axis, of));
        }
    }
    finer
}

/// Gives every cell of the finer of two levels with the cell of the coarser that it adds to.
fn fold(
    lattice: &Lattice,
    axis: AxisId,
    (fine, coarse): (LevelId, LevelId),
    mut pass: impl FnMut(LocalId, LocalId),
) {
    let (fine, coarse) = (&lattice.levels[fine], &lattice.levels[coarse]);
    let grain = &lattice.axes[axis].grains[coarse.grains[axis]];
    let (leaves, classes) = (lattice.axes[axis].leaves, grain.len());
    let inner = fine.strides[axis];
    for outer in 0..fine.len / (leaves * inner).max(1) {
        for (leaf, &class) in grain.classes().iter().enumerate() {
            let from = fine.offset + (outer * leaves + leaf) * inner;
            let to = coarse.offset + (outer * classes + class as usize) * inner;
            (0..inner).for_each(|at| pass(LocalId::at(from + at), LocalId::at(to + at)));
        }
    }
}
