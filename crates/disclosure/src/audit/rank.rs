//! Which hidden cells follow from the known ones by adding and subtracting.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::frame::KindFrame;
use crate::TableDimension;

const PRIME: u64 = (1 << 61) - 1;

/// A cell as an attacker sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenCell {
    /// Per dimension a value or a union, as in [`Cell`](crate::Cell), or `None` where the table is summed
    /// over it.
    pub coordinates: Vec<Option<u32>>,
    /// Whether the figure is known: published, or the attacker's own knowledge.
    pub known: bool,
    /// Whether it is known to be empty: then so is everything within it.
    pub empty: bool,
}

/// Positions of the cells that are not known but follow from the known ones.
///
/// The values and unions of `dimensions` are looked at, nothing else of them. Arithmetic is exact modulo
/// 2^61 - 1, so what is reported derivable is so but for a chance below 10^-14, and nothing derivable over the
/// rationals is missed.
///
/// ```
/// use zwerm_disclosure::{TableDimension, audit::{SeenCell, derivable}};
/// let cell = |at: Option<u32>, known| SeenCell { coordinates: vec![at], known, empty: false };
/// let three = [TableDimension::new("district", 3)];
/// let two_hidden = [cell(None, true), cell(Some(0), true), cell(Some(1), false), cell(Some(2), false)];
/// assert!(derivable(&three, &two_hidden).is_empty());
/// let one_hidden = [cell(None, true), cell(Some(0), true), cell(Some(1), false), cell(Some(2), true)];
/// assert_eq!(derivable(&three, &one_hidden), [2]);
/// ```
#[must_use]
pub fn derivable(dimensions: &[TableDimension], cells: &[SeenCell]) -> Vec<usize> {
    let frame = KindFrame::plain(dimensions);
    let known = cells.iter().filter(|c| c.known);
    let rows = known
        .map(|c| (frame.row(0, &c.coordinates), c.empty))
        .collect();
    let system = LinearSystem::new(rows);
    let hidden = cells.iter().enumerate().filter(|(_, c)| !c.known);
    hidden
        .filter(|(_, c)| system.derives(&frame.row(0, &c.coordinates), &[]))
        .map(|(position, _)| position)
        .collect()
}

/// What is known, in row echelon form; a column per unknown.
#[derive(Clone, Default)]
pub(super) struct LinearSystem {
    /// Columns of known cells with one unknown left: they drop out.
    determined: HashSet<usize>,
    pivots: HashMap<usize, Vec<(usize, u64)>>,
}

impl LinearSystem {
    /// From the columns of every known cell, and whether it is known to be empty.
    pub(super) fn new(rows: Vec<(Vec<usize>, bool)>) -> LinearSystem {
        let mut system = LinearSystem::default();
        let empty = rows.iter().filter(|(_, empty)| *empty);
        system.determined.extend(empty.flat_map(|(row, _)| row));
        let single = rows.iter().filter(|(row, _)| row.len() == 1);
        system.determined.extend(single.flat_map(|(row, _)| row));
        let mut rows: Vec<Vec<usize>> = rows.into_iter().map(|(row, _)| row).collect();
        rows.sort_by_key(Vec::len);
        for row in rows {
            system.learn(&row, &[]);
        }
        system
    }

    /// Adds a cell, less another, to what is known.
    pub(super) fn learn(&mut self, plus: &[usize], minus: &[usize]) {
        let mut rest = self.reduce(plus, minus);
        if let Some(&(pivot, value)) = rest.first() {
            let inverse = power(value, PRIME - 2);
            for (_, x) in &mut rest {
                *x = times(*x, inverse);
            }
            self.pivots.insert(pivot, rest);
        }
    }

    /// Whether a cell, less another, follows from what is known.
    pub(super) fn derives(&self, plus: &[usize], minus: &[usize]) -> bool {
        self.reduce(plus, minus).is_empty()
    }

    /// What is left of a row after subtracting the pivots' rows.
    fn reduce(&self, plus: &[usize], minus: &[usize]) -> Vec<(usize, u64)> {
        let mut rest: BTreeMap<usize, u64> = BTreeMap::new();
        let mut add = |columns: &[usize], value: u64| {
            for column in columns.iter().filter(|c| !self.determined.contains(c)) {
                let entry = rest.entry(*column).or_insert(0);
                *entry = (*entry + value) % PRIME;
            }
        };
        add(plus, 1);
        add(minus, PRIME - 1);
        rest.retain(|_, value| *value != 0);
        let mut left = Vec::new();
        while let Some((column, value)) = rest.pop_first() {
            let Some(pivot) = self.pivots.get(&column) else {
                left.push((column, value));
                continue;
            };
            for &(other, x) in pivot.iter().skip(1) {
                let entry = rest.entry(other).or_insert(0);
                *entry = subtract(*entry, times(value, x));
                if *entry == 0 {
                    rest.remove(&other);
                }
            }
        }
        left
    }
}

/// A product modulo the prime.
fn times(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

/// A difference modulo the prime.
fn subtract(a: u64, b: u64) -> u64 {
    if a >= b { a - b } else { a + PRIME - b }
}

/// A power modulo the prime, by repeated squaring.
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
