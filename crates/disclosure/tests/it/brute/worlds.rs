//! Every table that a tiny one could have been, as far as anybody is told.

use std::collections::{BTreeMap, BTreeSet};

use zwerm_disclosure::{Cell, Rules, TableDimension};

/// Base cells that a unit has a row in, all of them.
pub(super) type Kind = BTreeSet<Vec<u32>>;
pub(super) type At = Vec<Option<u32>>;
/// How many units of each kind.
pub(super) type World = Vec<u64>;

/// A published release, of one state.
pub(super) struct Release {
    pub(super) state: usize,
    pub(super) rules: Rules,
    pub(super) cells: Vec<Cell>,
}

/// Everything that is true and everything that is told.
pub(super) struct Case {
    pub(super) dimensions: Vec<TableDimension>,
    /// Units per state; state 0 is now.
    pub(super) states: Vec<Vec<Kind>>,
    /// The last is the newest.
    pub(super) releases: Vec<Release>,
    pub(super) kinds: Vec<Kind>,
    pub(super) truth: Vec<World>,
    pub(super) ats: Vec<At>,
}

/// More worlds than this are not listed.
pub(super) const MOST: usize = 60_000;

fn member(of: &TableDimension, at: u32, value: u32) -> bool {
    match (at as usize).checked_sub(of.size) {
        None => at == value,
        Some(union) => of.unions[union].contains(&value),
    }
}

impl Case {
    pub(super) fn new(
        dimensions: Vec<TableDimension>,
        states: Vec<Vec<Kind>>,
        releases: Vec<Release>,
    ) -> Case {
        let mut bases: Vec<Vec<u32>> = vec![vec![]];
        let mut ats: Vec<At> = vec![vec![]];
        for of in &dimensions {
            let values = 0..of.size as u32;
            let all = bases.iter();
            bases = all
                .flat_map(|at| values.clone().map(move |v| [at.as_slice(), &[v]].concat()))
                .collect();
            let names = (0..(of.size + of.unions.len()) as u32).map(Some);
            let names: Vec<Option<u32>> = [None].into_iter().chain(names).collect();
            let all = ats.iter();
            ats = all
                .flat_map(|at| names.iter().map(move |&n| [at.as_slice(), &[n]].concat()))
                .collect();
        }
        let mut kinds: BTreeSet<Kind> = bases.iter().map(|b| [b.clone()].into()).collect();
        for kind in states.iter().flatten().filter(|k| k.len() > 1) {
            kinds.extend(elsewhere(kind, &bases, states.iter().flatten()));
        }
        let kinds: Vec<Kind> = kinds.into_iter().collect();
        let count = |units: &Vec<Kind>| -> World {
            let of = |kind: &Kind| units.iter().filter(|u| *u == kind).count() as u64;
            kinds.iter().map(of).collect()
        };
        let truth = states.iter().map(count).collect();
        Case {
            dimensions,
            states,
            releases,
            kinds,
            truth,
            ats,
        }
    }

    pub(super) fn holds(&self, at: &At, base: &[u32]) -> bool {
        let pairs = at.iter().zip(base).zip(&self.dimensions);
        pairs
            .into_iter()
            .all(|((at, &v), of)| at.is_none_or(|at| member(of, at, v)))
    }

    pub(super) fn row(&self, at: &At) -> Vec<usize> {
        let inside = |k: &usize| self.kinds[*k].iter().any(|b| self.holds(at, b));
        (0..self.kinds.len()).filter(inside).collect()
    }

    pub(super) fn value(world: &[u64], row: &[usize]) -> u64 {
        row.iter().map(|&k| world[k]).sum()
    }

    pub(super) fn true_value(&self, state: usize, at: &At) -> u64 {
        Case::value(&self.truth[state], &self.row(at))
    }

    pub(super) fn of_state(&self, state: usize) -> impl Iterator<Item = &Release> {
        self.releases.iter().filter(move |r| r.state == state)
    }

    pub(super) fn minimum(&self, state: usize) -> u64 {
        let all = self.of_state(state).map(|r| r.rules.minimum_units);
        all.max().unwrap_or(1)
    }

    /// Every world of one state that fits what was told of that state.
    pub(super) fn worlds(&self, state: usize) -> Option<Vec<World>> {
        let mut equal: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
        let mut some: BTreeSet<Vec<usize>> = BTreeSet::new();
        let mut zeros = true;
        for release in self.of_state(state) {
            // what is hidden because it is empty stays so in later releases
            zeros &= !release.rules.protect_zeros;
            for cell in &release.cells {
                let row = self.row(&cell.coordinates);
                let truth = Case::value(&self.truth[state], &row);
                match cell.units {
                    Some(units) => {
                        assert_eq!(units, truth, "a published figure is true");
                        equal.insert(row, units);
                    }
                    None if zeros && truth > 0 => {
                        some.insert(row);
                    }
                    None => {}
                }
            }
        }
        let spare = 2 * self.minimum(state) + 1;
        let total: u64 = self.truth[state].iter().sum::<u64>() + spare;
        let mut limit: Vec<u64> = self.truth[state].iter().map(|n| n + spare).collect();
        for (row, &sum) in &equal {
            for &k in row {
                limit[k] = limit[k].min(sum);
            }
        }
        let mut search = Listing {
            equal: equal.into_iter().collect(),
            some: some.into_iter().collect(),
            limit,
            total,
            all: Vec::new(),
        };
        let mut world = vec![0; self.kinds.len()];
        search.list(0, 0, &mut world).then_some(search.all)
    }

    /// Cells that are as large in two states.
    pub(super) fn unchanged(&self, a: usize, b: usize) -> Vec<Vec<usize>> {
        let same = |at: &&At| self.true_value(a, at) == self.true_value(b, at);
        self.ats
            .iter()
            .filter(same)
            .map(|at| self.row(at))
            .collect()
    }

    /// Worlds of every state together; `None` when there are too many to list.
    pub(super) fn joint(&self) -> Option<Vec<Vec<World>>> {
        let mut all: Vec<Vec<World>> = vec![vec![]];
        for state in 0..self.states.len() {
            let worlds = self.worlds(state)?;
            let mut next = Vec::new();
            let before: Vec<Vec<Vec<usize>>> =
                (0..state).map(|s| self.unchanged(s, state)).collect();
            let sign = |rows: &[Vec<usize>], w: &World| -> Vec<u64> {
                rows.iter().map(|r| Case::value(w, r)).collect()
            };
            let mut index: BTreeMap<Vec<u64>, Vec<&World>> = BTreeMap::new();
            for world in &worlds {
                let key = before.iter().flat_map(|rows| sign(rows, world)).collect();
                index.entry(key).or_default().push(world);
            }
            for story in &all {
                let pairs = story.iter().zip(&before);
                let key: Vec<u64> = pairs.flat_map(|(w, rows)| sign(rows, w)).collect();
                for world in index.get(&key).into_iter().flatten() {
                    next.push([story.as_slice(), &[(*world).clone()]].concat());
                    if next.len() > MOST {
                        return None;
                    }
                }
            }
            all = next;
        }
        Some(all)
    }

    /// Figures that were told before the newest release, and what equals them.
    pub(super) fn exposed(&self) -> BTreeSet<(usize, Vec<usize>)> {
        let mut found = BTreeSet::new();
        let Some((_, before)) = self.releases.split_last() else {
            return found;
        };
        for release in before {
            for cell in release.cells.iter().filter(|c| c.units.is_some()) {
                found.insert((release.state, self.row(&cell.coordinates)));
            }
        }
        loop {
            let count = found.len();
            for a in 0..self.states.len() {
                for b in 0..self.states.len() {
                    for row in self.unchanged(a, b) {
                        if found.contains(&(a, row.clone())) {
                            found.insert((b, row));
                        }
                    }
                }
            }
            if found.len() == count {
                return found;
            }
        }
    }
}

/// The same values together, with every value of the dimensions of which units have one.
fn elsewhere<'a>(
    kind: &Kind,
    bases: &[Vec<u32>],
    units: impl Iterator<Item = &'a Kind>,
) -> Vec<Kind> {
    let mut several = BTreeSet::new();
    for unit in units {
        for base in unit {
            let first = unit.iter().next().expect("a part");
            several.extend((0..base.len()).filter(|&d| base[d] != first[d]));
        }
    }
    let moved = |to: &Vec<u32>| -> Kind {
        let with = |part: &Vec<u32>| -> Vec<u32> {
            let at = |d: usize| if several.contains(&d) { part[d] } else { to[d] };
            (0..to.len()).map(at).collect()
        };
        kind.iter().map(with).collect()
    };
    bases.iter().map(moved).collect()
}

struct Listing {
    equal: Vec<(Vec<usize>, u64)>,
    some: Vec<Vec<usize>>,
    limit: Vec<u64>,
    total: u64,
    all: Vec<World>,
}

impl Listing {
    /// Lists the worlds that start as `world` does up to `next`; `false` when there are too many.
    pub(super) fn list(&mut self, next: usize, sum: u64, world: &mut World) -> bool {
        for (row, truth) in &self.equal {
            let fixed = row
                .iter()
                .filter(|k| **k < next)
                .map(|&k| world[k])
                .sum::<u64>();
            let rest = row
                .iter()
                .filter(|k| **k >= next)
                .map(|&k| self.limit[k])
                .sum::<u64>();
            if fixed > *truth || fixed + rest < *truth {
                return true;
            }
        }
        if next == world.len() {
            if self.some.iter().all(|row| Case::value(world, row) > 0) {
                self.all.push(world.clone());
            }
            return self.all.len() < MOST;
        }
        for n in 0..=self.limit[next] {
            if sum + n > self.total {
                break;
            }
            world[next] = n;
            if !self.list(next + 1, sum + n, world) {
                return false;
            }
        }
        world[next] = 0;
        true
    }
}
