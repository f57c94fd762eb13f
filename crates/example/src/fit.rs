//! Iterative proportional fitting: a table of any number of dimensions that agrees with published
//! marginals and otherwise stays as close as it can to a starting table.
//!
//! The worked examples need synthetic units, because no real ones may be in this project; fitted
//! units give totals that a reader can look up. The method is that of Deming and Stephan, *On a
//! least squares adjustment of a sampled frequency table* (1940); that it converges to the table
//! of least relative entropy is due to Csiszár, *I-divergence geometry* (1975).
//!
//! Tables are plain slices in row-major order: the last dimension runs fastest. Only addition,
//! multiplication and division are used, so every machine gets the same bytes.

use thiserror::Error;

/// One dimension of a marginal, whose categories may be put together into classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarginalAxis {
    dimension: usize,
    /// The class of each category; empty where each category is its own class.
    classes: Vec<usize>,
}

impl MarginalAxis {
    /// All categories of a dimension, each on its own.
    pub fn plain(dimension: usize) -> Self {
        Self {
            dimension,
            classes: Vec::new(),
        }
    }

    /// The class, from 0, of each category of a dimension.
    pub fn merged(dimension: usize, classes: &[usize]) -> Self {
        Self {
            dimension,
            classes: classes.to_vec(),
        }
    }

    fn size(&self, shape: &[usize]) -> Result<usize, FitError> {
        let size = shape.get(self.dimension).copied().ok_or(FitError::Shape(
            "a marginal names a dimension that is not there",
        ))?;
        if self.classes.is_empty() {
            return Ok(size);
        }
        if self.classes.len() != size {
            return Err(FitError::Shape(
                "a marginal does not give each category a class",
            ));
        }
        Ok(self.classes.iter().max().map_or(0, |last| last + 1))
    }

    fn class(&self, coordinates: &[usize]) -> usize {
        let category = coordinates.get(self.dimension).copied().unwrap_or(0);
        self.classes.get(category).copied().unwrap_or(category)
    }
}

/// Totals that the table has to have, over some of its dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Marginal {
    /// How to speak of it: `households per wijk`.
    pub name: String,
    axes: Vec<MarginalAxis>,
    targets: Vec<f64>,
}

impl Marginal {
    /// Totals in row-major order of `axes`; none negative.
    pub fn new(name: &str, axes: Vec<MarginalAxis>, targets: Vec<f64>) -> Self {
        Self {
            name: name.to_owned(),
            axes,
            targets,
        }
    }

    /// The number of totals.
    pub fn cells(&self) -> usize {
        self.targets.len()
    }

    /// Which total each cell of the table counts towards.
    fn groups(&self, shape: &[usize]) -> Result<Vec<usize>, FitError> {
        let mut sizes = Vec::with_capacity(self.axes.len());
        for axis in &self.axes {
            sizes.push(axis.size(shape)?);
        }
        if sizes.iter().product::<usize>() != self.targets.len() {
            return Err(FitError::Shape(
                "a marginal has not one target per combination",
            ));
        }
        if self
            .targets
            .iter()
            .any(|target| !(*target >= 0.0 && target.is_finite()))
        {
            return Err(FitError::Value(self.name.clone()));
        }
        let mut coordinates = vec![0; shape.len()];
        let mut groups = Vec::with_capacity(shape.iter().product());
        for _ in 0..shape.iter().product() {
            let group = self.axes.iter().zip(&sizes).fold(0, |group, (axis, size)| {
                group * size + axis.class(&coordinates)
            });
            groups.push(group);
            advance(&mut coordinates, shape);
        }
        Ok(groups)
    }

    /// The largest relative difference between this marginal of `cells` and its targets; infinite
    /// where a target is zero and the table is not.
    ///
    /// # Errors
    /// When the marginal, the shape and the table do not fit each other.
    pub fn largest_relative_error(&self, shape: &[usize], cells: &[f64]) -> Result<f64, FitError> {
        let groups = self.groups(shape)?;
        if groups.len() != cells.len() {
            return Err(FitError::Shape("the table has not one value per cell"));
        }
        let sums = sums(cells, &groups, self.targets.len());
        Ok(worst(&sums, &self.targets))
    }
}

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitLimits {
    /// Rounds over all marginals, at most.
    pub rounds: usize,
    /// The largest relative error that counts as agreement.
    pub tolerance: f64,
}

impl Default for FitLimits {
    fn default() -> Self {
        Self {
            rounds: 2_000,
            tolerance: 1e-10,
        }
    }
}

/// A table that agrees with its marginals.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The table, in the order of the starting table.
    pub cells: Vec<f64>,
    /// Rounds it took.
    pub rounds: usize,
    /// The largest relative error per marginal, in the order given.
    pub errors: Vec<f64>,
}

/// Why a table cannot be fitted.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FitError {
    /// Sizes that do not belong together.
    #[error("the table cannot be fitted: {0}")]
    Shape(&'static str),
    /// A number that is negative, infinite or none; holds what it belongs to.
    #[error("`{0}` holds a number that is negative or not finite")]
    Value(String),
    /// Marginals with different totals.
    #[error(
        "`{name}` adds up to {total}, the first marginal to {expected}; scale them to one total"
    )]
    Totals {
        /// The marginal.
        name: String,
        /// Its total.
        total: f64,
        /// The first marginal's total.
        expected: f64,
    },
    /// The starting table is zero where a marginal is not.
    #[error("`{name}` wants something in its cell {cell}, where the starting table has nothing")]
    Support {
        /// The marginal.
        name: String,
        /// The marginal's cell, from 0.
        cell: usize,
    },
    /// The marginals contradict each other, or more rounds are needed.
    #[error("no agreement after {rounds} rounds: `{name}` is still off by {error:e}")]
    Disagreement {
        /// Rounds tried.
        rounds: usize,
        /// The marginal that is furthest off.
        name: String,
        /// Its largest relative error.
        error: f64,
    },
}

/// Fits a starting table to marginals.
///
/// Where the starting table is zero the result is zero; odds between cells that no marginal speaks
/// of stay those of the starting table.
///
/// # Errors
/// When sizes do not belong together, totals differ, or the marginals cannot all be met.
pub fn fit(
    shape: &[usize],
    start: &[f64],
    marginals: &[Marginal],
    limits: FitLimits,
) -> Result<Fit, FitError> {
    if start.len() != shape.iter().product::<usize>() {
        return Err(FitError::Shape("the table has not one value per cell"));
    }
    if start.iter().any(|cell| !(*cell >= 0.0 && cell.is_finite())) {
        return Err(FitError::Value("starting table".to_owned()));
    }
    let mut groups = Vec::with_capacity(marginals.len());
    for marginal in marginals {
        groups.push(marginal.groups(shape)?);
    }
    same_totals(marginals)?;
    let mut cells = start.to_vec();
    let mut errors = Vec::new();
    for round in 0..=limits.rounds {
        errors = marginals
            .iter()
            .zip(&groups)
            .map(|(one, groups)| worst(&sums(&cells, groups, one.cells()), &one.targets))
            .collect();
        if errors.iter().all(|error| *error <= limits.tolerance) {
            return Ok(Fit {
                cells,
                rounds: round,
                errors,
            });
        }
        for (marginal, groups) in marginals.iter().zip(&groups) {
            scale(&mut cells, marginal, groups)?;
        }
    }
    let furthest = marginals
        .iter()
        .zip(&errors)
        .max_by(|(_, one), (_, other)| one.total_cmp(other));
    Err(FitError::Disagreement {
        rounds: limits.rounds,
        name: furthest.map_or_else(String::new, |(marginal, _)| marginal.name.clone()),
        error: furthest.map_or(0.0, |(_, error)| *error),
    })
}

/// Whole numbers near a table's values, with the same total (rounded).
///
/// The running total is rounded and the differences are taken, so every block of cells that stand
/// next to each other keeps its total to within one, the blocks of the first dimensions above all.
///
/// # Errors
/// When a value is negative, not finite, or too large for exact whole numbers.
pub fn integers(cells: &[f64]) -> Result<Vec<u32>, FitError> {
    let mut running = 0.0_f64;
    let mut given = 0_u32;
    let mut whole = Vec::with_capacity(cells.len());
    for cell in cells {
        running += cell;
        let fits = *cell >= 0.0 && running < f64::from(u32::MAX);
        if !fits {
            return Err(FitError::Value("table to round".to_owned()));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked just above: not negative, and below the largest value"
        )]
        let rounded = running.round() as u32;
        whole.push(rounded.saturating_sub(given));
        given = rounded.max(given);
    }
    Ok(whole)
}

fn same_totals(marginals: &[Marginal]) -> Result<(), FitError> {
    let expected: f64 = marginals
        .first()
        .map_or(0.0, |first| first.targets.iter().sum());
    for marginal in marginals {
        let total: f64 = marginal.targets.iter().sum();
        if (total - expected).abs() > 1e-9 * expected.max(1.0) {
            return Err(FitError::Totals {
                name: marginal.name.clone(),
                total,
                expected,
            });
        }
    }
    Ok(())
}

fn scale(cells: &mut [f64], marginal: &Marginal, groups: &[usize]) -> Result<(), FitError> {
    let sums = sums(cells, groups, marginal.cells());
    let mut factors = Vec::with_capacity(sums.len());
    for (cell, (sum, target)) in sums.iter().zip(&marginal.targets).enumerate() {
        if *sum > 0.0 {
            factors.push(target / sum);
        } else if *target > 0.0 {
            return Err(FitError::Support {
                name: marginal.name.clone(),
                cell,
            });
        } else {
            factors.push(0.0);
        }
    }
    for (cell, group) in cells.iter_mut().zip(groups) {
        *cell *= factors.get(*group).copied().unwrap_or(0.0);
    }
    Ok(())
}

fn sums(cells: &[f64], groups: &[usize], count: usize) -> Vec<f64> {
    let mut sums = vec![0.0; count];
    for (cell, group) in cells.iter().zip(groups) {
        if let Some(sum) = sums.get_mut(*group) {
            *sum += cell;
        }
    }
    sums
}

fn worst(sums: &[f64], targets: &[f64]) -> f64 {
    sums.iter()
        .zip(targets)
        .map(|(sum, target)| match (sum - target).abs() {
            0.0 => 0.0,
            difference => difference / target,
        })
        .fold(0.0, f64::max)
}

/// The next cell in row-major order.
fn advance(coordinates: &mut [usize], shape: &[usize]) {
    for (coordinate, size) in coordinates.iter_mut().zip(shape).rev() {
        *coordinate += 1;
        if *coordinate < *size {
            return;
        }
        *coordinate = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(name: &str, dimension: usize, targets: &[f64]) -> Marginal {
        Marginal::new(name, vec![MarginalAxis::plain(dimension)], targets.to_vec())
    }

    #[test]
    fn independent_marginals_on_an_even_start_give_their_product() -> Result<(), FitError> {
        let marginals = [
            by("rows", 0, &[30.0, 70.0]),
            by("columns", 1, &[20.0, 50.0, 30.0]),
        ];
        let fit = fit(&[2, 3], &[1.0; 6], &marginals, FitLimits::default())?;
        let expected = [6.0, 15.0, 9.0, 14.0, 35.0, 21.0];
        for (cell, expected) in fit.cells.iter().zip(expected) {
            assert!((cell - expected).abs() < 1e-9, "{cell} is not {expected}");
        }
        Ok(())
    }

    #[test]
    fn the_odds_ratio_of_the_start_stays() -> Result<(), FitError> {
        let marginals = [
            by("rows", 0, &[40.0, 60.0]),
            by("columns", 1, &[25.0, 75.0]),
        ];
        let fit = fit(
            &[2, 2],
            &[6.0, 1.0, 1.0, 2.0],
            &marginals,
            FitLimits::default(),
        )?;
        let ratio = match fit.cells.as_slice() {
            [a, b, c, d] => a * d / (b * c),
            _ => 0.0,
        };
        assert!((ratio - 12.0).abs() < 1e-6, "{ratio}");
        Ok(())
    }

    #[test]
    fn overlapping_and_merged_marginals_in_three_dimensions_agree() -> Result<(), FitError> {
        let shape = [2, 3, 2];
        let start: Vec<f64> = (1..=12).map(f64::from).collect();
        let marginals = [
            Marginal::new(
                "first and last",
                vec![MarginalAxis::plain(0), MarginalAxis::plain(2)],
                vec![10.0, 20.0, 30.0, 40.0],
            ),
            Marginal::new(
                "merged",
                vec![MarginalAxis::merged(1, &[0, 1, 1])],
                vec![35.0, 65.0],
            ),
        ];
        let fit = fit(&shape, &start, &marginals, FitLimits::default())?;
        for marginal in &marginals {
            assert!(marginal.largest_relative_error(&shape, &fit.cells)? <= 1e-10);
        }
        assert!(fit.rounds > 1 && fit.errors.len() == 2);
        Ok(())
    }

    #[test]
    fn marginals_that_contradict_each_other_are_named() {
        let marginals = [by("rows", 0, &[1.0, 2.0]), by("columns", 1, &[1.0, 3.0])];
        let outcome = fit(&[2, 2], &[1.0; 4], &marginals, FitLimits::default());
        assert!(matches!(outcome, Err(FitError::Totals { name, .. }) if name == "columns"));

        let diagonal = [1.0, 0.0, 0.0, 1.0];
        let marginals = [by("rows", 0, &[1.0, 2.0]), by("columns", 1, &[2.0, 1.0])];
        let outcome = fit(&[2, 2], &diagonal, &marginals, FitLimits::default());
        assert!(matches!(outcome, Err(FitError::Disagreement { .. })));
    }

    #[test]
    fn a_start_with_nothing_where_something_is_wanted_is_refused() {
        let outcome = fit(
            &[2],
            &[1.0, 0.0],
            &[by("rows", 0, &[1.0, 1.0])],
            FitLimits::default(),
        );
        let expected = FitError::Support {
            name: "rows".to_owned(),
            cell: 1,
        };
        assert_eq!(outcome, Err(expected));
    }

    #[test]
    fn sizes_and_values_that_do_not_fit_are_refused() {
        let limits = FitLimits::default();
        for (start, marginal) in [
            (vec![1.0; 3], by("rows", 0, &[1.0, 1.0])),
            (vec![1.0; 2], by("rows", 0, &[1.0, 1.0, 1.0])),
            (vec![1.0; 2], by("rows", 1, &[1.0, 1.0])),
            (vec![1.0, -1.0], by("rows", 0, &[1.0, 1.0])),
            (vec![1.0; 2], by("rows", 0, &[1.0, f64::NAN])),
            (
                vec![1.0; 2],
                Marginal::new("rows", vec![MarginalAxis::merged(0, &[0])], vec![1.0]),
            ),
        ] {
            assert!(fit(&[2], &start, &[marginal], limits).is_err());
        }
    }

    #[test]
    fn whole_numbers_keep_the_total_and_the_totals_of_blocks() -> Result<(), FitError> {
        let cells: Vec<f64> = (0..60_u32).map(|n| f64::from(n % 7) * 0.37).collect();
        let whole = integers(&cells)?;
        for (block, kept) in cells.chunks(12).zip(whole.chunks(12)) {
            let wanted: f64 = block.iter().sum();
            let got: u32 = kept.iter().sum();
            assert!(
                (wanted - f64::from(got)).abs() <= 1.0,
                "{wanted} became {got}"
            );
        }
        let total: f64 = cells.iter().sum();
        assert!((total - f64::from(whole.iter().sum::<u32>())).abs() <= 0.5);
        Ok(())
    }

    #[test]
    fn what_is_no_count_is_not_rounded() {
        for cells in [[1.0, -0.5], [1.0, f64::NAN], [1.0, f64::INFINITY]] {
            assert!(integers(&cells).is_err());
        }
    }
}
