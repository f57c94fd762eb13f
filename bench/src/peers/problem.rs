//! A table as a problem that both sides are given: primaries, ranges, costs and zeros are the same.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Value, json};
use zwerm_disclosure::{Cell, Contributions, Rules, Table};

use super::tables::{MEASURE, ProtectedFigure, Spec};

/// Coordinates of a cell, as in [`Cell`].
pub(crate) type ProblemCell = Vec<Option<u32>>;

/// One cell that is not empty.
pub(crate) struct True {
    pub(crate) units: u64,
    rows: u64,
    sum: Contributions,
    /// How far it must be able to fall and rise, when it is unsafe by itself.
    pub(crate) range: Option<(f64, f64)>,
    cost: f64,
}

/// A table with all of its cells.
pub(crate) struct Problem {
    pub(crate) table: Table,
    pub(crate) rules: Rules,
    pub(crate) figure: ProtectedFigure,
    pub(crate) cells: BTreeMap<ProblemCell, True>,
}

impl Problem {
    /// The problem of a table's seed.
    pub(crate) fn new(spec: &Spec, seed: u64) -> Problem {
        Problem::of(spec.table(seed), spec.rules(), spec.figure)
    }

    /// The problem of protecting all margins of a table of up to `max_dimensions` dimensions.
    pub(crate) fn of(table: Table, rules: Rules, figure: ProtectedFigure) -> Problem {
        let mut cells: BTreeMap<ProblemCell, True> = BTreeMap::new();
        for base in &table.cells {
            for at in margins(&table, &base.coordinates) {
                let cell = cells.entry(at).or_insert_with(|| True {
                    units: 0,
                    rows: 0,
                    sum: Contributions::default(),
                    range: None,
                    cost: 0.0,
                });
                cell.units += base.units;
                cell.rows += base.rows.count;
                if let Some(of) = base.measures.get(MEASURE) {
                    cell.sum.merge(of, rules.keep());
                }
            }
        }
        for (at, cell) in &mut cells {
            cell.range = range(cell, &rules, figure);
            cell.cost = cost(&table, at, cell.units);
        }
        Problem {
            table,
            rules,
            figure,
            cells,
        }
    }

    pub(crate) fn primaries(&self) -> usize {
        self.cells.values().filter(|c| c.range.is_some()).count()
    }

    /// How many cells there are, empty ones included.
    pub(crate) fn size(&self) -> usize {
        let of = |d: &zwerm_disclosure::TableDimension| d.size + d.unions.len() + 1;
        self.table.dimensions.iter().map(of).product()
    }

    /// Units in the cells of a pattern that are not unsafe by themselves.
    pub(crate) fn given_up(&self, hidden: &HashSet<ProblemCell>) -> (usize, u64) {
        let secondary = hidden.iter().filter_map(|at| match self.cells.get(at) {
            Some(cell) if cell.range.is_some() => None,
            Some(cell) => Some(cell.units),
            None => Some(0),
        });
        secondary.fold((0, 0), |(cells, units), more| (cells + 1, units + more))
    }

    /// What a pattern publishes.
    pub(crate) fn published(&self, hidden: &HashSet<ProblemCell>) -> Vec<Cell> {
        let all = every(&self.table);
        all.into_iter()
            .map(|at| {
                let (units, rows, sum) = self
                    .cells
                    .get(&at)
                    .map_or((0, 0, 0.0), |c| (c.units, c.rows, c.sum.total));
                let shown = !hidden.contains(&at);
                let counted = shown || self.figure != ProtectedFigure::Counts;
                let per_measure = self.table.measures.len();
                Cell {
                    units: counted.then_some(units),
                    rows: counted.then_some(rows),
                    counts: vec![counted.then_some(units); per_measure],
                    sums: vec![shown.then_some(sum); per_measure],
                    coordinates: at,
                }
            })
            .collect()
    }

    /// The cells that a release hides.
    pub(crate) fn hidden(&self, cells: &[Cell]) -> HashSet<ProblemCell> {
        let hides = |cell: &&Cell| match self.figure {
            ProtectedFigure::Counts => cell.units.is_none(),
            _ => cell.sums.get(MEASURE).is_some_and(Option::is_none),
        };
        let hidden = cells.iter().filter(hides);
        hidden.map(|cell| cell.coordinates.clone()).collect()
    }

    /// The problem as the peer's script reads it. Cells of `carried` are treated as unsafe, with a range of one.
    pub(crate) fn asked(&self, carried: &BTreeSet<ProblemCell>) -> Value {
        let cells = self.cells.iter().map(|(at, cell)| {
            let carried = carried.contains(at).then_some((0.0, 1.0));
            let range = cell.range.or(carried);
            let (lower, upper) = range.unwrap_or((0.0, 0.0));
            let at: Vec<Value> = at
                .iter()
                .map(|v| v.map_or(Value::Null, |v| json!(v.to_string())))
                .collect();
            json!({
                "at": at,
                "value": match self.figure {
                    ProtectedFigure::Counts => cell.units as f64,
                    _ => cell.sum.total,
                },
                "contributors": cell.units,
                "status": if range.is_some() { "U" } else { "S" },
                "lower": lower,
                "upper": upper,
                "cost": cell.cost,
            })
        });
        let dimensions = self.table.dimensions.iter().map(|d| {
            let codes: Vec<String> = (0..d.size).map(|v| v.to_string()).collect();
            let parents = d.unions.iter().enumerate().map(|(number, members)| {
                let members: Vec<String> = members.iter().map(ToString::to_string).collect();
                ((d.size + number).to_string(), json!(members))
            });
            let parents: serde_json::Map<String, Value> = parents.collect();
            json!({ "codes": codes, "parents": parents })
        });
        json!({
            "dimensions": dimensions.collect::<Vec<_>>(),
            "cells": cells.collect::<Vec<_>>(),
        })
    }
}

/// How far a cell must be able to move, if it is unsafe by itself: a count must be able to reach the minimum; a sum
/// to move both ways, down to nothing at most.
fn range(cell: &True, rules: &Rules, figure: ProtectedFigure) -> Option<(f64, f64)> {
    if figure == ProtectedFigure::Counts {
        let few = cell.units < rules.minimum_units;
        return few.then(|| (0.0, (rules.minimum_units - cell.units) as f64));
    }
    let far = rules.required_move(&cell.sum)?;
    Some((far.min(cell.sum.total), far))
}

/// What hiding a cell costs in the engine (`crates/disclosure/src/pattern/cost.rs`), for a cell that is not empty.
fn cost(table: &Table, at: &ProblemCell, units: u64) -> f64 {
    let crossed = at.iter().filter(|v| v.is_some()).count();
    let above = table.max_dimensions.saturating_sub(crossed) as f64 + 1.0;
    (1.0 + (1.0 + units as f64).ln() / 20.0) * above.powi(4)
}

/// The published cells that a base cell is in.
fn margins(table: &Table, base: &[u32]) -> Vec<ProblemCell> {
    let options = table.dimensions.iter().zip(base).map(|(d, &value)| {
        let parents = d.unions.iter().enumerate();
        let parents = parents.filter(|(_, members)| members.contains(&value));
        let parents = parents.map(|(number, _)| Some((d.size + number) as u32));
        [None, Some(value)].into_iter().chain(parents).collect()
    });
    crossed(options.collect(), table.max_dimensions)
}

/// Every published cell.
fn every(table: &Table) -> Vec<ProblemCell> {
    let options = table.dimensions.iter().map(|d| {
        let values = (0..(d.size + d.unions.len()) as u32).map(Some);
        std::iter::once(None).chain(values).collect()
    });
    crossed(options.collect(), table.max_dimensions)
}

fn crossed(options: Vec<Vec<Option<u32>>>, most: usize) -> Vec<ProblemCell> {
    let all = options
        .iter()
        .fold(vec![Vec::new()], |all: Vec<ProblemCell>, of| {
            let longer = |at: ProblemCell| of.iter().map(move |v| [at.as_slice(), &[*v]].concat());
            all.into_iter().flat_map(longer).collect()
        });
    let fits = |at: &ProblemCell| at.iter().filter(|v| v.is_some()).count() <= most;
    all.into_iter().filter(fits).collect()
}

/// The cells that the peer hid, from its answer.
pub(crate) fn hidden_by_peer(answer: &Value) -> Option<HashSet<ProblemCell>> {
    let cells = answer.pointer("/hidden")?.as_array()?;
    let code = |v: &Value| v.as_str().and_then(|code| code.parse().ok());
    let at = |cell: &Value| Some(cell.as_array()?.iter().map(code).collect());
    cells.iter().map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::tables::TABLES;
    use zwerm_disclosure::{primary_only, protect};

    #[test]
    fn cells_and_primaries_are_those_of_the_engine() {
        for (seed, spec) in (1..).zip(TABLES.iter().take(6)) {
            let problem = Problem::new(spec, seed);
            let primary = primary_only(&problem.table, &problem.rules).map(|p| p.cells());
            let primary = problem.hidden(&primary.unwrap_or_default());
            assert_eq!(primary.len(), problem.primaries(), "{}", spec.name());
            let ours = protect(&problem.table, &problem.rules).map(|p| p.cells());
            let ours = ours.unwrap_or_default();
            let again = problem.published(&problem.hidden(&ours));
            let sorted = |mut cells: Vec<Cell>| {
                cells.sort_by(|a, b| a.coordinates.cmp(&b.coordinates));
                cells
            };
            assert_eq!(sorted(again), sorted(ours), "{}", spec.name());
        }
    }
}
