//! Cells given up, beside `pytauargus`: the same primaries, ranges, costs and zeros; every pattern audited.

pub(crate) mod problem;
pub(crate) mod tables;

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use zwerm_disclosure::{audit::findings, protect};

use crate::bench::Ground;
use crate::child::{self, Cores, ProcessOutcome};
use crate::numbers::time;
use crate::report::{BenchResult, ReportRow};
use problem::{Problem, ProblemCell, hidden_by_peer};
use tables::TABLES;

/// Ours may hide so many times the cells of the modular method.
const MORE: f64 = 1.1;

/// How long each part may take.
struct TimeLimits {
    /// What the peer is told, in seconds.
    told: u64,
    /// When its process is ended.
    method: Duration,
    audit: Duration,
}

/// A side: what hid what.
const SIDES: [&str; 3] = ["ours", "MOD", "OPT"];

/// What came of one side on one table.
#[derive(Debug, Clone, Default)]
struct PeerSide {
    /// Cells and units given up, unless there is no pattern.
    given_up: Option<(usize, u64)>,
    seconds: f64,
    /// Whether the audit found nothing; unknown when it did not end.
    safe: Option<bool>,
    /// Whether all that it found needs the knowledge of one contributor of their own part.
    insider_only: bool,
    why: String,
}

/// Protects the tables with every side, and audits every pattern.
pub(crate) fn run(ground: &Ground) -> Result<BenchResult> {
    let tables = if ground.quick { 3 } else { TABLES.len() };
    let limits = TimeLimits {
        told: 60,
        method: Duration::from_secs(75),
        audit: Duration::from_secs(45),
    };
    let mut versions = ground.versions();
    let mut all = Vec::new();
    let mut rows = Vec::new();
    let mut details = Vec::new();
    for (number, spec) in TABLES.iter().enumerate().take(tables) {
        let seed = number as u64 + 1;
        let problem = Problem::new(spec, seed);
        let mut sides = Vec::new();
        for side in SIDES {
            let found = on(ground, &problem, (number, side), &limits, &mut versions)?;
            sides.push(found);
        }
        let row = row(
            &format!("{}: {}", number + 1, spec.name()),
            &problem,
            &sides,
        );
        println!("   {}: {}", row.what, row.measured);
        rows.push(row);
        details.push(
            json!({ "table": spec.name(), "seed": seed, "primaries": problem.primaries(),
            "cells": problem.size(), "sides": sides.iter().map(PeerSide::shown).collect::<Vec<_>>() }),
        );
        all.push(sides);
    }
    let mut summed = sums(&all);
    summed.extend(rows);
    Ok(BenchResult {
        rows: summed,
        details: json!(details),
        versions,
    })
}

fn on(
    ground: &Ground,
    problem: &Problem,
    (number, side): (usize, &str),
    limits: &TimeLimits,
    versions: &mut std::collections::BTreeMap<String, String>,
) -> Result<PeerSide> {
    let table = json!({ "number": number });
    let outcome = if side == "ours" {
        child::ours("table", &table, Cores::All, limits.method)?
    } else {
        let mut asked = problem.asked(&BTreeSet::new());
        asked["method"] = json!(side);
        asked["seconds"] = json!(limits.told);
        asked["work"] = json!(ground.folder.join("tauargus"));
        child::peer(ground.python()?, "tauargus.py", &asked, limits.method)?
    };
    let found = match outcome {
        ProcessOutcome::Said(found) => found,
        ProcessOutcome::Late => return Ok(PeerSide::without("did not end", limits.method)),
        ProcessOutcome::Failed(why) => return Ok(PeerSide::without(&why, Duration::ZERO)),
    };
    if let Some(version) = found.pointer("/version").and_then(Value::as_str) {
        versions.insert("pytauargus".to_owned(), version.to_owned());
    }
    let Some(hidden) = hidden_by_peer(&found) else {
        let why = found.pointer("/error").and_then(Value::as_str);
        return Ok(PeerSide::without(
            why.unwrap_or("no pattern"),
            Duration::ZERO,
        ));
    };
    let asked = json!({ "number": number, "hidden": found["hidden"] });
    let mut side = PeerSide {
        given_up: Some(problem.given_up(&hidden)),
        seconds: found["seconds"].as_f64().unwrap_or(f64::NAN),
        ..PeerSide::default()
    };
    match child::ours("audit", &asked, Cores::All, limits.audit)? {
        ProcessOutcome::Said(told) => {
            side.safe = told["findings"].as_u64().map(|n| n == 0);
            side.insider_only = told["by_outsiders"] == 0;
            told["first"]
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut side.why);
        }
        ProcessOutcome::Late => "the audit did not end".clone_into(&mut side.why),
        ProcessOutcome::Failed(why) => side.why = why,
    }
    Ok(side)
}

impl PeerSide {
    fn without(why: &str, after: Duration) -> PeerSide {
        PeerSide {
            seconds: after.as_secs_f64(),
            why: why.to_owned(),
            ..PeerSide::default()
        }
    }

    fn shown(&self) -> Value {
        json!({ "given_up": self.given_up, "seconds": self.seconds, "safe": self.safe,
            "insider only": self.insider_only, "why": self.why })
    }

    fn word(&self, name: &str) -> String {
        let Some((cells, units)) = self.given_up else {
            return format!("{name} no pattern: {}", self.why);
        };
        let safe = match self.safe {
            Some(true) => "safe",
            Some(false) if self.insider_only => "**unsafe** to one contributor",
            Some(false) => "**unsafe**",
            None => "not audited",
        };
        format!(
            "{name} {cells} cells, {units} units, {}, {safe}",
            time(self.seconds)
        )
    }
}

fn row(what: &str, problem: &Problem, sides: &[PeerSide]) -> ReportRow {
    let words: Vec<String> = SIDES
        .iter()
        .zip(sides)
        .map(|(name, side)| side.word(name))
        .collect();
    let (cells, primaries) = (problem.size(), problem.primaries());
    let told = words.join("; ");
    ReportRow::only(what, told).how(format!("{cells} cells, {primaries} of them unsafe"))
}

/// Totals over the tables where both sides have a pattern.
fn sums(all: &[Vec<PeerSide>]) -> Vec<ReportRow> {
    let how = "`cargo xtask bench peers`";
    let total = |other: usize| {
        let pairs = all.iter().filter_map(|sides| {
            let ours = sides.first()?.given_up?;
            Some((ours.0, sides.get(other)?.given_up?.0))
        });
        pairs.fold((0, 0, 0), |(n, a, b), (ours, peer)| {
            (n + 1, a + ours, b + peer)
        })
    };
    let mut rows = Vec::new();
    let (tables, ours, modular) = total(1);
    let told = format!("{ours} to {modular} on {tables} of {} tables", all.len());
    let what = "cells given up beside MOD, all tables that it ends on";
    let wanted = (MORE, format!("at most {MORE} times"));
    rows.push(ReportRow::at_most(what, wanted, (ours as f64 / modular as f64, told)).how(how));
    let (tables, ours, optimal) = total(2);
    let told = format!("{ours} to {optimal} on {tables} of {} tables", all.len());
    rows.push(ReportRow::only("cells given up beside OPT, where it ends", told).how(how));
    for (number, name) in SIDES.iter().enumerate() {
        let sides = || all.iter().filter_map(|sides| sides.get(number));
        let patterns = sides().filter(|s| s.given_up.is_some()).count();
        let found = sides().filter(|s| s.safe == Some(false)).count();
        let open = sides()
            .filter(|s| s.given_up.is_some() && s.safe.is_none())
            .count();
        let anyone = sides().filter(|s| s.safe == Some(false) && !s.insider_only);
        let told = format!(
            "{found} of {patterns}, {} of them to anyone and the others to one contributor; \
             {open} not audited to the end",
            anyone.count()
        );
        let what = format!("unsafe patterns of {name}");
        rows.push(match *name {
            "ours" => ReportRow {
                wanted: "0".to_owned(),
                met: Some(found == 0 && open == 0),
                ratio: (found == 0 && open == 0).then_some(1.0),
                ..ReportRow::only(&what, told)
            }
            .how(how),
            _ => ReportRow::only(&what, told).how(how),
        });
    }
    rows
}

fn asked_table(asked: &Value) -> Result<Problem> {
    let number = asked.pointer("/number").and_then(Value::as_u64);
    let number = number.context("no table is named")?;
    let spec = TABLES.get(number as usize).context("no such table")?;
    Ok(Problem::new(spec, number + 1))
}

/// Our pattern of one table.
///
/// # Errors
/// When it cannot be protected.
pub(crate) fn measure(asked: Value) -> Result<Value> {
    let problem = asked_table(&asked)?;
    let start = Instant::now();
    let protected = protect(&problem.table, &problem.rules)?;
    let seconds = start.elapsed().as_secs_f64();
    let hidden = problem.hidden(&protected.cells());
    Ok(json!({ "seconds": seconds, "hidden": coded(&hidden) }))
}

/// What our audit finds in a pattern of one table.
///
/// # Errors
/// When no pattern is given.
pub(crate) fn audit(asked: Value) -> Result<Value> {
    let problem = asked_table(&asked)?;
    let hidden = hidden_by_peer(&asked).context("no pattern is given")?;
    let cells = problem.published(&hidden);
    let found = findings(&problem.table, &problem.rules, &cells);
    let (insiders, outsiders): (Vec<&String>, Vec<&String>) = found
        .iter()
        .partition(|finding| finding.contains("singleton"));
    let first = outsiders.first().or(insiders.first());
    Ok(json!({ "findings": found.len(), "by_outsiders": outsiders.len(), "first": first }))
}

/// A pattern as the peer writes it.
pub(crate) fn coded(hidden: &HashSet<ProblemCell>) -> Value {
    let code = |v: &Option<u32>| v.map_or(Value::Null, |v| json!(v.to_string()));
    let cell = |at: &ProblemCell| at.iter().map(code).collect::<Vec<Value>>();
    hidden.iter().map(cell).collect()
}
