//! Hierarchies, registered groups, and units with several values of a dimension.

use zwerm_disclosure::{
    DisclosureError, Knowledge, Rules, Straddler, StraddlerPart, Table, TableDimension, audit,
    protect,
};

use crate::{
    generate::people::{Shape, people},
    random::variable,
    tables::{at, counts, sound},
};

/// Every rule on random tables. Where a provider's or a contributor's own knowledge gives a cell away whatever
/// is hidden, nothing is built; so it must be rare.
fn every_rule_holds(shape: Shape) {
    let first = variable("ZWERM_SEED", 0);
    let (mut tried, mut refused) = (0, 0);
    for seed in first..first + variable("ZWERM_CUBES", 200) {
        let people = people(seed, shape);
        tried += 1;
        let cells = match protect(&people.table, &people.rules) {
            Ok(protected) => protected.cells(),
            Err(DisclosureError::Unprotectable {
                known: Knowledge::Provider | Knowledge::Contributor,
                ..
            }) => {
                refused += 1;
                continue;
            }
            Err(other) => panic!("seed {seed}: {other}"),
        };
        let findings = audit::findings(&people.table, &people.rules, &cells);
        assert!(findings.is_empty(), "seed {seed}: {findings:#?}");
    }
    println!("{refused} of {tried} tables were not built");
    assert!(refused * 15 < tried, "{refused} of {tried} were not built");
}

#[test]
fn hierarchies_and_groups() {
    every_rule_holds(Shape {
        unions: true,
        straddlers: false,
    });
}

#[test]
fn straddlers() {
    every_rule_holds(Shape {
        unions: false,
        straddlers: true,
    });
}

#[test]
fn all_shapes_at_once() {
    every_rule_holds(Shape {
        unions: true,
        straddlers: true,
    });
}

fn with_unions(table: Table, unions: &[&[u32]]) -> Table {
    let mut table = table;
    table.dimensions[0].unions = unions.iter().map(|u| u.to_vec()).collect();
    table
}

#[test]
fn a_parent_minus_its_other_values() {
    // two regions; in the first the 3 would follow from region, total and the others
    let table = with_unions(counts(&[5], &[40, 3, 30, 25, 50]), &[&[0, 1, 2], &[3, 4]]);
    let cells = sound(&table, &Rules::minimum(10)).cells();
    assert_eq!(at(&cells, &[Some(1)]).units, None);
    assert_eq!(cells.iter().filter(|c| c.units.is_none()).count(), 2);
    // the other region has nothing to do with it
    assert_eq!(at(&cells, &[Some(6)]).units, Some(75));
}

#[test]
fn a_union_of_one_value_is_that_value() {
    let table = with_unions(counts(&[4], &[3, 40, 30, 25]), &[&[0], &[1, 2, 3]]);
    let cells = sound(&table, &Rules::minimum(10)).cells();
    for (value, union) in [(0, 4), (1, 4)] {
        let shown = at(&cells, &[Some(union)]).units.is_some();
        assert!(!shown || at(&cells, &[Some(value)]).units.is_some());
    }
    assert_eq!(at(&cells, &[Some(0)]).units, at(&cells, &[Some(4)]).units);
}

#[test]
fn two_groups_that_differ_by_one_small_value() {
    let table = with_unions(counts(&[4], &[40, 30, 4, 25]), &[&[0, 1], &[0, 1, 2]]);
    let cells = sound(&table, &Rules::minimum(10)).cells();
    let shown = |union| at(&cells, &[Some(union)]).units.is_some();
    assert!(!(shown(4) && shown(5)));
}

fn straddling(alone: &[u64], together: &[(&[u32], usize)]) -> Table {
    let mut table = counts(&[alone.len()], alone);
    for (values, times) in together {
        let parts = values.iter().map(|&v| StraddlerPart {
            coordinates: vec![v],
            rows: 1,
            sums: vec![],
        });
        let unit = Straddler {
            parts: parts.collect(),
            identity: None,
        };
        table.straddlers.extend(vec![unit; *times]);
    }
    table
}

#[test]
fn a_unit_with_two_values_counts_once_in_all() {
    let table = straddling(&[30, 40, 50], &[(&[0, 1], 20), (&[0, 1, 2], 15)]);
    let cells = sound(&table, &Rules::minimum(10)).cells();
    let figures = |value: Option<u32>| {
        let cell = at(&cells, &[value]);
        (cell.units, cell.rows)
    };
    assert_eq!(figures(None), (Some(155), Some(205)));
    assert_eq!(figures(Some(0)), (Some(65), Some(65)));
    assert_eq!(figures(Some(1)), (Some(75), Some(75)));
    assert_eq!(figures(Some(2)), (Some(65), Some(65)));
}

#[test]
fn the_few_who_have_both_do_not_follow() {
    // units(a) + units(b) - units(all) is how many have both: 4
    let table = straddling(&[40, 50], &[(&[0, 1], 4)]);
    let cells = sound(&table, &Rules::minimum(10)).cells();
    let units = |value| at(&cells, &[value]).units;
    let all = [units(None), units(Some(0)), units(Some(1))];
    assert!(all.contains(&None), "{all:?}");
}

#[test]
fn what_is_no_union_or_no_straddler_is_refused() {
    type Spoil = fn(&mut Table);
    let spoil: [(Spoil, &str); 6] = [
        (|t| t.dimensions[0].unions = vec![vec![]], "union 0"),
        (|t| t.dimensions[0].unions = vec![vec![9]], "union 0"),
        (|t| t.dimensions[0].unions = vec![vec![1, 1]], "union 0"),
        (|t| t.straddlers[0].parts.truncate(1), "straddler"),
        (
            |t| t.straddlers[0].parts[1].coordinates = vec![7],
            "straddler",
        ),
        (|t| t.straddlers[0].parts[1].rows = 0, "straddler"),
    ];
    for (spoil, reason) in spoil {
        let mut table = straddling(&[40, 50], &[(&[0, 1], 4)]);
        spoil(&mut table);
        let error = protect(&table, &Rules::minimum(3)).unwrap_err().to_string();
        assert!(error.contains(reason), "{reason}: {error}");
    }
    let many = TableDimension {
        unions: (0..200_u32).map(|n| vec![n, n + 1, 201]).collect(),
        ..TableDimension::new("d", 202)
    };
    let table = Table {
        dimensions: vec![many],
        max_dimensions: 1,
        ..Table::default()
    };
    let error = protect(&table, &Rules::minimum(3)).unwrap_err().to_string();
    assert!(error.contains("overlap"), "{error}");
}
