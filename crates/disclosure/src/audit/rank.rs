//! Which hidden cells follow from the known ones by adding and subtracting.

use std::collections::HashMap;

use super::{base_cells, covers};

const PRIME: u64 = (1 << 61) - 1;

/// A cell as an attacker sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Per dimension a value, or `None` where the table is summed over it.
    pub coordinates: Vec<Option<u32>>,
    /// Whether the figure is known: published, or the attacker's own knowledge.
    pub known: bool,
    /// Whether it is known to be empty: then so is everything within it.
    pub empty: bool,
}

/// Positions of the cells that are not known but follow from the known ones.
///
/// `sizes` gives the number of values per dimension. Arithmetic is exact modulo 2^61 - 1, so what is
/// reported derivable is so but for a chance below 10^-14, and nothing derivable over the rationals
/// is missed.
///
/// ```
/// use zwerm_disclosure::audit::{Shown, derivable};
/// let cell = |at: Option<u32>, known| Shown { coordinates: vec![at], known, empty: false };
/// let two_hidden = [cell(None, true), cell(Some(0), true), cell(Some(1), false), cell(Some(2), false)];
/// assert!(derivable(&[3], &two_hidden).is_empty());
/// let one_hidden = [cell(None, true), cell(Some(0), true), cell(Some(1), false), cell(Some(2), true)];
/// assert_eq!(derivable(&[3], &one_hidden), [2]);
/// ```
#[must_use]
pub fn derivable(sizes: &[usize], cells: &[Shown]) -> Vec<usize> {
    let system = System::new(sizes, cells);
    let hidden = cells.iter().enumerate().filter(|(_, c)| !c.known);
    hidden
        .filter(|(_, c)| system.derives(&c.coordinates, None))
        .map(|(position, _)| position)
        .collect()
}

/// What is known, in row echelon form.
#[derive(Clone)]
pub(super) struct System {
    columns: HashMap<Vec<u32>, usize>,
    pivots: HashMap<usize, Vec<(usize, u64)>>,
}

impl System {
    pub(super) fn new(sizes: &[usize], cells: &[Shown]) -> System {
        let mut system = System {
            columns: columns(sizes, cells),
            pivots: HashMap::new(),
        };
        let mut known: Vec<_> = cells
            .iter()
            .filter(|c| c.known)
            .map(|c| system.row(&c.coordinates))
            .collect();
        known.sort_by_key(Vec::len);
        for row in known {
            system.learn_row(row);
        }
        system
    }

    /// Adds a cell to what is known.
    #[cfg(feature = "audit")]
    pub(super) fn learn(&mut self, coordinates: &[Option<u32>]) {
        self.learn_row(self.row(coordinates));
    }

    /// Whether a cell, less another, follows from what is known.
    pub(super) fn derives(&self, plus: &[Option<u32>], minus: Option<&[Option<u32>]>) -> bool {
        let mut row = self.row(plus);
        if let Some(minus) = minus {
            let within = self.row(minus);
            row.retain(|entry| !within.contains(entry));
        }
        reduce(row, &self.pivots).is_empty()
    }

    fn row(&self, coordinates: &[Option<u32>]) -> Vec<(usize, u64)> {
        let within = self
            .columns
            .iter()
            .filter(|(at, _)| covers(coordinates, at));
        let mut row: Vec<(usize, u64)> = within.map(|(_, &column)| (column, 1)).collect();
        row.sort_unstable();
        row
    }

    fn learn_row(&mut self, row: Vec<(usize, u64)>) {
        let mut rest = reduce(row, &self.pivots);
        if let Some(&(pivot, value)) = rest.first() {
            let inverse = power(value, PRIME - 2);
            for (_, x) in &mut rest {
                *x = times(*x, inverse);
            }
            self.pivots.insert(pivot, rest);
        }
    }
}

/// Base cells that are not known by themselves, numbered; known base cells drop out of the system.
fn columns(sizes: &[usize], cells: &[Shown]) -> HashMap<Vec<u32>, usize> {
    let mut all = base_cells(sizes);
    let known: std::collections::HashSet<Vec<u32>> = cells
        .iter()
        .filter(|c| c.known)
        .filter_map(|c| c.coordinates.iter().copied().collect())
        .collect();
    let empty: Vec<&Shown> = cells.iter().filter(|c| c.known && c.empty).collect();
    all.retain(|at| !known.contains(at) && !empty.iter().any(|c| covers(&c.coordinates, at)));
    all.into_iter().zip(0..).collect()
}

/// What is left of a row after subtracting the pivots' rows.
fn reduce(row: Vec<(usize, u64)>, pivots: &HashMap<usize, Vec<(usize, u64)>>) -> Vec<(usize, u64)> {
    let mut rest: std::collections::BTreeMap<usize, u64> = row.into_iter().collect();
    let mut left = Vec::new();
    while let Some((column, value)) = rest.pop_first() {
        let Some(pivot) = pivots.get(&column) else {
            left.push((column, value));
            continue;
        };
        for &(other, x) in pivot.iter().skip(1) {
            let entry = rest.entry(other).or_insert(0);
            *entry = minus(*entry, times(value, x));
            if *entry == 0 {
                rest.remove(&other);
            }
        }
    }
    left
}

fn times(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

fn minus(a: u64, b: u64) -> u64 {
    if a >= b { a - b } else { a + PRIME - b }
}

fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        exponent >>= 1;
    }
    result
}
