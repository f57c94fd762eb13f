//! Every rule of protection, checked against the true table by exact and linear programs.

use std::collections::BTreeMap;

use microlp::{ComparisonOp, OptimizationDirection, Problem};

use super::{Shown, rank::System};
use crate::{Cell, Contributions, Rules, Table};

type At = Vec<Option<u32>>;

/// What is wrong with publishing `cells` of `table`; empty when every rule holds.
///
/// This is slow and meant for tests and small tables: it solves an integer program per unsafe count
/// and two linear programs per unsafe sum. Each finding names the rule and the cell.
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
    for measure in 0..table.measures.len() {
        found.extend(audit.measure(measure));
    }
    found.extend(audit.shared_patterns());
    found
}

struct Audit<'a> {
    table: &'a Table,
    rules: &'a Rules,
    cells: &'a [Cell],
    sizes: Vec<usize>,
}

/// Something no attacker may derive: a cell, or a cell less another within it.
#[derive(Debug, Clone)]
struct Secret {
    plus: At,
    minus: Option<At>,
}

/// A quantity per base cell that the attacker solves for.
struct Unknown {
    at: Vec<u32>,
    truth: f64,
    lower: f64,
    upper: f64,
}

impl Audit<'_> {
    fn sum<T: std::iter::Sum>(&self, at: &At, of: impl Fn(&crate::BaseCell) -> T) -> T {
        let inside = self
            .table
            .cells
            .iter()
            .filter(|b| covers(at, &b.coordinates));
        inside.map(of).sum()
    }

    fn units(&self, at: &At) -> u64 {
        self.sum(at, |b| b.units)
    }

    fn contributions(
        &self,
        at: &At,
        of: impl Fn(&crate::BaseCell) -> &Contributions,
    ) -> Contributions {
        let mut all = Contributions::default();
        for base in self
            .table
            .cells
            .iter()
            .filter(|b| covers(at, &b.coordinates))
        {
            all.merge(of(base), usize::MAX);
        }
        all
    }

    fn small(&self, n: u64) -> bool {
        n > 0 && n < self.rules.minimum_units
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
        let mut integer: Vec<(Secret, &str, u64)> = Vec::new();
        let any_missing = |m: usize| self.table.cells.iter().any(|b| measure(b, m).missing > 0);
        for cell in self.cells {
            let at = &cell.coordinates;
            let units = self.units(at);
            let rows = self.contributions(at, |b| &b.rows);
            let secret = Secret {
                plus: at.clone(),
                minus: None,
            };
            let mut reasons = Vec::new();
            if self.small(units) || (units == 0 && self.rules.protect_zeros) {
                reasons.push("too few units");
                integer.push((secret.clone(), "units", self.rules.minimum_units));
            }
            for m in (0..self.table.measures.len()).filter(|&m| any_missing(m)) {
                let c = self.contributions(at, |b| measure(b, m));
                if self.small(c.units) || self.small(c.missing) {
                    reasons.push("too few present or missing values");
                }
            }
            if rows.count != units && self.sum_unsafe(&rows).is_some() {
                reasons.push("rows dominated by a unit");
            }
            for (d, dimension) in self.table.dimensions.iter().enumerate() {
                if let (true, Some(true)) = (dimension.sensitive, at.get(d).map(Option::is_some)) {
                    let mut parent = at.clone();
                    parent.iter_mut().skip(d).take(1).for_each(|v| *v = None);
                    let group = self.units(&parent);
                    if group > 0 && group - units <= 1 {
                        reasons.push("group disclosure");
                        let siblings = Secret {
                            plus: parent,
                            minus: Some(at.clone()),
                        };
                        secrets.push(siblings.clone());
                        integer.push((siblings, "units", 2));
                    }
                }
            }
            let shown = cell.units.is_some() || cell.rows.is_some();
            if shown || cell.counts.iter().any(Option::is_some) {
                found.extend(reasons.iter().map(|r| format!("{at:?} is published: {r}")));
            }
            if !reasons.is_empty() {
                secrets.push(secret);
            }
        }
        let shown: Vec<bool> = self.cells.iter().map(|c| c.units.is_some()).collect();
        let providers: Vec<usize> = (0..self.table.providers).collect();
        found.extend(self.linear("units", &shown, &secrets, &providers, |b| b.units));
        let unknowns = self.unit_unknowns();
        for (secret, what, at_least) in integer {
            if !self.reaches(&unknowns, &shown, &secret, at_least) {
                found.push(format!("{what} of {secret:?} cannot reach {at_least}"));
            }
        }
        found
    }

    fn measure(&self, m: usize) -> Vec<String> {
        let mut found = Vec::new();
        let of = &self.table.measures;
        let shown: Vec<bool> = self
            .cells
            .iter()
            .map(|c| c.sums.get(m).is_some_and(Option::is_some))
            .collect();
        let mut secrets = Vec::new();
        let mut moves = Vec::new();
        for (cell, &shown) in self.cells.iter().zip(&shown) {
            let c = self.contributions(&cell.coordinates, |b| measure(b, m));
            let far = self.sum_unsafe(&c);
            if shown && cell.units.is_none() {
                found.push(format!("{:?}: sum {m} without its count", cell.coordinates));
            }
            if shown && (far.is_some() || self.small(c.units)) {
                found.push(format!("{:?}: sum {m} is unsafe", cell.coordinates));
            }
            if far.is_some() || self.small(c.units) {
                let secret = Secret {
                    plus: cell.coordinates.clone(),
                    minus: None,
                };
                moves.extend(far.map(|far| (secret.clone(), c.clone(), far)));
                secrets.push(secret);
            }
        }
        let (lower, upper, known) = of.get(m).map_or((0.0, 0.0, vec![]), |m| {
            (m.lower, m.upper, m.known_to.clone())
        });
        found.extend(self.linear("sums", &shown, &secrets, &known, |b| measure(b, m).units));
        let unknowns: Vec<Unknown> = self
            .table
            .cells
            .iter()
            .map(|b| {
                let c = measure(b, m);
                let n = c.count as f64;
                Unknown {
                    at: b.coordinates.clone(),
                    truth: c.total,
                    lower: if c.count == 0 { 0.0 } else { n * lower },
                    upper: if c.count == 0 { 0.0 } else { n * upper },
                }
            })
            .collect();
        for (secret, c, far) in moves {
            for direction in [1.0, -1.0] {
                if !self.moves(&unknowns, &shown, &secret, direction, far) {
                    found.push(format!("sum {m} of {secret:?} ({c:?}) cannot move {far}"));
                }
            }
        }
        found
    }

    /// Measures tied to each other are hidden together.
    fn shared_patterns(&self) -> Vec<String> {
        let mut found = Vec::new();
        for cell in self.cells {
            let shown = |m: &usize| cell.sums.get(*m).is_some_and(Option::is_some);
            for class in &self.table.related {
                if class.iter().any(shown) && !class.iter().all(shown) {
                    found.push(format!("{:?}: related sums differ", cell.coordinates));
                }
            }
            if self
                .table
                .count_like
                .iter()
                .any(|m| shown(m) != cell.units.is_some())
            {
                found.push(format!("{:?}: a count-like sum differs", cell.coordinates));
            }
        }
        found
    }

    /// The linear rules: for an outsider, each provider and each singleton.
    fn linear(
        &self,
        what: &str,
        shown: &[bool],
        secrets: &[Secret],
        providers: &[usize],
        contributors: impl Fn(&crate::BaseCell) -> u64,
    ) -> Vec<String> {
        let mut found = Vec::new();
        let base: Vec<Shown> = self
            .cells
            .iter()
            .zip(shown)
            .map(|(c, &known)| Shown {
                coordinates: c.coordinates.clone(),
                known,
                empty: known && self.units(&c.coordinates) == 0,
            })
            .collect();
        let outsider = System::new(&self.sizes, &base);
        for cell in base.iter().filter(|c| !c.known) {
            let nothing = what == "sums" && self.sum(&cell.coordinates, &contributors) == 0;
            if !nothing && outsider.derives(&cell.coordinates, None) {
                found.push(format!("{what}: {:?} is derivable", cell.coordinates));
            }
        }
        let leaks = |system: &System, secret: &&Secret| {
            system.derives(&secret.plus, secret.minus.as_deref())
        };
        for &provider in providers {
            let mut system = outsider.clone();
            for at in self.own_cells(provider) {
                system.learn(&at);
            }
            let own = |s: &Secret| what == "sums" && self.is_own(provider, s, &contributors);
            let open = secrets
                .iter()
                .filter(|s| !self.knows(provider, s) && !own(s));
            found.extend(
                open.filter(|s| leaks(&system, s))
                    .map(|s| format!("{what}: provider {provider} derives {s:?}")),
            );
        }
        for own in &self.table.cells {
            if contributors(own) != 1 {
                continue;
            }
            // every cell of which this unit is the only contributor, published or not
            for at in self.covers_of(&own.coordinates) {
                if self.sum(&at, &contributors) != 1 {
                    continue;
                }
                let mut system = outsider.clone();
                system.learn(&at);
                let only_own = |s: &Secret| {
                    s.minus.is_none()
                        && self.sum(&s.plus, &contributors) <= 1
                        && covers(&s.plus, &own.coordinates)
                };
                let open = secrets
                    .iter()
                    .filter(|s| !only_own(s) && self.about_others(s, own, &at));
                found.extend(
                    open.filter(|s| leaks(&system, s))
                        .map(|s| format!("{what}: singleton {at:?} derives {s:?}")),
                );
            }
        }
        found
    }

    /// The margins over a provider's own columns.
    fn own_cells(&self, provider: usize) -> Vec<At> {
        let knows = |d: usize| {
            let dimension = self.table.dimensions.get(d);
            dimension.is_some_and(|d| d.known_to.contains(&provider))
        };
        let mut all: Vec<At> = vec![Vec::new()];
        for (d, &size) in self.sizes.iter().enumerate() {
            let values: Vec<Option<u32>> = if knows(d) {
                (0..size as u32).map(Some).chain([None]).collect()
            } else {
                vec![None]
            };
            all = all
                .iter()
                .flat_map(|at| {
                    values.iter().map(|v| {
                        let mut at = at.clone();
                        at.push(*v);
                        at
                    })
                })
                .collect();
        }
        all
    }

    /// Whether the secret is a union of the provider's own cells: its figure is the provider's own.
    fn is_own(
        &self,
        provider: usize,
        secret: &Secret,
        contributors: impl Fn(&crate::BaseCell) -> u64,
    ) -> bool {
        let known = |d: usize| {
            let dimension = self.table.dimensions.get(d);
            dimension.is_some_and(|d| d.known_to.contains(&provider))
        };
        let own = |b: &crate::BaseCell| -> Vec<Option<u32>> {
            let at = b.coordinates.iter().enumerate();
            at.map(|(d, &v)| known(d).then_some(v)).collect()
        };
        let valued = || self.table.cells.iter().filter(|b| contributors(b) > 0);
        valued().all(|inside| {
            !covers(&secret.plus, &inside.coordinates)
                || valued().all(|other| {
                    covers(&secret.plus, &other.coordinates) || own(inside) != own(other)
                })
        })
    }

    fn knows(&self, provider: usize, secret: &Secret) -> bool {
        let at = secret.minus.as_ref().unwrap_or(&secret.plus);
        at.iter()
            .zip(&self.table.dimensions)
            .all(|(v, d)| v.is_none() || d.known_to.contains(&provider))
    }

    /// Whether deriving the secret tells the owner of `own` about anybody else.
    fn about_others(&self, secret: &Secret, own: &crate::BaseCell, known: &At) -> bool {
        if let Some(minus) = &secret.minus {
            let others = self.units(&secret.plus) - self.units(minus);
            let among = covers(&secret.plus, &own.coordinates) && !covers(minus, &own.coordinates);
            return !(others == 1 && among);
        }
        let mut pairs = secret.plus.iter().zip(known);
        let inside = pairs.all(|(s, k)| k.is_none() || s == k);
        !inside
    }

    fn covers_of(&self, at: &[u32]) -> Vec<At> {
        (0..1_usize << at.len())
            .map(|mask| {
                let keep = |(d, &v): (usize, &u32)| (mask >> d & 1 == 1).then_some(v);
                at.iter().enumerate().map(keep).collect()
            })
            .collect()
    }

    /// Base cells whose number of units is unknown, with the least an attacker assumes.
    fn unit_unknowns(&self) -> Vec<Unknown> {
        let empty: Vec<&Cell> = self.cells.iter().filter(|c| c.units == Some(0)).collect();
        let mut all = vec![Vec::new()];
        for &size in &self.sizes {
            all = all
                .iter()
                .flat_map(|at: &Vec<u32>| {
                    (0..size as u32).map(move |v| {
                        let mut at = at.clone();
                        at.push(v);
                        at
                    })
                })
                .collect();
        }
        all.retain(|at| !empty.iter().any(|c| covers(&c.coordinates, at)));
        all.into_iter()
            .map(|at| Unknown {
                truth: self.units(&at.iter().map(|v| Some(*v)).collect()) as f64,
                lower: 0.0,
                upper: f64::INFINITY,
                at,
            })
            .collect()
    }

    /// Whether a whole-number table exists in which the secret is at least `at_least`.
    fn reaches(
        &self,
        unknowns: &[Unknown],
        shown: &[bool],
        secret: &Secret,
        at_least: u64,
    ) -> bool {
        let truth = secret_value(secret, |at| self.units(at) as f64);
        if truth >= at_least as f64 {
            return true;
        }
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let variables: Vec<_> = unknowns
            .iter()
            .map(|u| (u, problem.add_integer_var(0.0, (0, 1_000_000)), ()))
            .collect();
        let terms = |at: &At| -> BTreeMap<usize, f64> {
            let inside = variables
                .iter()
                .enumerate()
                .filter(|(_, v)| covers(at, &v.0.at));
            inside.map(|(i, _)| (i, 1.0)).collect()
        };
        let express = |terms: BTreeMap<usize, f64>| -> Vec<(microlp::Variable, f64)> {
            let term = |(i, c): (usize, f64)| Some((variables.get(i)?.1, c));
            terms.into_iter().filter_map(term).collect()
        };
        for (cell, &shown) in self.cells.iter().zip(shown) {
            let truth = self.units(&cell.coordinates);
            let row = express(terms(&cell.coordinates));
            if shown && !row.is_empty() {
                problem.add_constraint(row, ComparisonOp::Eq, truth as f64);
            } else if truth > 0 && !self.rules.protect_zeros {
                problem.add_constraint(row, ComparisonOp::Ge, 1.0);
            }
        }
        let mut goal = terms(&secret.plus);
        if let Some(minus) = &secret.minus {
            for i in terms(minus).into_keys() {
                goal.remove(&i);
            }
        }
        problem.add_constraint(express(goal), ComparisonOp::Ge, at_least as f64);
        solved(&problem).is_some()
    }

    /// Whether a sum can move by `far` in a direction, as far as its bounds let it.
    fn moves(
        &self,
        unknowns: &[Unknown],
        shown: &[bool],
        secret: &Secret,
        direction: f64,
        far: f64,
    ) -> bool {
        let inside = unknowns.iter().filter(|u| covers(&secret.plus, &u.at));
        let room: f64 = inside
            .map(|u| {
                if direction > 0.0 {
                    u.upper - u.truth
                } else {
                    u.truth - u.lower
                }
            })
            .sum();
        let wanted = far.min(room);
        let scale = unknowns.iter().fold(1.0_f64, |a, u| a.max(u.truth.abs()));
        if wanted <= 1e-6 * scale {
            return true;
        }
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        // in units of the wanted move, so that the program is well scaled
        let variables: Vec<_> = unknowns
            .iter()
            .map(|u| {
                let objective = if covers(&secret.plus, &u.at) {
                    direction
                } else {
                    0.0
                };
                let low = ((u.lower - u.truth) / wanted).clamp(-1e4, 0.0);
                let high = ((u.upper - u.truth) / wanted).clamp(0.0, 1e4);
                problem.add_var(objective, (low, high))
            })
            .collect();
        for (cell, _) in self.cells.iter().zip(shown).filter(|(_, s)| **s) {
            let inside = unknowns.iter().zip(&variables);
            let row: Vec<_> = inside
                .filter(|(u, _)| covers(&cell.coordinates, &u.at))
                .map(|(_, v)| (*v, 1.0))
                .collect();
            if !row.is_empty() {
                problem.add_constraint(row, ComparisonOp::Eq, 0.0);
            }
        }
        solved(&problem).is_some_and(|objective| objective >= 1.0 - 1e-5)
    }
}

/// The objective, when there is a solution.
fn solved(problem: &Problem) -> Option<f64> {
    match problem.solve() {
        Ok(microlp::SolveOutcome::Solution(solution)) => Some(solution.objective()),
        _ => None,
    }
}

fn measure(base: &crate::BaseCell, m: usize) -> &Contributions {
    base.measures.get(m).unwrap_or(&base.rows)
}

fn secret_value(secret: &Secret, of: impl Fn(&At) -> f64) -> f64 {
    of(&secret.plus) - secret.minus.as_ref().map_or(0.0, of)
}

fn covers(cell: &[Option<u32>], base: &[u32]) -> bool {
    cell.iter()
        .zip(base)
        .all(|(c, b)| c.is_none_or(|v| v == *b))
}
