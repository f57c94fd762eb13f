//! The project's own chores, run as `cargo xtask CHORE`: `check`, `tidy`, `functions`, `reference`, `boundaries`,
//! `test`, `ci`, `bench`, `soak`.
//!
//! They are Rust so that they run the same on every machine and need nothing installed but the
//! toolchain.

mod apt;
mod boundaries;
mod check;
mod ci;
mod e2e;
mod functions;
mod measure;
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
  check       formatting, lints and tidy of what changed
  tidy        check what a compiler cannot: dependency arrows, papers, links, words
  functions   how long the functions are: median, 90th percentile, longest
  reference   write the pages of the documentation that are made from the code
  boundaries  write the table of boundaries that maps are drawn with, from a folder with their GeoJSON:
              boundaries [FOLDER], else the folder in ZWERM_REFERENCE_DATA
  test        check what the tests need, install it (asking first at a terminal), then run all of them:
              test [--yes]
  ci          formatting, lints, documentation, licences, tidy and tests, in that order
  bench       measure beside the peers, which need Python, and write bench/README.md:
              bench [cube|protect|peers|linked|question|noise ...] [--quick]
  soak        attack random cubes with integer programs; goes on where it was stopped:
              soak [--cubes N] [--seed S] [--limit SECONDS]
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (chore, rest) = match arguments.split_first() {
        Some((chore, rest)) => (chore.as_str(), rest),
        None => ("", &[][..]),
    };
    let outcome = match (chore, rest) {
        ("bench" | "soak", rest) => root().and_then(|root| measure::run(&root, chore, rest)),
        ("tidy", []) => root().and_then(|root| tidy::run(&root)),
        ("reference", []) => root().and_then(|root| reference::run(&root)),
        ("boundaries", []) => root().and_then(|root| boundaries::run(&root, None)),
        ("boundaries", [folder]) => root().and_then(|root| boundaries::run(&root, Some(folder))),
        ("check", []) => root().and_then(|root| check::run(&root)),
        ("functions", []) => root().and_then(|root| functions::run(&root)),
        ("test", []) => root().and_then(|root| test::run(&root, apt::InstallConsent::Unknown)),
        ("test", [yes]) if yes == "--yes" => {
            root().and_then(|root| test::run(&root, apt::InstallConsent::Given))
        }
        ("ci", []) => root().and_then(|root| ci::run(&root)),
        ("help" | "--help" | "-h", []) => {
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
