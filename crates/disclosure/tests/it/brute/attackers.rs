//! What an outsider, a provider and one who is alone conclude from a tiny table.

use std::collections::{BTreeMap, BTreeSet};

use zwerm_disclosure::Cell;

use super::{
    linear::System,
    worlds::{At, Case, World},
};

impl Case {
    /// Unsafe counts, of combinations that are published and of deeper ones.
    pub(super) fn unsafe_cells(&self) -> Vec<(usize, At)> {
        let exposed = self.exposed();
        let mut all = Vec::new();
        for state in 0..self.states.len() {
            for at in &self.ats {
                let units = self.true_value(state, at);
                let told = self
                    .of_state(state)
                    .any(|r| r.cells.iter().any(|c| c.coordinates == *at));
                let zeros = told && self.of_state(state).any(|r| r.rules.protect_zeros);
                let small = (units > 0 || zeros) && units < self.minimum(state);
                if small && !exposed.contains(&(state, self.row(at))) {
                    all.push((state, at.clone()));
                }
            }
        }
        all
    }

    pub(super) fn told(&self, state: usize, at: &At) -> bool {
        self.of_state(state)
            .any(|r| r.cells.iter().any(|c| c.coordinates == *at))
    }

    /// Groups of which at most one has another value of a sensitive dimension: the siblings' kinds.
    pub(super) fn groups(&self) -> Vec<(usize, At, Vec<usize>)> {
        let exposed = self.exposed();
        let mut all = Vec::new();
        for state in 0..self.states.len() {
            for at in self.ats.iter().filter(|at| self.told(state, at)) {
                for (d, of) in self.dimensions.iter().enumerate() {
                    if !of.sensitive || at[d].is_none() {
                        continue;
                    }
                    let mut parent = at.clone();
                    parent[d] = None;
                    let (own, whole) = (self.row(at), self.row(&parent));
                    let others: Vec<usize> =
                        whole.iter().filter(|k| !own.contains(k)).copied().collect();
                    let group = self.true_value(state, &parent);
                    let known = |row: &Vec<usize>| exposed.contains(&(state, row.clone()));
                    let unsafe_group = group > 0 && group - self.true_value(state, at) <= 1;
                    if !others.is_empty() && unsafe_group && !(known(&own) && known(&whole)) {
                        all.push((state, at.clone(), others));
                    }
                }
            }
        }
        all
    }

    /// What an outsider knows in all worlds, and ought not to.
    pub(super) fn outsider(&self, worlds: &[Vec<World>]) -> Vec<String> {
        let mut found = Vec::new();
        let newest = self.releases.last().expect("a release");
        for (state, at) in self.unsafe_cells() {
            let row = self.row(&at);
            let most = worlds.iter().map(|w| Case::value(&w[state], &row)).max();
            if most < Some(self.minimum(state)) {
                found.push(format!("{at:?} of state {state} is at most {most:?}"));
            }
            let shown = |c: &&Cell| c.coordinates == at && c.units.is_some();
            if state == newest.state && newest.cells.iter().any(|c| shown(&c)) {
                found.push(format!("{at:?} is unsafe and shown"));
            }
        }
        for (state, at, others) in self.groups() {
            let most = worlds.iter().map(|w| Case::value(&w[state], &others)).max();
            if most < Some(2) {
                found.push(format!(
                    "the group of {at:?} of state {state} shares its value"
                ));
            }
        }
        found
    }

    /// The rows, over the kinds of all states, that anybody can add and subtract.
    pub(super) fn published(&self) -> System {
        let mut system = System::default();
        let width = self.kinds.len();
        for state in 0..self.states.len() {
            for release in self.of_state(state) {
                for cell in release.cells.iter().filter(|c| c.units.is_some()) {
                    let row = self.row(&cell.coordinates);
                    if cell.units == Some(0) {
                        // and everything in it
                        for &k in &row {
                            system.learn(&[(state * width + k, 1)]);
                        }
                    }
                    system.learn(&self.at(state, &row, 1));
                }
            }
            for other in 0..state {
                for row in self.unchanged(state, other) {
                    let both = [self.at(state, &row, 1), self.at(other, &row, -1)].concat();
                    system.learn(&both);
                }
            }
        }
        system
    }

    pub(super) fn at(&self, state: usize, row: &[usize], sign: i64) -> Vec<(usize, i64)> {
        let width = self.kinds.len();
        row.iter().map(|&k| (state * width + k, sign)).collect()
    }

    /// Hidden cells that follow by adding and subtracting: from what is told alone, for a lone contributor,
    /// for a provider.
    pub(super) fn linear(&self) -> Vec<String> {
        let mut found = Vec::new();
        let outsider = self.published();
        let exposed = self.exposed();
        let newest = self.releases.last().expect("a release");
        for cell in newest.cells.iter().filter(|c| c.units.is_none()) {
            let row = self.row(&cell.coordinates);
            let at = self.at(newest.state, &row, 1);
            if !exposed.contains(&(newest.state, row)) && outsider.derives(&at) {
                found.push(format!("{:?} follows", cell.coordinates));
            }
        }
        let secrets = self.unsafe_cells().into_iter();
        let mut secrets: Vec<(usize, At)> = secrets.filter(|(s, at)| self.told(*s, at)).collect();
        let groups = self.groups().into_iter().map(|(s, at, _)| (s, at));
        secrets.extend(groups.filter(|(s, at)| !exposed.contains(&(*s, self.row(at)))));
        for who in self.lone() {
            let mut system = outsider.clone();
            for (state, at) in &who.cells {
                system.learn(&self.at(*state, &self.row(at), 1));
            }
            for (state, at) in &secrets {
                let row = self.row(at);
                if !who.own(self, *state, at) && system.derives(&self.at(*state, &row, 1)) {
                    found.push(format!("{who:?} derives {at:?} of state {state}"));
                }
            }
        }
        for provider in 0..2 {
            let held = |d: usize| self.dimensions[d].known_to.contains(&provider);
            if !(0..self.dimensions.len()).any(held) {
                continue;
            }
            let mut system = outsider.clone();
            for state in 0..self.states.len() {
                for row in self.columns(&held).values() {
                    system.learn(&self.at(state, row, 1));
                }
            }
            for (state, at) in &secrets {
                let public = (0..at.len()).all(|d| at[d].is_none() || held(d));
                if !public && system.derives(&self.at(*state, &self.row(at), 1)) {
                    found.push(format!(
                        "provider {provider} derives {at:?} of state {state}"
                    ));
                }
            }
        }
        found
    }

    /// Kinds that look the same in some columns.
    pub(super) fn columns(
        &self,
        held: &impl Fn(usize) -> bool,
    ) -> BTreeMap<BTreeSet<Vec<u32>>, Vec<usize>> {
        let mut all: BTreeMap<BTreeSet<Vec<u32>>, Vec<usize>> = BTreeMap::new();
        for (k, kind) in self.kinds.iter().enumerate() {
            let own = |base: &Vec<u32>| -> Vec<u32> {
                let pairs = base.iter().enumerate();
                pairs.filter(|(d, _)| held(*d)).map(|(_, &v)| v).collect()
            };
            all.entry(kind.iter().map(own).collect())
                .or_default()
                .push(k);
        }
        all
    }

    /// Everyone who is alone of their kind, with all cells to which nobody else contributes.
    fn lone(&self) -> Vec<Lone> {
        let mut all = Vec::new();
        for (state, truth) in self.truth.iter().enumerate() {
            for (k, _) in truth.iter().enumerate().filter(|(_, n)| **n == 1) {
                let mine = |at: &&At| self.row(at).contains(&k) && self.true_value(state, at) == 1;
                // and what has not changed in other states, or is there of the same unit
                let there = |at: &At| {
                    let at = at.clone();
                    (0..self.states.len()).filter(move |&s| self.true_value(s, &at) == 1)
                };
                let mut cells: Vec<(usize, At)> = self
                    .ats
                    .iter()
                    .filter(mine)
                    .flat_map(|at| there(at).map(move |s| (s, at.clone())))
                    .collect();
                for other in (0..self.states.len()).filter(|&s| self.truth[s][k] == 1) {
                    let alone =
                        |at: &&At| self.row(at).contains(&k) && self.true_value(other, at) == 1;
                    let more = self.ats.iter().filter(alone).map(|at| (other, at.clone()));
                    cells.extend(more);
                }
                all.push(Lone { kind: k, cells });
            }
        }
        all
    }
}

/// Someone who knows of cells that nobody else is in them.
#[derive(Debug)]
struct Lone {
    kind: usize,
    cells: Vec<(usize, At)>,
}

impl Lone {
    /// Whether a cell is about nobody else.
    pub(super) fn own(&self, case: &Case, state: usize, at: &At) -> bool {
        case.true_value(state, at) <= 1 && case.row(at).contains(&self.kind)
            || self.cells.iter().any(|(s, of)| {
                let (inner, outer) = (case.row(at), case.row(of));
                *s == state && inner.iter().all(|k| outer.contains(k))
            })
    }
}
