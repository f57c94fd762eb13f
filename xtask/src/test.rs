//! `cargo xtask test`: every test of the project: in a browser, unit, integration and documentation.
//!
//! On success the last thing printed is the test runner's own closing lines; nothing follows them.

use std::path::Path;

use anyhow::Result;

use crate::{apt, e2e, needs, step};

/// Checks the machine, then runs the tests.
///
/// Everything is built once: the browser drives the very program that the other tests start.
///
/// # Errors
/// When the machine lacks something, or a test fails.
pub(crate) fn run(root: &Path, consent: apt::InstallConsent) -> Result<()> {
    needs::check(root)?;
    apt::provide(consent);
    if std::env::var_os("ZWERM_REFERENCE_DATA").is_none() {
        println!(
            "ZWERM_REFERENCE_DATA is not set: tests against published reference data skip themselves"
        );
    }
    step::execute(&mut step::cargo(root, &["test", "--workspace", "--no-run"]))?;
    e2e::run(root)?;
    step::execute(&mut step::cargo(root, &["test", "--workspace"]))
}
