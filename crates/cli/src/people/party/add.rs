//! `zwerm party add`: registers a party before any agreement names it.

use clap::{ArgMatches, Command};
use serde_json::json;
use zwerm_agreement::agreement::Helix;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::people::parties::{self, PartyWords};
use zwerm_app::people::people::By;

use crate::context::Context;
use crate::people::user::{text, with_site};
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    let id = Text::new(
        "de korte naam waarmee afspraken de partner noemen",
        "the id by which agreements name the party",
    );
    help::command(
        "add",
        lang,
        help::Help {
            about: Text::new(
                "Schrijf een partner in, voordat een afspraak die noemt.",
                "Register a party, before an agreement names it.",
            ),
            usage: Text::new(
                "zwerm party add ID --name NAAM --side KANT",
                "zwerm party add ID --name NAME --side SIDE",
            ),
            example: "zwerm party add gemeente-leiden --name \"Gemeente Leiden\" --side government",
        },
    )
    .arg(help::positional("id", ("ID", "ID"), lang, &id))
    .arg(
        help::option("name", lang, Text::new("hoe mensen de partner noemen", "what people call the party"))
            .value_name(help::word(lang, "NAAM", "NAME"))
            .required(true),
    )
    .arg(
        help::option(
            "name-en",
            lang,
            Text::new("de naam in het Engels, als die anders is", "the name in English, if it differs"),
        )
        .value_name(help::word(lang, "NAAM", "NAME")),
    )
    .arg(
        help::option(
            "side",
            lang,
            Text::new(
                "de kant van de tafel: government (overheid), organisations (organisaties), knowledge (kennis) of residents (inwoners)",
                "the side of the table: government, organisations, knowledge or residents",
            ),
        )
        .value_name(help::word(lang, "KANT", "SIDE"))
        .value_parser(Helix::ALL.iter().map(|side| side.as_str()).collect::<Vec<_>>())
        .required(true),
    )
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    context.require_real_day()?;
    let of = |name: &str| text(matches, name).unwrap_or_default().to_owned();
    let words = PartyWords {
        name: Text::new(of("name"), of("name-en")),
        side: of("side"),
        id: of("id"),
    };
    let party = with_site(context, async |site| {
        parties::register(&site, &words, By::Machine).await
    })?;
    let told = Text::new(
        format!("Partner `{}` is ingeschreven.\n", party.id),
        format!("The party `{}` is registered.\n", party.id),
    );
    output::print(
        context,
        || context.say(&told).to_owned(),
        || json!({ "id": party.id, "name": party.name, "side": party.helix.map(Helix::as_str) }),
    )
}
