//! The options that every command takes.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use jiff::civil::Date;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;

use crate::context::OutputFormat;
use crate::help;

pub(crate) const DEFAULT_HOME: &str = "./zwerm-home";

/// What can be seen before the line is parsed, so that help and usage errors come out right.
pub(crate) struct Glance {
    pub(crate) lang: Lang,
    pub(crate) format: OutputFormat,
}

/// What was chosen.
pub(crate) struct GlobalChoices {
    pub(crate) lang: Lang,
    pub(crate) format: OutputFormat,
    pub(crate) home: PathBuf,
    pub(crate) home_named: bool,
    pub(crate) today: Option<Date>,
    pub(crate) today_named: bool,
}

/// Looks for the language and the format; what cannot be understood is left for the parser to tell.
pub(crate) fn glance(args: &[OsString]) -> Glance {
    let args: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let environment = std::env::var("ZWERM_LANG").ok();
    let lang = last(&args, "--lang").or(environment.as_deref());
    let json = args.contains(&"--json") || last(&args, "--format") == Some("json");
    Glance {
        lang: lang.and_then(|l| l.parse().ok()).unwrap_or(Lang::Nl),
        format: if json {
            OutputFormat::Json
        } else {
            OutputFormat::Table
        },
    }
}

/// The last value of an option, written `--name value` or `--name=value`.
fn last<'a>(args: &[&'a str], name: &str) -> Option<&'a str> {
    let apart = args.windows(2).filter_map(|pair| match pair {
        [option, value] if *option == name => Some(*value),
        _ => None,
    });
    let joined = args
        .iter()
        .filter_map(|arg| arg.strip_prefix(name)?.strip_prefix('='));
    apart.chain(joined).last()
}

/// The options, described in one language.
pub(crate) fn args(lang: Lang) -> Vec<Arg> {
    let json = Text::new("hetzelfde als --format json", "the same as --format json");
    let help = Text::new("toon deze uitleg", "show this help");
    let heading = heading(lang);
    vec![
        home(lang),
        format(lang, &["table", "json"]).help_heading(heading),
        global("json", lang, json).action(ArgAction::SetTrue),
        language(lang),
        today(lang),
        global("help", lang, help)
            .short('h')
            .action(ArgAction::Help),
    ]
}

fn heading(lang: Lang) -> &'static str {
    help::word(lang, "Overal", "Everywhere")
}

/// An option of every command.
fn global(id: &'static str, lang: Lang, text: Text) -> Arg {
    help::option(id, lang, text)
        .global(true)
        .help_heading(heading(lang))
}

fn home(lang: Lang) -> Arg {
    let text = Text::new(
        "het huis: de map met afspraken en gegevens (anders $ZWERM_HOME, anders ./zwerm-home)",
        "the home: the folder with agreements and data (else $ZWERM_HOME, else ./zwerm-home)",
    );
    global("home", lang, text)
        .value_name(help::word(lang, "MAP", "DIR"))
        .value_parser(value_parser!(PathBuf))
        .env("ZWERM_HOME")
        .hide_env(true)
        .default_value(DEFAULT_HOME)
        .hide_default_value(true)
}

fn language(lang: Lang) -> Arg {
    let text = Text::new(
        "taal: nl of en (anders $ZWERM_LANG, anders nl)",
        "language: nl or en (else $ZWERM_LANG, else nl)",
    );
    global("lang", lang, text)
        .value_name(help::word(lang, "TAAL", "LANG"))
        .value_parser(["nl", "en"])
        .hide_possible_values(true)
        .env("ZWERM_LANG")
        .hide_env(true)
        .default_value("nl")
        .hide_default_value(true)
}

fn today(lang: Lang) -> Arg {
    let text = Text::new(
        "doe alsof het deze dag is (JJJJ-MM-DD, UTC); om te proberen",
        "pretend that it is this day (YYYY-MM-DD, UTC); for trying things",
    );
    global("today", lang, text)
        .value_name(help::word(lang, "DAG", "DAY"))
        .env("ZWERM_TODAY")
        .hide_env(true)
}

/// The option `--format`; a command that knows more formats describes it anew under the same name.
pub(crate) fn format(lang: Lang, known: &[&'static str]) -> Arg {
    let or = help::word(lang, " of ", " or ");
    let listed = known.join(or);
    help::option(
        "format",
        lang,
        Text::new(
            format!("hoe gegevens getoond worden: {listed} (anders table)"),
            format!("how data are printed: {listed} (else table)"),
        ),
    )
    .global(true)
    .value_name(help::word(lang, "VORM", "FORMAT"))
    .value_parser(known.to_vec())
    .hide_possible_values(true)
    .default_value("table")
    .hide_default_value(true)
}

/// What was chosen, from the matches of the innermost subcommand.
pub(crate) fn chosen(matches: &ArgMatches) -> Result<GlobalChoices, AppError> {
    let text = |id: &str| matches.get_one::<String>(id).map(String::as_str);
    let json = matches.get_flag("json") || text("format") == Some("json");
    let lang = text("lang").and_then(|word| word.parse().ok());
    let home = matches.get_one::<PathBuf>("home").cloned();
    Ok(GlobalChoices {
        lang: lang.unwrap_or(Lang::Nl),
        format: if json {
            OutputFormat::Json
        } else {
            OutputFormat::Table
        },
        home: home.unwrap_or_else(|| DEFAULT_HOME.into()),
        home_named: matches.value_source("home") != Some(ValueSource::DefaultValue),
        today: text("today").map(day).transpose()?,
        today_named: matches.value_source("today") == Some(ValueSource::CommandLine),
    })
}

fn day(text: &str) -> Result<Date, AppError> {
    text.parse().map_err(|_| {
        AppError::usage(
            FaultCode::Malformed,
            Text::new(
                format!("`--today`: `{text}` is geen dag"),
                format!("`--today`: `{text}` is no day"),
            ),
            Text::new(
                "schrijf jaar-maand-dag, zoals `2026-03-01`",
                "write year-month-day, such as `2026-03-01`",
            ),
        )
    })
}
