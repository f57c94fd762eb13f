//! Homes in which much was asked: how long each page and each command takes as they grow.
//!
//! The homes are made through the crates, in batches: entries of the log, refused questions as files, answers and
//! questions in words as rows. So they are what asking would have made, without asking.

mod home;
mod visit;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::bench::Ground;
use crate::machine;
use crate::numbers::{grouped, quantile, time};
use crate::question::{AGREEMENT, EXAMPLE, example};
use crate::report::{BenchResult, ReportRow};
use visit::Server;

/// Questions that were asked in each home.
const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
/// Seconds that a page or a command may take.
const WANTED: f64 = 0.1;
/// How often each is timed.
const TIMES: usize = 9;

/// Seconds by what was timed, in the order in which it was.
type Timed = Vec<(String, f64)>;

/// Makes the homes and times what they are used for.
pub(crate) fn run(ground: &Ground) -> Result<BenchResult> {
    let sizes = if ground.quick {
        &SIZES[..2]
    } else {
        &SIZES[..]
    };
    let files = ground.folder.join(EXAMPLE);
    example(&files)?;
    let text = std::fs::read_to_string(files.join(AGREEMENT))?;
    let changed = text.replace("max_dimensions = 3", "max_dimensions = 4");
    let mut all: Vec<(usize, Timed)> = Vec::new();
    for size in sizes {
        let root = ground.folder.join(format!("growth-{size}"));
        let start = Instant::now();
        if !root.join("zwerm-home.toml").is_file() {
            home::make(&root, &files.join(AGREEMENT), *size)?;
        }
        home::follow(&root)?;
        let made = time(start.elapsed().as_secs_f64());
        println!("growth: {} questions, made in {made}", grouped(*size));
        let mut timed = served(&root, &changed)?;
        timed.extend(commands(&root, &changed)?);
        for (what, seconds) in &timed {
            println!("growth: {what}: {}", time(*seconds));
        }
        all.push((*size, timed));
    }
    Ok(BenchResult {
        rows: rows(&all),
        details: details(&all),
        versions: ground.versions(),
    })
}

/// One row for each thing that was timed, with its time in each home.
fn rows(all: &[(usize, Timed)]) -> Vec<ReportRow> {
    let Some((largest, last)) = all.last() else {
        return Vec::new();
    };
    let each = last.iter().map(|(what, seconds)| {
        let in_homes = all.iter().map(|(size, timed)| {
            let found = timed.iter().find(|(other, _)| other == what);
            let seconds = found.map_or(f64::NAN, |(_, seconds)| *seconds);
            format!("{} at {}", time(seconds), grouped(*size))
        });
        let measured = in_homes.collect::<Vec<_>>().join(", ");
        let row = match is_linear(what) {
            true => ReportRow::only(what, measured),
            false => {
                let wanted = format!("{} at {}", time(WANTED), grouped(*largest));
                ReportRow::at_most(what, (WANTED, wanted), (*seconds, measured))
            }
        };
        row.how(how())
    });
    each.collect()
}

/// The command, and whether the program was built for measuring.
fn how() -> &'static str {
    match cfg!(debug_assertions) {
        true => "`cargo xtask bench growth`, *unoptimised*",
        false => "`cargo xtask bench growth`",
    }
}

/// What reads all by its nature, or happens once.
fn is_linear(what: &str) -> bool {
    ["check", "backup", "start"]
        .iter()
        .any(|word| what.contains(word))
}

fn details(all: &[(usize, Timed)]) -> Value {
    let homes = all.iter().map(|(size, timed)| {
        let timed: Vec<Value> = timed
            .iter()
            .map(|(what, seconds)| json!({ "what": what, "seconds": seconds }))
            .collect();
        json!({ "questions": size, "timed": timed })
    });
    json!({ "homes": homes.collect::<Vec<_>>() })
}

/// The pages: each the median of some, and where it differs the first.
fn served(root: &Path, changed: &str) -> Result<Timed> {
    let start = Instant::now();
    let server = Server::start(root)?;
    let mut timed = vec![("serve: start".to_owned(), start.elapsed().as_secs_f64())];
    let first = server.get("/ledger")?;
    timed.push(("/ledger, first view".to_owned(), first.seconds));
    let project = format!("/projects/{EXAMPLE}");
    let far = "/questions?before=1767225600000-";
    let pages = [
        "/".to_owned(),
        "/projects".to_owned(),
        project.clone(),
        format!("{project}/questions"),
        "/questions".to_owned(),
        far.to_owned(),
        format!("/questions?project={EXAMPLE}"),
        "/barriers".to_owned(),
        "/ledger".to_owned(),
        format!("/ledger?project={EXAMPLE}&kind=data-release"),
        "/ledger?text=nergens".to_owned(),
        "/ledger?side=knowledge".to_owned(),
        "/search?q=huishoudens".to_owned(),
        "/search?q=nergens".to_owned(),
    ];
    for path in pages {
        timed.push((path.clone(), median(|| Ok(server.get(&path)?.seconds))?));
    }
    let what_if = format!("{project}/what-if");
    let fields = format!("document={}", visit::encoded(changed));
    let tried = median(|| Ok(server.post(&what_if, &fields)?.seconds))?;
    timed.push((format!("{project}/what-if, tried out by a visitor"), tried));
    Ok(timed)
}

fn median(mut once: impl FnMut() -> Result<f64>) -> Result<f64> {
    let mut all = Vec::new();
    for _ in 0..TIMES {
        all.push(once()?);
    }
    all.sort_by(f64::total_cmp);
    Ok(quantile(&all, 0.5))
}

/// The commands, each once.
fn commands(root: &Path, document: &str) -> Result<Timed> {
    let changed = root.with_extension("change.toml");
    std::fs::write(&changed, document)?;
    let changed = changed.display().to_string();
    let copy = root.with_extension("tar").display().to_string();
    let _ = std::fs::remove_file(&copy);
    let ask = [
        "ask",
        "--agreement",
        EXAMPLE,
        "--as",
        home::PARTY,
        "--purpose",
        home::PURPOSE,
        home::ASKED,
    ];
    let mut timed = Vec::new();
    for (name, words) in [
        ("zwerm ask", ask.as_slice()),
        ("zwerm barriers", &["barriers"]),
        (
            "zwerm what-if",
            &["what-if", "--agreement", EXAMPLE, "--change", &changed],
        ),
        ("zwerm ledger check", &["ledger", "check"]),
        ("zwerm backup", &["backup", &copy]),
    ] {
        timed.push((name.to_owned(), command(root, words)?));
    }
    Ok(timed)
}

/// Seconds that a command takes.
fn command(root: &Path, words: &[&str]) -> Result<f64> {
    let start = Instant::now();
    let ended = Command::new(machine::zwerm()?)
        .args(words)
        .arg("--home")
        .arg(root)
        .stdout(Stdio::null())
        .output()
        .context("cannot start `zwerm`")?;
    let seconds = start.elapsed().as_secs_f64();
    if !ended.status.success() {
        let told = String::from_utf8_lossy(&ended.stderr);
        bail!("`zwerm {}` failed: {told}", words.join(" "));
    }
    Ok(seconds)
}
