//! Random tables, protected by the crate and attacked by its independent audit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use zwerm_disclosure::{
    BaseCell, Contributions, Dimension, Dominance, Measure, Rules, Table, audit, protect,
};

/// Random statistics per base cell: skewed and tiny cells, empty ones, sometimes a giant unit,
/// several rows per unit, missing values, related measures, one or two providers.
fn table(seed: u64) -> (Table, Rules) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let n = rng.random_range(2..=5);
    let most = [0, 0, 6, 4, 3, 2][n];
    let providers = rng.random_range(0..=2);
    let dimensions: Vec<Dimension> = (0..n)
        .map(|d| Dimension {
            name: format!("d{d}"),
            size: rng.random_range(2..=most),
            sensitive: rng.random_bool(0.1),
            known_to: (0..providers).filter(|p| d % 2 == *p).collect(),
        })
        .collect();
    let related = rng.random_bool(0.25);
    let measures: Vec<Measure> = (0..if related { 3 } else { rng.random_range(0..=2) })
        .map(|m| Measure {
            name: format!("m{m}"),
            lower: if m == 2 { -2_000.0 } else { 0.0 },
            upper: 2_000.0,
            known_to: (0..providers).filter(|p| m % 2 == *p).collect(),
        })
        .collect();
    let rules = Rules {
        minimum_units: rng.random_range(3..=10),
        dominance: rng.random_bool(0.7).then_some(Dominance {
            largest: rng.random_range(1..=3),
            percent: f64::from(rng.random_range(50..=90)),
        }),
        p_percent: rng.random_bool(0.7).then_some(10.0),
        protect_zeros: rng.random_bool(0.1),
        round_to: 5,
    };
    let many_rows = rng.random_bool(0.2);
    let missing = rng.random_bool(0.2);
    let typical = f64::from(rng.random_range(2..=40));
    let mut at = vec![0_u32; n];
    let mut cells = Vec::new();
    loop {
        let units = match rng.random_range(0..10) {
            0..=2 => 0,
            3..=4 => rng.random_range(1..=3),
            _ => (-typical * (1.0 - rng.random::<f64>()).ln()) as u64,
        };
        if units > 0 {
            let mut cell = BaseCell {
                coordinates: at.clone(),
                units,
                rows: Contributions::default(),
                measures: vec![Contributions::default(); measures.len()],
            };
            for _ in 0..units {
                let rows = if many_rows {
                    rng.random_range(1..=4)
                } else {
                    1
                };
                cell.rows.add_unit(rows, rows as f64, rules.keep());
                let values = [
                    f64::from(rng.random_range(0..=1_000))
                        * if rng.random_bool(0.02) { 2.0 } else { 0.3 },
                    f64::from(rng.random_range(0..=400)),
                ];
                for (m, to) in cell.measures.iter_mut().enumerate() {
                    if missing && !related && rng.random_bool(0.1) {
                        to.missing += 1;
                        continue;
                    }
                    let value = if m == 2 {
                        values[0] - values[1]
                    } else {
                        values[m]
                    };
                    to.add_unit(1, value, rules.keep());
                }
            }
            cells.push(cell);
        }
        let Some(d) = (0..n).find(|&d| {
            at[d] = (at[d] + 1) % dimensions[d].size as u32;
            at[d] != 0
        }) else {
            break;
        };
        assert!(d < n);
    }
    let table = Table {
        related: if related { vec![vec![0, 1, 2]] } else { vec![] },
        count_like: vec![],
        providers,
        max_dimensions: rng.random_range(1..=n.min(3)),
        dimensions,
        measures,
        cells,
    };
    (table, rules)
}

fn cases() -> u64 {
    std::env::var("ZWERM_CUBES").map_or(60, |n| n.parse().expect("a number of cubes"))
}

#[test]
fn every_rule_holds_on_random_tables() {
    let first: u64 = std::env::var("ZWERM_SEED").map_or(0, |n| n.parse().expect("a seed"));
    for seed in first..first + cases() {
        let (table, rules) = table(seed);
        let start = std::time::Instant::now();
        let protected = match protect(&table, &rules) {
            Ok(p) => p,
            Err(e) => {
                panic!("seed {seed}: {e} {:?} {:?}", rules, table.dimensions);
            }
        };
        let took = start.elapsed();
        let cells = protected.cells();
        let hidden = cells.iter().filter(|c| c.units.is_none()).count();
        eprintln!(
            "seed {seed}: {} dims, k {}, {} cells, {hidden} hidden, protect {took:?}",
            table.dimensions.len(),
            table.max_dimensions,
            cells.len(),
        );
        let start = std::time::Instant::now();
        let findings = audit::findings(&table, &rules, &cells);
        eprintln!("   audit {:?}", start.elapsed());
        assert!(
            findings.is_empty(),
            "seed {seed}: {:#?}\n{rules:?}",
            findings
        );
    }
}
