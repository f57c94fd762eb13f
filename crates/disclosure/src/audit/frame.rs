//! What an attacker does not know: how many of each kind there are, in every state of the table.
//!
//! A kind is a base cell, or a set of base cells that a unit has rows in at once. A published cell is the sum of
//! the kinds that have a row in it.

#[cfg(feature = "audit")]
use std::collections::BTreeSet;

use crate::TableDimension;
#[cfg(feature = "audit")]
use crate::{BaseCell, Straddler, Table};

/// Coordinates of a cell: per dimension a value or a union, or `None` where the table is summed over it.
#[cfg(feature = "audit")]
pub(super) type Coordinates = Vec<Option<u32>>;

/// One state of a table.
#[cfg(feature = "audit")]
pub(super) type StateUnits<'a> = (&'a [BaseCell], &'a [Straddler]);

/// The kinds of a table, per state.
#[derive(Clone)]
pub(super) struct KindFrame {
    /// Per dimension and coordinate the values that it stands for.
    members: Vec<Vec<Vec<u32>>>,
    /// The state of each kind, and the base cells that it is in.
    pub(super) kinds: Vec<(usize, Vec<Vec<u32>>)>,
}

impl KindFrame {
    /// Every base cell, in one state.
    pub(super) fn plain(dimensions: &[TableDimension]) -> KindFrame {
        KindFrame::of(
            dimensions,
            vec![every(dimensions).into_iter().map(|at| vec![at]).collect()],
        )
    }

    /// These kinds, state by state.
    fn of(dimensions: &[TableDimension], states: Vec<Vec<Vec<Vec<u32>>>>) -> KindFrame {
        let members = |of: &TableDimension| {
            let values = (0..of.size as u32).map(|v| vec![v]);
            values.chain(of.unions.iter().cloned()).collect()
        };
        let kinds = states.into_iter().enumerate();
        let kinds = kinds.flat_map(|(s, kinds)| kinds.into_iter().map(move |k| (s, k)));
        KindFrame {
            members: dimensions.iter().map(members).collect(),
            kinds: kinds.collect(),
        }
    }

    /// Every base cell in every state: what rows and sums add up over.
    #[cfg(feature = "audit")]
    pub(super) fn rows(table: &Table) -> KindFrame {
        let bases: Vec<Vec<Vec<u32>>> = every(&table.dimensions)
            .into_iter()
            .map(|at| vec![at])
            .collect();
        KindFrame::of(&table.dimensions, vec![bases; states(table).len()])
    }

    /// What numbers of units add up over: sets of values of the dimensions that units straddle.
    #[cfg(feature = "audit")]
    pub(super) fn units(table: &Table) -> KindFrame {
        let straddled = straddled(table);
        let pick = |at: &[u32]| -> Vec<u32> {
            let values = straddled.iter().filter_map(|&d| at.get(d).copied());
            values.collect()
        };
        let straddlers = states(table).into_iter().flat_map(|(_, of)| of);
        let sets = straddlers.map(|s| s.parts.iter().map(|p| pick(&p.coordinates)).collect());
        let sets: BTreeSet<BTreeSet<Vec<u32>>> = sets.collect();
        let mut kinds: BTreeSet<Vec<Vec<u32>>> = BTreeSet::new();
        for at in every(&table.dimensions) {
            for set in sets.iter().filter(|set| set.first() == Some(&pick(&at))) {
                let part = |tuple: &Vec<u32>| replaced(&at, &straddled, tuple);
                kinds.insert(set.iter().map(part).collect());
            }
            kinds.insert(vec![at]);
        }
        let kinds: Vec<Vec<Vec<u32>>> = kinds.into_iter().collect();
        KindFrame::of(&table.dimensions, vec![kinds; states(table).len()])
    }

    /// Whether a base cell lies in a cell.
    pub(super) fn covers(&self, at: &[Option<u32>], base: &[u32]) -> bool {
        at.iter()
            .zip(base)
            .zip(&self.members)
            .all(|((at, value), of)| {
                at.is_none_or(|at| of.get(at as usize).is_some_and(|m| m.contains(value)))
            })
    }

    /// Whether a kind has a row in a cell.
    pub(super) fn has(&self, at: &[Option<u32>], parts: &[Vec<u32>]) -> bool {
        parts.iter().any(|part| self.covers(at, part))
    }

    /// The kinds that a cell of a state is the sum of.
    pub(super) fn row(&self, state: usize, at: &[Option<u32>]) -> Vec<usize> {
        let kinds = self.kinds.iter().enumerate();
        kinds
            .filter(|(_, (s, parts))| *s == state && self.has(at, parts))
            .map(|(number, _)| number)
            .collect()
    }

    /// Every cell, of however many dimensions.
    #[cfg(feature = "audit")]
    pub(super) fn cells(&self) -> Vec<Coordinates> {
        self.members
            .iter()
            .fold(vec![Vec::new()], |all: Vec<Coordinates>, of| {
                let longer = |at: Coordinates| {
                    let values = std::iter::once(None).chain((0..of.len() as u32).map(Some));
                    values.map(move |v| [at.as_slice(), &[v]].concat())
                };
                all.into_iter().flat_map(longer).collect()
            })
    }
}

/// Coordinates with other values of some dimensions.
#[cfg(feature = "audit")]
fn replaced(at: &[u32], dimensions: &[usize], values: &[u32]) -> Vec<u32> {
    let mut at = at.to_vec();
    for (&d, &v) in dimensions.iter().zip(values) {
        at.iter_mut().skip(d).take(1).for_each(|x| *x = v);
    }
    at
}

/// Every combination of values.
fn every(dimensions: &[TableDimension]) -> Vec<Vec<u32>> {
    dimensions
        .iter()
        .fold(vec![Vec::new()], |all: Vec<Vec<u32>>, of| {
            let longer =
                |at: Vec<u32>| (0..of.size as u32).map(move |v| [at.as_slice(), &[v]].concat());
            all.into_iter().flat_map(longer).collect()
        })
}

/// The table in all its states, the present one first.
#[cfg(feature = "audit")]
pub(super) fn states(table: &Table) -> Vec<StateUnits<'_>> {
    let mut all: Vec<StateUnits<'_>> = vec![(&table.cells, &table.straddlers)];
    for (cells, straddlers) in table.earlier.iter().filter_map(|e| e.then.as_ref()) {
        all.push((cells, straddlers));
    }
    all
}

/// Dimensions of which some unit has several values.
#[cfg(feature = "audit")]
fn straddled(table: &Table) -> Vec<usize> {
    let differs = |d: &usize| {
        let mut all = states(table).into_iter().flat_map(|(_, s)| s);
        all.any(|s| {
            let values: BTreeSet<_> = s.parts.iter().map(|p| p.coordinates.get(*d)).collect();
            values.len() > 1
        })
    };
    (0..table.dimensions.len()).filter(differs).collect()
}
