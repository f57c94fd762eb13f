//! One protection pattern: which cells are hidden, and the moves that prove it is enough.
//!
//! A pattern starts with the cells that must be hidden and a list of needs. Each need is met by a
//! move that is in use; the hidden cells are those that must be, and those that some move in use
//! changes. So every hidden cell has a move that changes it: none is a linear combination of the
//! published ones. Cells that no move needs are published.
//!
//! The needs are the attacker's problems of Fischetti & Salazar, *Solving the cell suppression problem on tabular data
//! with linear constraints* (2001); they find the cheapest pattern, this one is cheap and carries its proof.

use std::collections::BTreeSet;

use super::Certificate;
use crate::{
    DisclosureError, Knowledge,
    ids::{CellId, IdVec, LayerId, LevelId, NeedId, SecretId, SingletonId},
    lattice::{Coupling, Lattice},
    moves::{Functional, Layer, Remembered},
    primary::Need,
};

/// A unit that is alone in some cells, and so knows the figures of all of these at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Singleton {
    /// The cells, rising; in other states too, where they have not changed.
    pub(crate) cells: Vec<CellId>,
    /// The base cells that the unit is in.
    pub(crate) bases: Vec<CellId>,
}

/// What one provider knows of a pattern from its own columns.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    /// The level of the margins that it knows.
    pub(crate) level: LevelId,
    /// The dimensions that it holds, as bits.
    pub(crate) held: u32,
    /// Cells that are unions of its own cells: their figures are no secret to it.
    pub(crate) own: BTreeSet<CellId>,
}

/// What everyone knows of a pattern already.
pub(crate) struct Known {
    /// Figures that were published.
    pub(crate) published: IdVec<CellId, bool>,
    /// Figures that are the same as one of these.
    pub(crate) exposed: IdVec<CellId, bool>,
}

impl Known {
    /// Whether anything was published.
    pub(super) fn any(&self) -> bool {
        self.published.iter().any(|published| *published)
    }
}

/// One pattern, with all that it must protect.
pub(crate) struct Pattern<'a> {
    /// The tables that are published together.
    pub(crate) lattice: &'a Lattice,
    /// Units per cell.
    pub(crate) units: &'a IdVec<CellId, u64>,
    /// Cells that were published before: nothing may change them.
    pub(crate) known: &'a IdVec<CellId, bool>,
    /// Which states a cell was the same in; `None` when there is one.
    pub(crate) coupling: Option<&'a Coupling>,
    /// What hiding a cell costs.
    pub(crate) cost: &'a IdVec<CellId, f64>,
    /// The quantities that it protects.
    pub(crate) layers: IdVec<LayerId, Layer>,
    /// Needs of an outsider.
    pub(crate) needs: IdVec<NeedId, Need>,
    /// Cells that stay hidden whatever happens.
    pub(crate) forced: BTreeSet<CellId>,
    /// Those among them that are known to hold nothing: there is nothing to derive.
    pub(crate) valueless: BTreeSet<CellId>,
    /// What neither a contributor nor a provider may derive.
    pub(crate) secrets: IdVec<SecretId, Functional>,
    /// Who is alone in some cells.
    pub(crate) singletons: IdVec<SingletonId, Singleton>,
    /// Per provider what it knows; `None` when it knows nothing of this pattern.
    pub(crate) providers: Vec<Option<Provider>>,
    /// Whether an empty cell may be hidden where nothing else will do.
    pub(crate) may_hide_empties: bool,
    /// Moves that kept earlier releases safe.
    pub(crate) remembered: &'a [Remembered],
    /// Null vectors from a coarser pattern, whose cells are hidden here too.
    pub(crate) inherited: Vec<Certificate>,
}

/// The error for a need that nothing meets; `linked` when figures were published before.
pub(crate) fn unprotectable(
    need: &Need,
    lattice: &Lattice,
    names: &[String],
    linked: bool,
) -> DisclosureError {
    let mask = lattice.dimensions_of(need.goal.target.anchor());
    let dimensions = names.iter().enumerate();
    DisclosureError::Unprotectable {
        dimensions: dimensions
            .filter(|(d, _)| mask >> d & 1 == 1)
            .map(|(_, name)| name.clone())
            .collect(),
        known: match (need.goal.known, &need.goal.tie) {
            (Some(_), _) => Knowledge::Provider,
            (_, Some(_)) => Knowledge::Contributor,
            _ if linked => Knowledge::Earlier,
            _ => Knowledge::Published,
        },
    }
}
