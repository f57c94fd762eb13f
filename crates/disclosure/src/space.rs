//! A table in all its states as numbers per cell, and what is known of it already.
//!
//! Units in one base cell merge up the lattice. A straddler counts once in every cell that holds any of its
//! rows, so numbers of units do not add up over the values that it straddles. They do add up over *which
//! values units have together*: the lattice of the units has these sets of values as leaves, and each value
//! and each group as a union of them. Rows and sums add up over the values themselves, in a lattice of their own.

use std::collections::{BTreeMap, HashMap};

use crate::{
    BaseCell, Cell, Contributions, Dimension, DisclosureError, Straddler, Table,
    axis::Axis,
    check,
    coupling::Coupling,
    lattice::{DIMENSION_LIMIT, Lattice, Name},
    timeline::{Ruling, identified, states, timeline},
    together::Together,
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
    /// Whether a cell has as many units in two states, given the cell in each.
    pub(crate) fn as_many(&self, a: usize, b: usize) -> bool {
        self.unmoved(a, b) && self.statistics.units[a] == self.statistics.units[b]
    }

    /// Whether the same units may be in a cell in two states, given the cell in each: they are, or nothing is
    /// known of who they are.
    fn unmoved(&self, a: usize, b: usize) -> bool {
        let identity = self.statistics.identity.as_ref();
        identity.is_none_or(|of| of[a] == of[b])
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
            identity: identified(self.table).then(|| vec![0; cells]),
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
            identity: identified(self.table).then(|| vec![0; cells]),
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
                let at = together.coordinates(&[&base.coordinates]);
                add(&at, base.units, base.identity);
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
