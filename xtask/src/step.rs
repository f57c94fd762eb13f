//! One step of a chore: a command, announced, timed, and stopped at when it fails.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

/// The Cargo that started this program, so that a step uses the same toolchain.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root).args(arguments);
    if std::env::var_os("CI").is_some() {
        // what makes the next build quick costs this one, and there is no next one
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// Runs a command with its output left to the terminal.
///
/// # Errors
/// When the command cannot be started or does not end well.
pub(crate) fn execute(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// Announces a step, runs it, and says how long it took.
///
/// # Errors
/// The step's own error, with its name.
pub(crate) fn announced(name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("== {name}");
    let start = Instant::now();
    let outcome = work();
    let seconds = start.elapsed().as_secs_f64();
    match outcome {
        Ok(()) => {
            println!("== {name}: ok, {seconds:.1} s");
            Ok(())
        }
        Err(error) => Err(error.context(format!("step `{name}` failed after {seconds:.1} s"))),
    }
}

fn shown(command: &Command) -> String {
    let mut words = vec![
        Path::new(command.get_program())
            .file_stem()
            .unwrap_or(command.get_program())
            .to_string_lossy()
            .into_owned(),
    ];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_fails_is_an_error_that_names_it() {
        let error = execute(&mut Command::new("false")).map_err(|error| error.to_string());
        assert!(error.is_err_and(|text| text.contains("`false` failed")));
    }

    #[test]
    fn a_command_that_does_not_exist_is_an_error() {
        assert!(execute(&mut Command::new("zwerm-no-such-program")).is_err());
    }

    #[test]
    fn a_failing_step_says_which_step() {
        let error = announced("trial", || bail!("because")).map_err(|error| format!("{error:#}"));
        assert!(error.is_err_and(|text| text.contains("`trial`") && text.ends_with("because")));
    }
}
