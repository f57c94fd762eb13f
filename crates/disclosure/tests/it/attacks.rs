//! Known attacks on tables made by hand, each of which must fail.

use zwerm_disclosure::{
    Cell, Contributions, DominanceRule, Rules,
    audit::{self, SeenCell, derivable},
    protect, related,
};

use crate::tables::{at, counts, measure, ones, publish, sound, truth};

fn hidden_units(cells: &[Cell]) -> usize {
    cells.iter().filter(|c| c.units.is_none()).count()
}

fn p_percent(minimum: u64) -> Rules {
    Rules {
        p_percent: Some(10.0),
        ..Rules::minimum(minimum)
    }
}

#[test]
fn a_total_minus_the_published_parts() {
    let table = counts(&[4], &[20, 30, 4, 50]);
    let cells = sound(&table, &Rules::minimum(5)).cells();
    assert_eq!(at(&cells, &[Some(2)]).units, None);
    // either the total or another part is hidden as well
    assert_eq!(hidden_units(&cells), 2);
}

#[test]
fn differencing_two_tables_by_one_unit() {
    // nobody but one unit of d0 = 0 is outside d1 = 0: two margins differ by exactly that unit
    let table = counts(&[2, 2], &[30, 1, 25, 25]);
    let cells = sound(&table, &Rules::minimum(5)).cells();
    let shown = |c: &[Option<u32>]| at(&cells, c).units.is_some();
    assert!(!(shown(&[Some(0), None]) && shown(&[Some(0), Some(0)])));
}

#[test]
fn a_remainder_equal_to_the_number_of_hidden_cells() {
    // the two ones are hidden anyway; their sum must not be left as a remainder of 2
    let table = counts(&[4], &[1, 1, 20, 30]);
    let cells = sound(&table, &Rules::minimum(3)).cells();
    assert!(hidden_units(&cells) > 2);
}

/// A 3 x 4 x 4 table and, with the same two-way margins, twice another table that is half whole.
///
/// Linear programs let the cell at (2, 2, 2) be 1.5; the only whole number it can be is 1. Found by
/// searching random tables; De Loera & Onn (2006) show that such gaps grow without bound.
const GAP: [[u64; 48]; 2] = [
    [
        0, 0, 1, 0, 2, 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 2,
        0, 0, 2, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1,
    ],
    [
        0, 0, 1, 1, 3, 4, 1, 0, 1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 1, 0, 2, 0, 1, 3, 0, 3,
        0, 1, 4, 0, 1, 1, 3, 1, 0, 0, 1, 0, 3, 0, 0, 1, 0, 1,
    ],
];

#[test]
fn a_gap_between_linear_and_whole_number_tables() {
    let two_way = |units: &[u64]| zwerm_disclosure::Table {
        max_dimensions: 2,
        ..counts(&[3, 4, 4], units)
    };
    let [table, twice] = GAP.map(|units| two_way(&units));
    let all = publish(&table, |_| true);
    for cell in &all {
        let doubled = truth(&twice, &cell.coordinates).units;
        assert_eq!(cell.units.map(|n| 2 * n), doubled);
    }
    let corner = [Some(2), Some(2), Some(2)];
    assert_eq!(truth(&table, &corner).units, Some(1));
    assert_eq!(truth(&twice, &corner).units, Some(3));
    let rules = Rules::minimum(2);
    let findings = audit::findings(&table, &rules, &all);
    let stuck = "units of Secret { state: 0, plus: [Some(2), Some(2), Some(2)], minus: None } cannot reach 2";
    assert!(findings.iter().any(|f| f == stuck), "{findings:#?}");
    sound(&table, &rules);
}

#[test]
fn a_singleton_subtracts_its_own_part() {
    // with 1 and 2 hidden next to each other, the one knows that the others are 2
    let table = counts(&[5], &[1, 2, 20, 30, 40]);
    let cells = sound(&table, &Rules::minimum(3)).cells();
    let seen = cells.iter().map(|c| SeenCell {
        coordinates: c.coordinates.clone(),
        known: c.units.is_some() || c.coordinates == [Some(0)],
        empty: false,
    });
    let seen: Vec<SeenCell> = seen.collect();
    let two = cells.iter().position(|c| c.coordinates == [Some(1)]);
    assert!(!derivable(&table.dimensions, &seen).contains(&two.unwrap()));
}

#[test]
fn a_provider_knows_its_own_column() {
    let mut table = counts(&[3, 3], &[20, 3, 25, 30, 22, 28, 24, 26, 21]);
    table.providers = 1;
    table.dimensions[0].known_to = vec![0];
    let cells = sound(&table, &Rules::minimum(5)).cells();
    let seen: Vec<SeenCell> = cells
        .iter()
        .map(|c| SeenCell {
            coordinates: c.coordinates.clone(),
            known: c.units.is_some() || c.coordinates[1].is_none(),
            empty: false,
        })
        .collect();
    let three = cells
        .iter()
        .position(|c| c.coordinates == [Some(0), Some(1)]);
    assert!(!derivable(&table.dimensions, &seen).contains(&three.unwrap()));
}

#[test]
fn measures_that_follow_from_each_other_are_hidden_together() {
    let rent: [&[f64]; 3] = [&[500.0, 510.0, 520.0, 530.0], &[400.0; 4], &[450.0; 5]];
    let income: [&[f64]; 3] = [&[900.0, 9.0, 9.0, 8.0], &[2_000.0; 4], &[1_500.0; 5]];
    let left: Vec<Vec<f64>> = rent
        .iter()
        .zip(&income)
        .map(|(r, i)| r.iter().zip(*i).map(|(r, i)| i - r).collect())
        .collect();
    let left: Vec<&[f64]> = left.iter().map(Vec::as_slice).collect();
    let columns = [rent.concat(), income.concat(), left.concat()];
    let gram: Vec<Vec<f64>> = columns
        .iter()
        .map(|a| {
            columns
                .iter()
                .map(|b| a.iter().zip(b).map(|(x, y)| x * y).sum())
                .collect()
        })
        .collect();
    let mut table = counts(&[3], &[4, 4, 5]);
    measure(&mut table, 0.0, 5_000.0, &rent);
    measure(&mut table, 0.0, 5_000.0, &income);
    measure(&mut table, -5_000.0, 5_000.0, &left);
    table.related = related(&gram, 0).classes;
    assert_eq!(table.related, [[0, 1, 2]]);
    let cells = sound(&table, &p_percent(3)).cells();
    // the income of the first cell is one unit's; with rent and the difference shown it would follow
    assert_eq!(at(&cells, &[Some(0)]).sums, [None, None, None]);
}

#[test]
fn a_giant_unit() {
    let small = [10.0, 11.0, 12.0, 9.0, 10.0];
    let giant = [10.0, 11.0, 5_000.0, 9.0, 10.0];
    let mut table = counts(&[3], &[5, 5, 5]);
    measure(&mut table, 0.0, 10_000.0, &[&small, &giant, &small]);
    let dominance = Rules {
        dominance: Some(DominanceRule {
            largest: 1,
            percent: 75.0,
        }),
        ..Rules::minimum(3)
    };
    for rules in [dominance, p_percent(3)] {
        let cells = sound(&table, &rules).cells();
        let cell = at(&cells, &[Some(1)]);
        assert_eq!((cell.units, cell.sums[0]), (Some(5), None));
        // the giant dominates the total too
        assert_eq!(at(&cells, &[None]).sums, [None]);
    }
}

#[test]
fn a_count_of_values_short_by_one() {
    let mut table = counts(&[3], &[9, 9, 9]);
    let (all, but_one) = ([5.0; 9], [5.0; 8]);
    measure(&mut table, 0.0, 10.0, &[&all, &but_one, &all]);
    let cells = sound(&table, &Rules::minimum(3)).cells();
    let one_short = at(&cells, &[Some(1)]);
    assert_eq!((one_short.units, one_short.counts[0]), (None, None));
}

#[test]
fn a_unit_with_a_million_rows() {
    let mut table = counts(&[3], &[9, 9, 9]);
    let million = &mut table.cells[1].rows;
    *million = ones(8);
    million.add_unit(1_000_000, 1_000_000.0, 2);
    let cells = sound(&table, &p_percent(3)).cells();
    assert_eq!(at(&cells, &[Some(1)]).rows, None);
    assert_eq!(at(&cells, &[Some(1)]).units, None);
}

#[test]
fn all_of_a_group_share_a_sensitive_value() {
    for others in [[0, 0], [1, 0]] {
        let mut table = counts(&[2, 3], &[12, others[0], others[1], 10, 14, 11]);
        table.dimensions[1].sensitive = true;
        let cells = sound(&table, &Rules::minimum(5)).cells();
        assert_eq!(at(&cells, &[Some(0), Some(0)]).units, None);
        // an empty sibling that is shown would say who does not have the value
        let siblings = [1, 2].map(|v| at(&cells, &[Some(0), Some(v)]).units);
        assert!(siblings.contains(&None), "{siblings:?}");
    }
}

#[test]
fn empty_cells_may_be_hidden_too() {
    let table = counts(&[3, 3], &[20, 0, 25, 30, 22, 28, 24, 26, 21]);
    let shown = sound(&table, &Rules::minimum(5)).cells();
    assert_eq!(hidden_units(&shown), 0);
    let rules = Rules {
        protect_zeros: true,
        ..Rules::minimum(5)
    };
    let cells = sound(&table, &rules).cells();
    assert_eq!(at(&cells, &[Some(0), Some(1)]).units, None);
    assert!(hidden_units(&cells) >= 4);
}

#[test]
fn contributions_below_zero_do_not_cancel() {
    // +1000 and -999 sum to nearly nothing: what counts is how much each contributes
    let mut table = counts(&[2], &[6, 6]);
    let profit = [1_000.0, -999.0, 1.0, -1.0, 2.0, -2.0];
    let even = [10.0, -10.0, 10.0, -10.0, 10.0, -10.0];
    measure(&mut table, -2_000.0, 2_000.0, &[&profit, &even]);
    let cells = sound(&table, &p_percent(3)).cells();
    assert_eq!(at(&cells, &[Some(0)]).sums, [None]);
    assert_eq!(truth(&table, &[Some(1)]).sums, [Some(0.0)]);
}

#[test]
fn measures_without_bounds() {
    let values = [1.0, 2.0, 3.0, 900.0];
    for (lower, upper) in [
        (f64::NEG_INFINITY, f64::INFINITY),
        (0.0, f64::INFINITY),
        (f64::NEG_INFINITY, 1_000.0),
    ] {
        let mut table = counts(&[2, 2], &[4, 4, 4, 4]);
        // in one cell nobody has a value: infinity times no rows is no bound
        measure(
            &mut table,
            lower,
            upper,
            &[&values, &[], &values, &[5.0; 4]],
        );
        let cells = sound(&table, &p_percent(3)).cells();
        assert_eq!(at(&cells, &[Some(0), Some(0)]).sums, [None]);
        assert!(
            cells
                .iter()
                .flat_map(|c| &c.sums)
                .flatten()
                .all(|s| s.is_finite())
        );
    }
}

#[test]
fn what_the_counts_give_away_goes_with_them() {
    // five per row is the number of rows again
    let mut table = counts(&[4], &[2, 20, 30, 40]);
    let all: Vec<Vec<f64>> = table
        .cells
        .iter()
        .map(|c| vec![5.0; c.units as usize])
        .collect();
    let all: Vec<&[f64]> = all.iter().map(Vec::as_slice).collect();
    measure(&mut table, 0.0, 10.0, &all);
    table.count_like = vec![0];
    let cells = sound(&table, &Rules::minimum(5)).cells();
    assert!(
        cells
            .iter()
            .all(|c| c.units.is_some() == c.sums[0].is_some())
    );
}

#[test]
fn moves_of_the_counts_prove_nothing_about_sums() {
    // sums that differ by a factor of a thousand billion: a quantum is more than the small ones
    let mut table = counts(&[4], &[2, 4, 4, 4]);
    let tiny = [1e-3; 4];
    let big = [1e9, 1e9, 1e9, 1e9];
    measure(&mut table, 0.0, 1e9, &[&[1e-3, 2e-3], &tiny, &big, &tiny]);
    sound(&table, &p_percent(3));
}

#[test]
fn all_cells_tiny_and_other_odd_shapes() {
    let rules = Rules::minimum(5);
    let tiny = counts(&[3, 3], &[1; 9]);
    let cells = sound(&tiny, &rules).cells();
    // the margins are of 3: nothing but the total can be shown
    assert!(
        cells
            .iter()
            .all(|c| c.units.is_none() || c.coordinates == [None, None])
    );
    let nothing = counts(&[2, 3], &[0; 6]);
    assert_eq!(hidden_units(&sound(&nothing, &rules).cells()), 0);
    let one = counts(&[1], &[3]);
    assert_eq!(hidden_units(&sound(&one, &rules).cells()), 2);
    let enough = counts(&[1], &[5]);
    assert_eq!(hidden_units(&sound(&enough, &rules).cells()), 0);
    // a dimension of one value repeats each cell in its margin
    let repeated = counts(&[3, 1], &[3, 30, 40]);
    let cells = sound(&repeated, &rules).cells();
    for value in 0..3 {
        let (cell, margin) = (
            at(&cells, &[Some(value), Some(0)]),
            at(&cells, &[Some(value), None]),
        );
        assert_eq!(cell.units, margin.units);
    }
    let no_dimensions = counts(&[], &[4]);
    assert_eq!(hidden_units(&sound(&no_dimensions, &rules).cells()), 1);
}

#[test]
fn only_the_grand_total() {
    let table = zwerm_disclosure::Table {
        max_dimensions: 0,
        ..counts(&[2, 2], &[1, 2, 3, 4])
    };
    let cells = protect(&table, &Rules::minimum(3)).unwrap().cells();
    assert_eq!(cells.len(), 1);
    let alone = Contributions::default();
    assert_eq!(p_percent(3).required_move(&alone), None);
}
