//! The release states of a table, the present and the past, and the rules that apply in each.

use std::cmp::Ordering;

use super::{BaseCell, Contributions, Rules, Straddler, StraddlerPart, Table};
use crate::ids::{IdVec, StateId};

/// The base cells and straddlers of a table in one release state.
pub(crate) type ReleaseState<'a> = (&'a [BaseCell], &'a [Straddler]);

/// All states, the present one first; and per earlier release its state.
///
/// Releases of the same units in the same cells are of one state: what any of them hides stays hidden.
pub(crate) fn timeline(table: &Table) -> (IdVec<StateId, ReleaseState<'_>>, Vec<StateId>) {
    let mut all = IdVec::new();
    let now = all.push((table.cells.as_slice(), table.straddlers.as_slice()));
    let mut of_release = Vec::new();
    for earlier in &table.earlier {
        let Some((cells, straddlers)) = &earlier.then else {
            of_release.push(now);
            continue;
        };
        let then: ReleaseState<'_> = (cells, straddlers);
        let known = all.pairs().find(|(_, state)| alike(**state, then));
        let known = known.map(|(number, _)| number);
        of_release.push(known.unwrap_or_else(|| all.push(then)));
    }
    (all, of_release)
}

/// Whether two states are the same but for the order in which they are written.
fn alike(a: ReleaseState, b: ReleaseState) -> bool {
    fn sorted<T>(of: &[T], by: impl Fn(&T, &T) -> Ordering) -> Vec<&T> {
        let mut all: Vec<&T> = of.iter().collect();
        all.sort_by(|a, b| by(a, b));
        all
    }
    let cells = |of| sorted(of, |a: &BaseCell, b| a.coordinates.cmp(&b.coordinates));
    a.0.len() == b.0.len()
        && a.1.len() == b.1.len()
        && cells(a.0) == cells(b.0)
        && sorted(a.1, by_parts) == sorted(b.1, by_parts)
}

/// An order of straddlers in which no two that differ are equal.
fn by_parts(a: &Straddler, b: &Straddler) -> Ordering {
    let part = |a: &StraddlerPart, b: &StraddlerPart| {
        let sums = a.sums.iter().zip(&b.sums).map(|(a, b)| a.total_cmp(b));
        let at = a.coordinates.cmp(&b.coordinates).then(a.rows.cmp(&b.rows));
        sums.fold(at, Ordering::then)
    };
    let pairs = a.parts.iter().zip(&b.parts).map(|(a, b)| part(a, b));
    let parts = pairs.fold(a.parts.len().cmp(&b.parts.len()), Ordering::then);
    parts.then(a.identity.cmp(&b.identity))
}

/// Whether it is known of everyone in every state who they are.
pub(crate) fn identified(table: &Table) -> bool {
    release_states(table).iter().all(|(bases, straddlers)| {
        bases.iter().all(|b| b.identity.is_some())
            && straddlers.iter().all(|s| s.identity.is_some())
    })
}

/// All states, the present one first.
pub(crate) fn release_states(table: &Table) -> IdVec<StateId, ReleaseState<'_>> {
    timeline(table).0
}

/// The rules that apply in each state.
#[derive(Debug, Clone)]
pub(crate) struct Ruling {
    all: IdVec<StateId, Vec<Rules>>,
    /// Whether what is published now shows which cells are empty, as far as anybody may expect.
    pub(crate) shows_zeros: bool,
}

impl Ruling {
    /// The rules of a table to be published by `rules`, and those of its earlier releases.
    pub(crate) fn new(table: &Table, rules: &Rules) -> Ruling {
        let (states, of_release) = timeline(table);
        let mut all = IdVec::filled(Vec::new(), states.len());
        for (state, earlier) in of_release.into_iter().zip(&table.earlier) {
            all[state].extend(&earlier.rules);
        }
        all[StateId::NOW].push(*rules);
        // that the data are what they were at some time in between is not known to everyone
        let present = table.earlier.iter().filter(|e| e.then.is_none());
        let mut now = present.flat_map(|e| &e.rules).chain([rules]);
        Ruling {
            all,
            shows_zeros: !now.any(|r| r.protect_zeros),
        }
    }

    /// The same with more rules for the present state.
    pub(crate) fn stricter(mut self, more: &[Rules]) -> Ruling {
        self.all[StateId::NOW].extend(more);
        self.shows_zeros &= !more.iter().any(|r| r.protect_zeros);
        self
    }

    /// How many units a figure of a state is about at least.
    pub(crate) fn minimum(&self, state: StateId) -> u64 {
        let all = self.all[state].iter().map(|r| r.minimum_units);
        all.max().unwrap_or(1)
    }

    /// Whether empty cells of a state are hidden too.
    pub(crate) fn protects_zeros(&self, state: StateId) -> bool {
        self.all[state].iter().any(|r| r.protect_zeros)
    }

    /// How far a sum of a state must be able to move both ways; `None` when it is safe as it is.
    pub(crate) fn required_move(&self, state: StateId, cell: &Contributions) -> Option<f64> {
        let all = self.all[state].iter();
        all.filter_map(|r| r.required_move(cell)).reduce(f64::max)
    }

    /// How many of the largest contributions per cell the rules look at.
    pub(crate) fn keep(&self) -> usize {
        let all = self.all.iter().flatten().map(Rules::keep);
        all.max().unwrap_or(2)
    }
}
