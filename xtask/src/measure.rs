//! `cargo xtask bench` and `cargo xtask soak`: builds for speed, then hands over to the crate `bench`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{needs, step};

/// Builds the program that measures and the one that is measured, and runs the former.
///
/// # Errors
/// When the machine lacks something, something does not build, or the chore itself fails.
pub(crate) fn run(root: &Path, chore: &str, arguments: &[String]) -> Result<()> {
    needs::check(root)?;
    // both at once: alone, the one would need the engine built anew with other features
    let both = [
        "build",
        "--quiet",
        "--release",
        "-p",
        "zwerm",
        "-p",
        "zwerm-bench",
    ];
    step::execute(&mut step::cargo(root, &both))?;
    let target = std::env::var_os("CARGO_TARGET_DIR");
    let target = target.map_or_else(
        || root.join("target"),
        |folder| root.join(PathBuf::from(folder)),
    );
    let mut program = Command::new(target.join("release").join("zwerm-bench"));
    step::execute(program.arg(chore).args(arguments))
}
