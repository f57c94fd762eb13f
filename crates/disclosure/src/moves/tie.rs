//! Whether one figure follows from others by adding and subtracting, as far as the moves in use show.
//!
//! A figure is known here by its changes, move by move. It follows from others exactly when its changes are a
//! combination of theirs; Gaussian elimination modulo the prime 2^61 - 1 decides. Langsrud, *Secondary cell suppression
//! by Gaussian elimination* (2024), eliminates cells where this eliminates moves.

use std::collections::BTreeMap;

use crate::ids::{CellId, SlotId};

/// Per move, by its slot, how much it changes a figure; slots rise, and no change is 0.
pub(crate) type MoveRow = [(SlotId, i64)];

const PRIME: i128 = (1 << 61) - 1;

/// Per cell how many times it is added, modulo the prime; cells rise.
pub(crate) type Tie = Vec<(CellId, i128)>;

/// A column of the elimination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum EliminationColumn {
    /// By how much a move changes a figure.
    Change(SlotId),
    /// Behind all moves, how many times a row is taken.
    Row(usize),
}

/// A row of the elimination: what is not 0, by its column.
type Residues = BTreeMap<EliminationColumn, i128>;

/// How `row`, if it is not 0, is a combination of the rows `by`, each of a cell; cells rise.
pub(crate) fn tied(row: &MoveRow, by: &[(CellId, &MoveRow)]) -> Option<Tie> {
    let changes = |of: &MoveRow, slot: SlotId| of.binary_search_by_key(&slot, |&(s, _)| s).is_ok();
    let covered = |&(slot, _): &(SlotId, i64)| by.iter().any(|(_, of)| changes(of, slot));
    if row.is_empty() || !row.iter().all(covered) {
        return None;
    }
    let rest = reduce(&echelon(by), residues(row));
    let change = |column: &EliminationColumn| matches!(column, EliminationColumn::Change(_));
    if rest.keys().any(change) {
        return None;
    }
    let times = |number| rest.get(&EliminationColumn::Row(number)).map(|x| PRIME - x);
    let cells = by.iter().enumerate();
    let tie = cells.filter_map(|(number, &(cell, _))| Some((cell, times(number)?)));
    Some(tie.collect())
}

/// The rows in echelon form, each with its pivot, and with which rows it was made of.
fn echelon(by: &[(CellId, &MoveRow)]) -> Vec<(EliminationColumn, Residues)> {
    let mut echelon = Vec::new();
    for (number, (_, of)) in by.iter().enumerate() {
        let mut rest = residues(of);
        rest.insert(EliminationColumn::Row(number), 1);
        let rest = reduce(&echelon, rest);
        let Some((&pivot @ EliminationColumn::Change(_), &value)) = rest.first_key_value() else {
            continue;
        };
        let inverse = power(value, PRIME - 2);
        let scaled = rest
            .into_iter()
            .map(|(column, x)| (column, x * inverse % PRIME));
        echelon.push((pivot, scaled.collect()));
    }
    echelon
}

/// What a move that changes a figure by `change`, and each cell by `at`, changes of it less its tie to the cells:
/// if that is not 0, the figure is not tied that way.
pub(crate) fn unties(change: i64, tie: &Tie, at: impl Fn(CellId) -> i64) -> bool {
    let follows = |&(cell, times): &(CellId, i128)| times * (i128::from(at(cell)) % PRIME) % PRIME;
    let all: i128 = tie.iter().map(follows).sum();
    (i128::from(change) - all) % PRIME != 0
}

/// A row modulo the prime.
fn residues(row: &MoveRow) -> Residues {
    let changes = row.iter();
    changes
        .map(|&(slot, x)| {
            (
                EliminationColumn::Change(slot),
                i128::from(x).rem_euclid(PRIME),
            )
        })
        .collect()
}

/// What is left of a row without the combinations found so far.
fn reduce(echelon: &[(EliminationColumn, Residues)], mut rest: Residues) -> Residues {
    for (pivot, of) in echelon {
        let times = rest.get(pivot).copied().unwrap_or(0);
        if times == 0 {
            continue;
        }
        for (&column, &x) in of {
            let left = rest.entry(column).or_insert(0);
            *left = (*left - times * x % PRIME).rem_euclid(PRIME);
        }
        rest.retain(|_, x| *x != 0);
    }
    rest
}

/// A power modulo the prime, by repeated squaring.
fn power(mut base: i128, mut exponent: i128) -> i128 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    type Changes<'a> = &'a [(usize, i64)];

    fn row(of: Changes) -> Vec<(SlotId, i64)> {
        of.iter().map(|&(slot, x)| (SlotId::at(slot), x)).collect()
    }

    fn tie(of: Changes, by: &[(usize, Changes)]) -> Option<Tie> {
        let by: Vec<_> = by.iter().map(|&(c, r)| (CellId::at(c), row(r))).collect();
        let by: Vec<(CellId, &MoveRow)> = by.iter().map(|(c, r)| (*c, r.as_slice())).collect();
        tied(&row(of), &by)
    }

    fn check(of: Changes, by: &[(usize, Changes)], expected: Option<&[(usize, i128)]>) {
        let found = tie(of, by);
        let found = found.map(|tie| -> Vec<(usize, i128)> {
            tie.into_iter().map(|(c, x)| (c.position(), x)).collect()
        });
        assert_eq!(found.as_deref(), expected, "{of:?} by {by:?}");
    }

    #[test]
    fn proportional_rows_follow_from_each_other() {
        let minus_two: &[(usize, i128)] = &[(7, PRIME - 2)];
        check(
            &[(0, 2), (3, -4)],
            &[(7, &[(0, -1), (3, 2)])],
            Some(minus_two),
        );
        check(&[(0, 2), (3, 4)], &[(7, &[(0, -1), (3, 2)])], None);
        check(&[(0, 2)], &[(7, &[(0, -1), (3, 2)])], None);
        check(&[(0, 2), (3, -4)], &[(7, &[(0, -1)])], None);
    }

    #[test]
    fn a_sum_of_two_follows_from_both() {
        let (a, b): (Changes, Changes) = (&[(0, 1), (1, 1)], &[(1, 1), (2, -3)]);
        check(
            &[(0, 2), (1, 5), (2, -9)],
            &[(4, a), (6, b)],
            Some(&[(4, 2), (6, 3)]),
        );
        check(&[(0, 2), (1, 5), (2, -8)], &[(4, a), (6, b)], None);
        let twice = tie(&[(0, 1), (2, 3)], &[(1, b), (2, a), (3, a)]).unwrap();
        assert!(!unties(1, &twice, |cell| i64::from(cell.position() == 2)));
        assert!(unties(1, &twice, |cell| i64::from(cell.position() == 1)));
    }

    #[test]
    fn what_never_changes_is_nothing_new() {
        check(&[], &[(0, &[(0, 1)])], None);
        check(&[(0, 1)], &[], None);
    }
}
