//! `cargo xtask ci`: everything a change has to pass, in the order of what fails fastest.

use std::path::Path;
use std::process::Stdio;

use anyhow::Result;

use crate::{apt, needs, step, test, tidy};

/// Runs all steps and stops at the first that fails.
///
/// The tests come last and print the closing lines themselves, so that a reader of the log's end
/// sees how they went.
///
/// # Errors
/// The failing step's error.
pub(crate) fn run(root: &Path) -> Result<()> {
    needs::check(root)?;
    step::announced("formatting", || {
        step::execute(&mut step::cargo(root, &["fmt", "--all", "--check"]))
    })?;
    step::announced("lints", || {
        let arguments = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ];
        step::execute(&mut step::cargo(root, &arguments))
    })?;
    step::announced("documentation", || {
        let mut command = step::cargo(root, &["doc", "--workspace", "--no-deps"]);
        step::execute(command.env("RUSTDOCFLAGS", "-Dwarnings"))
    })?;
    licences(root)?;
    advisories(root)?;
    step::announced("tidy", || tidy::run(root))?;
    println!("== tests");
    test::run(root, apt::InstallConsent::Given)
        .map_err(|error| error.context("step `tests` failed"))
}

fn licences(root: &Path) -> Result<()> {
    if !works(root, &["deny", "--version"]) {
        println!("== licences: SKIPPED, cargo-deny is not installed (`cargo install cargo-deny`)");
        return Ok(());
    }
    step::announced("licences", || {
        let arguments = ["deny", "check", "bans", "licenses", "sources"];
        step::execute(&mut step::cargo(root, &arguments))
    })
}

/// Looks whether a dependency has a known hole, by the list of RustSec; where that cannot be reached, this says so and goes
/// on: a list that is out of date would say that all is well.
fn advisories(root: &Path) -> Result<()> {
    if !works(root, &["deny", "--version"]) {
        println!(
            "== advisories: SKIPPED, cargo-deny is not installed (`cargo install cargo-deny`)"
        );
        return Ok(());
    }
    if !works(root, &["deny", "fetch", "db"]) {
        println!(
            "== advisories: SKIPPED, the list of advisories cannot be reached; nobody looked for known holes"
        );
        return Ok(());
    }
    step::announced("advisories", || {
        let arguments = ["deny", "check", "--disable-fetch", "advisories"];
        step::execute(&mut step::cargo(root, &arguments))
    })
}

/// Whether a command of cargo is there and ends well; it says nothing.
fn works(root: &Path, arguments: &[&str]) -> bool {
    let ran = step::cargo(root, arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    ran.is_ok_and(|status| status.success())
}
