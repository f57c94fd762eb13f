//! What a move must change, axis by axis.

use super::Functional;
use crate::{
    ids::{AxisId, Id, StateId},
    lattice::Lattice,
};

/// A functional, per axis: which leaves are in its cells.
pub(crate) struct AxisTarget {
    /// The leaves of the cell that is added.
    pub(crate) plus: Vec<Vec<bool>>,
    minus: Option<Vec<Vec<bool>>>,
    /// The state that its cells are in.
    pub(crate) state: StateId,
    /// The axes that matter to it.
    pub(crate) axes: Vec<AxisId>,
}

impl AxisTarget {
    /// The leaves of a functional's cells.
    pub(crate) fn new(lattice: &Lattice, functional: Functional) -> AxisTarget {
        let members = |cell| -> Vec<Vec<bool>> {
            let axes = lattice.leaves(cell).into_iter().zip(lattice.axes.iter());
            axes.map(|(of, axis)| {
                (0..axis.leaves as u32)
                    .map(|leaf| of.binary_search(&leaf).is_ok())
                    .collect()
            })
            .collect()
        };
        let axes = lattice.axes_of(functional.anchor());
        let matters = |axis: &AxisId| axes >> axis.position() & 1 == 1;
        AxisTarget {
            plus: members(functional.plus),
            minus: functional.minus.map(members),
            state: lattice.state(functional.plus),
            axes: lattice.axes.ids().filter(matters).collect(),
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

/// Whether a leaf is one of these.
fn has(of: &[bool], leaf: u32) -> bool {
    of.get(leaf as usize).copied().unwrap_or(false)
}
