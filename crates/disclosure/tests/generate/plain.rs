//! Random tables, added up from made-up rows of made-up units.

use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use zwerm_disclosure::{
    BaseCell, Contributions, DominanceRule, Rules, Table, TableDimension, TableMeasure,
};

/// Skewed and tiny cells, empty ones, sometimes a giant unit, several rows per unit, missing values,
/// measures that are related or follow from the number of rows, one or two providers.
pub(crate) fn table(seed: u64) -> (Table, Rules) {
    table_of(seed, [0, 0, 6, 4, 3, 2])
}

/// The same with at most so many values per dimension, by the number of dimensions (two to five).
pub(crate) fn table_of(seed: u64, most: [usize; 6]) -> (Table, Rules) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let n = rng.random_range(2..=5);
    let most = most[n];
    let providers = rng.random_range(0..=2);
    let dimensions: Vec<TableDimension> = (0..n)
        .map(|d| TableDimension {
            name: format!("d{d}"),
            size: rng.random_range(2..=most),
            sensitive: rng.random_bool(0.1),
            known_to: (0..providers).filter(|p| d % 2 == *p).collect(),
            unions: vec![],
        })
        .collect();
    let kinds = Kinds {
        related: rng.random_bool(0.25),
        constant: rng.random_bool(0.2),
        many_rows: rng.random_bool(0.25),
        missing: rng.random_bool(0.2),
    };
    let free = if kinds.related {
        3
    } else {
        rng.random_range(0..=2)
    };
    let mut measures: Vec<TableMeasure> = (0..free)
        .map(|m| TableMeasure {
            name: format!("m{m}"),
            lower: if m == 2 { -2_000.0 } else { 0.0 },
            upper: 2_000.0,
            known_to: (0..providers).filter(|p| m % 2 == *p).collect(),
        })
        .collect();
    if kinds.constant {
        measures.push(TableMeasure {
            name: "five a row".into(),
            lower: if rng.random_bool(0.5) { 5.0 } else { 0.0 },
            upper: if rng.random_bool(0.5) {
                5.0
            } else {
                f64::INFINITY
            },
            known_to: vec![],
        });
    }
    let rules = Rules {
        minimum_units: rng.random_range(3..=10),
        dominance: rng.random_bool(0.7).then_some(DominanceRule {
            largest: rng.random_range(1..=3),
            percent: f64::from(rng.random_range(50..=90)),
        }),
        p_percent: rng.random_bool(0.7).then_some(10.0),
        protect_zeros: rng.random_bool(0.1),
        round_to: 5,
    };
    let typical = f64::from(rng.random_range(2..=40));
    let mut cells = Vec::new();
    for coordinates in super::coordinates(&dimensions) {
        let units = match rng.random_range(0..10) {
            0..=2 => 0,
            3..=4 => rng.random_range(1..=3),
            _ => (-typical * (1.0 - rng.random::<f64>()).ln()) as u64,
        };
        let mut cell = BaseCell {
            coordinates,
            units,
            rows: Contributions::default(),
            measures: vec![Contributions::default(); measures.len()],
            identity: None,
        };
        for _ in 0..units {
            add_unit(&mut rng, &kinds, free, &mut cell, rules.keep());
        }
        if units > 0 {
            cells.push(cell);
        }
    }
    cells.shuffle(&mut rng);
    let table = Table {
        related: if kinds.related {
            vec![vec![0, 1, 2]]
        } else {
            vec![]
        },
        count_like: (free..measures.len()).collect(),
        providers,
        max_dimensions: rng.random_range(1..=n.min(3)),
        dimensions,
        measures,
        cells,
        ..Table::default()
    };
    (table, rules)
}

struct Kinds {
    related: bool,
    constant: bool,
    many_rows: bool,
    missing: bool,
}

/// One unit with all its rows.
fn add_unit(rng: &mut ChaCha8Rng, kinds: &Kinds, free: usize, cell: &mut BaseCell, keep: usize) {
    let rows = match rng.random_range(0..100) {
        _ if !kinds.many_rows => 1,
        0 => 200,
        _ => rng.random_range(1..=4),
    };
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); cell.measures.len()];
    for _ in 0..rows {
        let giant = if rng.random_bool(0.02) { 2.0 } else { 0.3 };
        let first = f64::from(rng.random_range(0..=1_000)) * giant;
        let second = f64::from(rng.random_range(0..=400));
        let lacks = kinds.missing && rng.random_bool(0.1);
        for (m, of) in values.iter_mut().enumerate() {
            // a value may be missing alone, or with the rest of its row
            let lacks = lacks || (kinds.missing && rng.random_bool(0.15));
            match m {
                _ if m >= free => of.push(5.0),
                _ if lacks => {}
                0 => of.push(first),
                1 => of.push(second),
                _ => of.push(first - second),
            }
        }
    }
    cell.rows.add_unit(rows, rows as f64, keep);
    for (of, to) in values.iter().zip(&mut cell.measures) {
        to.missing += u64::from((of.len() as u64) < rows);
        if !of.is_empty() {
            to.add_unit(of.len() as u64, of.iter().sum(), keep);
        }
    }
}
