//! Linear safety of a large pattern, by code that shares nothing with what made it.
//!
//! A random vector that every published cell sums to nothing: the part of random numbers that is orthogonal to the
//! rows of the published cells, by conjugate gradients on the normal equations (Hestenes & Stiefel 1952; as `CGLS` in
//! Björck, *Numerical Methods for Least Squares Problems*, 1996). A hidden cell is a linear combination of published
//! ones if and only if it sums to nothing too, but for chance.

use std::collections::HashMap;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use zwerm_disclosure::{Cell, Rules, Table};

use crate::generate::coordinates;

/// Residuals below this part of the first count as nothing.
const CONVERGED: f64 = 1e-11;
/// And sums below this: the vector's entries are about 1.
const NOTHING: f64 = 1e-6;
const MOST_ROUNDS: usize = 20_000;
/// Among a million cells one may sum to nothing by chance in one vector; not in as many as these.
const VECTORS: u64 = 3;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recheck {
    /// Hidden cells that follow from the published ones.
    pub(crate) derivable: usize,
    /// Cells that are shown and too small.
    pub(crate) unsafe_shown: usize,
}

/// Checks a pattern of counts of a table without unions, all of whose dimensions may be crossed.
pub(crate) fn recheck(table: &Table, rules: &Rules, cells: &[Cell]) -> Recheck {
    let small = |units: u64| units > 0 && units < rules.minimum_units;
    let unsafe_shown = cells.iter().filter(|c| c.units.is_some_and(small)).count();
    let system = CellSystem::new(table, cells);
    let hidden = cells.iter().zip(&system.rows);
    let hidden = hidden.filter(|(c, _)| c.units.is_none());
    let mut derivable: Vec<&Vec<u32>> = hidden.map(|(_, row)| row).collect();
    for seed in 1..=VECTORS {
        if !derivable.is_empty() {
            let vector = system.null_vector(seed);
            derivable.retain(|row| sum(row, &vector).abs() < NOTHING);
        }
    }
    Recheck {
        derivable: derivable.len(),
        unsafe_shown,
    }
}

/// Per cell the unknowns that it is the sum of; an unknown is a base cell that is not known.
struct CellSystem {
    unknowns: usize,
    rows: Vec<Vec<u32>>,
    /// The rows of published cells that have unknowns.
    known: Vec<usize>,
}

fn sum(row: &[u32], vector: &[f64]) -> f64 {
    row.iter().filter_map(|&i| vector.get(i as usize)).sum()
}

impl CellSystem {
    fn new(table: &Table, cells: &[Cell]) -> CellSystem {
        let n = table.dimensions.len();
        let by_name: HashMap<&[Option<u32>], usize> = cells
            .iter()
            .enumerate()
            .map(|(number, c)| (c.coordinates.as_slice(), number))
            .collect();
        let mut rows = vec![Vec::new(); cells.len()];
        let mut unknowns = 0;
        for base in coordinates(&table.dimensions) {
            let inside: Vec<usize> = (0..1_usize << n)
                .filter_map(|kept| {
                    let at = base.iter().enumerate();
                    let at: Vec<Option<u32>> = at
                        .map(|(d, v)| (kept >> d & 1 == 1).then_some(*v))
                        .collect();
                    by_name.get(at.as_slice()).copied()
                })
                .collect();
            let told = inside.iter().any(|&number| {
                let cell = cells.get(number);
                cell.is_some_and(|c| {
                    let own = c.units.is_some() && c.coordinates.iter().all(Option::is_some);
                    own || c.units == Some(0)
                })
            });
            if !told {
                for number in inside {
                    rows.iter_mut()
                        .skip(number)
                        .take(1)
                        .for_each(|row| row.push(unknowns));
                }
                unknowns += 1;
            }
        }
        let shown = cells.iter().enumerate().filter(|(_, c)| c.units.is_some());
        let known = shown.map(|(number, _)| number);
        let known = known.filter(|&number| rows.get(number).is_some_and(|r| !r.is_empty()));
        CellSystem {
            unknowns: unknowns as usize,
            known: known.collect(),
            rows,
        }
    }

    /// Every published cell's sum.
    fn published(&self, vector: &[f64]) -> Vec<f64> {
        let rows = self
            .known
            .iter()
            .filter_map(|&number| self.rows.get(number));
        rows.map(|row| sum(row, vector)).collect()
    }

    /// Every unknown's sum over the published cells that it is in.
    fn back(&self, sums: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.unknowns];
        let rows = self
            .known
            .iter()
            .filter_map(|&number| self.rows.get(number));
        for (row, value) in rows.zip(sums) {
            for &unknown in row {
                out.iter_mut()
                    .skip(unknown as usize)
                    .take(1)
                    .for_each(|x| *x += value);
            }
        }
        out
    }

    /// A random vector of which every published cell is nothing.
    fn null_vector(&self, seed: u64) -> Vec<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // what is left of a random vector when its part in the span of the rows is taken away, step by step
        let mut left: Vec<f64> = (0..self.unknowns)
            .map(|_| rng.random_range(-1.0..1.0))
            .collect();
        let mut gradient = self.published(&left);
        let mut direction = gradient.clone();
        let mut size = dot(&gradient, &gradient);
        let first = size;
        for _ in 0..MOST_ROUNDS {
            if size <= CONVERGED * CONVERGED * first {
                break;
            }
            let along = self.back(&direction);
            let step = size / dot(&along, &along);
            add(&mut left, -step, &along);
            gradient = self.published(&left);
            let next = dot(&gradient, &gradient);
            let ratio = next / size;
            for (d, g) in direction.iter_mut().zip(&gradient) {
                *d = g + ratio * *d;
            }
            size = next;
        }
        left
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], times: f64, what: &[f64]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += times * what;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zwerm_disclosure::{primary_only, protect};

    #[test]
    fn a_protected_table_is_safe_and_one_of_small_cells_only_is_not() {
        let rules = Rules::minimum(10);
        let table = crate::protect::table(&[5, 4, 3], 20.0, 3, 1);
        let protected = protect(&table, &rules)
            .map(|p| p.cells())
            .unwrap_or_default();
        let found = recheck(&table, &rules, &protected);
        assert!(!protected.is_empty());
        assert_eq!((found.derivable, found.unsafe_shown), (0, 0));
        let primary = primary_only(&table, &rules).map(|p| p.cells());
        assert!(recheck(&table, &rules, &primary.unwrap_or_default()).derivable > 0);
        let all = protect(&table, &Rules::minimum(1)).map(|p| p.cells());
        assert!(recheck(&table, &rules, &all.unwrap_or_default()).unsafe_shown > 0);
    }
}
