//! `zwerm init`: makes a home.

use clap::{ArgMatches, Command};
use serde_json::json;
use zwerm_commons::text::{Lang, Text};

use super::context::Context;
use super::{help, output};
use crate::app::error::AppError;
use crate::app::home::{Home, Initialised};

/// How it is called.
pub(super) fn command(lang: Lang) -> Command {
    help::command(
        "init",
        lang,
        help::Help {
            about: Text::new(
                "Maak een huis: een map voor afspraken, gegevens en de lijst van vragen.",
                "Make a home: a folder for agreements, data and the list of questions.",
            ),
            usage: Text::new("zwerm init [--home MAP]", "zwerm init [--home DIR]"),
            example: "zwerm init --home ./leiden",
        },
    )
}

/// Does it.
pub(super) fn run(_: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let done = Home::init(&context.home)?;
    let shown = context.home.display();
    let text = match done {
        Initialised::Made => Text::new(
            format!(
                "Het huis `{shown}` is gemaakt. Voeg een afspraak toe met `zwerm agreement add BESTAND`."
            ),
            format!(
                "The home `{shown}` was made. Add an agreement with `zwerm agreement add FILE`."
            ),
        ),
        Initialised::WasThere => Text::new(
            format!("`{shown}` is al een huis; er is niets veranderd."),
            format!("`{shown}` is a home already; nothing was changed."),
        ),
    };
    let made = done == Initialised::Made;
    output::print(
        context,
        || format!("{}\n", context.say(&text)),
        || json!({ "home": shown.to_string(), "made": made }),
    )
}
