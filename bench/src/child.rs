//! A measurement in a process of its own, so that its peak memory is its own.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{machine, python::Python};

/// The word that makes this program measure one thing and say what it found.
pub(crate) const WORD: &str = "measure";

/// What came of a process.
pub(crate) enum ProcessOutcome {
    /// What it said.
    Said(Value),
    /// It took too long and was ended.
    Late,
    /// It failed; the last of what it said about that.
    Failed(String),
}

impl ProcessOutcome {
    /// What it said.
    ///
    /// # Errors
    /// When it said nothing.
    pub(crate) fn said(self) -> Result<Value> {
        match self {
            ProcessOutcome::Said(value) => Ok(value),
            ProcessOutcome::Late => bail!("it took too long"),
            ProcessOutcome::Failed(why) => bail!("{why}"),
        }
    }
}

/// Where a process may run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cores {
    All,
    /// On the first core only.
    One,
}

/// One of our own measurements.
///
/// # Errors
/// When no process can be started.
pub(crate) fn ours(
    name: &str,
    asked: &Value,
    cores: Cores,
    limit: Duration,
) -> Result<ProcessOutcome> {
    let program = std::env::current_exe()?;
    let mut command = match cores {
        Cores::All => Command::new(&program),
        Cores::One => {
            let mut command = Command::new("taskset");
            command.args(["-c", "0"]).arg(&program);
            command
        }
    };
    command.args([WORD, name]);
    run(command, asked, limit)
}

/// A peer's script in `bench/peers`.
///
/// # Errors
/// When no process can be started.
pub(crate) fn peer(
    python: &Python,
    script: &str,
    asked: &Value,
    limit: Duration,
) -> Result<ProcessOutcome> {
    let mut command = Command::new(python.program());
    command
        .arg("-B")
        .arg(machine::root()?.join("bench/peers").join(script));
    run(command, asked, limit)
}

fn run(mut command: Command, asked: &Value, limit: Duration) -> Result<ProcessOutcome> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{name}`"))?;
    let (mut input, output, errors) = (
        process.stdin.take().context("no input")?,
        process.stdout.take().context("no output")?,
        process.stderr.take().context("no errors")?,
    );
    let asked = serde_json::to_vec(asked)?;
    let writer = std::thread::spawn(move || input.write_all(&asked));
    let (output, errors) = (gathered(output), gathered(errors));
    let start = Instant::now();
    let status = loop {
        if let Some(status) = process.try_wait()? {
            break status;
        }
        if start.elapsed() > limit {
            process.kill().ok();
            process.wait()?;
            return Ok(ProcessOutcome::Late);
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    writer.join().ok();
    let output = output.join().unwrap_or_default();
    let errors = errors.join().unwrap_or_default();
    let last = output.trim_end().lines().last().unwrap_or_default();
    if status.success()
        && let Ok(value) = serde_json::from_str(last)
    {
        return Ok(ProcessOutcome::Said(value));
    }
    let tail: Vec<&str> = errors.trim_end().lines().rev().take(3).collect();
    let tail: Vec<&str> = tail.into_iter().rev().collect();
    Ok(ProcessOutcome::Failed(format!(
        "{status}: {}",
        tail.join("; ")
    )))
}

fn gathered(mut from: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        from.by_ref().read_to_end(&mut bytes).ok();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
