//! The project's own chores, run as `cargo xtask CHORE`: `tidy`, `reference`, `test`, `ci`.
//!
//! They are Rust so that they run the same on every machine and need nothing installed but the
//! toolchain.

mod ci;
mod needs;
mod reference;
mod step;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};

const USAGE: &str = "\
usage: cargo xtask CHORE

chores:
  tidy        check what a compiler cannot: dependency arrows, papers, links, words
  reference   write the pages of the documentation that are made from the code
  test        check what the tests need, then run all of them
  ci          formatting, lints, documentation, licences, tidy and tests, in that order
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next();
    if arguments.next().is_some() {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    }
    let outcome = match chore.as_deref() {
        Some("tidy") => root().and_then(|root| tidy::run(&root)),
        Some("reference") => root().and_then(|root| reference::run(&root)),
        Some("test") => root().and_then(|root| test::run(&root)),
        Some("ci") => root().and_then(|root| ci::run(&root)),
        Some("help" | "--help" | "-h") => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root: the folder above this crate.
fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .map(Path::to_path_buf)
        .with_context(|| format!("`{}` has no folder above it", here.display()))
}
