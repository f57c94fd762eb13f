//! The states of a table, the present and the past, and the rules that hold in each.

use std::cmp::Ordering;

use super::{BaseCell, Contributions, Part, Rules, Straddler, Table};

/// One state of a table.
pub(crate) type ReleaseState<'a> = (&'a [BaseCell], &'a [Straddler]);

/// All states, the present one first; and per earlier release its state.
///
/// Releases of the same units in the same cells are of one state: what any of them hides stays hidden.
pub(crate) fn timeline(table: &Table) -> (Vec<ReleaseState<'_>>, Vec<usize>) {
    let mut all: Vec<ReleaseState<'_>> = vec![(&table.cells, &table.straddlers)];
    let mut places = Vec::new();
    for earlier in &table.earlier {
        let Some((cells, straddlers)) = &earlier.then else {
            places.push(0);
            continue;
        };
        let then: ReleaseState<'_> = (cells, straddlers);
        let place = all.iter().position(|&state| alike(state, then));
        places.push(place.unwrap_or(all.len()));
        if place.is_none() {
            all.push(then);
        }
    }
    (all, places)
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

/// An order of straddlers that tells any two apart.
fn by_parts(a: &Straddler, b: &Straddler) -> Ordering {
    let part = |a: &Part, b: &Part| {
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
pub(crate) fn release_states(table: &Table) -> Vec<ReleaseState<'_>> {
    timeline(table).0
}

/// The rules that hold in each state.
#[derive(Debug, Clone)]
pub(crate) struct Ruling {
    all: Vec<Vec<Rules>>,
    /// Whether what is published now shows which cells are empty, as far as anybody may expect.
    pub(crate) shows_zeros: bool,
}

impl Ruling {
    /// The same with more rules for the present state.
    pub(crate) fn stricter(mut self, more: &[Rules]) -> Ruling {
        self.all.iter_mut().take(1).for_each(|now| now.extend(more));
        self.shows_zeros &= !more.iter().any(|r| r.protect_zeros);
        self
    }

    pub(crate) fn new(table: &Table, rules: &Rules) -> Ruling {
        let (states, places) = timeline(table);
        let mut all = vec![Vec::new(); states.len()];
        for (place, rules) in places
            .into_iter()
            .zip(table.earlier.iter().map(|e| &e.rules))
        {
            all.iter_mut()
                .skip(place)
                .take(1)
                .for_each(|of| of.extend(rules));
        }
        all.iter_mut()
            .take(1)
            .for_each(|now: &mut Vec<Rules>| now.push(*rules));
        // that the data are what they were at some time in between is not known to everyone
        let present = table.earlier.iter().filter(|e| e.then.is_none());
        let mut now = present.flat_map(|e| &e.rules).chain([rules]);
        Ruling {
            all,
            shows_zeros: !now.any(|r| r.protect_zeros),
        }
    }

    fn of(&self, state: usize) -> &[Rules] {
        self.all.get(state).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn minimum(&self, state: usize) -> u64 {
        let all = self.of(state).iter().map(|r| r.minimum_units);
        all.max().unwrap_or(1)
    }

    pub(crate) fn protects_zeros(&self, state: usize) -> bool {
        self.of(state).iter().any(|r| r.protect_zeros)
    }

    pub(crate) fn required_move(&self, state: usize, cell: &Contributions) -> Option<f64> {
        let all = self.of(state).iter().filter_map(|r| r.required_move(cell));
        all.reduce(f64::max)
    }

    pub(crate) fn keep(&self) -> usize {
        let all = self.all.iter().flatten().map(Rules::keep);
        all.max().unwrap_or(2)
    }
}
