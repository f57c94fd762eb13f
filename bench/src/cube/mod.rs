//! From rows to statistics per cell, beside two engines: their plain grouping, and their own way to the same cube.

mod data;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use zwerm_agreement::agreement::Document;
use zwerm_intake::Sources;
use zwerm_question::{cube, measure::aggregation, session::BuildLimits};

use crate::bench::Ground;
use crate::child::{self, Cores};
use crate::machine;
use crate::numbers::{grouped, memory, time};
use crate::report::{BenchResult, ReportRow};
use data::CubeFile;

/// Longer than this no side may take.
const LIMIT: Duration = Duration::from_secs(30 * 60);
/// Ours may take so many times the plain grouping of the faster engine.
const PLAIN: f64 = 3.0;
/// Their own cubes must take at least so many times ours.
const CUBE: f64 = 8.0;
/// Ours may take so large a part of their memory.
const MEMORY: f64 = 0.25;

const ENGINES: [(&str, &str); 2] = [("DuckDB", "duckdb"), ("DataFusion", "datafusion")];

/// Grouping by unit and values, without handing over millions of groups.
const FIRST_LEVEL: &str = "SELECT key, d1, d2, d3, d4, count(*) AS n, count(m1) AS c1, sum(m1) AS s1, \
     count(m2) AS c2, sum(m2) AS s2 FROM facts GROUP BY key, d1, d2, d3, d4";

/// Measures both cases.
pub(crate) fn run(ground: &Ground) -> Result<BenchResult> {
    let units = if ground.quick { 50_000 } else { 2_500_000 };
    let mut versions = ground.versions();
    let mut rows = Vec::new();
    let mut details = serde_json::Map::new();
    for (case, straddling) in [("one value", 0), ("10% with two", 10)] {
        let data = CubeFile {
            units,
            rows_per_unit: 4,
            straddling,
            seed: 1,
        };
        let file = data.written(&ground.folder)?;
        let ours = ours(&file)?;
        let mut sides = vec![("ours".to_owned(), ours.clone())];
        for (engine, word) in ENGINES {
            let plain =
                format!("SELECT count(*), sum(n), sum(s1), sum(s2) FROM ({FIRST_LEVEL}) AS u");
            for (kind, sql) in [("plain", plain), ("cube", two_levels())] {
                let found = engine_on(ground, word, &file, &sql)?;
                let version = found.pointer("/version").and_then(Value::as_str);
                versions.insert(engine.to_owned(), version.unwrap_or("?").to_owned());
                sides.push((format!("{word} {kind}"), found));
            }
        }
        let figures = SideFigures::new(&sides)?;
        rows.extend(figures.rows(&format!("{} rows, {case}", grouped(data.rows()))));
        details.insert(case.to_owned(), sides.into_iter().collect());
    }
    Ok(BenchResult {
        rows,
        details: Value::Object(details),
        versions,
    })
}

/// The engines' own cube: distinct units, totals and the largest contribution of every combination.
fn two_levels() -> String {
    format!(
        "WITH u AS ({FIRST_LEVEL}) SELECT d1, d2, d3, d4, count(DISTINCT key), sum(n), max(n), sum(c1), sum(s1), \
         max(abs(s1)), sum(c2), sum(s2), max(abs(s2)) FROM u GROUP BY CUBE(d1, d2, d3, d4)"
    )
}

fn engine_on(ground: &Ground, engine: &str, file: &Path, sql: &str) -> Result<Value> {
    let asked = json!({ "engine": engine, "tables": { "facts": file }, "sql": sql });
    let outcome = child::peer(ground.python()?, "engines.py", &asked, LIMIT)?;
    outcome.said().with_context(|| format!("{engine}: {sql}"))
}

fn ours(file: &Path) -> Result<Value> {
    child::ours("cube", &json!({ "file": file }), Cores::All, LIMIT)?.said()
}

/// Our side, in this process: statistics of every combination, and which of them are unsafe by themselves.
///
/// # Errors
/// When the file is not as agreed, or a limit is reached.
pub(crate) fn measure(asked: Value) -> Result<Value> {
    let file = asked.pointer("/file").and_then(Value::as_str);
    let file = PathBuf::from(file.context("no file is named")?);
    let text = data::agreement();
    let document = Document::parse("bench.toml", &text).map_err(|f| anyhow::anyhow!("{f}"))?;
    let agreement = document.agreement;
    let view = agreement
        .view
        .first()
        .context("an agreement without views")?;
    let sources = Sources {
        files: [("facts".to_owned(), file)].into_iter().collect(),
    };
    let limits = BuildLimits {
        time: LIMIT,
        ..BuildLimits::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let start = Instant::now();
        let checked = cube::check_all(&agreement, &sources, &|_| {}).await?;
        let check = start.elapsed().as_secs_f64();
        let found = aggregation(&agreement, view, &checked, &limits).await?;
        Ok(json!({
            "check_seconds": check,
            "scan_seconds": found.scan.as_secs_f64(),
            "merge_seconds": found.merge.as_secs_f64(),
            "seconds": [(found.scan + found.merge).as_secs_f64()],
            "units": found.units,
            "straddlers": found.straddlers,
            "peak_kilobytes": machine::peak_kilobytes(),
        }))
    })
}

/// Seconds and peak memory of every side.
struct SideFigures {
    sides: Vec<(String, f64, u64)>,
}

impl SideFigures {
    fn new(sides: &[(String, Value)]) -> Result<SideFigures> {
        let of = |(name, found): &(String, Value)| {
            let seconds = found.pointer("/seconds/0").and_then(Value::as_f64);
            let peak = found.pointer("/peak_kilobytes").and_then(Value::as_u64);
            let seconds = seconds.with_context(|| format!("`{name}` told no time"))?;
            Ok((name.clone(), seconds, peak.unwrap_or(0)))
        };
        let sides = sides.iter().map(of).collect::<Result<_>>()?;
        Ok(SideFigures { sides })
    }

    fn side(&self, name: &str) -> (f64, u64) {
        let found = self.sides.iter().find(|(known, ..)| known == name);
        found.map_or((f64::NAN, 0), |(_, seconds, peak)| (*seconds, *peak))
    }

    fn rows(&self, case: &str) -> Vec<ReportRow> {
        let (ours, our_peak) = self.side("ours");
        let how = "`cargo xtask bench cube`";
        let plain = ENGINES.map(|(engine, word)| (engine, self.side(&format!("{word} plain")).0));
        let faster = if plain[0].1 <= plain[1].1 {
            plain[0]
        } else {
            plain[1]
        };
        let ratio = ours / faster.1;
        let told = format!(
            "{ratio:.2} times: {} to {} of {}",
            time(ours),
            time(faster.1),
            faster.0
        );
        let wanted = format!("at most {PLAIN} times the faster engine's `GROUP BY key, dims`");
        let mut rows = vec![ReportRow::at_most(case, (PLAIN, wanted), (ratio, told)).how(how)];
        for (engine, word) in ENGINES {
            let (seconds, peak) = self.side(&format!("{word} cube"));
            let what = format!("{case}: the `CUBE` of {engine}");
            let told = format!(
                "{:.1} times: {} to {}",
                seconds / ours,
                time(seconds),
                time(ours)
            );
            let wanted = (CUBE, format!("at least {CUBE} times ours"));
            rows.push(ReportRow::at_least(&what, wanted, (seconds / ours, told)).how(how));
            let part = our_peak as f64 / peak as f64;
            let told = format!("{part:.2}: {} to {}", memory(our_peak), memory(peak));
            let wanted = (MEMORY, format!("ours at most {MEMORY} of it"));
            let what = format!("{case}: memory of {engine}");
            rows.push(ReportRow::at_most(&what, wanted, (part, told)).how(how));
        }
        rows
    }
}
