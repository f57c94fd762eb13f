//! Protecting large tables: how long it takes, and that the pattern does not depend on the number of cores.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zwerm_disclosure::{BaseCell, Contributions, Rules, Table, TableDimension, audit, protect};

use crate::bench::Ground;
use crate::child::{self, Cores, ProcessOutcome};
use crate::generate::coordinates;
use crate::numbers::{grouped, memory, time};
use crate::recheck;
use crate::report::{BenchResult, ReportRow};

/// Longer than this no table may take.
const LIMIT: Duration = Duration::from_secs(10 * 60);
/// The slowest table on which two numbers of cores are compared by running it twice.
const TWICE: Duration = Duration::from_secs(5 * 60);

/// A table, and within how many seconds it should be protected.
struct Case {
    sizes: &'static [usize],
    /// Mean number of units per cell.
    units: f64,
    minimum: u64,
    wanted: Option<f64>,
}

const CASES: [Case; 5] = [
    Case {
        sizes: &[12, 6, 4, 6],
        units: 13.0,
        minimum: 10,
        wanted: None,
    },
    Case {
        sizes: &[50, 50, 40],
        units: 1.0,
        minimum: 3,
        wanted: Some(10.0),
    },
    Case {
        sizes: &[50, 50, 40],
        units: 3.0,
        minimum: 3,
        wanted: Some(10.0),
    },
    Case {
        sizes: &[50, 50, 40],
        units: 3.0,
        minimum: 10,
        wanted: None,
    },
    Case {
        sizes: &[100, 100, 100],
        units: 3.0,
        minimum: 3,
        wanted: Some(120.0),
    },
];

const QUICK: [Case; 2] = [
    Case {
        sizes: &[6, 5, 4],
        units: 3.0,
        minimum: 10,
        wanted: Some(10.0),
    },
    Case {
        sizes: &[12, 10, 8],
        units: 3.0,
        minimum: 3,
        wanted: Some(10.0),
    },
];

/// Dimensions that a question may cross.
const CROSSED: usize = 3;

/// Measures every case.
pub(crate) fn run(ground: &Ground) -> Result<BenchResult> {
    let cases: &[Case] = if ground.quick { &QUICK } else { &CASES };
    let mut rows = Vec::new();
    let mut details = Vec::new();
    for case in cases {
        let found = case.measured(Cores::All, LIMIT)?;
        rows.extend(case.rows(&found)?);
        details.push(json!({ "sizes": case.sizes, "found": shown(&found) }));
    }
    Ok(BenchResult {
        rows,
        details: json!(details),
        versions: ground.versions(),
    })
}

fn shown(outcome: &ProcessOutcome) -> Value {
    match outcome {
        ProcessOutcome::Said(found) => found.clone(),
        ProcessOutcome::Late => json!("did not end"),
        ProcessOutcome::Failed(why) => json!(why),
    }
}

impl Case {
    fn name(&self) -> String {
        let sizes: Vec<String> = self.sizes.iter().map(ToString::to_string).collect();
        let cells = self.sizes.iter().product();
        format!(
            "{} ({} base cells, minimum {})",
            sizes.join(" x "),
            grouped(cells),
            self.minimum
        )
    }

    fn measured(&self, cores: Cores, limit: Duration) -> Result<ProcessOutcome> {
        let asked = json!({ "sizes": self.sizes, "units": self.units, "minimum": self.minimum });
        child::ours("protect", &asked, cores, limit)
    }

    fn rows(&self, outcome: &ProcessOutcome) -> Result<Vec<ReportRow>> {
        let name = self.name();
        let what = format!("{name}: protected, every cell certified");
        let wanted = self.wanted.map(|s| (s, format!("{s} s")));
        let how = format!("{} units per cell; `cargo xtask bench protect`", self.units);
        let ProcessOutcome::Said(found) = outcome else {
            let why = match outcome {
                ProcessOutcome::Failed(why) => why.clone(),
                _ => format!("did not end in {} s", LIMIT.as_secs()),
            };
            let wanted = wanted.map_or_else(|| "–".to_owned(), |(_, text)| text);
            return Ok(vec![ReportRow::missed(&what, wanted, why).how(how)]);
        };
        let number = |name: &str| found.pointer(name).and_then(Value::as_f64);
        let seconds = number("/seconds").context("no time")?;
        let (hidden, cells) = (number("/hidden"), number("/cells"));
        let told = format!(
            "{}; {} of {} cells hidden, {}",
            time(seconds),
            grouped(hidden.unwrap_or(0.0) as usize),
            grouped(cells.unwrap_or(0.0) as usize),
            memory(number("/peak_kilobytes").unwrap_or(0.0) as u64)
        );
        let mut rows = vec![
            match wanted {
                Some(wanted) => ReportRow::at_most(&what, wanted, (seconds, told)),
                None => ReportRow::only(&what, told),
            }
            .how(how),
        ];
        rows.extend([rechecked(&name, found), proved(&name, found)]);
        if Duration::from_secs_f64(seconds) < TWICE {
            rows.push(self.compared(&name, found)?);
        }
        Ok(rows)
    }

    /// The same on one core.
    fn compared(&self, name: &str, found: &Value) -> Result<ReportRow> {
        let what = format!("{name}: the same pattern on one core");
        let digest = found.pointer("/digest");
        let how = "SHA-256 of the pattern; `taskset -c 0`";
        Ok(match self.measured(Cores::One, 3 * TWICE)? {
            ProcessOutcome::Said(other) => {
                let same = other.pointer("/digest") == digest;
                let seconds = other.pointer("/seconds").and_then(Value::as_f64);
                let told = format!(
                    "{} ({} on one core)",
                    if same { "yes" } else { "another one" },
                    time(seconds.unwrap_or(f64::NAN))
                );
                ReportRow {
                    wanted: "yes".to_owned(),
                    met: Some(same),
                    ratio: same.then_some(1.0),
                    ..ReportRow::only(&what, told)
                }
                .how(how)
            }
            ProcessOutcome::Late => {
                ReportRow::missed(&what, "yes".to_owned(), "did not end".to_owned())
            }
            ProcessOutcome::Failed(why) => ReportRow::missed(&what, "yes".to_owned(), why),
        })
    }
}

/// What other code says of the pattern.
fn rechecked(name: &str, found: &Value) -> ReportRow {
    let number = |name: &str| {
        found
            .pointer(name)
            .and_then(Value::as_u64)
            .unwrap_or(u64::MAX)
    };
    let (derived, shown) = (number("/derivable"), number("/unsafe_shown"));
    let seconds = found.pointer("/recheck_seconds").and_then(Value::as_f64);
    let told = format!(
        "{derived} hidden cells derivable, {shown} unsafe cells shown ({})",
        time(seconds.unwrap_or(f64::NAN))
    );
    let what = format!("{name}: linear safety, rechecked by other code");
    let fine = derived == 0 && shown == 0;
    ReportRow {
        wanted: "0".to_owned(),
        met: Some(fine),
        ratio: fine.then_some(1.0),
        ..ReportRow::only(&what, told)
    }
    .how("a random null vector of the published cells (conjugate gradients)")
}

/// What other code says of the proofs.
fn proved(name: &str, found: &Value) -> ReportRow {
    let number = |name: &str| found.pointer(name).and_then(Value::as_u64);
    let unproved = number("/unproved").unwrap_or(u64::MAX);
    let seconds = found.pointer("/proof_seconds").and_then(Value::as_f64);
    let told = format!(
        "{unproved} unproved, by {} second tables ({})",
        grouped(number("/witnesses").unwrap_or(0) as usize),
        time(seconds.unwrap_or(f64::NAN))
    );
    let what = format!("{name}: its certificates, rechecked by other code");
    ReportRow {
        wanted: "0".to_owned(),
        met: Some(unproved == 0),
        ratio: (unproved == 0).then_some(1.0),
        ..ReportRow::only(&what, told)
    }
    .how("every count to the minimum, in whole numbers (`audit::recheck`)")
}

/// Protects one table, in this process.
///
/// # Errors
/// When the table is not described or cannot be protected.
pub(crate) fn measure(asked: Value) -> Result<Value> {
    let sizes = asked.pointer("/sizes").and_then(Value::as_array);
    let sizes: Vec<usize> = sizes
        .context("no sizes")?
        .iter()
        .filter_map(|n| Some(n.as_u64()? as usize))
        .collect();
    let units = asked
        .pointer("/units")
        .and_then(Value::as_f64)
        .unwrap_or(3.0);
    let minimum = asked.pointer("/minimum").and_then(Value::as_u64);
    let table = table(&sizes, units, CROSSED, 1);
    let rules = Rules::minimum(minimum.context("no minimum")?);
    let start = Instant::now();
    let protected = protect(&table, &rules)?;
    let cells = protected.cells();
    let seconds = start.elapsed().as_secs_f64();
    let peak = crate::machine::peak_kilobytes();
    let mut digest = Sha256::new();
    for cell in &cells {
        digest.update([u8::from(cell.units.is_some())]);
    }
    let digest = hex::encode(digest.finalize());
    let start = Instant::now();
    let recheck = recheck::recheck(&table, &rules, &cells);
    let recheck_seconds = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let unproved = audit::recheck(&table, &rules, &protected).context("no proofs")?;
    Ok(json!({
        "seconds": seconds,
        "cells": cells.len(),
        "hidden": cells.iter().filter(|c| c.units.is_none()).count(),
        "peak_kilobytes": peak,
        "digest": digest,
        "derivable": recheck.derivable,
        "unsafe_shown": recheck.unsafe_shown,
        "recheck_seconds": recheck_seconds,
        "witnesses": protected.witnesses().count(),
        "unproved": unproved.len(),
        "proof_seconds": start.elapsed().as_secs_f64(),
    }))
}

/// A table of counts from a seed: skewed over every dimension, Poisson in each cell.
pub(crate) fn table(sizes: &[usize], units: f64, max_dimensions: usize, seed: u64) -> Table {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let weights: Vec<Vec<f64>> = sizes
        .iter()
        .map(|&n| (0..n).map(|_| 0.5 + rng.random::<f64>()).collect())
        .collect();
    let named = sizes.iter().enumerate();
    let dimensions: Vec<TableDimension> = named
        .map(|(d, &n)| TableDimension::new(format!("d{d}"), n))
        .collect();
    let mut cells = Vec::new();
    for coordinates in coordinates(&dimensions) {
        let at = coordinates.iter().zip(&weights);
        let weight: f64 = at.filter_map(|(&v, of)| of.get(v as usize)).product();
        let units = poisson(&mut rng, units * weight);
        if units > 0 {
            let mut rows = Contributions::default();
            (0..units).for_each(|_| rows.add_unit(1, 1.0, 2));
            cells.push(BaseCell {
                coordinates,
                units,
                rows,
                measures: vec![],
                identity: None,
            });
        }
    }
    Table {
        dimensions,
        max_dimensions,
        cells,
        ..Table::default()
    }
}

/// Knuth, *The Art of Computer Programming*, volume 2, 3.4.1: fine for small means.
fn poisson(rng: &mut ChaCha8Rng, mean: f64) -> u64 {
    let (limit, mut product, mut n) = ((-mean).exp(), 1.0, 0);
    loop {
        product *= rng.random::<f64>();
        if product <= limit {
            return n;
        }
        n += 1;
    }
}
