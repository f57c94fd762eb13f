//! Every rule of protection, checked against the true table.

use std::collections::BTreeSet;

use super::{
    At, Shown,
    attackers::{Attack, covers_of},
    base_cells, covers,
    programs::{Program, Secret, Unknown},
};
use crate::{BaseCell, Cell, Contributions, Rules, Table};

/// What is wrong with publishing `cells` of `table`; empty when every rule holds.
///
/// This is slow and meant for tests and small tables: it solves an integer program per unsafe count
/// (of up to a million units per cell) and two linear programs per unsafe sum. Each finding names the
/// rule and the cell.
///
/// ```
/// use zwerm_disclosure::{Rules, Table, audit, protect};
/// let table = Table { dimensions: vec![], measures: vec![], related: vec![], count_like: vec![],
///     providers: 0, max_dimensions: 2, cells: vec![] };
/// let rules = Rules::minimum(10);
/// assert!(audit::findings(&table, &rules, &protect(&table, &rules)?.cells()).is_empty());
/// # Ok::<(), zwerm_disclosure::DisclosureError>(())
/// ```
#[must_use]
pub fn findings(table: &Table, rules: &Rules, cells: &[Cell]) -> Vec<String> {
    let audit = Audit {
        table,
        rules,
        cells,
        sizes: table.dimensions.iter().map(|d| d.size).collect(),
    };
    let mut found = audit.counts();
    for (number, _) in audit.with_missing() {
        found.extend(audit.values(number, "present", |c| c.units));
        found.extend(audit.values(number, "missing", |c| c.missing));
    }
    found.extend(audit.rows());
    for measure in 0..table.measures.len() {
        found.extend(audit.measure(measure));
    }
    found.extend(audit.shared_patterns());
    found
}

pub(super) struct Audit<'a> {
    pub(super) table: &'a Table,
    rules: &'a Rules,
    cells: &'a [Cell],
    pub(super) sizes: Vec<usize>,
}

impl Audit<'_> {
    pub(super) fn sum<T: std::iter::Sum>(&self, at: &At, of: impl Fn(&BaseCell) -> T) -> T {
        let cells = self.table.cells.iter();
        cells.filter(|b| covers(at, &b.coordinates)).map(of).sum()
    }

    fn units(&self, at: &At) -> u64 {
        self.sum(at, |b| b.units)
    }

    fn contributions(&self, at: &At, of: impl Fn(&BaseCell) -> &Contributions) -> Contributions {
        let mut all = Contributions::default();
        let cells = self.table.cells.iter();
        for base in cells.filter(|b| covers(at, &b.coordinates)) {
            all.merge(of(base), usize::MAX);
        }
        all
    }

    fn small(&self, n: u64) -> bool {
        n > 0 && n < self.rules.minimum_units
    }

    /// Measures of which values are missing: their counts are not the units'.
    fn with_missing(&self) -> impl Iterator<Item = (usize, &crate::Measure)> {
        let missing = |m: usize| self.table.cells.iter().any(|b| measure(b, m).missing > 0);
        let measures = self.table.measures.iter().enumerate();
        measures.filter(move |(m, _)| missing(*m))
    }

    fn several_rows(&self) -> bool {
        self.table.cells.iter().any(|b| b.rows.count != b.units)
    }

    /// p% and (n, k), written out anew.
    fn sum_unsafe(&self, c: &Contributions) -> Option<f64> {
        let mut far: Option<f64> = None;
        if let Some(rule) = self.rules.dominance {
            let top: f64 = c.largest.iter().take(rule.largest).sum();
            if top * 100.0 > rule.percent * c.absolute {
                far = Some(top * 100.0 / rule.percent - c.absolute);
            }
        }
        if let Some(p) = self.rules.p_percent {
            let first = c.largest.first().copied().unwrap_or(0.0);
            let others = c.absolute - c.largest.iter().take(2).sum::<f64>();
            if others * 100.0 < p * first * (1.0 - 1e-9) {
                let move_by = p * first / 100.0 - others;
                far = Some(far.map_or(move_by, |f| f.max(move_by)));
            }
        }
        far
    }

    fn counts(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut secrets = Vec::new();
        let mut integer: Vec<(Secret, u64)> = Vec::new();
        for cell in self.cells {
            let at = &cell.coordinates;
            let mut reasons = self.reasons(at);
            for siblings in self.groups(at) {
                reasons.push("group disclosure");
                secrets.push(siblings.clone());
                integer.push((siblings, 2));
            }
            let shown = cell.units.is_some() || cell.rows.is_some();
            if shown || cell.counts.iter().any(Option::is_some) {
                found.extend(reasons.iter().map(|r| format!("{at:?} is published: {r}")));
            }
            let units = self.units(at);
            if self.small(units) || (units == 0 && self.rules.protect_zeros) {
                integer.push((Secret::cell(at), self.rules.minimum_units));
            }
            if !reasons.is_empty() {
                secrets.push(Secret::cell(at));
            }
        }
        for at in self.deep_cells() {
            if self.small(self.units(&at)) {
                integer.push((Secret::cell(&at), self.rules.minimum_units));
            }
        }
        let attack = Attack {
            audit: self,
            what: "units",
            cells: self.seen(|c| c.units.is_some(), |c| c.units == Some(0)),
            secrets: &secrets,
            providers: &(0..self.table.providers).collect::<Vec<_>>(),
            contributors: |b: &BaseCell| b.units,
            sums: false,
        };
        found.extend(attack.findings());
        let mut program = self.count_program(|b| b.units);
        for (secret, at_least) in integer {
            if !program.reaches(&secret, at_least) {
                found.push(format!("units of {secret:?} cannot reach {at_least}"));
            }
        }
        found
    }

    /// Why a cell's counts may not be published, group disclosure aside.
    fn reasons(&self, at: &At) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        let units = self.units(at);
        if self.small(units) || (units == 0 && self.rules.protect_zeros) {
            reasons.push("too few units");
        }
        for (m, _) in self.with_missing() {
            let c = self.contributions(at, |b| measure(b, m));
            if self.small(c.units) || self.small(c.missing) {
                reasons.push("too few present or missing values");
            }
        }
        let rows = self.contributions(at, |b| &b.rows);
        if self.several_rows() && self.sum_unsafe(&rows).is_some() {
            reasons.push("rows dominated by a unit");
        }
        reasons
    }

    /// The siblings of a cell, per sensitive dimension on which (almost) a whole group shares its value.
    fn groups(&self, at: &At) -> Vec<Secret> {
        let mut groups = Vec::new();
        for (d, dimension) in self.table.dimensions.iter().enumerate() {
            if !dimension.sensitive || at.get(d).copied().flatten().is_none() {
                continue;
            }
            let mut parent = at.clone();
            parent.iter_mut().skip(d).take(1).for_each(|v| *v = None);
            let group = self.units(&parent);
            if group > 0 && group - self.units(at) <= 1 {
                groups.push(Secret {
                    plus: parent,
                    minus: Some(at.clone()),
                });
            }
        }
        groups
    }

    /// Non-empty combinations of more dimensions than are published.
    fn deep_cells(&self) -> BTreeSet<At> {
        let cells = self.table.cells.iter();
        let all = cells.flat_map(|b| covers_of(&b.coordinates));
        all.filter(|at| at.iter().flatten().count() > self.table.max_dimensions)
            .collect()
    }

    fn seen(
        &self,
        known: impl Fn(&Cell) -> bool,
        known_empty: impl Fn(&Cell) -> bool,
    ) -> Vec<Shown> {
        let shown = |c: &Cell| Shown {
            coordinates: c.coordinates.clone(),
            known: known(c) || known_empty(c),
            empty: known_empty(c),
        };
        self.cells.iter().map(shown).collect()
    }

    /// Whole-number tables of a count that fit what is published of it.
    ///
    /// Where empty cells are shown, a hidden cell holds a unit. For numbers of present or missing values
    /// it is asked that what is not 0 stays so: then the units, moved alike, stay above 0 too.
    fn count_program(&self, of: impl Fn(&BaseCell) -> u64) -> Program {
        let empty: Vec<&Cell> = self.cells.iter().filter(|c| c.units == Some(0)).collect();
        let mut bases = base_cells(&self.sizes);
        bases.retain(|at| !empty.iter().any(|c| covers(&c.coordinates, at)));
        let unknowns = bases.into_iter().map(|at| {
            let exactly = at.iter().map(|v| Some(*v)).collect();
            Unknown {
                truth: self.sum(&exactly, &of) as f64,
                lower: 0.0,
                upper: f64::INFINITY,
                at,
            }
        });
        let (published, hidden): (Vec<&Cell>, Vec<&Cell>) =
            self.cells.iter().partition(|c| c.units.is_some());
        let shows_zeros = !self.rules.protect_zeros;
        let occupied = hidden
            .into_iter()
            .filter(|c| shows_zeros && self.sum(&c.coordinates, &of) > 0);
        Program::new(
            unknowns.collect(),
            published.into_iter().map(|c| &c.coordinates),
            occupied.map(|c| &c.coordinates),
        )
    }

    /// Few units with a value, or without one: as with units, more must be possible.
    fn values(&self, m: usize, what: &str, of: impl Fn(&Contributions) -> u64) -> Vec<String> {
        let of = |b: &BaseCell| of(measure(b, m));
        let mut program = self.count_program(of);
        let published = self.cells.iter().map(|c| c.coordinates.clone());
        let at_least = self.rules.minimum_units;
        let unsafe_cells = published
            .chain(self.deep_cells())
            .filter(|at| self.small(self.sum(at, of)));
        unsafe_cells
            .filter(|at| !program.reaches(&Secret::cell(at), at_least))
            .map(|at| format!("{what} values {m} of {at:?} cannot reach {at_least}"))
            .collect()
    }

    /// Rows as a magnitude: a unit has at least one, and as many as it likes.
    fn rows(&self) -> Vec<String> {
        if !self.several_rows() {
            return Vec::new();
        }
        let unknown = |b: &BaseCell| Unknown {
            at: b.coordinates.clone(),
            truth: b.rows.total,
            lower: b.units as f64,
            upper: f64::INFINITY,
        };
        let published = self.cells.iter().filter(|c| c.rows.is_some());
        let program = Program::new(
            self.table.cells.iter().map(unknown).collect(),
            published.map(|c| &c.coordinates),
            [].into_iter(),
        );
        let cells = self.cells.iter().map(|c| &c.coordinates);
        let far = |at: &At| self.sum_unsafe(&self.contributions(at, |b| &b.rows));
        let moves = cells.filter_map(|at| Some((Secret::cell(at), far(at)?)));
        stuck(&program, moves, "rows")
    }

    fn measure(&self, m: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut secrets = Vec::new();
        let mut moves = Vec::new();
        let shown = |c: &Cell| c.sums.get(m).is_some_and(Option::is_some);
        for cell in self.cells {
            let at = &cell.coordinates;
            let c = self.contributions(at, |b| measure(b, m));
            let far = self.sum_unsafe(&c);
            let counted = cell.counts.get(m).is_some_and(Option::is_some);
            if shown(cell) && !(cell.units.is_some() && counted) {
                found.push(format!("{at:?}: sum {m} without its count"));
            }
            if far.is_some() || self.small(c.units) {
                if shown(cell) {
                    found.push(format!("{at:?}: sum {m} is unsafe"));
                }
                moves.extend(far.map(|far| (Secret::cell(at), far)));
                secrets.push(Secret::cell(at));
            }
        }
        let of = self.table.measures.get(m);
        let (lower, upper) = of.map_or((0.0, 0.0), |m| (m.lower, m.upper));
        let attack = Attack {
            audit: self,
            what: &format!("sums {m}"),
            cells: self.seen(shown, |c| {
                c.units == Some(0) || c.counts.get(m) == Some(&Some(0))
            }),
            secrets: &secrets,
            providers: of.map_or(&[], |m| &m.known_to),
            contributors: |b: &BaseCell| measure(b, m).units,
            sums: true,
        };
        found.extend(attack.findings());
        let unknown = |b: &BaseCell| {
            let c = measure(b, m);
            let bound = |of: f64| {
                if c.count == 0 {
                    0.0
                } else {
                    c.count as f64 * of
                }
            };
            Unknown {
                at: b.coordinates.clone(),
                truth: c.total,
                lower: bound(lower),
                upper: bound(upper),
            }
        };
        let program = Program::new(
            self.table.cells.iter().map(unknown).collect(),
            self.cells
                .iter()
                .filter(|c| shown(c))
                .map(|c| &c.coordinates),
            [].into_iter(),
        );
        found.extend(stuck(&program, moves.into_iter(), &format!("sum {m}")));
        found
    }

    /// Measures tied to each other are hidden together.
    fn shared_patterns(&self) -> Vec<String> {
        let mut found = Vec::new();
        for cell in self.cells {
            let at = &cell.coordinates;
            let shown = |m: &usize| cell.sums.get(*m).is_some_and(Option::is_some);
            for class in &self.table.related {
                if class.iter().any(shown) && !class.iter().all(shown) {
                    found.push(format!("{at:?}: related sums differ"));
                }
            }
            let mut count_like = self.table.count_like.iter();
            if count_like.any(|m| shown(m) != cell.units.is_some()) {
                found.push(format!("{at:?}: a count-like sum differs"));
            }
        }
        found
    }
}

/// Sums that cannot move as far as they must, both ways.
fn stuck(program: &Program, moves: impl Iterator<Item = (Secret, f64)>, what: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (secret, far) in moves {
        for direction in [1.0, -1.0] {
            if !program.moves(&secret, direction, far) {
                found.push(format!(
                    "{what} of {secret:?} cannot move {far} {direction:+}"
                ));
            }
        }
    }
    found
}

fn measure(base: &BaseCell, m: usize) -> &Contributions {
    base.measures.get(m).unwrap_or(&base.rows)
}
