//! What a move is, what it is asked for, and where it is looked for.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{delta::Delta, layer::Layer, tie::Tie};
use crate::lattice::{Coupling, Lattice};

/// A linear function of the table: one cell, or one cell less another that it contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Functional {
    pub(crate) plus: usize,
    pub(crate) minus: Option<usize>,
}

impl Functional {
    pub(crate) fn cell(plus: usize) -> Functional {
        Functional { plus, minus: None }
    }

    /// The cell whose level tells all that the functional is about.
    pub(crate) fn anchor(self) -> usize {
        self.minus.unwrap_or(self.plus)
    }
}

/// What a walk is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Goal {
    pub(crate) target: Functional,
    /// +1 to rise, -1 to fall.
    pub(crate) direction: i64,
    /// In quanta of the layer.
    pub(crate) amount: i64,
    /// Any null vector will do: bounds are not looked at, the amount is 1.
    pub(crate) linear: bool,
    /// The level of the margins that the attacker knows anyway.
    pub(crate) known: Option<usize>,
    /// How the target follows from what a contributor knows: the move must not agree.
    pub(crate) tie: Option<Rc<Tie>>,
}

/// A null vector of the published cells.
#[derive(Debug, Clone, Default)]
pub(crate) struct Move {
    /// Non-zero changes per base cell.
    pub(crate) bases: BTreeMap<usize, i64>,
    /// Non-zero changes per cell of the lattice, unpublished levels included.
    pub(crate) cells: BTreeMap<usize, i64>,
    /// Empty cells that must be hidden for it although they do not change.
    pub(crate) empties: BTreeSet<usize>,
}

/// Where a walk looks.
pub(crate) struct Instance<'a> {
    pub(crate) lattice: &'a Lattice,
    /// Units per cell: zero cells are known unless they are hidden.
    pub(crate) units: &'a [u64],
    pub(crate) hidden: &'a [bool],
    /// Cells that were published before.
    pub(crate) known: &'a [bool],
    /// Which states a cell was the same in; `None` when there is one.
    pub(crate) coupling: Option<&'a Coupling>,
    /// What hiding a cell costs.
    pub(crate) cost: &'a [f64],
    pub(crate) layer: &'a Layer,
    /// Whether an empty cell may be hidden where nothing else will do.
    pub(crate) may_hide_empties: bool,
    /// How many corners of boxes were looked at: the work done so far.
    pub(crate) weighed: &'a Cell<u64>,
    /// Room for the walk that is under way.
    pub(crate) delta: &'a RefCell<Delta>,
}
