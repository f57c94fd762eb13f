//! The twenty tables: of two and three dimensions, some with parents, counts and magnitudes, each from a seed.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use zwerm_disclosure::{
    BaseCell, Contributions, DominanceRule, Rules, Table, TableDimension, TableMeasure,
};

use crate::generate::coordinates;

/// What is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProtectedFigure {
    /// Numbers of units, with a minimum.
    Counts,
    /// Sums under the p% rule.
    Estimate,
    /// Sums under the (n, k) rule.
    Dominance,
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spec {
    pub(crate) sizes: &'static [usize],
    /// Parents of the first dimension's values; none for no hierarchy.
    pub(crate) parents: usize,
    pub(crate) figure: ProtectedFigure,
}

const fn spec(sizes: &'static [usize], parents: usize, figure: ProtectedFigure) -> Spec {
    Spec {
        sizes,
        parents,
        figure,
    }
}

/// From small to large, so that what comes of the first is known early.
pub(crate) const TABLES: [Spec; 20] = [
    spec(&[10, 8], 0, ProtectedFigure::Counts),
    spec(&[12, 8], 0, ProtectedFigure::Estimate),
    spec(&[5, 4, 3], 0, ProtectedFigure::Counts),
    spec(&[14, 9], 4, ProtectedFigure::Counts),
    spec(&[15, 10], 4, ProtectedFigure::Dominance),
    spec(&[5, 5, 4], 0, ProtectedFigure::Estimate),
    spec(&[20, 15], 0, ProtectedFigure::Counts),
    spec(&[8, 5, 4], 3, ProtectedFigure::Counts),
    spec(&[24, 15], 6, ProtectedFigure::Estimate),
    spec(&[25, 20], 0, ProtectedFigure::Dominance),
    spec(&[8, 7, 5], 0, ProtectedFigure::Counts),
    spec(&[30, 20], 6, ProtectedFigure::Counts),
    spec(&[35, 25], 0, ProtectedFigure::Counts),
    spec(&[10, 8, 6], 3, ProtectedFigure::Estimate),
    spec(&[40, 30], 8, ProtectedFigure::Estimate),
    spec(&[12, 10, 6], 0, ProtectedFigure::Counts),
    spec(&[50, 35], 8, ProtectedFigure::Counts),
    spec(&[60, 40], 0, ProtectedFigure::Dominance),
    spec(&[15, 12, 10], 4, ProtectedFigure::Counts),
    spec(&[90, 50], 10, ProtectedFigure::Counts),
];

/// The number of the measure that sums are of.
pub(crate) const MEASURE: usize = 0;

impl Spec {
    /// What it is called in a list.
    pub(crate) fn name(&self) -> String {
        let sizes: Vec<String> = self.sizes.iter().map(ToString::to_string).collect();
        let parents = match self.parents {
            0 => String::new(),
            n => format!(" under {n} parents"),
        };
        let figure = match self.figure {
            ProtectedFigure::Counts => "counts, minimum 10",
            ProtectedFigure::Estimate => "sums, p% 10",
            ProtectedFigure::Dominance => "sums, two at most 80%",
        };
        format!("{}{parents}, {figure}", sizes.join(" x "))
    }

    /// Its rules. Sums are looked at alone: with a minimum of one unit every count is shown.
    pub(crate) fn rules(&self) -> Rules {
        match self.figure {
            ProtectedFigure::Counts => Rules::minimum(10),
            ProtectedFigure::Estimate => Rules {
                p_percent: Some(10.0),
                ..Rules::minimum(1)
            },
            ProtectedFigure::Dominance => Rules {
                dominance: Some(DominanceRule {
                    largest: 2,
                    percent: 80.0,
                }),
                ..Rules::minimum(1)
            },
        }
    }

    /// The table of a seed: skewed margins, a fifth of the cells empty, a few small ones.
    pub(crate) fn table(&self, seed: u64) -> Table {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let dimensions: Vec<TableDimension> =
            (0..self.sizes.len()).map(|d| self.dimension(d)).collect();
        let weights: Vec<Vec<f64>> = self
            .sizes
            .iter()
            .map(|&n| (0..n).map(|_| 0.4 + rng.random::<f64>() * 1.2).collect())
            .collect();
        let sums = self.figure != ProtectedFigure::Counts;
        let typical = if sums { 8.0 } else { 40.0 };
        let mut cells = Vec::new();
        for at in coordinates(&dimensions) {
            let weight: f64 = at
                .iter()
                .zip(&weights)
                .filter_map(|(&v, of)| of.get(v as usize))
                .product();
            let mean = typical * weight * -(1.0 - rng.random::<f64>()).ln();
            let units = if rng.random_bool(0.2) {
                0
            } else {
                mean.round() as u64
            };
            if units > 0 {
                cells.push(cell(&mut rng, at, units, sums, self.rules().keep()));
            }
        }
        let measure = TableMeasure {
            name: "turnover".into(),
            lower: 0.0,
            upper: f64::INFINITY,
            known_to: vec![],
        };
        Table {
            max_dimensions: dimensions.len(),
            dimensions,
            measures: if sums { vec![measure] } else { vec![] },
            cells,
            ..Table::default()
        }
    }

    fn dimension(&self, number: usize) -> TableDimension {
        let size = self.sizes.get(number).copied().unwrap_or(1);
        let parents = if number == 0 { self.parents } else { 0 };
        let of = |parent: usize| {
            let values = 0..size as u32;
            values
                .filter(|v| *v as usize * parents / size == parent)
                .collect()
        };
        TableDimension {
            unions: (0..parents).map(of).collect(),
            ..TableDimension::new(format!("d{number}"), size)
        }
    }
}

fn cell(rng: &mut ChaCha8Rng, at: Vec<u32>, units: u64, sums: bool, keep: usize) -> BaseCell {
    let mut cell = BaseCell {
        coordinates: at,
        units,
        rows: Contributions::default(),
        measures: if sums {
            vec![Contributions::default()]
        } else {
            vec![]
        },
        identity: None,
    };
    for _ in 0..units {
        cell.rows.add_unit(1, 1.0, keep);
        for measure in &mut cell.measures {
            // a long tail, so that some cells have a giant
            let value = (10.0 * 200.0_f64.powf(rng.random::<f64>().powi(2))).round();
            measure.add_unit(1, value, keep);
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_have_about_100_to_5000_cells() {
        for spec in TABLES {
            let first = spec.parents;
            let sizes = spec.sizes.iter().enumerate();
            let cells: usize = sizes
                .map(|(d, n)| n + 1 + if d == 0 { first } else { 0 })
                .product();
            assert!((90..6_000).contains(&cells), "{}: {cells}", spec.name());
        }
    }
}
