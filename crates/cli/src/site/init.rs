//! `zwerm init`: makes a home.

use clap::{ArgMatches, Command};
use serde_json::json;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::types::home::{Home, Initialised};

use crate::context::Context;
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "init",
        lang,
        help::Help {
            about: Text::new(
                "Maak een huis: een map voor afspraken, gegevens en het openbare logboek.",
                "Make a home: a folder for agreements, data and the public log.",
            ),
            usage: Text::new(
                "zwerm init [--home MAP] [--log-name NAAM]",
                "zwerm init [--home DIR] [--log-name NAME]",
            ),
            example: "zwerm init --home ./leiden --log-name leiden.nl/zwerm",
        },
    )
    .arg(
        help::option(
            "log-name",
            lang,
            Text::new(
                "naam van het openbare logboek, voorgoed (anders een getrokken naam)",
                "name of the public log, for good (else one that is drawn)",
            ),
        )
        .value_name(help::word(lang, "NAAM", "NAME")),
    )
}

/// Makes the folders of a home, and its log with a key.
pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let name = matches.get_one::<String>("log-name").map(String::as_str);
    let done = Home::init(&context.home, name)?;
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
        Initialised::Renewed => Text::new(
            format!(
                "Het huis `{shown}` heeft nu een openbaar logboek. Wat er was, is gebleven; zonder handtekeningen is een afspraak niet meer van kracht."
            ),
            format!(
                "The home `{shown}` has a public log now. What was there stayed; without signatures an agreement is in force no longer."
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
