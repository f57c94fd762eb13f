//! Zwerm: share data on conditions that people set together and that the engine enforces.
//!
//! The binary: use cases in `app`, the command line in `cli`, the pages in `web`, words that both say in `words`. Exit codes stand in `cli::exit`.

mod app;
mod cli;
mod web;
mod words;

use std::process::ExitCode;

fn main() -> ExitCode {
    // A panic is our failure, and must not look like a refusal or a wrong command.
    let finished = std::panic::catch_unwind(|| cli::run(std::env::args_os().collect()));
    ExitCode::from(finished.unwrap_or(cli::exit::FAILED))
}
