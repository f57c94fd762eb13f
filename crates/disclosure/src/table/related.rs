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

/// A residue below this share of the column's own square is taken as none.
const RESIDUE: f64 = 1e-10;
/// A coefficient that contributes less than this share of a column is taken as none.
const COEFFICIENT: f64 = 1e-5;

/// Finds linear relations from `gram`, the square matrix of inner products of columns over all units; the
/// first `constants` columns are counts (1 per unit, rows per unit), the rest are measures. An entry that is not there
/// is taken as 0.
///
/// A relation that involves two or more measures puts them in one class; a measure that is a
/// combination of counts alone is count-like.
///
/// ```
/// let (rent, income) = ([5.0, 6.0, 9.0, 5.0, 12.0], [20.0, 31.0, 44.0, 20.0, 37.0]);
/// let left: [f64; 5] = std::array::from_fn(|unit| income[unit] - rent[unit]);
/// let columns = [[1.0; 5], rent, income, left];
/// let product = |a: &[f64; 5], b: &[f64; 5]| a.iter().zip(b).map(|(x, y)| x * y).sum();
/// let row = |a| columns.iter().map(|b| product(a, b)).collect();
/// let gram: Vec<Vec<f64>> = columns.iter().map(row).collect();
/// assert_eq!(zwerm_disclosure::related(&gram, 1).classes, [[0, 1, 2]]);
/// ```
#[must_use]
pub fn related(gram: &[Vec<f64>], constants: usize) -> Related {
    let order = gram.len();
    let gram = Gram::new(gram);
    let mut independent: Vec<usize> = Vec::new();
    let mut class: Vec<usize> = (0..order).collect();
    let mut alone = Vec::new();
    for column in (0..order).filter(|&c| gram.norm(c) != 0.0) {
        let Some(tied) = gram.tied(&independent, column) else {
            independent.push(column);
            continue;
        };
        let measures: Vec<usize> = tied.into_iter().filter(|&j| j >= constants).collect();
        if measures.is_empty() && column >= constants {
            alone.push(column);
        }
        for other in measures {
            join(&mut class, column, other);
        }
    }
    Related::new(&class, &alone, constants)
}

/// Puts the classes of two columns together, under the lower of their numbers.
fn join(class: &mut [usize], a: usize, b: usize) {
    let (Some(&a), Some(&b)) = (class.get(a), class.get(b)) else {
        return;
    };
    let (from, to) = (a.max(b), a.min(b));
    class
        .iter_mut()
        .filter(|c| **c == from)
        .for_each(|c| *c = to);
}

impl Related {
    /// From the class of every column, and the measures that are tied to constants alone.
    fn new(class: &[usize], alone: &[usize], constants: usize) -> Related {
        let measures = || class.iter().enumerate().skip(constants);
        let members = |of: usize| -> Vec<usize> {
            let same = measures().filter(|(_, class)| **class == of);
            same.map(|(m, _)| m - constants).collect()
        };
        let of = alone.iter().filter_map(|&m| class.get(m));
        let count_like: Vec<usize> = of.flat_map(|&class| members(class)).collect();
        // a class has the number of its first column
        let classes = measures().map(|(m, _)| members(m));
        let more = |c: &Vec<usize>| c.len() > 1 && !c.iter().any(|m| count_like.contains(m));
        Related {
            classes: classes.filter(more).collect(),
            count_like,
        }
    }
}

/// Inner products of columns, and the length of each column.
struct Gram<'a> {
    products: &'a [Vec<f64>],
    norms: Vec<f64>,
}

impl<'a> Gram<'a> {
    /// The lengths are the roots of the diagonal.
    fn new(products: &'a [Vec<f64>]) -> Gram<'a> {
        let norms = products.iter().enumerate();
        Gram {
            products,
            norms: norms.map(|(i, row)| entry(row, i).sqrt()).collect(),
        }
    }

    /// The length of a column.
    fn norm(&self, i: usize) -> f64 {
        entry(&self.norms, i)
    }

    /// The inner product of two columns.
    fn product(&self, i: usize, j: usize) -> f64 {
        self.products.get(i).map_or(0.0, |row| entry(row, j))
    }

    /// The independent columns that a column is a combination of; `None` when it is none.
    fn tied(&self, independent: &[usize], column: usize) -> Option<Vec<usize>> {
        let coefficients = self.project(independent, column);
        let pairs = independent.iter().zip(&coefficients);
        let norms = |j: usize| self.norm(j) * self.norm(column);
        let shares = pairs
            .clone()
            .map(|(&j, c)| c * self.product(j, column) / norms(j));
        let explained: f64 = shares.sum();
        if 1.0 - explained > RESIDUE {
            return None;
        }
        let tied = pairs.filter(|(_, c)| c.abs() > COEFFICIENT);
        Some(tied.map(|(&j, _)| j).collect())
    }

    /// Coefficients of `column` on the `independent` columns, all scaled to length one: Gauss-Jordan elimination with
    /// partial pivoting.
    fn project(&self, independent: &[usize], column: usize) -> Vec<f64> {
        let n = independent.len();
        let scaled = |i: usize, j: usize| self.product(i, j) / (self.norm(i) * self.norm(j));
        let row = |&i: &usize| -> Vec<f64> {
            let left = independent.iter().map(|&j| scaled(i, j));
            left.chain([scaled(i, column)]).collect()
        };
        let mut rows: Vec<Vec<f64>> = independent.iter().map(row).collect();
        for pivot in 0..n {
            eliminate(&mut rows, pivot);
        }
        let solved = rows.iter().enumerate();
        solved
            .map(|(i, row)| match entry(row, i) {
                0.0 => 0.0,
                pivot => entry(row, n) / pivot,
            })
            .collect()
    }
}

/// Clears a column in all rows but the one with its pivot.
fn eliminate(rows: &mut [Vec<f64>], pivot: usize) {
    let size = |row: &[f64]| entry(row, pivot).abs();
    let below = rows.iter().enumerate().skip(pivot);
    let largest = below.max_by(|(_, a), (_, b)| size(a).total_cmp(&size(b)));
    rows.swap(pivot, largest.map_or(pivot, |(row, _)| row));
    let Some(own) = rows.get(pivot).cloned() else {
        return;
    };
    if entry(&own, pivot) == 0.0 {
        return;
    }
    let others = rows.iter_mut().enumerate().filter(|(r, _)| *r != pivot);
    for (_, row) in others {
        let factor = entry(row, pivot) / entry(&own, pivot);
        for (x, y) in row.iter_mut().zip(&own) {
            *x -= factor * y;
        }
    }
}

/// An entry of a row; 0 beyond its end.
fn entry(row: &[f64], at: usize) -> f64 {
    row.get(at).copied().unwrap_or(0.0)
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
