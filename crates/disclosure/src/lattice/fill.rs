//! Filling a lattice: every cell of every level added up from the base cells, in every release state.

use std::collections::{BTreeMap, HashMap};

use super::{
    Axis, Lattice, Name, Space, Statistics, ValueSets, levels::DIMENSION_LIMIT, statistics::Block,
};
use crate::{
    DisclosureError,
    table::{
        BaseCell, Cell, Contributions, Dimension, Ruling, Straddler, Table, check, identified,
        release_states, timeline,
    },
};

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
    let several = release_states(table)
        .iter()
        .any(|(_, straddlers)| !straddlers.is_empty());
    for state in release_states(table) {
        check::state(table, state, several, keep)?;
    }
    let of = |(d, dimension): (usize, &Dimension)| Axis::of(d, dimension);
    let plain: Vec<Axis> = table.dimensions.iter().enumerate().map(of).collect();
    let rows = Builder {
        table,
        keep,
        lattice: lattice(table, plain.clone())?,
    };
    let Some(value_sets) = ValueSets::new(table) else {
        return Ok((rows.build()?, None));
    };
    let units = Builder {
        table,
        keep,
        lattice: lattice(table, value_sets.axes(table, plain))?,
    };
    Ok((units.build_units(&value_sets)?, Some(rows.build()?)))
}

fn lattice(table: &Table, axes: Vec<Axis>) -> Result<Lattice, DisclosureError> {
    let states = release_states(table).len();
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
        for (state, (bases, straddlers)) in release_states(self.table).into_iter().enumerate() {
            let from = state * self.lattice.local;
            for base in self.ordered(bases)? {
                let cell = from + self.lattice.cell(self.lattice.full, &base.coordinates);
                statistics.units[cell] = base.units;
                statistics.identify(cell, base.identity);
                statistics.rows[cell].merge(&base.rows, self.keep);
                for (measure, contributions) in base.measures.iter().enumerate() {
                    statistics.measures[measure][cell].merge(contributions, self.keep);
                }
            }
            up(&self.lattice, |fine, coarse| {
                statistics.pass(from + fine, from + coarse, self.keep);
            });
            let groups = groups(&self.lattice, straddlers);
            for (parts, members) in &groups {
                self.straddle(from, parts, members, &mut statistics);
            }
            straddled.extend(straddlers.iter().map(|s| {
                let bases = bases_of(&self.lattice, s).into_iter();
                bases.map(|base| from + base).collect()
            }));
        }
        self.finish(statistics, straddled)
    }

    /// Numbers of units only, over the values that they have together.
    fn build_units(self, value_sets: &ValueSets) -> Result<Space, DisclosureError> {
        let cells = self.lattice.cells();
        let mut statistics = Statistics {
            units: vec![0; cells],
            identity: identified(self.table).then(|| vec![0; cells]),
            rows: Vec::new(),
            measures: Vec::new(),
        };
        for (state, (bases, straddlers)) in release_states(self.table).into_iter().enumerate() {
            let from = state * self.lattice.local;
            let mut add = |at: &[u32], units: u64, identity: Option<u64>| {
                let cell = from + self.lattice.cell(self.lattice.full, at);
                statistics.units[cell] += units;
                statistics.identify(cell, identity);
            };
            for base in bases {
                let at = value_sets.coordinates(&[&base.coordinates]);
                add(&at, base.units, base.identity);
            }
            let mut places: HashMap<Vec<&[u32]>, Vec<u32>> = HashMap::new();
            let mut parts: Vec<&[u32]> = Vec::new();
            for straddler in straddlers {
                parts.clear();
                parts.extend(straddler.parts.iter().map(|p| p.coordinates.as_slice()));
                if !places.contains_key(&parts) {
                    places.insert(parts.clone(), value_sets.coordinates(&parts));
                }
                add(&places[&parts], 1, straddler.identity);
            }
            up(&self.lattice, |fine, coarse| {
                statistics.pass(from + fine, from + coarse, self.keep);
            });
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

    /// Counts straddlers with rows in the same base cells once in every cell that holds any of their rows.
    ///
    /// All levels that put the same parts together show the same of them, so that is added up once.
    fn straddle(
        &self,
        from: usize,
        parts: &[usize],
        members: &[&Straddler],
        statistics: &mut Statistics,
    ) {
        let Some(first) = members.first() else { return };
        let at = || first.parts.iter().map(|p| p.coordinates.as_slice());
        let mut known: Vec<(Vec<usize>, Vec<Block>)> = Vec::new();
        let mut cells: Vec<usize> = Vec::with_capacity(parts.len());
        for level in 0..self.lattice.levels.len() {
            cells.clear();
            let mut together = Vec::with_capacity(parts.len());
            for coordinates in at() {
                let cell = from + self.lattice.cell(level, coordinates);
                let block = cells.iter().position(|&c| c == cell);
                together.push(block.unwrap_or(cells.len()));
                if block.is_none() {
                    cells.push(cell);
                }
            }
            let place = known.iter().position(|(of, _)| *of == together);
            let place = place.unwrap_or_else(|| {
                let blocks = self.blocks(&together, cells.len(), members);
                known.push((together, blocks));
                known.len() - 1
            });
            for (&cell, block) in cells.iter().zip(&known[place].1) {
                statistics.units[cell] += members.len() as u64;
                for member in members {
                    statistics.identify(cell, member.identity);
                }
                statistics.rows[cell].merge(&block.rows, self.keep);
                for (measure, contributions) in block.measures.iter().enumerate() {
                    statistics.measures[measure][cell].merge(contributions, self.keep);
                }
            }
        }
    }

    /// What straddlers contribute to each block of parts, given the block of each part.
    fn blocks(&self, together: &[usize], count: usize, members: &[&Straddler]) -> Vec<Block> {
        let measures = self.table.measures.len();
        let mut blocks = vec![Block::new(measures); count];
        let mut rows = vec![0; count];
        let mut sums = vec![0.0; count * measures];
        for member in members {
            rows.fill(0);
            sums.fill(0.0);
            for (part, &block) in member.parts.iter().zip(together) {
                rows[block] += part.rows;
                let own = &mut sums[block * measures..(block + 1) * measures];
                own.iter_mut().zip(&part.sums).for_each(|(s, v)| *s += v);
            }
            for (number, block) in blocks.iter_mut().enumerate() {
                let rows = rows[number];
                block.rows.add_unit(rows, rows as f64, self.keep);
                let own = &sums[number * measures..(number + 1) * measures];
                for (into, &sum) in block.measures.iter_mut().zip(own) {
                    into.add_unit(rows, sum, self.keep);
                }
            }
        }
        blocks
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
        let bases = release_states(self.table).into_iter().enumerate();
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

/// Gives every cell of a level with the cell that it adds to in each level made from that one: first come the levels
/// with most axes apart, and each level is made from the smallest that is finer by one axis.
#[expect(
    clippy::indexing_slicing,
    reason = "levels, grains and axes come from one lattice"
)]
fn up(lattice: &Lattice, mut pass: impl FnMut(usize, usize)) {
    let folded = |of: &usize| {
        let grains = lattice.levels[*of].grains.iter();
        grains.filter(|&&grain| grain != 1).count()
    };
    let mut order: Vec<usize> = (0..lattice.levels.len()).collect();
    order.sort_by_key(folded);
    for number in order {
        let coarse = &lattice.levels[number];
        let mut weight = 1;
        let mut finer: Option<(usize, usize)> = None;
        for (axis, &grain) in coarse.grains.iter().enumerate() {
            let of = number + weight - weight * grain;
            weight *= lattice.axes[axis].grains.len();
            let len = lattice.levels[of].len;
            if grain != 1 && finer.is_none_or(|(_, best)| len < lattice.levels[best].len) {
                finer = Some((axis, of));
            }
        }
        let Some((axis, finer)) = finer else { continue };
        let fine = &lattice.levels[finer];
        let grain = &lattice.axes[axis].grains[coarse.grains[axis]];
        let (leaves, classes) = (lattice.axes[axis].leaves, grain.names.len());
        let inner = fine.strides[axis];
        for outer in 0..fine.len / (leaves * inner).max(1) {
            for (leaf, &class) in grain.class.iter().enumerate() {
                let from = fine.offset + (outer * leaves + leaf) * inner;
                let to = coarse.offset + (outer * classes + class as usize) * inner;
                (0..inner).for_each(|at| pass(from + at, to + at));
            }
        }
    }
}

/// Straddlers by the base cells that they have rows in.
fn groups<'a>(
    lattice: &Lattice,
    straddlers: &'a [Straddler],
) -> BTreeMap<Vec<usize>, Vec<&'a Straddler>> {
    let mut groups: BTreeMap<Vec<usize>, Vec<&Straddler>> = BTreeMap::new();
    for straddler in straddlers {
        let bases = bases_of(lattice, straddler);
        groups.entry(bases).or_default().push(straddler);
    }
    groups
}

/// The base cells of a straddler's parts.
fn bases_of(lattice: &Lattice, straddler: &Straddler) -> Vec<usize> {
    let parts = straddler.parts.iter();
    parts
        .map(|part| lattice.cell(lattice.full, &part.coordinates))
        .collect()
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
