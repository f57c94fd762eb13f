//! `zwerm release`: the protected cube of a view, built and shown.

use std::collections::BTreeMap;

use clap::{ArgMatches, Command};
use serde_json::json;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::release;
use zwerm_app::types::home::{Built, When};
use zwerm_app::words::number::number;

use crate::context::Context;
use crate::{help, output, work};

/// How it is called.
pub(crate) fn command(lang: Lang) -> Command {
    let part = |name: &'static str, about: Text, usage: Text, example: &'static str| {
        help::command(
            name,
            lang,
            help::Help {
                about,
                usage,
                example,
            },
        )
        .arg(help::positional(
            "agreement",
            ("ID", "ID"),
            lang,
            &Text::new("de afspraak in het huis", "the agreement in the home"),
        ))
        .arg(
            help::option(
                "view",
                lang,
                Text::new(
                    "de gezamenlijke basis (anders de eerste)",
                    "the shared view (else the first)",
                ),
            )
            .value_name(help::word(lang, "BASIS", "VIEW")),
        )
    };
    help::command(
        "release",
        lang,
        help::Help {
            about: Text::new(
                "De beschermde tabellen waar alle antwoorden uit komen.",
                "The protected tables that all answers come from.",
            ),
            usage: Text::new("zwerm release OPDRACHT", "zwerm release COMMAND"),
            example: "zwerm release build leiden-goedkoop-scheefwonen",
        },
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommand(
        part(
            "build",
            Text::new(
                "Bouw de uitgave nu, in plaats van bij de eerste vraag.",
                "Build the release now, rather than at the first question.",
            ),
            Text::new(
                "zwerm release build ID [--view BASIS]",
                "zwerm release build ID [--view VIEW]",
            ),
            "zwerm release build leiden-goedkoop-scheefwonen",
        )
        .args(work::limit_args(lang)),
    )
    .subcommand(part(
        "show",
        Text::new(
            "Toon per tabel hoeveel cellen er zijn en hoeveel er zijn afgeschermd.",
            "Show per table how many cells there are and how many are protected.",
        ),
        Text::new(
            "zwerm release show ID [--view BASIS]",
            "zwerm release show ID [--view VIEW]",
        ),
        "zwerm release show leiden-goedkoop-scheefwonen --json",
    ))
}

/// Does it.
pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let (build, matches) = match matches.subcommand() {
        Some(("build", matches)) => (true, matches),
        Some((_, matches)) => (false, matches),
        None => return Ok(()),
    };
    if build {
        context.require_real_day()?;
    }
    let home = context.open_home()?;
    let id = matches
        .get_one::<String>("agreement")
        .map_or("", String::as_str);
    let view = matches.get_one::<String>("view").map(String::as_str);
    let built = if build {
        let watcher = work::Watcher::new(context.lang);
        let progress = |step| watcher.step(step);
        let limits = work::limits(matches);
        let when = When {
            today: context.today,
            now: context.now,
        };
        work::run(release::build(&home, id, view, when, &limits, &progress))?
    } else {
        release::find(&home, id, view)?
    };
    show(&built, context)
}

fn show(built: &Built, context: &Context) -> Result<(), AppError> {
    let cube = &built.cube;
    let mut tables: BTreeMap<(usize, Vec<&str>), (usize, usize)> = BTreeMap::new();
    for cell in &cube.cells {
        let names = cube.dimensions.iter().zip(&cell.coordinates);
        let names: Vec<&str> = names
            .filter(|(_, at)| at.is_some())
            .map(|(d, _)| d.name.as_str())
            .collect();
        let entry = tables.entry((names.len(), names)).or_default();
        entry.0 += 1;
        entry.1 += usize::from(cell.units.is_none());
    }
    let tally = cube.tally();
    let count = |n: usize| number(n as f64, 0, context.lang);
    let table = || {
        let rows = tables.iter().map(|((_, names), (cells, protected))| {
            let name = if names.is_empty() {
                context
                    .say(&Text::new("(alles samen)", "(all together)"))
                    .to_owned()
            } else {
                names.join(" × ")
            };
            let words = Text::new(
                format!(
                    "{} cellen, {} afgeschermd",
                    count(*cells),
                    count(*protected)
                ),
                format!("{} cells, {} protected", count(*cells), count(*protected)),
            );
            vec![format!("  {name}"), context.say(&words).to_owned()]
        });
        let total = Text::new(
            format!(
                "{} cellen, {} afgeschermd, {} leeg",
                count(tally.cells),
                count(tally.protected),
                count(tally.empty)
            ),
            format!(
                "{} cells, {} protected, {} empty",
                count(tally.cells),
                count(tally.protected),
                count(tally.empty)
            ),
        );
        format!(
            "{}\nSHA-256 {}\n{}{}\n",
            built.release.id,
            built.release.hash,
            output::columns(&rows.collect::<Vec<_>>()),
            context.say(&total)
        )
    };
    let json = || {
        let tables = tables.iter().map(|((_, names), (cells, protected))| {
            json!({ "dimensions": names, "cells": cells, "protected": protected })
        });
        json!({
            "release": built.release, "origin": cube.origin, "existed": built.existed,
            "cells": tally.cells, "protected": tally.protected, "empty": tally.empty,
            "tables": tables.collect::<Vec<_>>(),
        })
    };
    output::print(context, table, json)
}
