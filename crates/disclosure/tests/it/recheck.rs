//! The proofs that a pattern comes with, looked at with fresh eyes.

use zwerm_disclosure::{Rules, audit, protect};

use crate::{
    generate::{
        people::{Shape, people},
        plain::table,
    },
    random::variable,
};

#[test]
fn every_pattern_proves_itself() {
    let first = variable("ZWERM_SEED", 0);
    let mut witnesses = 0;
    for seed in first..first + variable("ZWERM_CUBES", 200) {
        let (table, rules) = table(seed);
        let protected = protect(&table, &rules).unwrap();
        witnesses += protected.witnesses().count();
        let found = audit::recheck(&table, &rules, &protected).unwrap();
        assert!(found.is_empty(), "seed {seed}: {found:#?}\n{rules:?}");
    }
    assert!(witnesses > 0);
}

#[test]
fn so_do_those_with_hierarchies_and_groups() {
    let shape = Shape {
        unions: true,
        straddlers: false,
    };
    let (mut checked, first) = (0, variable("ZWERM_SEED", 0));
    for seed in first..first + variable("ZWERM_CUBES", 200) {
        let people = people(seed, shape);
        let Ok(protected) = protect(&people.table, &people.rules) else {
            continue;
        };
        let found = audit::recheck(&people.table, &people.rules, &protected);
        let Some(found) = found else { continue };
        checked += 1;
        assert!(found.is_empty(), "seed {seed}: {found:#?}");
    }
    assert!(checked > 0);
}

/// What proves one rule does not prove a stricter one: were the checks not made, nothing would be found.
#[test]
fn stricter_rules_are_left_unproved() {
    let (mut counts, mut sums) = (0, 0);
    for seed in 0..100 {
        let (table, rules) = table(seed);
        let protected = protect(&table, &rules).unwrap();
        let stricter = Rules {
            minimum_units: rules.minimum_units * 3,
            ..rules
        };
        let found = audit::recheck(&table, &stricter, &protected).unwrap();
        counts += usize::from(found.iter().any(|f| f.contains("takes Units")));
        let stricter = Rules {
            p_percent: Some(150.0),
            ..rules
        };
        let found = audit::recheck(&table, &stricter, &protected).unwrap();
        sums += usize::from(found.iter().any(|f| f.contains("takes Sum")));
    }
    assert!(counts > 50 && sums > 20, "{counts} and {sums} of 100");
}

/// The proofs of one table are none of another: cells that are shown would differ, or bases run out.
#[test]
fn proofs_of_another_table_are_not_believed() {
    let mut refused = 0;
    for seed in 0..100 {
        let (mut table, rules) = table(seed);
        let protected = protect(&table, &rules).unwrap();
        if protected.witnesses().count() == 0 {
            continue;
        }
        // where nobody is, nobody can leave
        let leaves = protected.witnesses().flat_map(|w| w.changes);
        let left: Vec<Vec<u32>> = leaves.filter(|c| c.1 < 0.0).map(|c| c.0).collect();
        table.cells.retain(|cell| !left.contains(&cell.coordinates));
        let found = audit::recheck(&table, &rules, &protected).unwrap();
        refused += usize::from(found.iter().any(|f| f.contains("a witness of")));
    }
    assert!(refused > 50, "{refused} of 100");
}
