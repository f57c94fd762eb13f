//! Answers with noise, by SmartNoise SQL, beside answers from a protected table: two promises, not one.

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::bench::Ground;
use crate::child;
use crate::numbers::{memory, quantile, time};
use crate::question::example;
use crate::report::{BenchResult, ReportRow};

const EPSILON: f64 = 1.0;
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// Asks for households by four dimensions of the Leiden example, over and over.
pub(crate) fn run(ground: &Ground) -> Result<BenchResult> {
    let times = if ground.quick { 3 } else { 30 };
    let folder = ground.folder.join("leiden-goedkoop-scheefwonen");
    example(&folder)?;
    let asked = json!({
        "homes": folder.join("data/woningen.csv"),
        "incomes": folder.join("data/inkomens.csv"),
        "epsilon": EPSILON,
        "times": times,
        "minimum": 10,
    });
    let found = child::peer(ground.python()?, "noise.py", &asked, LIMIT)?.said()?;
    let mut versions = ground.versions();
    let version = found.pointer("/version").and_then(Value::as_str);
    versions.insert(
        "smartnoise-sql".to_owned(),
        version.unwrap_or("?").to_owned(),
    );
    Ok(BenchResult {
        rows: rows(&found, times)?,
        details: found,
        versions,
    })
}

/// What the answers took, what became of small groups, and how far the counts are off.
fn rows(found: &Value, times: i32) -> Result<Vec<ReportRow>> {
    let how = format!(
        "four dimensions of Leiden, epsilon {EPSILON} per answer; `cargo xtask bench noise`"
    );
    let number = |name: &str| {
        found
            .pointer(name)
            .and_then(Value::as_f64)
            .unwrap_or(f64::NAN)
    };
    let groups = number("/groups");
    let few = number("/small_groups");
    let (told, dropped) = (number("/small_told"), number("/dropped"));
    let speed = format!(
        "{}, {}",
        time(quantile(&seconds(found)?, 0.5)),
        memory(number("/peak_kilobytes") as u64)
    );
    let small_groups = format!(
        "of {groups} groups {few} are below 10: it tells {told:.1} of those and leaves out {dropped:.1} \
         groups per answer; ours shows every registered group, those below 10 and what keeps them \
         hidden as protected"
    );
    let off = format!(
        "{:.2} on average; ours are rounded to 5 and exact otherwise. {times} answers spend epsilon {}; \
         ours spend nothing, and promise less: no noise, so no promise against what others know",
        number("/mean_error"),
        number("/epsilon_spent")
    );
    let rows = [
        ("SmartNoise SQL, one answer with noise: median", speed),
        ("what it does with small groups", small_groups),
        ("how far its counts are off", off),
    ];
    Ok(rows
        .map(|(name, figure)| ReportRow::only(name, figure).how(how.clone()))
        .into())
}

/// The seconds of each answer, the shortest first.
fn seconds(found: &Value) -> Result<Vec<f64>> {
    let all = found
        .pointer("/seconds")
        .and_then(Value::as_array)
        .context("no times")?;
    let mut all: Vec<f64> = all.iter().filter_map(Value::as_f64).collect();
    all.sort_by(f64::total_cmp);
    Ok(all)
}
