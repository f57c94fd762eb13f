//! The moves that kept earlier releases safe, found anew.
//!
//! A pattern is a function of its table, its rules and what was published before; so the patterns of earlier releases
//! need not be kept: they are worked out again, as they were then.

use std::collections::BTreeSet;

use super::PatternWork;
use crate::{
    DisclosureError,
    lattice::{Lattice, spaces},
    moves::{Move, Remembered},
    table::{Cell, Earlier, Rules, Ruling, Table},
};

/// The moves of all earlier releases, where units have one value of each dimension.
pub(crate) fn remembered(table: &Table, rules: &Rules) -> Vec<Remembered> {
    let mut moves: BTreeSet<Remembered> = BTreeSet::new();
    let several = |of: &Earlier| of.then.as_ref().is_some_and(|(_, s)| !s.is_empty());
    if !table.straddlers.is_empty() || table.earlier.iter().any(several) {
        return Vec::new();
    }
    for (number, earlier) in table.earlier.iter().enumerate() {
        let then = as_it_was(table, number, earlier);
        let own = earlier.rules.first().unwrap_or(rules);
        let ruling = Ruling::new(&then, own).stricter(&earlier.rules);
        let known: Vec<Remembered> = moves.iter().cloned().collect();
        if let Ok((lattice, certificates)) = pattern_of(&then, &ruling, &earlier.published, &known)
        {
            let parts = certificates
                .iter()
                .map(|found| Remembered::of(&lattice, found));
            moves.extend(parts.flatten());
        }
    }
    moves.into_iter().collect()
}

/// The table when an earlier release was published, with what was published before that.
fn as_it_was(table: &Table, number: usize, earlier: &Earlier) -> Table {
    let before = table.earlier.iter().take(number);
    // what came over the present data did not come before what came over earlier data
    let before = before.filter(|e| earlier.then.is_none() || e.then.is_some());
    let cells = earlier.then.as_ref().map(|(cells, _)| cells);
    Table {
        cells: cells.unwrap_or(&table.cells).clone(),
        earlier: before.cloned().collect(),
        ..table.clone()
    }
}

/// The moves of the pattern of the counts when just these cells are published.
fn pattern_of(
    table: &Table,
    ruling: &Ruling,
    published: &[Cell],
    moves: &[Remembered],
) -> Result<(Lattice, Vec<Move>), DisclosureError> {
    let (mut space, _) = spaces(table, ruling)?;
    let names = published.iter().map(|c| &c.coordinates);
    space.lattice.publish_only(names);
    let work = PatternWork::new(table, ruling, &space).remembering(moves);
    let certificates = work.counts()?.certificates.into_iter();
    Ok((space.lattice, certificates.map(|c| c.found).collect()))
}
