//! Where moves are looked for.

use std::cell::{Cell, RefCell};

use super::{delta::Delta, layer::Layer};
use crate::{
    ids::{CellId, IdVec},
    lattice::{Coupling, Lattice},
};

/// Where moves are looked for: one quantity of a table, with what is hidden of it so far.
pub(crate) struct Instance<'a> {
    /// The tables that are published together.
    pub(crate) lattice: &'a Lattice,
    /// Units per cell: zero cells are known unless they are hidden.
    pub(crate) units: &'a IdVec<CellId, u64>,
    /// Cells that are hidden so far.
    pub(crate) hidden: &'a IdVec<CellId, bool>,
    /// Cells that were published before.
    pub(crate) known: &'a IdVec<CellId, bool>,
    /// Which states a cell was the same in; `None` when there is one.
    pub(crate) coupling: Option<&'a Coupling>,
    /// What hiding a cell costs.
    pub(crate) cost: &'a IdVec<CellId, f64>,
    /// How far everything can move.
    pub(crate) layer: &'a Layer,
    /// Whether an empty cell may be hidden where nothing else will do.
    pub(crate) may_hide_empties: bool,
    /// How many corners of boxes were looked at: the work done so far.
    pub(crate) weighed: &'a Cell<u64>,
    /// Room for the move that is being put together.
    pub(crate) delta: &'a RefCell<Delta>,
}
