//! What a move is, and what it must do.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::tie::Tie;
use crate::ids::{CellId, LevelId};

/// A linear function of the table: one cell, or one cell less another that it contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Functional {
    /// The cell that is added.
    pub(crate) plus: CellId,
    /// The cell that is subtracted.
    pub(crate) minus: Option<CellId>,
}

impl Functional {
    /// A functional that is one cell.
    pub(crate) fn cell(plus: CellId) -> Functional {
        Functional { plus, minus: None }
    }

    /// The cell whose level shows all that the functional is about.
    pub(crate) fn anchor(self) -> CellId {
        self.minus.unwrap_or(self.plus)
    }
}

/// What a move must do.
#[derive(Debug, Clone)]
pub(crate) struct MoveGoal {
    /// What it must change.
    pub(crate) target: Functional,
    /// +1 to rise, -1 to fall.
    pub(crate) direction: i64,
    /// In quanta of the layer.
    pub(crate) amount: i64,
    /// Any null vector will do: bounds are not looked at, the amount is 1.
    pub(crate) linear: bool,
    /// The level of the margins that the attacker knows anyway.
    pub(crate) known: Option<LevelId>,
    /// How the target follows from what a contributor knows: the move must not agree.
    pub(crate) tie: Option<Rc<Tie>>,
}

impl MoveGoal {
    /// A target that must move so far, in quanta, for an outsider.
    pub(crate) fn far(target: Functional, direction: i64, amount: i64) -> MoveGoal {
        MoveGoal {
            target,
            direction,
            amount,
            linear: false,
            known: None,
            tie: None,
        }
    }

    /// A target that must not follow by adding and subtracting.
    pub(crate) fn linear(target: Functional) -> MoveGoal {
        MoveGoal {
            linear: true,
            ..MoveGoal::far(target, 1, 1)
        }
    }

    /// Whether a change of a cell in the direction `sign` counts against how far the cell can fall.
    pub(crate) fn lowers(&self, sign: i64) -> bool {
        !self.linear && sign * self.direction < 0
    }
}

/// A null vector of the published cells.
#[derive(Debug, Clone, Default)]
pub(crate) struct Move {
    /// Non-zero changes per base cell.
    pub(crate) bases: BTreeMap<CellId, i64>,
    /// Non-zero changes per cell of the lattice, unpublished levels included.
    pub(crate) cells: BTreeMap<CellId, i64>,
    /// Empty cells that must be hidden for it although they do not change.
    pub(crate) empties: BTreeSet<CellId>,
}

impl Move {
    /// By how much a cell changes.
    pub(crate) fn change(&self, cell: CellId) -> i64 {
        self.cells.get(&cell).copied().unwrap_or(0)
    }

    /// By how much a functional changes.
    pub(crate) fn change_of(&self, of: Functional) -> i64 {
        self.change(of.plus) - of.minus.map_or(0, |cell| self.change(cell))
    }

    /// The cells that must be hidden for it, if they are published at all.
    pub(crate) fn hides(&self) -> impl Iterator<Item = CellId> {
        self.cells.keys().chain(&self.empties).copied()
    }
}
