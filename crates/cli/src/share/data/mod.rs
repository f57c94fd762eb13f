//! `zwerm data`: looking a file through and preparing it, before anything is shared.

pub(crate) mod check;
pub(crate) mod page;
mod prepare;
mod secret;

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use zwerm_agreement::agreement::{Encoding, Format};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;

use crate::context::Context;
use crate::help;

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "data",
        lang,
        help::Help {
            about: Text::new(
                "Gegevens nakijken en voorbereiden, op uw eigen machine, voor u iets deelt.",
                "Check and prepare data, on your own machine, before you share anything.",
            ),
            usage: Text::new("zwerm data OPDRACHT", "zwerm data COMMAND"),
            example: "zwerm data check woningen.xlsx --key bsn\n\
                      zwerm data secret geheim.txt\n\
                      zwerm data prepare woningen.xlsx --key bsn --secret geheim.txt --output woningen.csv",
        },
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([
        check::command(lang),
        prepare::command(lang),
        secret::command(lang),
    ])
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    match matches.subcommand() {
        Some(("check", matches)) => check::run(matches, context),
        Some(("prepare", matches)) => prepare::run(matches, context),
        Some((_, matches)) => secret::run(matches, context),
        None => Ok(()),
    }
}

/// The argument `FILE`.
pub(crate) fn file(lang: Lang) -> Arg {
    help::positional(
        "file",
        ("BESTAND", "FILE"),
        lang,
        &Text::new(
            "de gegevens, als `.csv`, `.xlsx` of `.parquet`",
            "the data, as `.csv`, `.xlsx` or `.parquet`",
        ),
    )
    .value_parser(value_parser!(PathBuf))
}

/// An option that names a column.
pub(crate) fn column(id: &'static str, lang: Lang, text: Text) -> Arg {
    help::option(id, lang, text).value_name(help::word(lang, "KOLOM", "COLUMN"))
}

/// An option that names a file.
pub(crate) fn path(id: &'static str, lang: Lang, text: Text) -> Arg {
    help::option(id, lang, text)
        .value_name(help::word(lang, "BESTAND", "FILE"))
        .value_parser(value_parser!(PathBuf))
}

/// The options that say how a file is written.
pub(crate) fn format_args(lang: Lang) -> Vec<Arg> {
    let heading = help::word(
        lang,
        "Hoe het bestand is geschreven",
        "How the file is written",
    );
    let signs = sign_args(lang).into_iter();
    let others = [encoding(lang), sheet(lang), missing(lang)];
    signs
        .chain(others)
        .map(|arg| arg.help_heading(heading))
        .collect()
}

/// The signs between fields and in numbers.
fn sign_args(lang: Lang) -> [Arg; 3] {
    let separator = Text::new(
        "tussen velden: `,` `;` `|` of tab (anders uit het bestand)",
        "between fields: `,` `;` `|` or tab (else from the file)",
    );
    let decimal = Text::new(
        "voor decimalen: `,` of `.` (anders uit het bestand)",
        "before decimals: `,` or `.` (else from the file)",
    );
    let thousands = Text::new(
        "tussen duizendtallen: `.` `,` `'` of space (anders uit het bestand)",
        "between thousands: `.` `,` `'` or space (else from the file)",
    );
    [
        chosen("separator", lang, separator, &[",", ";", "|", "tab"]),
        chosen("decimal", lang, decimal, &[",", "."]),
        chosen("thousands", lang, thousands, &[".", ",", "'", "space"]),
    ]
}

/// An option whose value is one of a few, which its text names.
fn chosen(id: &'static str, lang: Lang, text: Text, known: &[&'static str]) -> Arg {
    help::option(id, lang, text)
        .value_name(help::word(lang, "TEKEN", "SIGN"))
        .value_parser(known.to_vec())
        .hide_possible_values(true)
}

fn encoding(lang: Lang) -> Arg {
    let text = Text::new(
        "letters als utf-8, utf-16 of windows-1252 (anders uit het bestand)",
        "letters as utf-8, utf-16 or windows-1252 (else from the file)",
    );
    chosen("encoding", lang, text, &["utf-8", "utf-16", "windows-1252"])
        .value_name(help::word(lang, "CODERING", "ENCODING"))
}

fn sheet(lang: Lang) -> Arg {
    let text = Text::new(
        "het blad van een werkmap (anders het eerste met iets erin)",
        "the sheet of a workbook (else the first with anything in it)",
    );
    help::option("sheet", lang, text).value_name(help::word(lang, "BLAD", "SHEET"))
}

fn missing(lang: Lang) -> Arg {
    let text = Text::new(
        "een woord dat `onbekend` betekent, zoals NULL; mag vaker",
        "a word that means `unknown`, such as NULL; may be repeated",
    );
    help::option("missing", lang, text)
        .value_name(help::word(lang, "WOORD", "WORD"))
        .action(ArgAction::Append)
        .allow_hyphen_values(true)
}

/// What was said of how a file is written.
pub(crate) fn format_options(matches: &ArgMatches) -> Format {
    let text = |id: &str| matches.get_one::<String>(id).map(String::as_str);
    let sign = |id: &str| match text(id) {
        Some("tab") => Some('\t'),
        Some("space") => Some(' '),
        other => other.and_then(|t| t.chars().next()),
    };
    Format {
        separator: sign("separator"),
        decimal: sign("decimal"),
        thousands: sign("thousands"),
        encoding: text("encoding").and_then(|word| word.parse::<Encoding>().ok()),
        sheet: text("sheet").map(str::to_owned),
        missing: all(matches, "missing"),
    }
}

/// All values of an option that may be repeated.
pub(crate) fn all(matches: &ArgMatches, id: &str) -> Vec<String> {
    let values = matches.get_many::<String>(id);
    values.map(|all| all.cloned().collect()).unwrap_or_default()
}

/// A path that was given, or nothing.
pub(crate) fn path_of(matches: &ArgMatches, id: &str) -> Option<PathBuf> {
    matches.get_one::<PathBuf>(id).cloned()
}
