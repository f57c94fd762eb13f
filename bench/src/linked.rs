//! Linked tables protected table by table until nothing changes, and audited together.
//!
//! All two-dimensional tables of a three-dimensional one share their margins. What one table hides of a shared
//! margin is given to the others as unsafe, over and over, as is done in practice (de Wolf & Giessing, *Adjusting
//! the τ-ARGUS modular approach to deal with linked tables*, 2009, describe it and its limits).

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use zwerm_disclosure::{BaseCell, Contributions, Rules, Table, audit, protect};

use crate::bench::Ground;
use crate::child;
use crate::numbers::time;
use crate::peers::problem::{Problem, ProblemCell, hidden_by_peer};
use crate::peers::tables::ProtectedFigure;
use crate::protect::table;
use crate::report::{BenchResult, ReportRow};

/// Sets of tables: the sizes of what they are margins of, and the mean number of units per cell there.
const SETS: [([usize; 3], f64); 12] = [
    ([4, 3, 3], 7.0),
    ([5, 4, 3], 6.0),
    ([5, 5, 4], 5.0),
    ([6, 5, 4], 4.0),
    ([6, 5, 5], 3.0),
    ([7, 5, 4], 4.0),
    ([7, 6, 4], 3.0),
    ([8, 5, 4], 3.0),
    ([6, 6, 5], 2.5),
    ([8, 6, 4], 2.5),
    ([8, 6, 5], 2.0),
    ([9, 6, 5], 2.0),
];

const MINIMUM: u64 = 10;
const MOST_ROUNDS: usize = 20;
const LIMIT: Duration = Duration::from_secs(120);

/// What one way of protecting a set came to.
struct Way {
    hidden: usize,
    seconds: f64,
    /// Findings about published cells, and about combinations that no table has.
    findings: (usize, usize),
    /// Hidden cells that follow by adding and subtracting alone.
    derivable: usize,
}

/// What one way came to over all sets.
#[derive(Default)]
struct Total {
    sets: usize,
    hidden: usize,
    seconds: f64,
    /// Sets with a finding in what the tables show, with any finding, and with a derivable cell.
    published: usize,
    any: usize,
    derivable: usize,
}

/// Protects each set both ways.
pub(crate) fn run(ground: &Ground) -> Result<BenchResult> {
    let sets = if ground.quick { 3 } else { SETS.len() };
    let mut details = Vec::new();
    let (mut ours, mut peer) = (Total::default(), Total::default());
    let mut versions = ground.versions();
    let (mut rounds, mut failed) = (0, Vec::new());
    for (number, (sizes, units)) in SETS.iter().enumerate().take(sets) {
        let joint = table(sizes, *units, 2, 100 + number as u64);
        let problem = Problem::of(joint, Rules::minimum(MINIMUM), ProtectedFigure::Counts);
        let (by_table, needed, version) = match apart(ground, &problem) {
            Ok(found) => found,
            Err(error) => {
                failed.push(format!("{sizes:?}: {error:#}"));
                continue;
            }
        };
        let start = Instant::now();
        let cells = protect(&problem.table, &problem.rules)?.cells();
        let jointly = problem.way(&problem.hidden(&cells), start.elapsed().as_secs_f64());
        rounds = rounds.max(needed);
        versions.insert("pytauargus".to_owned(), version);
        ours.add(&jointly);
        peer.add(&by_table);
        details.push(
            json!({ "sizes": sizes, "rounds": needed, "jointly": jointly.shown(),
            "table by table": by_table.shown() }),
        );
    }
    let how = "all two-way tables of a three-way one, minimum 10; `cargo xtask bench linked`";
    let fine = ours.any == 0 && ours.sets > 0;
    let by_peer = format!(
        "{}; at most {rounds} rounds; not ended: {}",
        peer.told(),
        failed.len()
    );
    let peer_what =
        "the same by `pytauargus` MOD, table by table until nothing changes: unsafe sets";
    Ok(BenchResult {
        rows: vec![
            ReportRow {
                wanted: "0".to_owned(),
                met: Some(fine),
                ratio: fine.then_some(1.0),
                ..ReportRow::only("linked tables protected jointly: unsafe sets", ours.told())
            }
            .how(how),
            ReportRow::only(peer_what, by_peer).how(how),
        ],
        details: json!({ "sets": details, "not ended": failed }),
        versions,
    })
}

impl Total {
    fn add(&mut self, way: &Way) {
        self.sets += 1;
        self.hidden += way.hidden;
        self.seconds += way.seconds;
        self.published += usize::from(way.findings.0 > 0);
        self.any += usize::from(way.findings.0 + way.findings.1 > 0);
        self.derivable += usize::from(way.derivable > 0);
    }

    fn told(&self) -> String {
        let Total {
            sets,
            hidden,
            published,
            any,
            derivable,
            ..
        } = self;
        let time = time(self.seconds);
        format!(
            "{published} of {sets} by what the tables themselves show ({derivable} by adding and subtracting \
             alone), {any} with combinations that no table has; {hidden} cells hidden, {time}"
        )
    }
}

impl Way {
    fn shown(&self) -> Value {
        json!({ "hidden": self.hidden, "seconds": self.seconds, "findings": self.findings.0,
            "findings on deeper combinations": self.findings.1, "derivable": self.derivable })
    }
}

impl Problem {
    /// Audits a pattern of all tables together.
    fn way(&self, hidden: &HashSet<ProblemCell>, seconds: f64) -> Way {
        let cells = self.published(hidden);
        let seen: Vec<audit::SeenCell> = cells
            .iter()
            .map(|cell| audit::SeenCell {
                coordinates: cell.coordinates.clone(),
                known: cell.units.is_some(),
                empty: cell.units == Some(0),
            })
            .collect();
        let found = audit::findings(&self.table, &self.rules, &cells);
        // a published cell is summed over some dimension, and a finding names its cell
        let published = found.iter().filter(|f| f.contains("None")).count();
        Way {
            hidden: hidden.len(),
            seconds,
            findings: (published, found.len() - published),
            derivable: audit::derivable(&self.table.dimensions, &seen).len(),
        }
    }
}

/// Table by table by the peer; gives how many rounds it took too, and the peer's version.
fn apart(ground: &Ground, problem: &Problem) -> Result<(Way, usize, String)> {
    let pairs = [[0, 1], [0, 2], [1, 2]];
    let parts =
        pairs.map(|keep| Problem::of(margin(&problem.table, keep), problem.rules, problem.figure));
    let mut hidden: HashSet<ProblemCell> = HashSet::new();
    let mut version = String::new();
    let start = Instant::now();
    for round in 1..=MOST_ROUNDS {
        let before = hidden.len();
        for (part, keep) in parts.iter().zip(pairs) {
            let own: BTreeSet<ProblemCell> =
                hidden.iter().filter_map(|at| inside(at, keep)).collect();
            let mut asked = part.asked(&own);
            asked["method"] = json!("MOD");
            asked["seconds"] = json!(60);
            asked["work"] = json!(ground.folder.join("tauargus"));
            let found = child::peer(ground.python()?, "tauargus.py", &asked, LIMIT)?.said()?;
            found["version"]
                .as_str()
                .unwrap_or("?")
                .clone_into(&mut version);
            let more = hidden_by_peer(&found).with_context(|| {
                let why = found.pointer("/error").and_then(Value::as_str);
                format!("pytauargus gives no pattern: {}", why.unwrap_or("?"))
            })?;
            hidden.extend(more.iter().map(|at| outside(at, keep)));
        }
        if hidden.len() == before {
            let seconds = start.elapsed().as_secs_f64();
            return Ok((problem.way(&hidden, seconds), round, version));
        }
    }
    anyhow::bail!("it still changes after {MOST_ROUNDS} rounds")
}

/// A cell of all tables as one of the table over two dimensions, if it is.
fn inside(at: &ProblemCell, keep: [usize; 2]) -> Option<ProblemCell> {
    let mut others = at.iter().enumerate().filter(|(d, _)| !keep.contains(d));
    let fits = others.all(|(_, value)| value.is_none());
    fits.then(|| keep.iter().filter_map(|&d| at.get(d).copied()).collect())
}

fn outside(at: &ProblemCell, keep: [usize; 2]) -> ProblemCell {
    (0..3)
        .map(|d| {
            let place = keep.iter().position(|k| *k == d);
            place.and_then(|place| at.get(place).copied().flatten())
        })
        .collect()
}

/// The table over two of the dimensions.
fn margin(table: &Table, keep: [usize; 2]) -> Table {
    let mut cells: std::collections::BTreeMap<Vec<u32>, BaseCell> = Default::default();
    for base in &table.cells {
        let at: Vec<u32> = keep
            .iter()
            .filter_map(|&d| base.coordinates.get(d).copied())
            .collect();
        let cell = cells.entry(at.clone()).or_insert(BaseCell {
            coordinates: at,
            units: 0,
            rows: Contributions::default(),
            measures: vec![],
            identity: None,
        });
        cell.units += base.units;
        cell.rows.merge(&base.rows, 2);
    }
    let dimensions = keep
        .iter()
        .filter_map(|&d| table.dimensions.get(d).cloned());
    Table {
        dimensions: dimensions.collect(),
        max_dimensions: 2,
        cells: cells.into_values().collect(),
        ..Table::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_goes_into_a_table_and_out_again() {
        let at = vec![Some(4), None, Some(2)];
        assert_eq!(inside(&at, [0, 2]), Some(vec![Some(4), Some(2)]));
        assert_eq!(inside(&at, [0, 1]), None);
        assert_eq!(outside(&vec![Some(4), Some(2)], [0, 2]), at);
    }
}
