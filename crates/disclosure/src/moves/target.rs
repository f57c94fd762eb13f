//! The target of a walk, axis by axis.

use super::Functional;
use crate::lattice::Lattice;

/// The target of a walk, per axis: which leaves are in its cells.
pub(crate) struct Target {
    pub(crate) plus: Vec<Vec<bool>>,
    pub(crate) minus: Option<Vec<Vec<bool>>>,
    pub(crate) state: usize,
    /// The axes that matter to it.
    pub(crate) axes: Vec<usize>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "axes and leaves come from the lattice"
)]
impl Target {
    pub(crate) fn new(lattice: &Lattice, target: Functional) -> Target {
        let members = |cell: usize| -> Vec<Vec<bool>> {
            let leaves = lattice.leaves(cell).into_iter();
            let axes = leaves.zip(&lattice.axes);
            axes.map(|(of, axis)| {
                let mut inside = vec![false; axis.leaves];
                for leaf in of {
                    inside[leaf as usize] = true;
                }
                inside
            })
            .collect()
        };
        let axes = lattice.axes_of(target.anchor());
        Target {
            plus: members(target.plus),
            minus: target.minus.map(members),
            state: lattice.state(target.plus),
            axes: (0..lattice.axes.len())
                .filter(|a| axes >> a & 1 == 1)
                .collect(),
        }
    }

    /// Whether a base cell is part of the target.
    pub(crate) fn holds(&self, at: &[u32]) -> bool {
        let within = |of: &Vec<Vec<bool>>| of.iter().zip(at).all(|(of, &leaf)| has(of, leaf));
        within(&self.plus) && !self.minus.as_ref().is_some_and(within)
    }

    /// Whether a box that starts in the target moves it by just what its first corner moves.
    pub(crate) fn moved_by(&self, at: &[u32], other: &[u32], mask: usize) -> bool {
        let change = |of: &Vec<Vec<bool>>| -> i32 {
            let axes = of.iter().enumerate().zip(at.iter().zip(other));
            axes.map(|((axis, of), (&a, &b))| {
                i32::from(has(of, a)) - i32::from(mask >> axis & 1 == 1 && has(of, b))
            })
            .product()
        };
        change(&self.plus) - self.minus.as_ref().map_or(0, change) == 1
    }
}

fn has(of: &[bool], leaf: u32) -> bool {
    of.get(leaf as usize).copied().unwrap_or(false)
}
