//! The audit finds what it is there for: patterns made unsafe on purpose.

use rand::{SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use zwerm_disclosure::{
    BaseCell, Cell, Contributions, Rules, Table, TableDimension,
    audit::{self, SeenCell},
    protect,
};

use crate::{
    generate::plain::table,
    tables::{at, counts, hide, measure, ones, publish, truth},
};

const SEEDS: u64 = 200;

fn hidden(cells: &[Cell]) -> Vec<usize> {
    let all = cells.iter().enumerate();
    all.filter(|(_, c)| c.units.is_none())
        .map(|(i, _)| i)
        .collect()
}

#[test]
fn an_unsafe_cell_that_is_shown_is_always_found() {
    let mut tried = 0;
    for seed in 0..SEEDS {
        let (table, rules) = table(seed);
        let mut cells = protect(&table, &rules).unwrap().cells();
        let unsafe_cell = cells.iter().position(|c| {
            let units = truth(&table, &c.coordinates).units;
            units.is_some_and(|n| n > 0 && n < rules.minimum_units)
        });
        if let Some(cell) = unsafe_cell {
            tried += 1;
            cells[cell] = truth(&table, &cells[cell].coordinates);
            assert!(
                !audit::findings(&table, &rules, &cells).is_empty(),
                "seed {seed}"
            );
        }
    }
    assert!(tried > SEEDS / 2);
}

/// Not every single cell that keeps others safe is needed by itself, but most are.
#[test]
fn any_cell_that_is_shown_after_all_is_found() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (mut tried, mut found) = (0, 0);
    for seed in 0..SEEDS {
        let (table, rules) = table(seed);
        let mut cells = protect(&table, &rules).unwrap().cells();
        if let Some(&cell) = hidden(&cells).choose(&mut rng) {
            tried += 1;
            cells[cell] = truth(&table, &cells[cell].coordinates);
            found += u64::from(!audit::findings(&table, &rules, &cells).is_empty());
        }
    }
    assert!(
        tried > SEEDS / 2 && found * 100 >= tried * 70,
        "{found} of {tried}"
    );
}

/// The dimensions in `keep`, the others summed over.
fn margin(table: &Table, keep: &[usize], rules: &Rules) -> Table {
    let mut cells: std::collections::BTreeMap<Vec<u32>, BaseCell> = Default::default();
    for base in &table.cells {
        let coordinates: Vec<u32> = keep.iter().map(|&d| base.coordinates[d]).collect();
        let cell = cells.entry(coordinates.clone()).or_insert(BaseCell {
            coordinates,
            units: 0,
            rows: Contributions::default(),
            measures: vec![Contributions::default(); base.measures.len()],
            identity: None,
        });
        cell.units += base.units;
        cell.rows.merge(&base.rows, rules.keep());
        for (to, from) in cell.measures.iter_mut().zip(&base.measures) {
            to.merge(from, rules.keep());
        }
    }
    let dimensions: Vec<TableDimension> =
        keep.iter().map(|&d| table.dimensions[d].clone()).collect();
    Table {
        max_dimensions: keep.len(),
        dimensions,
        cells: cells.into_values().collect(),
        ..table.clone()
    }
}

#[test]
fn tables_protected_each_on_its_own_leak_together() {
    let (mut tried, mut found, mut derived) = (0, 0, 0);
    for seed in 0..SEEDS {
        let (table, rules) = table(seed);
        let joint = protect(&table, &rules).unwrap().cells();
        let n = table.dimensions.len();
        if table.max_dimensions < 2 || n == table.max_dimensions || hidden(&joint).is_empty() {
            continue;
        }
        let mut apart: Vec<Cell> = joint.into_iter().map(hide).collect();
        for mask in (0..1_usize << n).filter(|m| m.count_ones() as usize == table.max_dimensions) {
            let keep: Vec<usize> = (0..n).filter(|d| mask >> d & 1 == 1).collect();
            let own = margin(&table, &keep, &rules);
            for cell in protect(&own, &rules).unwrap().cells() {
                let mut full = vec![None; n];
                for (&d, value) in keep.iter().zip(&cell.coordinates) {
                    full[d] = *value;
                }
                if cell.units.is_some() {
                    let same = apart.iter_mut().find(|c| c.coordinates == full);
                    *same.unwrap() = truth(&table, &full);
                }
            }
        }
        tried += 1;
        found += u64::from(!audit::findings(&table, &rules, &apart).is_empty());
        let seen: Vec<SeenCell> = apart.iter().map(shown).collect();
        derived += u64::from(!audit::derivable(&table.dimensions, &seen).is_empty());
    }
    assert!(tried > SEEDS / 5, "{tried}");
    assert!(found * 100 >= tried * 60, "{found} of {tried}");
    assert!(derived * 100 >= tried * 15, "{derived} of {tried}");
}

fn shown(cell: &Cell) -> SeenCell {
    SeenCell {
        coordinates: cell.coordinates.clone(),
        known: cell.units.is_some(),
        empty: cell.units == Some(0),
    }
}

#[track_caller]
fn finds(table: &Table, rules: &Rules, cells: &[Cell], what: &str) {
    let findings = audit::findings(table, rules, cells);
    assert!(
        findings.iter().any(|f| f.contains(what)),
        "{what}: {findings:#?}"
    );
}

#[test]
fn remainder_equal_to_the_number_of_hidden_cells() {
    // two hidden cells, neither derivable by subtraction, remainder 2: both are 1
    let table = counts(&[4], &[1, 1, 20, 30]);
    let cells = publish(&table, |c| !matches!(c, [Some(0 | 1)]));
    let seen: Vec<SeenCell> = cells.iter().map(shown).collect();
    assert!(audit::derivable(&table.dimensions, &seen).is_empty());
    finds(&table, &Rules::minimum(3), &cells, "units of");
}

#[test]
fn deep_cells_that_follow_from_shallow_tables() {
    // the two-way margins of this 2 x 2 x 2 table leave no other table than the true one
    let table = Table {
        max_dimensions: 2,
        ..counts(&[2, 2, 2], &[0, 10, 10, 1, 0, 10, 10, 10])
    };
    let cells = publish(&table, |_| true);
    finds(&table, &Rules::minimum(3), &cells, "cannot reach 3");
}

#[test]
fn few_missing_values() {
    let mut table = counts(&[2], &[4, 4]);
    let (all, but_one) = ([1.0; 4], [1.0; 3]);
    measure(&mut table, 0.0, 10.0, &[&all, &but_one]);
    let cells = publish(&table, |_| true);
    let rules = Rules::minimum(3);
    finds(&table, &rules, &cells, "too few present or missing values");
    // hidden, and still the published total tells that one value is missing somewhere
    let cells = publish(&table, |c| c == [None]);
    finds(&table, &rules, &cells, "missing values 0");
}

#[test]
fn rows_that_cannot_move() {
    let mut table = counts(&[3], &[5, 5, 5]);
    for cell in &mut table.cells {
        cell.rows = ones(4);
        cell.rows.add_unit(996, 996.0, 2);
    }
    let rules = Rules {
        p_percent: Some(10.0),
        ..Rules::minimum(3)
    };
    let cells = publish(&table, |c| c == [None]);
    let safe = audit::findings(&table, &rules, &cells);
    assert!(!safe.iter().any(|f| f.contains("cannot move")), "{safe:#?}");
    let cells = publish(&table, |c| c != [Some(0)]);
    finds(&table, &rules, &cells, "Rows of");
}

#[test]
fn a_published_zero_count_gives_its_sum_away() {
    let mut table = counts(&[3], &[9, 9, 9]);
    let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 900.0];
    measure(&mut table, 0.0, 1_000.0, &[&values, &[], &values]);
    let mut cells = publish(&table, |_| true);
    for value in 0..2 {
        let cell = cells.iter_mut().find(|c| c.coordinates == [Some(value)]);
        cell.unwrap().sums = vec![None];
    }
    let rules = Rules {
        p_percent: Some(10.0),
        ..Rules::minimum(3)
    };
    finds(&table, &rules, &cells, "[Some(0)] of state 0 is derivable");
    assert_eq!(at(&cells, &[Some(1)]).counts, [Some(0)]);
}
