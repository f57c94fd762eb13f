//! One question on a cube that is built: in this process, beside an engine that answers it from the rows.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use zwerm_agreement::agreement::Document;
use zwerm_intake::Sources;
use zwerm_question::{answer, cube, parse, release, session::BuildLimits};

use crate::bench::Ground;
use crate::child::{self, Cores};
use crate::machine;
use crate::numbers::{memory, quantile, time};
use crate::report::{BenchResult, ReportRow};

/// The worked example, and what is asked of it.
pub(crate) const EXAMPLE: &str = "leiden-goedkoop-scheefwonen";
pub(crate) const AGREEMENT: &str = "agreement-v2.toml";
const ASKED: &str =
    "SELECT wijk, boven_grens, units(), avg(huur) FROM huishoudens GROUP BY wijk, boven_grens";
/// The same from the rows, unprotected.
const FROM_ROWS: &str = "SELECT wijk, boven_grens, count(DISTINCT huishouden), avg(huur) FROM homes JOIN incomes \
     USING (huishouden) WHERE inkomen IS NOT NULL GROUP BY wijk, boven_grens";
/// Seconds that an answer may take.
const WANTED: f64 = 0.005;
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// Asks a thousand times.
pub(crate) fn run(ground: &Ground) -> Result<BenchResult> {
    let times = if ground.quick { 50 } else { 1_000 };
    let folder = ground.folder.join(EXAMPLE);
    example(&folder)?;
    let asked = json!({ "folder": folder, "times": times });
    let ours = child::ours("question", &asked, Cores::All, LIMIT)?.said()?;
    let tables = json!({ "homes": folder.join("data/woningen.csv"), "incomes": folder.join("data/inkomens.csv") });
    let asked = json!({ "engine": "duckdb", "tables": tables, "sql": FROM_ROWS, "times": times });
    let peer = child::peer(ground.python()?, "engines.py", &asked, LIMIT)?.said()?;
    let mut versions = ground.versions();
    let version = peer.pointer("/version").and_then(Value::as_str);
    versions.insert("DuckDB".to_owned(), version.unwrap_or("?").to_owned());
    let (ours_at, peer_at) = (QuestionTimes::new(&ours)?, QuestionTimes::new(&peer)?);
    let how = "`cargo xtask bench question`; Leiden, 40 rows, SQL read every time";
    let middle = (ours_at.median, ours_at.told(ours_at.median));
    let late = (ours_at.late, ours_at.told(ours_at.late));
    let goal = || (WANTED, format!("under {}", time(WANTED)));
    let build = ours.pointer("/build_seconds").and_then(Value::as_f64);
    Ok(BenchResult {
        rows: vec![
            ReportRow::at_most("a question on a built cube: median", goal(), middle).how(how),
            ReportRow::at_most("the same: 99th percentile", goal(), late).how(how),
            ReportRow::only(
                "the same groups by DuckDB from the rows in its memory, unprotected: median",
                format!(
                    "{}, {:.1} times ours; {} beside {}",
                    time(peer_at.median),
                    peer_at.median / ours_at.median,
                    memory(peer_at.peak),
                    memory(ours_at.peak)
                ),
            )
            .how("the same run"),
            ReportRow::only("building that cube", time(build.unwrap_or(f64::NAN)))
                .how("the same run"),
        ],
        details: json!({ "ours": ours, "duckdb": peer }),
        versions,
    })
}

/// Writes the example's files when they are not there.
pub(crate) fn example(folder: &Path) -> Result<()> {
    if folder.join(AGREEMENT).is_file() {
        return Ok(());
    }
    let made = Command::new(machine::zwerm()?)
        .args(["example", "generate", EXAMPLE, "--output"])
        .arg(folder)
        .output()
        .context("cannot start `zwerm`")?;
    if !made.status.success() {
        bail!(
            "the example was not made: {}",
            String::from_utf8_lossy(&made.stderr)
        );
    }
    Ok(())
}

/// Times of one side.
struct QuestionTimes {
    median: f64,
    late: f64,
    peak: u64,
}

impl QuestionTimes {
    fn new(found: &Value) -> Result<QuestionTimes> {
        let all = found.pointer("/seconds").and_then(Value::as_array);
        let mut all: Vec<f64> = all
            .context("no times")?
            .iter()
            .filter_map(Value::as_f64)
            .collect();
        all.sort_by(f64::total_cmp);
        Ok(QuestionTimes {
            median: quantile(&all, 0.5),
            late: quantile(&all, 0.99),
            peak: found
                .pointer("/peak_kilobytes")
                .and_then(Value::as_u64)
                .unwrap_or(0),
        })
    }

    fn told(&self, seconds: f64) -> String {
        format!("{} of {}", time(seconds), time(WANTED))
    }
}

/// Builds the cube and asks, in this process.
///
/// # Errors
/// When the example is not there or is refused.
pub(crate) fn measure(asked: Value) -> Result<Value> {
    let folder = asked
        .pointer("/folder")
        .and_then(Value::as_str)
        .context("no folder")?;
    let times = asked.pointer("/times").and_then(Value::as_u64).unwrap_or(1);
    let folder = Path::new(folder);
    let text = std::fs::read_to_string(folder.join(AGREEMENT))?;
    let document = Document::parse(AGREEMENT, &text).map_err(|f| anyhow::anyhow!("{f}"))?;
    let agreement = document.agreement;
    let view = agreement
        .view
        .first()
        .context("an agreement without views")?;
    let sources = Sources::beside(&agreement, folder);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let start = Instant::now();
        let built =
            cube::build(&agreement, view, &sources, &BuildLimits::default(), &|_| {}).await?;
        let build = start.elapsed().as_secs_f64();
        let (_, release) = release::encode(&built)?;
        let opened = answer::open(&built, view, release, agreement.protection.round_to)?;
        let mut seconds = Vec::new();
        let mut rows = 0;
        for _ in 0..times {
            let start = Instant::now();
            let question = parse::question(ASKED, &agreement);
            let question = question.map_err(|refusals| anyhow::anyhow!("refused: {refusals:?}"))?;
            let answer = opened.ask(&question.plan, question.view).await?;
            seconds.push(start.elapsed().as_secs_f64());
            rows = answer.rows().len();
        }
        Ok(json!({
            "seconds": seconds,
            "build_seconds": build,
            "rows": rows,
            "peak_kilobytes": machine::peak_kilobytes(),
        }))
    })
}
