//! `cargo xtask soak`: random cubes, each protected and then attacked by the integer-programming audit.
//!
//! Two threads hand seeds to a process each. A process can be ended when an integer program does not end, and what
//! it dies of (a panic, memory) is a finding like any other. Every judgement is a line of the log, so a run that was
//! stopped goes on where it was.

mod judge;
mod log;
mod tally;
mod worker;

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::{arguments::Arguments, machine, numbers::grouped};
use judge::Judged;
use log::SoakLog;
use tally::SoakTally;
use worker::SoakWorker;

pub(crate) use worker::{WORD, serve};

/// How many cubes are judged at a time.
const THREADS: usize = 2;
/// How often it is told how far it is.
const TELL: Duration = Duration::from_secs(5);

/// Judges cubes until there are as many as asked.
///
/// # Errors
/// Arguments that are not understood, a machine that gives out, and that there are findings.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let mut arguments = Arguments::new(arguments);
    let cubes = arguments.number("--cubes")?.unwrap_or(10_000);
    let first = arguments.number("--seed")?.unwrap_or(0);
    let limit = Duration::from_secs(arguments.number("--limit")?.unwrap_or(60).max(1));
    arguments.finish()?;
    let seeds: Vec<u64> = (first..first.saturating_add(cubes)).collect();
    let folder = machine::target()?.join("soak");
    let (log, before) = SoakLog::open(&folder, first)?;
    let mut tally = SoakTally::new(limit);
    let known = |seed: &u64| seeds.first() <= Some(seed) && Some(seed) <= seeds.last();
    before
        .iter()
        .filter(|j| known(&j.seed))
        .for_each(|j| tally.add(j));
    if tally.cubes > 0 {
        let done = grouped(tally.cubes);
        println!(
            "soak: {done} cubes were judged before; going on (start anew: remove `{}`)",
            log.path().display()
        );
    }
    let done: std::collections::HashSet<u64> = before.iter().map(|j| j.seed).collect();
    let open: Vec<u64> = seeds
        .iter()
        .copied()
        .filter(|s| !done.contains(s))
        .collect();
    let run = SoakRun {
        open,
        next: AtomicUsize::new(0),
        limit,
        all: seeds.len(),
        start: Instant::now(),
        shared: Mutex::new(Shared {
            log,
            tally,
            judged: 0,
            told: Instant::now(),
        }),
    };
    run.judge_all()?;
    run.close()
}

/// A run that goes on in several threads.
struct SoakRun {
    open: Vec<u64>,
    next: AtomicUsize,
    limit: Duration,
    all: usize,
    start: Instant,
    shared: Mutex<Shared>,
}

struct Shared {
    log: SoakLog,
    tally: SoakTally,
    /// In this run.
    judged: usize,
    told: Instant,
}

impl SoakRun {
    fn judge_all(&self) -> Result<()> {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| self.work())).collect();
            for thread in threads {
                match thread.join() {
                    Ok(outcome) => outcome?,
                    Err(_) => bail!("a thread of the soak ended by itself; please report this"),
                }
            }
            Ok(())
        })
    }

    fn work(&self) -> Result<()> {
        let mut worker = SoakWorker::start()?;
        while let Some(&seed) = self.open.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            let judged = worker.judge(seed, self.limit)?;
            self.record(&judged)?;
        }
        Ok(())
    }

    fn record(&self, judged: &Judged) -> Result<()> {
        let mut shared = self.shared.lock().ok().context("another thread gave up")?;
        shared.log.add(judged)?;
        shared.tally.add(judged);
        shared.judged += 1;
        for finding in &judged.findings {
            println!("seed {} ({}): {finding}", judged.seed, judged.shape);
        }
        if shared.told.elapsed() >= TELL {
            shared.told = Instant::now();
            self.tell(&shared);
        }
        Ok(())
    }

    fn tell(&self, shared: &Shared) {
        let line = format!(
            "soak: {} of {} cubes, {:.1} per second, {}",
            grouped(shared.tally.cubes),
            grouped(self.all),
            shared.judged as f64 / self.start.elapsed().as_secs_f64(),
            shared.tally.short()
        );
        if std::io::stdout().is_terminal() {
            print!("\r{line}   ");
            std::io::stdout().flush().ok();
        } else {
            println!("{line}");
        }
    }

    fn close(self) -> Result<()> {
        let seconds = self.start.elapsed().as_secs_f64();
        let shared = self.shared.into_inner().ok();
        let shared = shared.context("a thread gave up")?;
        if std::io::stdout().is_terminal() {
            println!();
        }
        let rate = match shared.judged {
            0 => "nothing left to judge".to_owned(),
            judged => format!("{:.1} per second", judged as f64 / seconds),
        };
        print!("{}", shared.tally.in_full());
        println!("soak: {}, {rate}", shared.tally.closing());
        if shared.tally.findings > 0 {
            bail!("a published cube gives something away; the seeds above show it again");
        }
        Ok(())
    }
}
