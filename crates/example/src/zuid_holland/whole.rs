//! Whole numbers of households near a fitted table, which agree with its one-way totals as well as
//! whole numbers can.
//!
//! Rounding cell by cell, or by a running total, leaves totals off by a few households. In a small
//! municipality a few households are some per cent of those around the social minimum, so there
//! units are moved between cells until the totals are right: controlled rounding (Cox, *A
//! constructive procedure for unbiased controlled rounding*, 1987), but greedy, and only for totals
//! of one characteristic at a time; for these a move that touches no other total always exists.

use crate::zuid_holland::fit::{self, FitError};

/// Rounds `fitted`; each of `axes` gives the class of each cell.
///
/// # Errors
/// When a value is no count, or a total cannot be met because cells are empty.
pub(super) fn whole(fitted: &[f64], axes: &[Vec<usize>]) -> Result<Vec<u32>, FitError> {
    let mut counts = fit::integers(fitted)?;
    for axis in axes {
        let wanted = rounded(&sums(fitted.iter().copied(), axis));
        let others: Vec<&Vec<usize>> = axes.iter().filter(|other| *other != axis).collect();
        while let Some((over, under)) = furthest(&counts, axis, &wanted) {
            let same = |a: usize, b: usize| others.iter().all(|axis| axis.get(a) == axis.get(b));
            let (from, to) = best_move(&counts, fitted, |a, b| {
                axis.get(a) == Some(&over) && axis.get(b) == Some(&under) && same(a, b)
            })
            .ok_or(FitError::Shape("whole numbers cannot meet the totals"))?;
            if let Some(count) = counts.get_mut(from) {
                *count -= 1;
            }
            if let Some(count) = counts.get_mut(to) {
                *count += 1;
            }
        }
    }
    Ok(counts)
}

/// The two cells, allowed to exchange a unit, of which the first has most too many and the second
/// most too few.
fn best_move(
    counts: &[u32],
    fitted: &[f64],
    allowed: impl Fn(usize, usize) -> bool,
) -> Option<(usize, usize)> {
    let excess: Vec<f64> = counts
        .iter()
        .zip(fitted)
        .map(|(count, fitted)| f64::from(*count) - fitted)
        .collect();
    let mut best: Option<(f64, (usize, usize))> = None;
    for (from, (count, given)) in counts.iter().zip(&excess).enumerate() {
        if *count == 0 {
            continue;
        }
        for (to, (room, taken)) in fitted.iter().zip(&excess).enumerate() {
            let gain = given - taken;
            let better = best.is_none_or(|(most, _)| gain > most);
            if *room > 0.0 && better && allowed(from, to) {
                best = Some((gain, (from, to)));
            }
        }
    }
    best.map(|(_, cells)| cells)
}

/// The classes with most units too many and too few; none when all totals are right.
fn furthest(counts: &[u32], axis: &[usize], wanted: &[f64]) -> Option<(usize, usize)> {
    let found = sums(counts.iter().copied().map(f64::from), axis);
    let differences = || found.iter().zip(wanted).map(|(a, b)| a - b).enumerate();
    let (over, most) = differences().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    let (under, least) = differences().min_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (most > 0.5 && least < -0.5).then_some((over, under))
}

/// The nearest whole numbers, but the largest takes what the others leave of the total.
fn rounded(totals: &[f64]) -> Vec<f64> {
    let all = totals.iter().sum::<f64>().round();
    let mut rounded: Vec<f64> = totals.iter().map(|total| total.round()).collect();
    let others: f64 = rounded.iter().sum();
    if let Some(largest) = rounded.iter_mut().max_by(|a, b| a.total_cmp(b)) {
        *largest += all - others;
    }
    rounded
}

fn sums(values: impl Iterator<Item = f64>, axis: &[usize]) -> Vec<f64> {
    let mut sums = vec![0.0; axis.iter().max().map_or(0, |last| last + 1)];
    for (value, class) in values.zip(axis) {
        if let Some(sum) = sums.get_mut(*class) {
            *sum += value;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes() -> [Vec<usize>; 2] {
        [vec![0, 0, 0, 1, 1, 1], vec![0, 1, 2, 0, 1, 2]]
    }

    #[test]
    fn both_totals_are_those_of_the_fitted_table() -> Result<(), FitError> {
        let fitted = [3.4, 3.4, 3.2, 1.6, 0.6, 7.8];
        let counts = whole(&fitted, &axes())?;
        let found = axes().map(|axis| sums(counts.iter().copied().map(f64::from), &axis));
        assert_eq!(found, [vec![10.0, 10.0], vec![5.0, 4.0, 11.0]]);
        for (count, fitted) in counts.iter().zip(fitted) {
            assert!((f64::from(*count) - fitted).abs() < 2.0, "{counts:?}");
        }
        Ok(())
    }

    #[test]
    fn nothing_is_put_where_the_fitted_table_has_nothing() -> Result<(), FitError> {
        let counts = whole(&[0.0, 2.5, 2.5, 4.0, 0.6, 0.4], &axes())?;
        assert_eq!(counts.first(), Some(&0));
        assert_eq!(counts.iter().sum::<u32>(), 10);
        Ok(())
    }

    #[test]
    fn the_largest_total_takes_what_rounding_leaves() {
        assert_eq!(rounded(&[1.5, 2.5, 96.0]), [2.0, 3.0, 95.0]);
        assert_eq!(rounded(&[]), Vec::<f64>::new());
    }
}
