//! Every rule on random tables. `ZWERM_CUBES` says how many, `ZWERM_SEED` where to start.

use zwerm_disclosure::{audit, protect};

use crate::generate::plain::table;

#[expect(
    clippy::disallowed_methods,
    reason = "how many tables are tried is said from outside"
)]
pub(crate) fn variable(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |n| n.parse().expect("a whole number"))
}

#[test]
fn every_rule_holds() {
    let first = variable("ZWERM_SEED", 0);
    for seed in first..first + variable("ZWERM_CUBES", 200) {
        let (table, rules) = table(seed);
        let protected = protect(&table, &rules);
        let cells = protected
            .unwrap_or_else(|e| panic!("seed {seed}: {e}"))
            .cells();
        let findings = audit::findings(&table, &rules, &cells);
        assert!(findings.is_empty(), "seed {seed}: {findings:#?}\n{rules:?}");
    }
}

#[test]
fn the_same_table_gives_the_same_pattern_in_any_order() {
    for seed in 0..60 {
        let (mut table, rules) = table(seed);
        let cells = protect(&table, &rules).unwrap().cells();
        assert_eq!(
            cells,
            protect(&table, &rules).unwrap().cells(),
            "seed {seed}"
        );
        table.cells.reverse();
        assert_eq!(
            cells,
            protect(&table, &rules).unwrap().cells(),
            "seed {seed}"
        );
        let middle = table.cells.len() / 2;
        table.cells.rotate_left(middle);
        assert_eq!(
            cells,
            protect(&table, &rules).unwrap().cells(),
            "seed {seed}"
        );
    }
}
