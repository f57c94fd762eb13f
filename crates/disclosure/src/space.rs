//! A table in all its states as numbers per cell, and what is known of it already.
//!
//! Units in one base cell merge up the lattice. A straddler counts once in every cell that holds any of its
//! rows, so numbers of units do not add up over the values that it straddles. They do add up over *which
//! values units have together*: the lattice of the units has these sets of values as leaves, and each value
//! and each group as a union of them. Rows and sums add up over the values themselves, in a lattice of their own.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use crate::{
    BaseCell, Cell, Contributions, Dimension, DisclosureError, Part, Rules, Straddler, Table,
    check,
    coupling::Coupling,
    lattice::{Axis, DIMENSION_LIMIT, Lattice, Name},
};

/// Statistics per cell of the lattice, all states after each other.
#[derive(Debug, Clone)]
pub(crate) struct Statistics {
    pub(crate) units: Vec<u64>,
    /// Who is in each cell, as a digest; nothing when that is not known of everyone.
    identity: Option<Vec<u64>>,
    pub(crate) rows: Vec<Contributions>,
    /// Per measure, per cell.
    pub(crate) measures: Vec<Vec<Contributions>>,
}

impl Statistics {
    fn identify(&mut self, cell: usize, more: Option<u64>) {
        let place = self.identity.as_mut().and_then(|all| all.get_mut(cell));
        if let (Some(place), Some(more)) = (place, more) {
            *place = place.wrapping_add(more);
        }
    }
}

/// A lattice with its figures, and what was published of it before.
#[derive(Debug, Clone)]
pub(crate) struct Space {
    pub(crate) lattice: Lattice,
    pub(crate) statistics: Statistics,
    /// Per state its base cells: coordinates and units.
    pub(crate) bases: Vec<Vec<(Vec<u32>, usize)>>,
    /// Per straddler its base cells; none where a base cell is all that its unit is in.
    pub(crate) straddled: Vec<Vec<usize>>,
    /// Cells whose counts are known already.
    pub(crate) known: Vec<bool>,
    /// Cells that were hidden where an empty one would have been shown: they are known not to be empty.
    pub(crate) occupied: Vec<bool>,
    /// Per measure the cells whose sums are.
    pub(crate) known_sums: Vec<Vec<bool>>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell and measure numbers come from the lattice that sized these vectors"
)]
impl Space {
    /// Whether the same units may be in a cell in two states, given the cell in each: they are, or nothing is
    /// known of who they are.
    fn unmoved(&self, a: usize, b: usize) -> bool {
        let identity = self.statistics.identity.as_ref();
        identity.is_none_or(|of| of[a] == of[b])
    }

    /// Whether a cell has as many units in two states, given the cell in each.
    pub(crate) fn as_many(&self, a: usize, b: usize) -> bool {
        self.unmoved(a, b) && self.statistics.units[a] == self.statistics.units[b]
    }

    /// Whether it has the same counts of everything.
    pub(crate) fn all_counts(&self, a: usize, b: usize) -> bool {
        let of = &self.statistics;
        let counts = |c: &Contributions| (c.units, c.count, c.missing);
        let rows = || of.rows.get(a).map(counts) == of.rows.get(b).map(counts);
        let values = |m: &Vec<Contributions>| counts(&m[a]) == counts(&m[b]);
        self.as_many(a, b) && rows() && of.measures.iter().all(values)
    }

    /// Whether the sum of a measure is the same.
    pub(crate) fn sum(&self, measure: usize, a: usize, b: usize) -> bool {
        let of = &self.statistics.measures[measure];
        let equal = (of[a].count == 0) == (of[b].count == 0) && of[a].total == of[b].total;
        equal && self.unmoved(a, b)
    }

    /// What was the same in which states; `None` when there is one.
    pub(crate) fn coupling(&self, same: impl Fn(usize, usize) -> bool) -> Option<Coupling> {
        let (local, states) = (self.lattice.local, self.lattice.states);
        let both = |cell: usize, a: usize, b: usize| same(a * local + cell, b * local + cell);
        (states > 1).then(|| Coupling::new(local, states, both))
    }
}

/// One state of a table.
type State<'a> = (&'a [BaseCell], &'a [Straddler]);

/// All states, the present one first; and per earlier release its state.
///
/// Releases of the same units in the same cells are of one state: what any of them hides stays hidden.
fn timeline(table: &Table) -> (Vec<State<'_>>, Vec<usize>) {
    let mut all: Vec<State<'_>> = vec![(&table.cells, &table.straddlers)];
    let mut places = Vec::new();
    for earlier in &table.earlier {
        let Some((cells, straddlers)) = &earlier.then else {
            places.push(0);
            continue;
        };
        let then: State<'_> = (cells, straddlers);
        let place = all.iter().position(|&state| alike(state, then));
        places.push(place.unwrap_or(all.len()));
        if place.is_none() {
            all.push(then);
        }
    }
    (all, places)
}

/// Whether two states are the same but for the order in which they are written.
fn alike(a: State, b: State) -> bool {
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
pub(crate) fn by_parts(a: &Straddler, b: &Straddler) -> Ordering {
    let part = |a: &Part, b: &Part| {
        let sums = a.sums.iter().zip(&b.sums).map(|(a, b)| a.total_cmp(b));
        let at = a.coordinates.cmp(&b.coordinates).then(a.rows.cmp(&b.rows));
        sums.fold(at, Ordering::then)
    };
    let pairs = a.parts.iter().zip(&b.parts).map(|(a, b)| part(a, b));
    pairs.fold(a.parts.len().cmp(&b.parts.len()), Ordering::then)
}

/// All states, the present one first.
pub(crate) fn states(table: &Table) -> Vec<State<'_>> {
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

/// The space of the units and, where a unit straddles values, one of the rows and sums.
pub(crate) fn spaces(
    table: &Table,
    ruling: &Ruling,
) -> Result<(Space, Option<Space>), DisclosureError> {
    let keep = ruling.keep();
    if table.dimensions.len() > DIMENSION_LIMIT {
        return Err(DisclosureError::TooManyDimensions {
            dimensions: table.dimensions.len(),
            limit: DIMENSION_LIMIT,
        });
    }
    let several = states(table)
        .iter()
        .any(|(_, straddlers)| !straddlers.is_empty());
    for state in states(table) {
        check::state(table, state, several, keep)?;
    }
    let of = |(d, dimension): (usize, &Dimension)| Axis::of(d, dimension);
    let plain: Vec<Axis> = table.dimensions.iter().enumerate().map(of).collect();
    let rows = Builder {
        table,
        keep,
        lattice: lattice(table, plain.clone())?,
    };
    let Some(together) = Together::new(table) else {
        return Ok((rows.build()?, None));
    };
    let units = Builder {
        table,
        keep,
        lattice: lattice(table, together.axes(table, plain))?,
    };
    Ok((units.build_units(&together)?, Some(rows.build()?)))
}

fn lattice(table: &Table, axes: Vec<Axis>) -> Result<Lattice, DisclosureError> {
    let states = states(table).len();
    let mut lattice = Lattice::new(axes, table.dimensions.len(), states)?;
    match &table.asked {
        None => lattice.publish(u32::MAX, &[], table.max_dimensions),
        Some(asked) => {
            let dimensions = asked.dimensions.iter().fold(0, |mask, d| mask | 1_u32 << d);
            lattice.publish(dimensions, &asked.within, table.max_dimensions);
        }
    }
    Ok(lattice)
}

/// What a lattice is filled with.
struct Builder<'a> {
    table: &'a Table,
    keep: usize,
    lattice: Lattice,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers come from the lattice that sized these vectors"
)]
impl Builder<'_> {
    /// Rows and sums, and the units of each cell counted once.
    fn build(self) -> Result<Space, DisclosureError> {
        let cells = self.lattice.cells();
        let measures = self.table.measures.len();
        let mut statistics = Statistics {
            units: vec![0; cells],
            identity: self.identified().then(|| vec![0; cells]),
            rows: vec![Contributions::default(); cells],
            measures: vec![vec![Contributions::default(); cells]; measures],
        };
        let mut straddled = Vec::new();
        for (state, (bases, straddlers)) in states(self.table).into_iter().enumerate() {
            for base in self.ordered(bases)? {
                self.merge(state, base, &mut statistics);
            }
            for straddler in straddlers {
                self.straddle(state, straddler, &mut statistics);
                let parts = straddler.parts.iter().map(|p| {
                    let base = self.lattice.cell(self.lattice.full, &p.coordinates);
                    state * self.lattice.local + base
                });
                straddled.push(parts.collect());
            }
        }
        self.finish(statistics, straddled)
    }

    /// Numbers of units only, over the values that they have together.
    fn build_units(self, together: &Together) -> Result<Space, DisclosureError> {
        let cells = self.lattice.cells();
        let mut statistics = Statistics {
            units: vec![0; cells],
            identity: self.identified().then(|| vec![0; cells]),
            rows: Vec::new(),
            measures: Vec::new(),
        };
        for (state, (bases, straddlers)) in states(self.table).into_iter().enumerate() {
            let mut add = |at: &[u32], units: u64, identity: Option<u64>| {
                for level in 0..self.lattice.levels.len() {
                    let cell = state * self.lattice.local + self.lattice.cell(level, at);
                    statistics.units[cell] += units;
                    statistics.identify(cell, identity);
                }
            };
            for base in bases {
                add(
                    &together.coordinates(&[&base.coordinates]),
                    base.units,
                    base.identity,
                );
            }
            for straddler in straddlers {
                let parts: Vec<&[u32]> = straddler
                    .parts
                    .iter()
                    .map(|p| p.coordinates.as_slice())
                    .collect();
                add(&together.coordinates(&parts), 1, straddler.identity);
            }
        }
        self.finish(statistics, Vec::new())
    }

    /// Whether it is known of everyone in every state who they are.
    fn identified(&self) -> bool {
        states(self.table).iter().all(|(bases, straddlers)| {
            bases.iter().all(|b| b.identity.is_some())
                && straddlers.iter().all(|s| s.identity.is_some())
        })
    }

    /// In one order, whatever the table's: sums of floating-point numbers depend on it.
    fn ordered<'b>(&self, bases: &'b [BaseCell]) -> Result<Vec<&'b BaseCell>, DisclosureError> {
        let mut order: Vec<(usize, usize)> = bases
            .iter()
            .enumerate()
            .map(|(position, base)| {
                (
                    self.lattice.cell(self.lattice.full, &base.coordinates),
                    position,
                )
            })
            .collect();
        order.sort_unstable();
        if let Some(twice) = order.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(DisclosureError::BadCell {
                cell: twice[1].1,
                reason: "these coordinates occur twice; add the two up".into(),
            });
        }
        Ok(order
            .into_iter()
            .map(|(_, position)| &bases[position])
            .collect())
    }

    fn merge(&self, state: usize, base: &BaseCell, statistics: &mut Statistics) {
        for level in 0..self.lattice.levels.len() {
            let cell = state * self.lattice.local + self.lattice.cell(level, &base.coordinates);
            statistics.units[cell] += base.units;
            statistics.identify(cell, base.identity);
            statistics.rows[cell].merge(&base.rows, self.keep);
            for (measure, contributions) in base.measures.iter().enumerate() {
                statistics.measures[measure][cell].merge(contributions, self.keep);
            }
        }
    }

    /// Counts a straddler once in every cell that holds any of its rows.
    fn straddle(&self, state: usize, straddler: &Straddler, statistics: &mut Statistics) {
        let measures = self.table.measures.len();
        for level in 0..self.lattice.levels.len() {
            let mut within: BTreeMap<usize, (u64, Vec<f64>)> = BTreeMap::new();
            for part in &straddler.parts {
                let cell = self.lattice.cell(level, &part.coordinates);
                let of = within.entry(cell).or_insert((0, vec![0.0; measures]));
                of.0 += part.rows;
                for (sum, more) in of.1.iter_mut().zip(&part.sums) {
                    *sum += more;
                }
            }
            for (local, (rows, sums)) in within {
                let cell = state * self.lattice.local + local;
                statistics.units[cell] += 1;
                statistics.identify(cell, straddler.identity);
                statistics.rows[cell].add_unit(rows, rows as f64, self.keep);
                for (measure, sum) in sums.into_iter().enumerate() {
                    statistics.measures[measure][cell].add_unit(rows, sum, self.keep);
                }
            }
        }
    }

    fn finish(
        mut self,
        statistics: Statistics,
        straddled: Vec<Vec<usize>>,
    ) -> Result<Space, DisclosureError> {
        let cells = self.lattice.cells();
        let mut known = vec![false; cells];
        let mut occupied = vec![false; cells];
        let mut known_sums = vec![vec![false; cells]; self.table.measures.len()];
        let named = if self.table.earlier.is_empty() {
            HashMap::new()
        } else {
            self.lattice.named()
        };
        let (_, places) = timeline(self.table);
        for (earlier, of) in self.table.earlier.iter().zip(places) {
            let rules = &earlier.rules;
            let zeros_hidden = !rules.is_empty() && rules.iter().all(|r| r.protect_zeros);
            for published in &earlier.published {
                let cell = named.get(&published.coordinates).copied();
                let cell = cell.ok_or_else(|| unnamed(&published.coordinates))?;
                let cell = of * self.lattice.local + cell;
                self.lattice.list(cell);
                known[cell] |= tells_counts(published);
                occupied[cell] |= !tells_counts(published) && !zeros_hidden;
                for (known, sum) in known_sums.iter_mut().zip(&published.sums) {
                    known[cell] |= sum.is_some();
                }
            }
        }
        let bases = states(self.table).into_iter().enumerate();
        let bases = bases
            .map(|(state, _)| self.occupied(state, &statistics))
            .collect();
        Ok(Space {
            bases,
            straddled,
            lattice: self.lattice,
            statistics,
            known,
            occupied,
            known_sums,
        })
    }

    /// The base cells of a state that hold units.
    fn occupied(&self, state: usize, statistics: &Statistics) -> Vec<(Vec<u32>, usize)> {
        let mine = |&base: &usize| self.lattice.state(base) == state;
        let bases = self.lattice.bases().filter(mine);
        let full = bases.filter(|&base| statistics.units[base] > 0);
        full.map(|base| (self.lattice.coordinates(base), base))
            .collect()
    }
}

/// Whether a published cell shows any count: they share one pattern.
fn tells_counts(cell: &Cell) -> bool {
    let mut counts = cell.counts.iter().chain([&cell.units, &cell.rows]);
    counts.any(Option::is_some)
}

fn unnamed(name: &Name) -> DisclosureError {
    DisclosureError::BadTable {
        reason: format!("an earlier cell {name:?} is not one of this table's"),
    }
}

/// A value or a union of a dimension: its coordinate, and its values.
type Node = (u32, Vec<u32>);

/// The dimensions of which some unit has several values, taken together.
struct Together {
    dimensions: Vec<usize>,
    /// Every set of values that units have together, and every value alone.
    sets: BTreeMap<BTreeSet<Vec<u32>>, u32>,
}

impl Together {
    fn new(table: &Table) -> Option<Together> {
        let mut dimensions = BTreeSet::new();
        for (_, straddlers) in states(table) {
            for straddler in straddlers {
                let first = straddler.parts.first();
                for part in &straddler.parts {
                    let pairs = part
                        .coordinates
                        .iter()
                        .zip(first.into_iter().flat_map(|f| &f.coordinates));
                    let differ = pairs.enumerate().filter(|(_, (a, b))| a != b);
                    dimensions.extend(differ.map(|(d, _)| d));
                }
            }
        }
        if dimensions.is_empty() {
            return None;
        }
        let mut together = Together {
            dimensions: dimensions.into_iter().collect(),
            sets: BTreeMap::new(),
        };
        let mut sets: BTreeSet<BTreeSet<Vec<u32>>> = BTreeSet::new();
        for (bases, straddlers) in states(table) {
            sets.extend(bases.iter().map(|b| together.set(&[&b.coordinates])));
            sets.extend(straddlers.iter().map(|s| {
                let parts: Vec<&[u32]> = s.parts.iter().map(|p| p.coordinates.as_slice()).collect();
                together.set(&parts)
            }));
        }
        for alone in together.tuples(table) {
            sets.insert([alone].into());
        }
        together.sets = sets.into_iter().zip(0..).collect();
        Some(together)
    }

    /// The values of the straddled dimensions that these coordinates have together.
    fn set(&self, parts: &[&[u32]]) -> BTreeSet<Vec<u32>> {
        let of = |at: &&[u32]| {
            let values = self.dimensions.iter().filter_map(|&d| at.get(d).copied());
            values.collect::<Vec<u32>>()
        };
        parts.iter().map(of).collect()
    }

    /// Every combination of values of the straddled dimensions.
    fn tuples(&self, table: &Table) -> Vec<Vec<u32>> {
        let sizes = self
            .dimensions
            .iter()
            .filter_map(|&d| table.dimensions.get(d));
        sizes.fold(vec![Vec::new()], |all, dimension| {
            let longer = |at: Vec<u32>| {
                (0..dimension.size as u32).map(move |v| [at.as_slice(), &[v]].concat())
            };
            all.into_iter().flat_map(longer).collect()
        })
    }

    /// Coordinates in the lattice of the units: the set of values stands at the first straddled dimension.
    fn coordinates(&self, parts: &[&[u32]]) -> Vec<u32> {
        let set = self.sets.get(&self.set(parts)).copied().unwrap_or(0);
        let first = parts.first().copied().unwrap_or_default();
        let kept = first.iter().enumerate().filter_map(|(d, &value)| {
            if self.dimensions.first() == Some(&d) {
                Some(set)
            } else if self.dimensions.contains(&d) {
                None
            } else {
                Some(value)
            }
        });
        kept.collect()
    }

    /// The axes of the lattice of the units.
    fn axes(&self, table: &Table, plain: Vec<Axis>) -> Vec<Axis> {
        let mut axes = Vec::new();
        for (d, axis) in plain.into_iter().enumerate() {
            if self.dimensions.first() == Some(&d) {
                axes.push(self.axis(table));
            } else if !self.dimensions.contains(&d) {
                axes.push(axis);
            }
        }
        axes
    }

    fn axis(&self, table: &Table) -> Axis {
        let bits = self.dimensions.iter().fold(0, |mask, d| mask | 1_u32 << d);
        let mut unions = Vec::new();
        for node in self.nodes(table) {
            let inside = |tuple: &Vec<u32>| {
                let mut pairs = node.iter().zip(tuple);
                pairs.all(|(of, value)| {
                    of.as_ref()
                        .is_none_or(|(_, members)| members.contains(value))
                })
            };
            let sets = self.sets.iter().filter(|(set, _)| set.iter().any(inside));
            let members: Vec<u32> = sets.map(|(_, &leaf)| leaf).collect();
            let named = self.dimensions.iter().zip(&node);
            let name: Vec<(usize, u32)> = named
                .filter_map(|(&d, of)| of.as_ref().map(|(at, _)| (d, *at)))
                .collect();
            if !name.is_empty() {
                unions.push((members, name));
            }
        }
        let mut axis = Axis::new(self.sets.len(), bits, vec![None; self.sets.len()], unions);
        for provider in 0..table.providers {
            let dimensions = self.dimensions.iter().copied();
            let held: Vec<usize> = dimensions
                .filter(|&d| {
                    let of = table.dimensions.get(d);
                    of.is_some_and(|of| of.known_to.contains(&provider))
                })
                .collect();
            if !held.is_empty() && held.len() < self.dimensions.len() {
                let mask = held.iter().fold(0, |mask, d| mask | 1_u32 << d);
                axis.hold(mask, self.looks(&held));
            }
        }
        axis
    }

    /// Per set of values which others look the same in some of the straddled dimensions.
    fn looks(&self, held: &[usize]) -> Vec<u32> {
        let own = |tuple: &Vec<u32>| -> Vec<u32> {
            let pairs = self.dimensions.iter().zip(tuple);
            let pairs = pairs.filter(|(d, _)| held.contains(d));
            pairs.map(|(_, &value)| value).collect()
        };
        let mut seen: BTreeMap<BTreeSet<Vec<u32>>, u32> = BTreeMap::new();
        let mut looks = vec![0; self.sets.len()];
        for (set, &leaf) in &self.sets {
            let next = seen.len() as u32;
            let look = *seen.entry(set.iter().map(own).collect()).or_insert(next);
            looks
                .iter_mut()
                .skip(leaf as usize)
                .take(1)
                .for_each(|l| *l = look);
        }
        looks
    }

    /// Every combination of a value, a union or nothing per straddled dimension, with its coordinate.
    fn nodes(&self, table: &Table) -> Vec<Vec<Option<Node>>> {
        let dimensions = self
            .dimensions
            .iter()
            .filter_map(|&d| table.dimensions.get(d));
        dimensions.fold(vec![Vec::new()], |all, dimension| {
            let size = dimension.size as u32;
            let values = (0..size).map(|v| Some((v, vec![v])));
            let unions = dimension.unions.iter().zip(size..);
            let unions = unions.map(|(members, at)| Some((at, members.clone())));
            let choices: Vec<_> = std::iter::once(None).chain(values).chain(unions).collect();
            let longer = |node: Vec<Option<Node>>| {
                let with = |of: &Option<Node>| [node.as_slice(), std::slice::from_ref(of)].concat();
                choices.iter().map(with).collect::<Vec<_>>()
            };
            all.into_iter().flat_map(longer).collect()
        })
    }
}
