//! Linearly related measures: rent, income and income less rent give each other away.
//!
//! A rank test on the Gram matrix of the columns over all units: each column in turn is projected on
//! the independent ones before it; what leaves no residue is a combination of them.

/// Which measures follow from each other, and which from the constant columns alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Classes of two or more measures tied by a linear relation.
    pub classes: Vec<Vec<usize>>,
    /// Measures tied to the constants without another measure, and all they are tied to.
    pub count_like: Vec<usize>,
}

/// A residue below this share of the column's own square counts as none.
const RESIDUE: f64 = 1e-10;
/// A coefficient that contributes less than this share of a column counts as none.
const COEFFICIENT: f64 = 1e-5;

/// Finds linear relations from `gram`, the matrix of inner products of columns over all units; the
/// first `constants` columns are counts (1 per unit, rows per unit), the rest are measures.
///
/// A relation that involves two or more measures puts them in one class; a measure that is a
/// combination of counts alone is count-like.
///
/// ```
/// // three units: ones, rent (5, 6, 9), income (20, 31, 44), income - rent (15, 25, 35)
/// let columns = [[1.0, 1.0, 1.0], [5.0, 6.0, 9.0], [20.0, 31.0, 44.0], [15.0, 25.0, 35.0]];
/// # let columns: Vec<Vec<f64>> = columns.iter().map(|c| { let mut c = c.to_vec(); c.push(c[0]); c.push(2.0 * c[1]); c }).collect();
/// # let mut columns = columns; columns[0] = vec![1.0; 5]; columns[3] = (0..5).map(|i| columns[2][i] - columns[1][i]).collect();
/// let gram: Vec<Vec<f64>> = columns.iter().map(|a| columns.iter()
///     .map(|b| a.iter().zip(b).map(|(x, y)| x * y).sum()).collect()).collect();
/// let related = zwerm_disclosure::related(&gram, 1);
/// assert_eq!(related.classes, [[0, 1, 2]]);
/// ```
#[must_use]
#[expect(
    clippy::indexing_slicing,
    reason = "all indices are below the order of the matrix"
)]
pub fn related(gram: &[Vec<f64>], constants: usize) -> Related {
    let order = gram.len();
    let norm: Vec<f64> = (0..order).map(|i| gram[i][i].sqrt()).collect();
    let mut independent: Vec<usize> = Vec::new();
    let mut class: Vec<usize> = (0..order).collect();
    let mut alone = Vec::new();
    for column in 0..order {
        if norm[column] == 0.0 {
            continue; // always 0: says nothing
        }
        let coefficients = project(gram, &norm, &independent, column);
        let explained: f64 = independent
            .iter()
            .zip(&coefficients)
            .map(|(&j, c)| c * gram[j][column] / (norm[j] * norm[column]))
            .sum();
        if 1.0 - explained > RESIDUE {
            independent.push(column);
            continue;
        }
        let tied = independent.iter().zip(&coefficients);
        let tied: Vec<usize> = tied
            .filter(|(_, c)| c.abs() > COEFFICIENT)
            .map(|(&j, _)| j)
            .collect();
        let measures: Vec<usize> = tied.into_iter().filter(|&j| j >= constants).collect();
        if measures.is_empty() && column >= constants {
            alone.push(column);
        }
        for other in measures {
            let (from, to) = (
                class[column].max(class[other]),
                class[column].min(class[other]),
            );
            for c in &mut class {
                if *c == from {
                    *c = to;
                }
            }
        }
    }
    let members = |of: usize| -> Vec<usize> {
        let same = (constants..order).filter(|&m| class[m] == of);
        same.map(|m| m - constants).collect()
    };
    let count_like: Vec<usize> = alone.iter().flat_map(|&m| members(class[m])).collect();
    let classes = (constants..order)
        .map(members)
        .filter(|c| c.len() > 1 && !c.iter().any(|m| count_like.contains(m)))
        .collect();
    Related {
        classes,
        count_like,
    }
}

/// Coefficients of `column` on the `independent` columns, all scaled to length one.
#[expect(
    clippy::indexing_slicing,
    reason = "all indices are below the order of the matrix"
)]
fn project(gram: &[Vec<f64>], norm: &[f64], independent: &[usize], column: usize) -> Vec<f64> {
    let n = independent.len();
    let scaled = |i: usize, j: usize| gram[i][j] / (norm[i] * norm[j]);
    let mut rows: Vec<Vec<f64>> = independent
        .iter()
        .map(|&i| {
            let left = independent.iter().map(|&j| scaled(i, j));
            left.chain([scaled(i, column)]).collect()
        })
        .collect();
    for pivot in 0..n {
        let largest =
            (pivot..n).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs()));
        rows.swap(pivot, largest.unwrap_or(pivot));
        let own = rows[pivot].clone();
        if own[pivot] == 0.0 {
            continue;
        }
        for (r, row) in rows.iter_mut().enumerate() {
            if r != pivot {
                let factor = row[pivot] / own[pivot];
                for (x, y) in row.iter_mut().zip(&own) {
                    *x -= factor * y;
                }
            }
        }
    }
    (0..n)
        .map(|i| match rows[i][i] {
            0.0 => 0.0,
            pivot => rows[i][n] / pivot,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONES: [f64; 6] = [1.0; 6];
    const ROWS: [f64; 6] = [1.0, 3.0, 2.0, 1.0, 5.0, 4.0];
    const RENT: [f64; 6] = [500.0, 610.0, 720.0, 535.0, 890.0, 400.0];
    const INCOME: [f64; 6] = [1_500.0, 2_900.0, 2_100.0, 9_000.0, 1_700.0, 3_300.0];

    fn mixed(a: f64, x: &[f64; 6], b: f64, y: &[f64; 6]) -> [f64; 6] {
        std::array::from_fn(|i| a * x[i] + b * y[i])
    }

    fn check(columns: &[[f64; 6]], constants: usize, classes: &[&[usize]], count_like: &[usize]) {
        let product = |a: &[f64; 6], b: &[f64; 6]| a.iter().zip(b).map(|(x, y)| x * y).sum();
        let gram: Vec<Vec<f64>> = columns
            .iter()
            .map(|a| columns.iter().map(|b| product(a, b)).collect())
            .collect();
        let found = related(&gram, constants);
        assert_eq!(found.classes, classes);
        assert_eq!(found.count_like, count_like);
    }

    #[test]
    fn measures_on_their_own_are_in_no_class() {
        check(&[ONES, ROWS, RENT, INCOME], 2, &[], &[]);
        check(&[], 0, &[], &[]);
    }

    #[test]
    fn what_follows_from_constants_is_count_like() {
        let five_a_row = mixed(5.0, &ROWS, 0.0, &ONES);
        let both = mixed(2.0, &ROWS, -3.0, &ONES);
        check(&[ONES, ROWS, five_a_row, RENT, both], 2, &[], &[0, 2]);
        // units and rows that are the same column are no measure's relation
        check(&[ONES, ONES, RENT], 2, &[], &[]);
    }

    #[test]
    fn constants_may_be_part_of_a_relation() {
        let left = mixed(1.0, &INCOME, -1.0, &RENT);
        check(&[ONES, RENT, INCOME, left], 1, &[&[0, 1, 2]], &[]);
        let in_cents_less_a_fee = mixed(100.0, &RENT, -7.0, &ONES);
        check(
            &[ONES, RENT, INCOME, in_cents_less_a_fee],
            1,
            &[&[0, 2]],
            &[],
        );
    }

    #[test]
    fn a_column_of_zeros_says_nothing() {
        check(&[ONES, [0.0; 6], RENT], 1, &[], &[]);
        check(
            &[ONES, RENT, [0.0; 6], mixed(2.0, &RENT, 0.0, &ONES)],
            1,
            &[&[0, 2]],
            &[],
        );
    }

    #[test]
    fn nearly_the_same_counts_as_the_same_and_a_real_difference_does_not() {
        let mut tiny = mixed(1.0, &RENT, 0.0, &ONES);
        tiny[3] += 1e-4;
        check(&[ONES, RENT, tiny], 1, &[&[0, 1]], &[]);
        let mut more = mixed(1.0, &RENT, 0.0, &ONES);
        more[3] += 1.0;
        check(&[ONES, RENT, more], 1, &[], &[]);
    }
}
