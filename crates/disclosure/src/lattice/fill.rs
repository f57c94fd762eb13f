//! Filling a lattice: every cell of every level added up from the base cells, in every release state.

use std::collections::{BTreeMap, HashMap};

use super::{
    Axis, CellStatistics, Lattice, Name, Space, ValueSets, levels::DIMENSION_LIMIT, sums::up,
};
use crate::{
    DisclosureError,
    ids::{CellId, IdVec, LocalId, StateId},
    table::{
        BaseCell, Cell, Ruling, Straddler, Table, TableDimension, check, identified,
        release_states, timeline,
    },
};

/// The space of the units and, where a unit straddles values, one of the rows and sums.
///
/// # Errors
/// A table that does not fit its description, or is too large.
pub(crate) fn spaces(
    table: &Table,
    ruling: &Ruling,
) -> Result<(Space, Option<Space>), DisclosureError> {
    let keep = ruling.keep();
    check_states(table, keep)?;
    let of = |(d, dimension): (usize, &TableDimension)| Axis::of(d, dimension);
    let plain: Vec<Axis> = table.dimensions.iter().enumerate().map(of).collect();
    let builder = |axes| -> Result<LatticeBuilder, DisclosureError> {
        let lattice = lattice(table, axes)?;
        Ok(LatticeBuilder {
            table,
            keep,
            lattice,
        })
    };
    let rows = builder(plain.clone())?;
    let Some(value_sets) = ValueSets::new(table) else {
        return Ok((rows.build()?, None));
    };
    let units = builder(value_sets.axes(table, plain))?;
    Ok((units.build_units(&value_sets)?, Some(rows.build()?)))
}

/// Checks the base cells and straddlers of every release state.
fn check_states(table: &Table, keep: usize) -> Result<(), DisclosureError> {
    if table.dimensions.len() > DIMENSION_LIMIT {
        return Err(DisclosureError::TooManyDimensions {
            dimensions: table.dimensions.len(),
            limit: DIMENSION_LIMIT,
        });
    }
    let states = release_states(table);
    let several = states.iter().any(|(_, of)| !of.is_empty());
    for state in states {
        check::state(table, state, several, keep)?;
    }
    Ok(())
}

/// The lattice of a table over some axes, with the part to be published marked.
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
pub(super) struct LatticeBuilder<'a> {
    /// The table.
    pub(super) table: &'a Table,
    /// How many of the largest contributions are remembered.
    pub(super) keep: usize,
    /// The lattice, with what is published of it.
    pub(super) lattice: Lattice,
}

impl LatticeBuilder<'_> {
    /// Rows and sums, and the units of each cell counted once.
    fn build(self) -> Result<Space, DisclosureError> {
        let measures = self.table.measures.len();
        let mut statistics = self.nothing(Some(measures));
        let mut straddled = Vec::new();
        for (state, &(bases, straddlers)) in release_states(self.table).pairs() {
            for base in self.ordered(bases)? {
                let cell = self.base(state, &base.coordinates);
                statistics.units[cell] = base.units;
                statistics.identify(cell, base.identity);
                statistics.merge(cell, &base.rows, &base.measures, self.keep);
            }
            self.add_up(state, &mut statistics);
            let mut groups: BTreeMap<Vec<CellId>, Vec<&Straddler>> = BTreeMap::new();
            for straddler in straddlers {
                let bases = self.bases_of(state, straddler);
                straddled.push(bases.clone());
                groups.entry(bases).or_default().push(straddler);
            }
            for members in groups.values() {
                self.straddle(state, members, &mut statistics);
            }
        }
        self.finish(statistics, straddled)
    }

    /// Numbers of units only, over the values that they have together.
    fn build_units(self, value_sets: &ValueSets) -> Result<Space, DisclosureError> {
        let mut statistics = self.nothing(None);
        for (state, &(bases, straddlers)) in release_states(self.table).pairs() {
            let mut add = |at: &[u32], units: u64, identity: Option<u64>| {
                let cell = self.base(state, at);
                statistics.units[cell] += units;
                statistics.identify(cell, identity);
            };
            for base in bases {
                let at = value_sets.coordinates(&[&base.coordinates]);
                add(&at, base.units, base.identity);
            }
            let mut places: HashMap<Vec<&[u32]>, Vec<u32>> = HashMap::new();
            for straddler in straddlers {
                let parts = straddler.parts.iter().map(|p| p.coordinates.as_slice());
                let parts: Vec<&[u32]> = parts.collect();
                let at = places
                    .entry(parts)
                    .or_insert_with_key(|parts| value_sets.coordinates(parts));
                add(at, 1, straddler.identity);
            }
            self.add_up(state, &mut statistics);
        }
        self.finish(statistics, Vec::new())
    }

    /// No figures yet.
    fn nothing(&self, measures: Option<usize>) -> CellStatistics {
        CellStatistics::new(self.lattice.size(), identified(self.table), measures)
    }

    /// The base cell at some coordinates.
    fn base(&self, state: StateId, coordinates: &[u32]) -> CellId {
        let cell = self.lattice.cell(self.lattice.full, coordinates);
        self.lattice.at(state, cell)
    }

    /// The base cells of a straddler's parts.
    fn bases_of(&self, state: StateId, straddler: &Straddler) -> Vec<CellId> {
        let parts = straddler.parts.iter();
        parts
            .map(|part| self.base(state, &part.coordinates))
            .collect()
    }

    /// Adds the base cells of a state up to the cells of every other level.
    fn add_up(&self, state: StateId, statistics: &mut CellStatistics) {
        up(&self.lattice, |fine, coarse| {
            let at = |cell| self.lattice.at(state, cell);
            statistics.pass(at(fine), at(coarse), self.keep);
        });
    }

    /// In one order, whatever the table's: sums of floating-point numbers depend on it.
    fn ordered<'b>(&self, bases: &'b [BaseCell]) -> Result<Vec<&'b BaseCell>, DisclosureError> {
        let cell = |base: &BaseCell| self.lattice.cell(self.lattice.full, &base.coordinates);
        let numbered = bases.iter().enumerate();
        let mut order: Vec<(LocalId, usize, &BaseCell)> = numbered
            .map(|(position, base)| (cell(base), position, base))
            .collect();
        order.sort_unstable_by_key(|&(cell, position, _)| (cell, position));
        for pair in order.windows(2) {
            if let [(first, ..), (second, position, _)] = pair
                && first == second
            {
                return Err(DisclosureError::BadCell {
                    cell: *position,
                    reason: "these coordinates occur twice; add the two up".into(),
                });
            }
        }
        Ok(order.into_iter().map(|(_, _, base)| base).collect())
    }

    /// The space with what was published of it before.
    fn finish(
        self,
        statistics: CellStatistics,
        straddled: Vec<Vec<CellId>>,
    ) -> Result<Space, DisclosureError> {
        let cells = self.lattice.size();
        let states = self.lattice.state_ids();
        let mut space = Space {
            bases: states.map(|s| self.occupied(s, &statistics)).collect(),
            straddled,
            lattice: self.lattice,
            statistics,
            known: IdVec::filled(false, cells),
            occupied: IdVec::filled(false, cells),
            known_sums: vec![IdVec::filled(false, cells); self.table.measures.len()],
        };
        space.remember(self.table)?;
        Ok(space)
    }

    /// The base cells of a state that hold units.
    fn occupied(&self, state: StateId, statistics: &CellStatistics) -> Vec<(Vec<u32>, CellId)> {
        let mine = |&base: &CellId| self.lattice.state(base) == state;
        let bases = self.lattice.bases().filter(mine);
        let full = bases.filter(|&base| statistics.units[base] > 0);
        full.map(|base| (self.lattice.coordinates(base), base))
            .collect()
    }
}

impl Space {
    /// Notes what was published of the table before.
    fn remember(&mut self, table: &Table) -> Result<(), DisclosureError> {
        if table.earlier.is_empty() {
            return Ok(());
        }
        let named = self.lattice.named();
        let (_, states) = timeline(table);
        for (earlier, state) in table.earlier.iter().zip(states) {
            let rules = &earlier.rules;
            let zeros_hidden = !rules.is_empty() && rules.iter().all(|r| r.protect_zeros);
            for published in &earlier.published {
                let cell = named.get(&published.coordinates).copied();
                let cell = cell.ok_or_else(|| unnamed(&published.coordinates))?;
                self.remember_cell(self.lattice.at(state, cell), published, zeros_hidden);
            }
        }
        Ok(())
    }

    /// Notes what was published of a cell before.
    fn remember_cell(&mut self, cell: CellId, published: &Cell, zeros_hidden: bool) {
        self.lattice.note_published(cell);
        self.known[cell] |= shows_counts(published);
        self.occupied[cell] |= !shows_counts(published) && !zeros_hidden;
        for (known, sum) in self.known_sums.iter_mut().zip(&published.sums) {
            known[cell] |= sum.is_some();
        }
    }
}

/// Whether a published cell shows any count: they share one pattern.
fn shows_counts(cell: &Cell) -> bool {
    let mut counts = cell.counts.iter().chain([&cell.units, &cell.rows]);
    counts.any(Option::is_some)
}

/// The error for a cell that was published before and is not one of this table's.
fn unnamed(name: &Name) -> DisclosureError {
    DisclosureError::BadTable {
        reason: format!("an earlier cell {name:?} is not one of this table's"),
    }
}
