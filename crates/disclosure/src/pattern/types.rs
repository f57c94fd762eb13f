//! One protection pattern: which cells are hidden, and the moves that prove it is enough.
//!
//! A pattern starts with the cells that must be hidden and a list of needs. Each need is met by a
//! move of the pool; the hidden cells are those that must be, and those that some move of the pool
//! changes. So every hidden cell has a move that changes it: none is a linear combination of the
//! published ones. Cells that no move needs are published.

use std::collections::BTreeSet;

use super::{Certificate, search::Search};
use crate::{
    DisclosureError, Knowledge,
    lattice::{Coupling, Lattice},
    moves::{Functional, Layer, Remembered},
    primary::Need,
};

/// A unit that is alone in some cells, and so knows the figures of all of these at once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Singleton {
    /// The cells, rising; in other states too, where they have not changed.
    pub(crate) cells: Vec<usize>,
    /// The base cells that the unit is in.
    pub(crate) bases: Vec<usize>,
}

/// What one provider knows of a pattern without asking.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    /// The level of the margins that it knows.
    pub(crate) level: usize,
    /// The dimensions that it holds, as bits.
    pub(crate) held: u32,
    /// Cells that are unions of its own cells: their figures are no secret to it.
    pub(crate) own: BTreeSet<usize>,
}

/// The work on one pattern.
pub(crate) struct Pattern<'a> {
    pub(crate) lattice: &'a Lattice,
    pub(crate) units: &'a [u64],
    /// Cells that were published before: nothing may change them.
    pub(crate) known: &'a [bool],
    /// Which states a cell was the same in; `None` when there is one.
    pub(crate) coupling: Option<&'a Coupling>,
    pub(crate) cost: &'a [f64],
    pub(crate) layers: Vec<Layer>,
    /// Needs of an outsider.
    pub(crate) needs: Vec<Need>,
    /// Cells that stay hidden whatever happens.
    pub(crate) forced: BTreeSet<usize>,
    /// Those among them that are known to hold nothing: there is nothing to derive.
    pub(crate) valueless: BTreeSet<usize>,
    /// What neither a contributor nor a provider may derive.
    pub(crate) secrets: Vec<Functional>,
    pub(crate) singletons: Vec<Singleton>,
    /// Per provider what it knows; `None` when it knows nothing of this pattern.
    pub(crate) providers: Vec<Option<Provider>>,
    /// Whether an empty cell may be hidden where nothing else will do.
    pub(crate) may_hide_empties: bool,
    /// Moves that kept earlier releases safe.
    pub(crate) remembered: &'a [Remembered],
    /// Null vectors from a coarser pattern, whose cells are hidden here too.
    pub(crate) inherited: Vec<Certificate>,
}

/// A pattern that holds.
pub(crate) struct Held {
    pub(crate) hidden: Vec<bool>,
    pub(crate) certificates: Vec<Certificate>,
}

impl Pattern<'_> {
    /// Meets every need, then gives back what turns out superfluous.
    pub(crate) fn hold(mut self) -> Result<Held, Need> {
        // detailed cells first: their moves often serve coarser ones too
        self.needs.sort_by_key(|need| {
            let dimensions = self
                .lattice
                .dimensions_of(need.goal.target.plus)
                .count_ones();
            std::cmp::Reverse((dimensions, need.goal.amount, need.goal.target))
        });
        let mut search = Search::new(&self);
        let everywhere = search.open_needs(None);
        search.meet_all(everywhere)?;
        search.improve();
        // what is given back is looked at cell by cell; who knows several cells at once may have gained
        let rest = search.open_needs(None);
        search.meet_all(rest)?;
        Ok(Held {
            hidden: search.hidden,
            certificates: search.certificates.into_certificates(),
        })
    }
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
