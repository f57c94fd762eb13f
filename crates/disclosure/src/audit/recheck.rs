//! The proofs of a pattern, checked by code that shares nothing with what found them.
//!
//! Each witness is added up to every cell anew. It proves something only if it changes nothing that is shown, keeps
//! every count possible and every sum within its bounds; then what it shows of hidden cells is accepted. Checking
//! takes time in proportion to the witnesses, so it can be done where integer programs for every cell cannot.

use std::collections::{HashMap, HashSet};

use crate::{
    BaseCell, Cell, Contributions, Protected, Quantity, Rules, Table, TableDimension, Witness,
};

/// Coordinates of a cell.
type RecheckedCell = Vec<Option<u32>>;

/// What the witnesses of a pattern fail to prove; empty when all holds. `None` where a unit has several values of a
/// dimension or something was published before: what proves those patterns is checked by
/// [`findings`](crate::audit::findings).
///
/// Checked is what holds for everyone: every unsafe count can reach the minimum, every unsafe sum can lie far enough
/// away both ways, and no hidden cell follows by adding and subtracting. What a contributor or a provider knows more
/// is left to [`findings`](crate::audit::findings).
///
/// ```
/// use zwerm_disclosure::{Rules, Table, audit, protect};
/// let table = Table { max_dimensions: 2, ..Table::default() };
/// let rules = Rules::minimum(10);
/// assert_eq!(audit::recheck(&table, &rules, &protect(&table, &rules)?), Some(vec![]));
/// # Ok::<(), zwerm_disclosure::DisclosureError>(())
/// ```
#[must_use]
pub fn recheck(table: &Table, rules: &Rules, protected: &Protected) -> Option<Vec<String>> {
    if !table.straddlers.is_empty() || !table.earlier.is_empty() {
        return None;
    }
    let cells = protected.cells();
    let mut check = Check::new(table, rules, &cells);
    for witness in protected.witnesses() {
        check.accept(&witness);
    }
    Some(check.conclude())
}

/// A check that is under way.
struct Check<'a> {
    table: &'a Table,
    rules: &'a Rules,
    /// Per published cell, by its coordinates.
    published: HashMap<&'a [Option<u32>], &'a Cell>,
    /// Per dimension and value the unions that it is in.
    unions: Vec<Vec<Vec<u32>>>,
    /// Figures of every cell that has any.
    totals: HashMap<RecheckedCell, Totals>,
    bases: HashMap<&'a [u32], &'a BaseCell>,
    several_rows: bool,
    /// Measures of which values are missing: their counts are not the units'.
    lacking: Vec<usize>,
    /// How fine magnitudes are looked at: a few billionths of the largest.
    grain: f64,
    /// How far down and up witnesses take a figure.
    proved: HashMap<(Quantity, RecheckedCell), (f64, f64)>,
    /// Cells that some witness changes.
    moved: HashSet<RecheckedCell>,
    findings: Vec<String>,
}

/// The figures of a cell.
#[derive(Default, Clone)]
struct Totals {
    units: u64,
    rows: Contributions,
    measures: Vec<Contributions>,
    /// How far the rows, and the sum of each measure, can fall and rise.
    room: Vec<(f64, f64)>,
}

impl<'a> Check<'a> {
    /// A check of these cells that has seen no witness yet.
    fn new(table: &'a Table, rules: &'a Rules, cells: &'a [Cell]) -> Check<'a> {
        let bases = table.cells.iter();
        let published = cells.iter().map(|c| (c.coordinates.as_slice(), c));
        let lacks = |m: &usize| {
            let mut measures = table.cells.iter().filter_map(|b| b.measures.get(*m));
            measures.any(|c| c.missing > 0)
        };
        let mut check = Check {
            table,
            rules,
            published: published.collect(),
            unions: table.dimensions.iter().map(unions).collect(),
            totals: HashMap::new(),
            bases: bases.map(|b| (b.coordinates.as_slice(), b)).collect(),
            grain: 0.0,
            several_rows: table.cells.iter().any(|b| b.rows.count != b.units),
            lacking: (0..table.measures.len()).filter(lacks).collect(),
            proved: HashMap::new(),
            moved: HashSet::new(),
            findings: Vec::new(),
        };
        check.add_up();
        check.grain = check.largest() * 4e-9;
        check
    }

    /// The largest magnitude, or room of one, that is finite.
    fn largest(&self) -> f64 {
        let figures = self.totals.values().flat_map(|of| {
            let totals = of.measures.iter().map(|m| m.total);
            let rooms = of.room.iter().flat_map(|&(down, up)| [down, up]);
            totals.chain(rooms)
        });
        let finite = figures.filter(|x| x.is_finite());
        finite.fold(0.0_f64, |most, x| most.max(x.abs()))
    }

    /// Adds the base cells up to every cell that holds them.
    fn add_up(&mut self) {
        let keep = self.rules.keep();
        for base in &self.table.cells {
            let sums = (0..self.table.measures.len()).map(Quantity::Sum);
            let rooms: Vec<(f64, f64)> = std::iter::once(Quantity::Rows)
                .chain(sums)
                .map(|magnitude| self.room(base, magnitude))
                .collect();
            for at in self.covers(&base.coordinates) {
                let of = self.totals.entry(at).or_default();
                of.units += base.units;
                of.rows.merge(&base.rows, keep);
                of.measures
                    .resize(base.measures.len(), Contributions::default());
                for (into, from) in of.measures.iter_mut().zip(&base.measures) {
                    into.merge(from, keep);
                }
                of.room.resize(rooms.len(), (0.0, 0.0));
                for (into, from) in of.room.iter_mut().zip(&rooms) {
                    *into = (into.0 + from.0, into.1 + from.1);
                }
            }
        }
    }

    /// How far a magnitude can fall and rise in one base cell.
    fn room(&self, base: &BaseCell, magnitude: Quantity) -> (f64, f64) {
        let Quantity::Sum(m) = magnitude else {
            return (base.rows.total - base.units as f64, f64::INFINITY);
        };
        match (base.measures.get(m), self.table.measures.get(m)) {
            (Some(of), Some(bounds)) if of.count > 0 => {
                let n = of.count as f64;
                (of.total - n * bounds.lower, n * bounds.upper - of.total)
            }
            _ => (0.0, 0.0),
        }
    }

    /// Every cell that holds a base cell.
    fn covers(&self, base: &[u32]) -> Vec<RecheckedCell> {
        let mut all = vec![Vec::new()];
        for (value, of) in base.iter().zip(&self.unions) {
            let unions = of.get(*value as usize).into_iter().flatten();
            let ways: Vec<Option<u32>> = [None, Some(*value)]
                .into_iter()
                .chain(unions.map(|&u| Some(u)))
                .collect();
            let longer = |at: &RecheckedCell| {
                let at = at.clone();
                ways.iter()
                    .map(move |way| [at.as_slice(), &[*way]].concat())
            };
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    /// Accepts what a witness shows of hidden cells, if it is one.
    fn accept(&mut self, witness: &Witness) {
        let mut changes: HashMap<RecheckedCell, f64> = HashMap::new();
        for (base, change) in &witness.changes {
            if let Some(fault) = self.base_fault(witness.quantity, base, *change) {
                self.findings.push(fault);
                return;
            }
            for at in self.covers(base) {
                *changes.entry(at).or_insert(0.0) += change;
            }
        }
        changes.retain(|_, change| *change != 0.0);
        for (at, change) in &changes {
            if let Some(fault) = self.cell_fault(witness.quantity, at, *change) {
                self.findings.push(fault);
                return;
            }
        }
        for (at, change) in changes {
            self.moved.insert(at.clone());
            if let Some(quantity) = witness.quantity {
                let range = self.proved.entry((quantity, at)).or_default();
                *range = (range.0.min(change), range.1.max(change));
            }
        }
    }

    /// Why no table of this quantity differs so in a base cell.
    fn base_fault(&self, quantity: Option<Quantity>, at: &[u32], change: f64) -> Option<String> {
        let base = self.bases.get(at);
        let impossible = match quantity {
            None => false,
            Some(magnitude @ (Quantity::Sum(_) | Quantity::Rows)) => {
                let (down, up) = base.map_or((0.0, 0.0), |b| self.room(b, magnitude));
                let slack = 1e-12 * change.abs();
                change < -down - slack || change > up + slack
            }
            Some(count) => {
                let has = base.map_or(0, |b| amount(count, b.units, &b.measures));
                change.fract() != 0.0 || has as f64 + change < 0.0
            }
        };
        impossible.then(|| format!("a witness of {quantity:?} changes {at:?} by {change}"))
    }

    /// Why everyone would see that a table differs so in a cell.
    fn cell_fault(
        &self,
        quantity: Option<Quantity>,
        at: &RecheckedCell,
        change: f64,
    ) -> Option<String> {
        let cell = self.published.get(at.as_slice())?;
        let shown = match quantity {
            Some(Quantity::Sum(m)) => cell.sums.get(m).is_some_and(Option::is_some),
            // a pattern of sums holds that of the counts, so what changes no shown sum may do here
            None => cell.units.is_some() && cell.sums.iter().all(Option::is_some),
            Some(_) => cell.units.is_some(),
        };
        if shown {
            return Some(format!(
                "a witness of {quantity:?} changes {at:?}, which is shown"
            ));
        }
        let magnitude = |q: &Quantity| matches!(q, Quantity::Sum(_) | Quantity::Rows);
        let count = quantity.filter(|q| !magnitude(q))?;
        let has = self
            .totals
            .get(at)
            .map_or(0, |of| amount(count, of.units, &of.measures));
        let gone = has > 0 && has as f64 + change < 1.0 && !self.rules.protect_zeros;
        gone.then(|| format!("a witness of {quantity:?} empties {at:?}, which would be shown"))
    }

    /// What is left unproved.
    fn conclude(mut self) -> Vec<String> {
        let mut found = std::mem::take(&mut self.findings);
        for (at, of) in &self.totals {
            found.extend(self.counts(at, of));
            found.extend(self.magnitudes(at, of));
        }
        for (at, cell) in &self.published {
            let hidden = cell.units.is_none() || cell.sums.iter().any(Option::is_none);
            let something = self.totals.contains_key(*at);
            if hidden && something && !self.moved.contains(*at) {
                found.push(format!("{at:?} is hidden, and no witness changes it"));
            }
        }
        found.sort();
        found
    }

    /// Counts that no witness takes to the minimum.
    fn counts(&self, at: &RecheckedCell, of: &Totals) -> Vec<String> {
        let minimum = self.rules.minimum_units;
        let lacking = self.lacking.iter();
        let more = lacking.flat_map(|&m| [Quantity::Present(m), Quantity::Missing(m)]);
        let all = std::iter::once(Quantity::Units).chain(more);
        let unproved = all.filter(|&quantity| {
            let has = amount(quantity, of.units, &of.measures);
            let reach = has as f64 + self.range(quantity, at).1;
            (1..minimum).contains(&has) && reach < minimum as f64
        });
        unproved
            .map(|q| format!("{at:?}: no witness takes {q:?} to {minimum}"))
            .collect()
    }

    /// Magnitudes that no witness takes far enough, one way or the other.
    fn magnitudes(&self, at: &RecheckedCell, of: &Totals) -> Vec<String> {
        if !self.published.contains_key(at.as_slice()) {
            return Vec::new();
        }
        // where every unit has one row, its count is the units'
        let rows = self.several_rows.then_some((Quantity::Rows, &of.rows));
        let sums = of.measures.iter().enumerate();
        // what follows from the counts has the bounds of the rows
        let sums = sums.filter(|(m, _)| !self.table.count_like.contains(m));
        let sums = sums.map(|(m, sum)| (Quantity::Sum(m), sum));
        let all = rows.into_iter().chain(sums);
        all.filter_map(|(quantity, sum)| {
            let far = self.rules.required_move(sum)?;
            let room = match quantity {
                Quantity::Sum(m) => of.room.get(m + 1),
                _ => of.room.first(),
            };
            let (down, up) = room.copied()?;
            let (low, high) = self.range(quantity, at);
            let slack = 1e-9 * far + self.grain;
            let short = -low < far.min(down) - slack || high < far.min(up) - slack;
            short.then(|| format!("{at:?}: no witness takes {quantity:?} {far} away"))
        })
        .collect()
    }

    /// How far down and up witnesses take a figure of a cell.
    fn range(&self, quantity: Quantity, at: &RecheckedCell) -> (f64, f64) {
        let proved = self.proved.get(&(quantity, at.clone()));
        proved.copied().unwrap_or((0.0, 0.0))
    }
}

/// Per value of a dimension the coordinates of the unions that it is in.
fn unions(of: &TableDimension) -> Vec<Vec<u32>> {
    let around = |value: u32| {
        let unions = of.unions.iter().zip(of.size as u32..);
        let within = unions.filter(|(members, _)| members.contains(&value));
        within.map(|(_, at)| at).collect()
    };
    (0..of.size as u32).map(around).collect()
}

/// How much of a count there is; magnitudes are no counts.
fn amount(count: Quantity, units: u64, measures: &[Contributions]) -> u64 {
    match count {
        Quantity::Units => units,
        Quantity::Present(m) => measures.get(m).map_or(0, |c| c.units),
        Quantity::Missing(m) => measures.get(m).map_or(0, |c| c.missing),
        Quantity::Sum(_) | Quantity::Rows => 0,
    }
}
