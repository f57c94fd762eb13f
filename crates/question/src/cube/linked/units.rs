//! What the views say of every unit, at every time.

use std::collections::{BTreeMap, HashSet};

use super::{times::TimeId, views::ViewId};
use crate::unit::UnitPart;

/// What each view says of one unit; nothing where the unit is not in a view.
pub(super) struct UnitRecord(Vec<Option<Vec<UnitPart>>>);

impl UnitRecord {
    /// A unit that is in none of so many views yet.
    pub(super) fn new(views: usize) -> Self {
        Self(vec![None; views])
    }

    /// Puts down what a view says of the unit.
    pub(super) fn set(&mut self, view: ViewId, parts: Vec<UnitPart>) {
        if let Some(said) = self.0.get_mut(view.index()) {
            *said = Some(parts);
        }
    }

    pub(super) fn is_in(&self, view: ViewId) -> bool {
        self.0.get(view.index()).is_some_and(Option::is_some)
    }

    /// What a view says of the unit in one of the base cells that it is in; of most units there is one.
    pub(super) fn part(&self, view: ViewId, number: usize) -> Option<&UnitPart> {
        self.0.get(view.index())?.as_ref()?.get(number)
    }

    /// The same of every view that has it.
    pub(super) fn parts(&self, number: usize) -> impl Iterator<Item = &UnitPart> {
        let said = self.0.iter().flatten();
        said.filter_map(move |parts| parts.get(number))
    }

    /// The most base cells that it is in, of any view.
    pub(super) fn width(&self) -> usize {
        let said = self.0.iter().flatten();
        said.map(Vec::len).max().unwrap_or(0)
    }

    /// Whether it can be a row of a joint table: in one base cell of each view, with as many rows in each.
    pub(super) fn is_joinable(&self) -> bool {
        let said = self.0.iter().flatten();
        let rows: HashSet<u64> = said
            .map(|parts| parts.iter().map(|p| p.rows).sum())
            .collect();
        self.width() <= 1 && rows.len() <= 1
    }
}

/// All units at one time, by their identity.
pub(super) type Units = BTreeMap<u128, UnitRecord>;

/// The units at every time, now first.
pub(super) struct History(pub(super) Vec<Units>);

impl History {
    /// Every unit at every time.
    pub(super) fn records(&self) -> impl Iterator<Item = &UnitRecord> {
        self.0.iter().flat_map(BTreeMap::values)
    }

    /// The times that units tie to the present: they have some in common with it, or with another such time.
    pub(super) fn tied_to_now(&self) -> HashSet<TimeId> {
        let mut tied = HashSet::from([TimeId::NOW]);
        loop {
            let times = (0..self.0.len()).map(TimeId);
            let free = times.filter(|time| !tied.contains(time));
            let more: Vec<TimeId> = free.filter(|t| self.shares_with(*t, &tied)).collect();
            if more.is_empty() {
                return tied;
            }
            tied.extend(more);
        }
    }

    /// Whether any unit of a time is there at any of the others.
    fn shares_with(&self, time: TimeId, others: &HashSet<TimeId>) -> bool {
        let others = others.iter().filter_map(|other| self.0.get(other.0));
        self.0.get(time.0).is_some_and(|of| {
            let mut others = others;
            others.any(|other| of.keys().any(|key| other.contains_key(key)))
        })
    }
}
