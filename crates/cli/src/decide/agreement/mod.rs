//! `zwerm agreement`: adding, checking, showing and stopping agreements.

mod add;
mod change;
mod check;
mod consent;
mod draft;
mod list;
mod page;
mod show;
mod wire;
mod words;

use clap::{Arg, ArgMatches, Command};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;

use crate::context::Context;
use crate::help;

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "agreement",
        lang,
        help::Help {
            about: Text::new(
                "Afspraken: toevoegen, nakijken, tonen, ermee instemmen, opschorten en beëindigen.",
                "Agreements: add, check, show, consent to, suspend and end them.",
            ),
            usage: Text::new("zwerm agreement OPDRACHT", "zwerm agreement COMMAND"),
            example: "zwerm agreement add agreement-v2.toml\nzwerm agreement list",
        },
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([
        draft::command(lang),
        add::command(lang),
        check::command(lang),
        show::command(lang),
        list::command(lang),
    ])
    .subcommands(consent::commands(lang))
    .subcommands(change::commands(lang))
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    match matches.subcommand() {
        Some(("draft", matches)) => draft::run(matches, context),
        Some(("add", matches)) => add::run(matches, context),
        Some(("check", matches)) => check::run(matches, context),
        Some(("show", matches)) => show::run(matches, context),
        Some((name @ ("consent" | "object"), matches)) => consent::run(name, matches, context),
        Some((name @ ("suspend" | "resume" | "end"), matches)) => {
            change::run(name, matches, context)
        }
        _ => list::run(context),
    }
}

/// The argument `FILE`.
fn file(lang: Lang) -> Arg {
    help::positional(
        "file",
        ("BESTAND", "FILE"),
        lang,
        &Text::new("de afspraak, als TOML", "the agreement, as TOML"),
    )
    .value_parser(clap::value_parser!(std::path::PathBuf))
}

/// A value that clap made sure is there.
fn text<'m>(matches: &'m ArgMatches, id: &str) -> &'m str {
    matches.get_one::<String>(id).map_or("", String::as_str)
}

/// The path that [`file()`] was given.
fn path(matches: &ArgMatches) -> std::path::PathBuf {
    matches.get_one("file").cloned().unwrap_or_default()
}
