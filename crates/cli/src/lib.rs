//! The command line: parses, calls one use case, renders.
//!
//! Each subcommand is a module with `command(lang)`, which describes it, and `run(matches, context)`, which does it.
//! `SUBCOMMANDS` lists them; nothing else has to know a new one.

mod context;
mod decide;
mod demo;
pub mod exit;
mod failure;
mod globals;
mod help;
mod keep;
mod ledger;
mod output;
mod people;
mod share;
mod site;
mod usage;
mod work;

use std::ffi::OsString;
use std::io::Write;

use clap::error::ErrorKind;
use clap::{ArgMatches, Command};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;

pub use context::{OnListening, Serve, Served};

use crate::context::{Context, OutputFormat};

/// A subcommand of `zwerm`.
struct Subcommand {
    name: &'static str,
    command: fn(Lang) -> Command,
    run: fn(&ArgMatches, &Context) -> Result<(), AppError>,
}

/// All subcommands, in the order of the help.
const SUBCOMMANDS: &[Subcommand] = &[
    Subcommand {
        name: "demo",
        command: demo::command,
        run: demo::run,
    },
    Subcommand {
        name: "init",
        command: site::init::command,
        run: site::init::run,
    },
    Subcommand {
        name: "serve",
        command: site::serve::command,
        run: site::serve::run,
    },
    Subcommand {
        name: "user",
        command: people::user::command,
        run: people::user::run,
    },
    Subcommand {
        name: "agreement",
        command: decide::agreement::command,
        run: decide::agreement::run,
    },
    Subcommand {
        name: "party",
        command: people::party::command,
        run: people::party::run,
    },
    Subcommand {
        name: "data",
        command: share::data::command,
        run: share::data::run,
    },
    Subcommand {
        name: "protect",
        command: share::protect::command,
        run: share::protect::run,
    },
    Subcommand {
        name: "ask",
        command: share::ask::command,
        run: share::ask::run,
    },
    Subcommand {
        name: "answers",
        command: share::answers::command,
        run: share::answers::run,
    },
    Subcommand {
        name: "release",
        command: share::release::command,
        run: share::release::run,
    },
    Subcommand {
        name: "ledger",
        command: ledger::command,
        run: ledger::run,
    },
    Subcommand {
        name: "backup",
        command: keep::backup::command,
        run: keep::backup::run,
    },
    Subcommand {
        name: "restore",
        command: keep::backup::restore_command,
        run: keep::backup::run_restore,
    },
    Subcommand {
        name: "verify",
        command: ledger::verify::command,
        run: ledger::verify::run,
    },
    Subcommand {
        name: "barriers",
        command: share::barriers::command,
        run: share::barriers::run,
    },
    Subcommand {
        name: "what-if",
        command: share::barriers::what_if_command,
        run: share::barriers::run_what_if,
    },
    Subcommand {
        name: "example",
        command: demo::example::command,
        run: demo::example::run,
    },
];

/// Runs the program with its arguments, its own name first, and with what serves a home; returns the exit code.
pub fn run(args: Vec<OsString>, serve: Serve) -> u8 {
    let first = globals::glance(&args);
    let matches = match command(first.lang).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => return told(&error, first.lang, first.format),
    };
    let finished = Context::new(&matches, serve).and_then(|context| {
        let done = dispatch(&matches, &context);
        done.map_err(|error| failure::tell(&error, context.lang, context.format))
            .or_else(Ok)
    });
    finished.unwrap_or_else(|error| failure::tell(&error, first.lang, first.format))
}

fn dispatch(matches: &ArgMatches, context: &Context) -> Result<u8, AppError> {
    let (name, matches) = matches.subcommand().unwrap_or(("", matches));
    let found = SUBCOMMANDS
        .iter()
        .find(|subcommand| subcommand.name == name);
    let subcommand = found.ok_or_else(|| AppError::Internal(format!("no subcommand `{name}`")))?;
    (subcommand.run)(matches, context).map(|()| exit::OK)
}

/// The whole command line in one language.
fn command(lang: Lang) -> Command {
    let root = help::command(
        "zwerm",
        lang,
        help::Help {
            about: Text::new(
                "Deel gegevens onder voorwaarden die u samen stelt en die de machine bewaakt.",
                "Share data on conditions that you set together and that the machine enforces.",
            ),
            usage: Text::new("zwerm OPDRACHT [opties]", "zwerm COMMAND [options]"),
            example: "zwerm init\n\
                      zwerm example generate leiden-goedkoop-scheefwonen\n\
                      zwerm agreement add agreement-v2.toml\n\
                      zwerm agreement show leiden-goedkoop-scheefwonen",
        },
    );
    let root = root
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args(globals::args(lang))
        .arg(help::version(lang));
    let all = SUBCOMMANDS.iter();
    root.subcommands(all.map(|subcommand| (subcommand.command)(lang)))
}

/// Tells what clap has to say: help and version on stdout, a usage error on stderr.
fn told(error: &clap::Error, lang: Lang, format: OutputFormat) -> u8 {
    let text = || error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match output::write(&text()) {
            Ok(()) => exit::OK,
            Err(error) => failure::tell(&error, lang, format),
        },
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if format != OutputFormat::Json => {
            // Nobody is left to tell when stderr is closed.
            let _ = std::io::stderr().write_all(text().as_bytes());
            exit::WRONG
        }
        _ => failure::tell(&usage::error(error), lang, format),
    }
}

#[cfg(test)]
mod tests {
    use clap::Arg;

    use super::*;

    #[test]
    fn the_command_line_is_sound_in_both_languages() {
        for lang in [Lang::Nl, Lang::En] {
            command(lang).debug_assert();
        }
    }

    #[test]
    fn a_command_can_know_more_formats_than_the_others() {
        let formats = globals::format(Lang::Nl, &["table", "json", "csv"]);
        let tables = Command::new("tables").arg(formats).arg(Arg::new("sql"));
        let root = || command(Lang::Nl).subcommand(tables.clone());
        root().debug_assert();
        let line = |words: &'static str| {
            let matches = root().try_get_matches_from(words.split(' ')).ok()?;
            let (_, inner) = matches.subcommand()?;
            inner.get_one::<String>("format").cloned()
        };
        assert_eq!(line("zwerm tables --format csv").as_deref(), Some("csv"));
        assert_eq!(line("zwerm --format json tables").as_deref(), Some("json"));
        assert_eq!(line("zwerm tables").as_deref(), Some("table"));
        assert_eq!(line("zwerm init --format csv"), None);
    }
}
