//! Whether one figure follows from others by adding and subtracting, as far as the moves in use tell.
//!
//! A figure is known here by its changes, move by move. It follows from others exactly when its changes are a
//! combination of theirs; Gaussian elimination modulo the prime 2^61 - 1 decides.

use std::collections::BTreeMap;

/// Per move, by its number, how much it changes a figure; numbers rise, and no change is 0.
pub(crate) type Row = [(usize, i64)];

const PRIME: i128 = (1 << 61) - 1;

/// Per cell how many times it is counted, modulo the prime; cells rise.
pub(crate) type Tie = Vec<(usize, i128)>;

/// How `row`, if it is not 0, is a combination of the rows `by`, each of a cell; cells rise.
pub(crate) fn tied(row: &Row, by: &[(usize, &Row)]) -> Option<Tie> {
    let changes = |of: &Row, slot: usize| of.binary_search_by_key(&slot, |&(s, _)| s).is_ok();
    let covered = |&(slot, _): &(usize, i64)| by.iter().any(|(_, of)| changes(of, slot));
    if row.is_empty() || !row.iter().all(covered) {
        return None;
    }
    // beside each row, in a column of its own behind all moves, which row it is
    let column = |number: usize| usize::MAX - number;
    let mut echelon: Vec<(usize, BTreeMap<usize, i128>)> = Vec::new();
    for (number, (_, of)) in by.iter().enumerate() {
        let mut rest = residues(of);
        rest.insert(column(number), 1);
        let rest = reduce(&echelon, rest);
        let Some((&pivot, &value)) = rest.first_key_value() else {
            continue;
        };
        if pivot < column(by.len()) {
            let inverse = power(value, PRIME - 2);
            let scaled = rest
                .into_iter()
                .map(|(slot, x)| (slot, x * inverse % PRIME));
            echelon.push((pivot, scaled.collect()));
        }
    }
    let rest = reduce(&echelon, residues(row));
    if rest.keys().any(|&slot| slot < column(by.len())) {
        return None;
    }
    let times = |number| rest.get(&column(number)).map(|x| PRIME - x);
    let cells = by.iter().enumerate();
    let tie = cells.filter_map(|(number, &(cell, _))| Some((cell, times(number)?)));
    Some(tie.collect())
}

/// What a move that changes a figure by `change`, and each cell by `at`, changes of it less its tie to the cells:
/// if that is not 0, the figure is not tied that way.
pub(crate) fn unties(change: i64, tie: &Tie, at: impl Fn(usize) -> i64) -> bool {
    let follows = |&(cell, times): &(usize, i128)| times * (i128::from(at(cell)) % PRIME) % PRIME;
    let all: i128 = tie.iter().map(follows).sum();
    (i128::from(change) - all) % PRIME != 0
}

fn residues(row: &Row) -> BTreeMap<usize, i128> {
    let changes = row.iter();
    changes
        .map(|&(slot, x)| (slot, i128::from(x).rem_euclid(PRIME)))
        .collect()
}

/// What is left of a row without the combinations found so far.
fn reduce(
    echelon: &[(usize, BTreeMap<usize, i128>)],
    mut rest: BTreeMap<usize, i128>,
) -> BTreeMap<usize, i128> {
    for (pivot, of) in echelon {
        let times = rest.get(pivot).copied().unwrap_or(0);
        if times == 0 {
            continue;
        }
        for (&slot, &x) in of {
            let left = rest.entry(slot).or_insert(0);
            *left = (*left - times * x % PRIME).rem_euclid(PRIME);
        }
        rest.retain(|_, x| *x != 0);
    }
    rest
}

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

    fn check(row: &Row, by: &[(usize, &Row)], expected: Option<&[(usize, i128)]>) {
        assert_eq!(tied(row, by).as_deref(), expected, "{row:?} by {by:?}");
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
        let (a, b): (&Row, &Row) = (&[(0, 1), (1, 1)], &[(1, 1), (2, -3)]);
        check(
            &[(0, 2), (1, 5), (2, -9)],
            &[(4, a), (6, b)],
            Some(&[(4, 2), (6, 3)]),
        );
        check(&[(0, 2), (1, 5), (2, -8)], &[(4, a), (6, b)], None);
        let twice = tied(&[(0, 1), (2, 3)], &[(1, b), (2, a), (3, a)]).unwrap();
        assert!(!unties(1, &twice, |cell| i64::from(cell == 2)));
        assert!(unties(1, &twice, |cell| i64::from(cell == 1)));
    }

    #[test]
    fn what_never_changes_is_nothing_new() {
        check(&[], &[(0, &[(0, 1)])], None);
        check(&[(0, 1)], &[], None);
    }
}
