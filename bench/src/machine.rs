//! The machine that measures, and where it keeps things.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Serialize;

/// What a figure depends on, next to the programs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_kilobytes: Option<u64>,
    pub(crate) kernel: String,
    /// Processes that ran or waited in the minute before: on a machine that does nothing else about 0.
    pub(crate) load: Option<f64>,
}

impl Machine {
    /// The one this runs on.
    pub(crate) fn here() -> Machine {
        let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find_map(|l| field(l, "model name"));
        let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease");
        Machine {
            processor: model.unwrap_or(std::env::consts::ARCH).to_owned(),
            load: load.split_whitespace().next().and_then(|n| n.parse().ok()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_kilobytes: memory.lines().find_map(|l| kilobytes(l, "MemTotal")),
            kernel: kernel
                .map_or_else(|_| std::env::consts::OS.to_owned(), |k| k.trim().to_owned()),
        }
    }

    /// In one line.
    pub(crate) fn shown(&self) -> String {
        let memory = self.memory_kilobytes.map(|k| k.div_ceil(1024 * 1024));
        let memory = memory.map_or_else(String::new, |gib| format!("{gib} GiB, "));
        let Machine {
            processor,
            cores,
            kernel,
            ..
        } = self;
        let load = self
            .load
            .map_or_else(String::new, |n| format!(", load {n} before"));
        format!("{processor}, {cores} cores, {memory}kernel {kernel}{load}")
    }
}

/// The largest resident memory that this process has had, where the system tells.
pub(crate) fn peak_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| kilobytes(line, "VmHWM"))
}

fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(name)?.trim_start();
    rest.strip_prefix(':').map(str::trim)
}

fn kilobytes(line: &str, name: &str) -> Option<u64> {
    field(line, name)?.split_whitespace().next()?.parse().ok()
}

/// The workspace's root.
///
/// # Errors
/// Never, but for a build in the root of a disk.
pub(crate) fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let above = here.parent().map(Path::to_path_buf);
    above.with_context(|| format!("`{}` has no folder above it", here.display()))
}

/// The folder that Cargo builds in: this program is in a folder of it.
///
/// # Errors
/// When the system does not tell where this program is.
pub(crate) fn target() -> Result<PathBuf> {
    let program = std::env::current_exe().context("cannot tell where this program is")?;
    let folder = program.ancestors().nth(2).map(Path::to_path_buf);
    folder.with_context(|| format!("`{}` is in no build folder", program.display()))
}

/// The program `zwerm` of the same build.
///
/// # Errors
/// When it was not built.
pub(crate) fn zwerm() -> Result<PathBuf> {
    let program = std::env::current_exe()?.with_file_name("zwerm");
    if !program.is_file() {
        anyhow::bail!(
            "`{}` is not there; run this as `cargo xtask bench`, which builds it",
            program.display()
        );
    }
    Ok(program)
}
