//! `zwerm example`: the worked examples, and their synthetic data.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use serde_json::{Value, json};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::demo::example::{self, WrittenExample};
use zwerm_app::error::AppError;
use zwerm_app::types::example::{DEFAULT_SEED, EXAMPLES};

use crate::context::Context;
use crate::work::Watcher;
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "example",
        lang,
        help::Help {
            about: Text::new(
                "Uitgewerkte voorbeelden, met gegevens die verzonnen zijn naar echte cijfers.",
                "Worked examples, with data that are made up after real figures.",
            ),
            usage: Text::new("zwerm example OPDRACHT", "zwerm example COMMAND"),
            example: "zwerm example list",
        },
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommand(help::command(
        "list",
        lang,
        help::Help {
            about: Text::new(
                "Toon welke voorbeelden er zijn.",
                "Show which examples there are.",
            ),
            usage: Text::new("zwerm example list", "zwerm example list"),
            example: "zwerm example list --json",
        },
    ))
    .subcommand(generate_command(lang))
}

fn generate_command(lang: Lang) -> Command {
    let name = Text::new(
        "het voorbeeld; zie `zwerm example list`",
        "the example; see `zwerm example list`",
    );
    help::command(
        "generate",
        lang,
        help::Help {
            about: Text::new(
                "Schrijf de afspraken van een voorbeeld, en de gegevens ernaast in `data/`.",
                "Write an example's agreements, and its data beside them in `data/`.",
            ),
            usage: Text::new(
                "zwerm example generate NAAM [--seed GETAL] [--output MAP]",
                "zwerm example generate NAME [--seed NUMBER] [--output DIR]",
            ),
            example: "zwerm example generate leiden-goedkoop-scheefwonen --output ./leiden-voorbeeld",
        },
    )
    .arg(help::positional("name", ("NAAM", "NAME"), lang, &name))
    .args([seed(lang), folder(lang)])
}

fn seed(lang: Lang) -> Arg {
    let text = Text::new(
        format!(
            "begin van het toeval: hetzelfde getal geeft dezelfde gegevens (anders {DEFAULT_SEED})"
        ),
        format!("start of chance: the same number gives the same data (else {DEFAULT_SEED})"),
    );
    help::option("seed", lang, text)
        .value_name(help::word(lang, "GETAL", "NUMBER"))
        .value_parser(value_parser!(u64))
}

fn folder(lang: Lang) -> Arg {
    let text = Text::new(
        "de map om in te schrijven (anders deze map)",
        "the folder to write in (else this one)",
    );
    help::option("output", lang, text)
        .value_name(help::word(lang, "MAP", "DIR"))
        .value_parser(value_parser!(PathBuf))
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    match matches.subcommand() {
        Some(("generate", matches)) => generate(matches, context),
        _ => list(context),
    }
}

fn list(context: &Context) -> Result<(), AppError> {
    let title = |example: &zwerm_app::types::example::ExampleInfo| match context.lang {
        Lang::Nl => example.title_nl,
        Lang::En => example.title_en,
    };
    let rows = EXAMPLES
        .iter()
        .map(|example| vec![example.name.to_owned(), title(example).to_owned()]);
    let all = EXAMPLES
        .iter()
        .map(|example| json!({ "name": example.name, "title": title(example) }));
    output::print(
        context,
        || output::columns(&rows.collect::<Vec<_>>()),
        || json!({ "examples": all.collect::<Vec<_>>() }),
    )
}

fn generate(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let name = matches.get_one::<String>("name").map_or("", String::as_str);
    let seed = matches.get_one::<u64>("seed").copied();
    let folder = matches.get_one::<PathBuf>("output").cloned();
    let seed = seed.unwrap_or(DEFAULT_SEED);
    let folder = folder.unwrap_or_else(|| ".".into());
    let watcher = Watcher::new(context.lang);
    let written = example::write(name, seed, &folder, &|wrote| watcher.wrote(wrote))?;
    drop(watcher);
    output::print(
        context,
        || table(&written, seed, context),
        || wire(&written, name, seed),
    )
}

/// What was made for people: how well it fits what was published, and where it is.
fn table(written: &WrittenExample, seed: u64, context: &Context) -> String {
    let generated = &written.generated;
    let Text { nl, en } = &generated.told;
    let made = generated.households;
    let head = Text::new(
        format!(
            "{made} huishoudens gemaakt met seed {seed}; {nl}.\n\
             Alle huishoudens zijn verzonnen. Grootste afwijking van wat gepubliceerd is:\n\n"
        ),
        format!(
            "{made} households made with seed {seed}; {en}.\n\
             All households are made up. Largest error against what was published:\n\n"
        ),
    );
    let fits = generated.fits.iter().map(|fit| {
        let error = format!("{:.2}%", fit.largest_relative_error * 100.0);
        vec![
            format!("  {error}"),
            fit.name.clone(),
            fit.source.to_owned(),
        ]
    });
    let files = written
        .files
        .iter()
        .map(|file| format!("  {}\n", file.display()));
    let wrote = Text::new("Geschreven:", "Written:");
    format!(
        "{}{}\n{}\n{}",
        context.say(&head),
        output::columns(&fits.collect::<Vec<_>>()),
        context.say(&wrote),
        files.collect::<String>()
    )
}

/// What was made for programs.
fn wire(written: &WrittenExample, name: &str, seed: u64) -> Value {
    let generated = &written.generated;
    let files = written.files.iter().map(|file| file.display().to_string());
    let files: Vec<_> = files.collect();
    let fits = generated.fits.iter().map(|fit| {
        json!({
            "marginal": fit.name, "totals": fit.cells,
            "largest_relative_error": fit.largest_relative_error, "source": fit.source,
        })
    });
    json!({
        "example": name, "seed": seed, "households": generated.households,
        "delivered": generated.delivered, "files": files, "fits": fits.collect::<Vec<_>>(),
    })
}
