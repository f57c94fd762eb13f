//! Whether another table fits what is published: integer programs for counts, linear ones for sums.
//!
//! Fischetti & Salazar (2001) call these the attacker's problems. Rank alone is not enough for either:
//! two hidden counts that sum to 2 are both 1, and sums have bounds.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

/// A quantity per kind that the attacker solves for.
#[derive(Debug, Clone)]
pub(super) struct Unknown {
    /// How much there is of it.
    pub(super) truth: f64,
    /// The least that it can be.
    pub(super) lower: f64,
    /// The largest that it can be.
    pub(super) upper: f64,
}

/// What an attacker knows of some unknowns, by their numbers.
#[derive(Default)]
pub(super) struct Facts {
    /// Cells whose figure is known.
    pub(super) known: Vec<Vec<usize>>,
    /// Cells that hold at least one, as an empty one would have been shown.
    pub(super) occupied: Vec<Vec<usize>>,
    /// Pairs of cells that are the same.
    pub(super) same: Vec<(Vec<usize>, Vec<usize>)>,
}

/// The tables an attacker cannot rule out.
pub(super) struct Program {
    unknowns: Vec<Unknown>,
    /// Per known cell its unknowns, and their true sum.
    known: Vec<(Vec<usize>, f64)>,
    occupied: Vec<Vec<usize>>,
    same: Vec<(Vec<usize>, Vec<usize>)>,
    /// Whole tables found so far: each answers more than the question it was found for.
    tables: Vec<Vec<u64>>,
}

impl Program {
    /// The tables that fit some facts, with the truth of every unknown.
    pub(super) fn new(unknowns: Vec<Unknown>, facts: Facts) -> Program {
        let sum = |row: &[usize]| pick(&unknowns, row).map(|u| u.truth).sum::<f64>();
        let known = facts.known.into_iter().filter(|row| !row.is_empty());
        let known = known.map(|row| (row.clone(), sum(&row))).collect();
        Program {
            known,
            occupied: facts.occupied,
            same: facts.same,
            unknowns,
            tables: Vec::new(),
        }
    }

    /// Whether a whole-number table exists in which these unknowns add up to at least `at_least`.
    pub(super) fn reaches(&mut self, inside: &[usize], at_least: u64) -> bool {
        let reached = |t: &Vec<u64>| pick(t, inside).sum::<u64>() >= at_least;
        let truth: f64 = pick(&self.unknowns, inside).map(|u| u.truth).sum();
        if truth >= at_least as f64 || self.tables.iter().any(reached) {
            return true;
        }
        let Some(table) = self.table(inside, at_least) else {
            return false;
        };
        // the solver's word is not taken for it: the table is checked in whole numbers
        let fits = self.fits(&table) && reached(&table);
        self.tables.push(table);
        fits
    }

    /// What the solver says is such a table.
    fn table(&self, inside: &[usize], at_least: u64) -> Option<Vec<u64>> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let most = |u: &Unknown| if u.upper > 0.0 { 1_000_000 } else { 0 };
        let unknowns = self.unknowns.iter();
        let variables: Vec<Variable> = unknowns
            .map(|u| problem.add_integer_var(0.0, (0, most(u))))
            .collect();
        let row = |of: &[usize]| pick(&variables, of).map(|v| (v, 1.0)).collect::<Vec<_>>();
        for (of, sum) in &self.known {
            problem.add_constraint(row(of), ComparisonOp::Eq, *sum);
        }
        for of in &self.occupied {
            problem.add_constraint(row(of), ComparisonOp::Ge, 1.0);
        }
        for (a, b) in &self.same {
            problem.add_constraint(difference(&variables, a, b), ComparisonOp::Eq, 0.0);
        }
        problem.add_constraint(row(inside), ComparisonOp::Ge, at_least as f64);
        let Ok(microlp::SolveOutcome::Solution(solution)) = problem.solve() else {
            return None;
        };
        let values = variables.iter();
        let values = values.map(|v| solution.var_value(*v).round() as u64);
        Some(values.collect())
    }

    /// Whether a whole-number table fits all that is known.
    fn fits(&self, table: &[u64]) -> bool {
        let sum = |of: &[usize]| pick(table, of).sum::<u64>();
        self.known
            .iter()
            .all(|(of, truth)| sum(of) as f64 == *truth)
            && self.occupied.iter().all(|of| sum(of) >= 1)
            && self.same.iter().all(|(a, b)| sum(a) == sum(b))
    }

    /// Whether a sum can move by `far` in a direction, as far as its bounds let it.
    pub(super) fn moves(&self, inside: &[usize], direction: f64, far: f64) -> bool {
        let room = |u: &Unknown| {
            if direction > 0.0 {
                u.upper - u.truth
            } else {
                u.truth - u.lower
            }
        };
        let room: f64 = pick(&self.unknowns, inside).map(|u| room(&u)).sum();
        let wanted = far.min(room);
        let scale = self.unknowns.iter().map(|u| u.truth.abs());
        if wanted <= 1e-6 * scale.fold(1.0, f64::max) {
            return true;
        }
        self.most(inside, direction, wanted)
            .is_some_and(|most| most >= 1.0 - 1e-5)
    }

    /// How far a sum can move in a direction at most, in units of `wanted`, so that the program is well scaled.
    fn most(&self, inside: &[usize], direction: f64, wanted: f64) -> Option<f64> {
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let unknowns = self.unknowns.iter().enumerate();
        let variables: Vec<Variable> = unknowns
            .map(|(number, u)| {
                let low = ((u.lower - u.truth) / wanted).clamp(-1e4, 0.0);
                let high = ((u.upper - u.truth) / wanted).clamp(0.0, 1e4);
                let counted = f64::from(u8::from(inside.contains(&number)));
                problem.add_var(direction * counted, (low, high))
            })
            .collect();
        for (of, _) in &self.known {
            let row: Vec<_> = pick(&variables, of).map(|v| (v, 1.0)).collect();
            problem.add_constraint(row, ComparisonOp::Eq, 0.0);
        }
        for (a, b) in &self.same {
            problem.add_constraint(difference(&variables, a, b), ComparisonOp::Eq, 0.0);
        }
        match problem.solve() {
            Ok(microlp::SolveOutcome::Solution(solution)) => Some(solution.objective()),
            _ => None,
        }
    }
}

/// The unknowns of one cell less those of another, with their signs.
fn difference(variables: &[Variable], a: &[usize], b: &[usize]) -> Vec<(Variable, f64)> {
    let plus = pick(variables, a).map(|v| (v, 1.0));
    plus.chain(pick(variables, b).map(|v| (v, -1.0))).collect()
}

/// The values with these numbers.
fn pick<T: Clone>(all: &[T], of: &[usize]) -> impl Iterator<Item = T> {
    of.iter().filter_map(|&i| all.get(i).cloned())
}
