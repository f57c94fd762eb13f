//! `zwerm release`: the protected cube of a view, built and shown.

use clap::{Arg, ArgMatches, Command};
use serde_json::{Value, json};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::release;
use zwerm_app::types::home::{BuiltRelease, When};
use zwerm_app::types::question::cube::TableTally;
use zwerm_app::words::number::number;

use crate::context::Context;
use crate::{help, output, work};

/// The options of `release` and its two commands.
pub(crate) fn command(lang: Lang) -> Command {
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
    .subcommand(build_command(lang))
    .subcommand(show_command(lang))
}

fn build_command(lang: Lang) -> Command {
    help::command(
        "build",
        lang,
        help::Help {
            about: Text::new(
                "Bouw de uitgave nu, in plaats van bij de eerste vraag.",
                "Build the release now, rather than at the first question.",
            ),
            usage: Text::new(
                "zwerm release build ID [--view BASIS]",
                "zwerm release build ID [--view VIEW]",
            ),
            example: "zwerm release build leiden-goedkoop-scheefwonen",
        },
    )
    .args(view_args(lang))
    .args(work::limit_args(lang))
}

fn show_command(lang: Lang) -> Command {
    help::command(
        "show",
        lang,
        help::Help {
            about: Text::new(
                "Toon per tabel hoeveel cellen er zijn en hoeveel er zijn afgeschermd.",
                "Show per table how many cells there are and how many are protected.",
            ),
            usage: Text::new(
                "zwerm release show ID [--view BASIS]",
                "zwerm release show ID [--view VIEW]",
            ),
            example: "zwerm release show leiden-goedkoop-scheefwonen --json",
        },
    )
    .args(view_args(lang))
}

/// The view that a release is of: the agreement, and which of its views.
fn view_args(lang: Lang) -> [Arg; 2] {
    let agreement = Text::new("de afspraak in het huis", "the agreement in the home");
    let view = Text::new(
        "de gezamenlijke basis (anders de eerste)",
        "the shared view (else the first)",
    );
    [
        help::positional("agreement", ("ID", "ID"), lang, &agreement),
        help::option("view", lang, view).value_name(help::word(lang, "BASIS", "VIEW")),
    ]
}

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
        release::find(&home, id, view, context.today)?
    };
    show(&built, context)
}

fn show(built: &BuiltRelease, context: &Context) -> Result<(), AppError> {
    let tables = built.cube.tables();
    output::print(
        context,
        || table(built, &tables, context),
        || wire(built, &tables),
    )
}

/// A release for people: a line for each table, and the total.
fn table(built: &BuiltRelease, tables: &[TableTally], context: &Context) -> String {
    let count = |n: usize| number(n as f64, 0, context.lang);
    let rows = tables.iter().map(|one| {
        let name = if one.dimensions.is_empty() {
            context
                .say(&Text::new("(alles samen)", "(all together)"))
                .to_owned()
        } else {
            one.dimensions.join(" × ")
        };
        let (cells, protected) = (count(one.cells), count(one.protected));
        let words = Text::new(
            format!("{cells} cellen, {protected} afgeschermd"),
            format!("{cells} cells, {protected} protected"),
        );
        vec![format!("  {name}"), context.say(&words).to_owned()]
    });
    let tally = built.cube.tally();
    let [cells, protected, empty] = [tally.cells, tally.protected, tally.empty].map(count);
    let total = Text::new(
        format!("{cells} cellen, {protected} afgeschermd, {empty} leeg"),
        format!("{cells} cells, {protected} protected, {empty} empty"),
    );
    format!(
        "{}\nSHA-256 {}\n{}{}\n",
        built.release.id,
        built.release.hash,
        output::columns(&rows.collect::<Vec<_>>()),
        context.say(&total)
    )
}

/// A release for programs.
fn wire(built: &BuiltRelease, tables: &[TableTally]) -> Value {
    let tally = built.cube.tally();
    let tables = tables.iter().map(|one| {
        json!({ "dimensions": one.dimensions, "cells": one.cells, "protected": one.protected })
    });
    json!({
        "release": built.release, "origin": built.cube.origin, "existed": built.existed,
        "cells": tally.cells, "protected": tally.protected, "empty": tally.empty,
        "tables": tables.collect::<Vec<_>>(),
    })
}
