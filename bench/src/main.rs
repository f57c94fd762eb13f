//! What Zwerm measures of itself, beside its peers (`cargo xtask bench`), and random cubes under attack
//! (`cargo xtask soak`).

#![allow(
    clippy::indexing_slicing,
    reason = "a key of JSON that is not there reads as nothing, and is added when it is written"
)]

mod arguments;
mod bench;
mod child;
mod cube;
// the tables of `disclosure`'s own tests
#[path = "../../crates/disclosure/tests/generate/mod.rs"]
mod generate;
mod growth;
mod linked;
mod machine;
mod noise;
mod numbers;
mod opinion;
mod peers;
mod plot;
mod protect;
mod python;
mod question;
mod recheck;
mod report;
mod soak;

use std::process::ExitCode;

use anyhow::Result;

const USAGE: &str = "\
usage: cargo xtask bench [cube|protect|peers|linked|question|noise|growth|opinion …] [--quick]
       cargo xtask soak [--cubes N] [--seed S] [--limit SECONDS]
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (word, rest) = match arguments.split_first() {
        Some((word, rest)) => (word.as_str(), rest),
        None => ("", &[][..]),
    };
    let outcome: Result<()> = match word {
        "bench" => bench::run(rest),
        child::WORD => bench::measure(rest),
        "soak" => soak::run(rest),
        soak::WORD => soak::serve(),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
