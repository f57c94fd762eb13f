//! Whether another table fits what is published: integer programs for counts, linear ones for sums.
//!
//! Fischetti & Salazar (2001) call these the attacker's problems. Rank alone is not enough for either:
//! two hidden counts that sum to 2 are both 1, and sums have bounds.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use super::{At, covers};

/// A cell, or a cell less another within it, that must be able to differ from the truth.
#[derive(Debug, Clone)]
pub(super) struct Secret {
    pub(super) plus: At,
    pub(super) minus: Option<At>,
}

impl Secret {
    pub(super) fn cell(at: &At) -> Secret {
        Secret {
            plus: at.clone(),
            minus: None,
        }
    }

    fn covers(&self, base: &[u32]) -> bool {
        covers(&self.plus, base) && !self.minus.as_ref().is_some_and(|m| covers(m, base))
    }
}

/// A quantity per base cell that the attacker solves for.
#[derive(Debug, Clone)]
pub(super) struct Unknown {
    pub(super) at: Vec<u32>,
    pub(super) truth: f64,
    pub(super) lower: f64,
    pub(super) upper: f64,
}

/// The tables an attacker cannot rule out.
pub(super) struct Program {
    unknowns: Vec<Unknown>,
    /// Per published cell the positions of the unknowns within it, and their true sum.
    published: Vec<(Vec<usize>, f64)>,
    /// Cells that hold at least one, as an empty one would have been shown.
    occupied: Vec<Vec<usize>>,
    /// Whole tables found so far: each answers more than the question it was found for.
    tables: Vec<Vec<u64>>,
}

impl Program {
    pub(super) fn new<'a>(
        unknowns: Vec<Unknown>,
        published: impl Iterator<Item = &'a At>,
        occupied: impl Iterator<Item = &'a At>,
    ) -> Program {
        let inside = |at: &At| -> Vec<usize> {
            let all = unknowns.iter().enumerate();
            all.filter(|(_, u)| covers(at, &u.at))
                .map(|(i, _)| i)
                .collect()
        };
        let rows = published.map(inside).filter(|row| !row.is_empty());
        let published = rows
            .map(|row| {
                let within = row.iter().filter_map(|&i| unknowns.get(i));
                let sum = within.map(|u| u.truth).sum();
                (row, sum)
            })
            .collect();
        let occupied = occupied.map(inside).collect();
        Program {
            published,
            occupied,
            unknowns,
            tables: Vec::new(),
        }
    }

    /// Whether a whole-number table exists in which the secret is at least `at_least`.
    pub(super) fn reaches(&mut self, secret: &Secret, at_least: u64) -> bool {
        let inside = self.inside(secret);
        let reached = |t: &Vec<u64>| pick(t, &inside).sum::<u64>() >= at_least;
        let truth: f64 = self.truth(&inside);
        if truth >= at_least as f64 || self.tables.iter().any(reached) {
            return true;
        }
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let variables: Vec<Variable> = self
            .unknowns
            .iter()
            .map(|_| problem.add_integer_var(0.0, (0, 1_000_000)))
            .collect();
        let row = |of: &[usize]| pick(&variables, of).map(|v| (v, 1.0)).collect::<Vec<_>>();
        for (of, sum) in &self.published {
            problem.add_constraint(row(of), ComparisonOp::Eq, *sum);
        }
        for of in &self.occupied {
            problem.add_constraint(row(of), ComparisonOp::Ge, 1.0);
        }
        problem.add_constraint(row(&inside), ComparisonOp::Ge, at_least as f64);
        let Ok(microlp::SolveOutcome::Solution(solution)) = problem.solve() else {
            return false;
        };
        let table: Vec<u64> = variables
            .iter()
            .map(|v| solution.var_value(*v).round() as u64)
            .collect();
        // the solver's word is not taken for it: the table is checked in whole numbers
        let fits = self.fits(&table) && reached(&table);
        self.tables.push(table);
        fits
    }

    fn fits(&self, table: &[u64]) -> bool {
        let mut published = self.published.iter();
        published.all(|(of, sum)| pick(table, of).sum::<u64>() as f64 == *sum)
            && self
                .occupied
                .iter()
                .all(|of| pick(table, of).sum::<u64>() >= 1)
    }

    /// Whether a sum can move by `far` in a direction, as far as its bounds let it.
    pub(super) fn moves(&self, secret: &Secret, direction: f64, far: f64) -> bool {
        let room = |u: &Unknown| {
            if direction > 0.0 {
                u.upper - u.truth
            } else {
                u.truth - u.lower
            }
        };
        let inside = self.inside(secret);
        let room: f64 = inside
            .iter()
            .filter_map(|&i| self.unknowns.get(i))
            .map(room)
            .sum();
        let wanted = far.min(room);
        let scale = self.unknowns.iter().map(|u| u.truth.abs());
        if wanted <= 1e-6 * scale.fold(1.0, f64::max) {
            return true;
        }
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        // in units of the wanted move, so that the program is well scaled
        let variables: Vec<Variable> = self
            .unknowns
            .iter()
            .map(|u| {
                let low = ((u.lower - u.truth) / wanted).clamp(-1e4, 0.0);
                let high = ((u.upper - u.truth) / wanted).clamp(0.0, 1e4);
                let counted = f64::from(u8::from(secret.covers(&u.at)));
                problem.add_var(direction * counted, (low, high))
            })
            .collect();
        for (of, _) in &self.published {
            let row: Vec<_> = pick(&variables, of).map(|v| (v, 1.0)).collect();
            problem.add_constraint(row, ComparisonOp::Eq, 0.0);
        }
        match problem.solve() {
            Ok(microlp::SolveOutcome::Solution(solution)) => solution.objective() >= 1.0 - 1e-5,
            _ => false,
        }
    }

    fn inside(&self, secret: &Secret) -> Vec<usize> {
        let all = self.unknowns.iter().enumerate();
        all.filter(|(_, u)| secret.covers(&u.at))
            .map(|(i, _)| i)
            .collect()
    }

    fn truth(&self, of: &[usize]) -> f64 {
        let all = of.iter().filter_map(|&i| self.unknowns.get(i));
        all.map(|u| u.truth).sum()
    }
}

fn pick<T: Copy>(all: &[T], of: &[usize]) -> impl Iterator<Item = T> {
    of.iter().filter_map(|&i| all.get(i).copied())
}
