//! The tests of the web home in a browser, which Node.js runs; `e2e/` holds them.
//!
//! Where Node.js, Chromium or the packages from npm cannot be had, that is said, and they are skipped.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{apt, step};

/// How npm says that it could not reach the registry.
const OUT_OF_REACH: [&str; 7] = [
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "ERR_SOCKET_TIMEOUT",
];
/// A machine without the registry in reach must not keep the tests waiting.
const QUIETLY: [&str; 5] = [
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-timeout=20000",
];

/// Tests the program in a browser: the one that `cargo test --workspace` built.
///
/// # Errors
/// When the packages do not fit their lock file, or a test fails.
pub(crate) fn run(root: &Path) -> Result<()> {
    if !apt::browser_is_there() {
        println!("the tests in a browser are skipped: Node.js or Chromium is missing, see above");
        return Ok(());
    }
    let folder = root.join("e2e");
    if !has_packages(&folder)? {
        println!("the tests in a browser are skipped: `npm ci` cannot reach its registry");
        return Ok(());
    }
    step::execute(npm(&folder).args(["run", "--silent", "unit"]))?;
    let program = target(root).join("debug/zwerm");
    let mut tests = npm(&folder);
    tests.args(["test", "--silent"]).env("ZWERM_BIN", program);
    step::execute(tests.env("ZWERM_CHROMIUM", apt::CHROMIUM))
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder);
    command
}

/// Where Cargo builds.
fn target(root: &Path) -> PathBuf {
    let chosen = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    chosen.map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// Whether the packages are there, installed if need be; not when the registry is out of reach.
fn has_packages(folder: &Path) -> Result<bool> {
    let listed = npm(folder).args(["ls", "--all", "--silent"]).output();
    if listed.context("cannot start `npm`")?.status.success() {
        return Ok(true);
    }
    let installed = npm(folder).arg("ci").args(QUIETLY).output();
    let installed = installed.context("cannot start `npm`")?;
    if installed.status.success() {
        return Ok(true);
    }
    let said = String::from_utf8_lossy(&installed.stderr);
    if is_out_of_reach(&said) {
        return Ok(false);
    }
    bail!("`npm ci` failed in `{}`: {}", folder.display(), said.trim())
}

fn is_out_of_reach(said: &str) -> bool {
    OUT_OF_REACH.iter().any(|code| said.contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_registry_out_of_reach_is_a_reason_to_skip() {
        assert!(is_out_of_reach(
            "npm error code ENOTFOUND\nnpm error network"
        ));
        assert!(is_out_of_reach("npm error code EAI_AGAIN"));
        assert!(!is_out_of_reach(
            "npm error code EUSAGE\nnpm error `npm ci` can only install"
        ));
        assert!(!is_out_of_reach("npm error code EINTEGRITY"));
    }
}
