//! A process that judges cubes, and the end of the line to it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::judge::{Judged, judge};

/// The word that makes this program a worker.
pub(crate) const WORD: &str = "soak-worker";

/// Judges the seeds on standard input, a line of JSON each, until there are no more.
///
/// # Errors
/// When whoever asks has gone away.
pub(crate) fn serve() -> Result<()> {
    let mut out = std::io::stdout();
    for line in std::io::stdin().lines() {
        let judged = judge(line?.trim().parse()?);
        writeln!(out, "{}", serde_json::to_string(&judged)?)?;
        out.flush()?;
    }
    Ok(())
}

/// A running process.
pub(super) struct SoakWorker {
    process: Child,
    seeds: ChildStdin,
    lines: Receiver<String>,
}

impl SoakWorker {
    pub(super) fn start() -> Result<SoakWorker> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg(WORD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start a worker")?;
        let seeds = process.stdin.take().context("a worker without input")?;
        let output = process.stdout.take().context("a worker without output")?;
        let (send, lines) = channel();
        std::thread::spawn(move || {
            let mut all = BufReader::new(output).lines();
            while let Some(Ok(line)) = all.next() {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(SoakWorker {
            process,
            seeds,
            lines,
        })
    }

    /// Has a cube judged. A process that takes too long is ended, one that died is replaced.
    pub(super) fn judge(&mut self, seed: u64, limit: Duration) -> Result<Judged> {
        let asked = writeln!(self.seeds, "{seed}");
        asked.and_then(|()| self.seeds.flush()).ok();
        let mut judged = Judged::new(seed);
        match self.lines.recv_timeout(limit) {
            Ok(line) => return serde_json::from_str(&line).context("a worker's line is no JSON"),
            Err(RecvTimeoutError::Timeout) => {
                judged.undecided = true;
                judged.seconds = limit.as_secs_f64();
            }
            Err(RecvTimeoutError::Disconnected) => {
                let status = self.process.wait()?;
                judged.findings = vec![format!("the process that judged it died ({status})")];
            }
        }
        self.process.kill().ok();
        self.process.wait()?;
        *self = SoakWorker::start()?;
        Ok(judged)
    }
}

impl Drop for SoakWorker {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
