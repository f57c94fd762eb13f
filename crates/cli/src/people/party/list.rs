//! `zwerm party list`: the parties that the home knows.

use clap::Command;
use serde_json::json;
use zwerm_agreement::agreement::Helix;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::people::parties::{self, PartyLine};

use crate::context::Context;
use crate::people::user::with_site;
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "list",
        lang,
        help::Help {
            about: Text::new(
                "Toon de partners die dit huis kent.",
                "Show the parties that this home knows.",
            ),
            usage: Text::new("zwerm party list", "zwerm party list"),
            example: "zwerm party list",
        },
    )
}

pub(crate) fn run(context: &Context) -> Result<(), AppError> {
    let lines = with_site(context, async |site| {
        parties::lines(&site, "", u32::MAX).await
    })?;
    output::print(
        context,
        || {
            let rows: Vec<Vec<String>> = lines.iter().map(|line| row(line, context)).collect();
            output::columns(&rows)
        },
        || {
            let all = lines.iter().map(|PartyLine { party, agreed }| {
                json!({
                    "id": party.id,
                    "name": party.name,
                    "side": party.helix.map(Helix::as_str),
                    "public_key": party.public_key,
                    "agreement": agreed.as_ref().map(|(id, _)| id),
                })
            });
            json!({ "parties": all.collect::<Vec<_>>() })
        },
    )
}

fn row(PartyLine { party, .. }: &PartyLine, context: &Context) -> Vec<String> {
    let side = party.helix.map_or_else(
        || Text::new("leverancier", "supplier"),
        |helix| helix.name(),
    );
    let key = match party.public_key {
        Some(_) => Text::new("heeft een sleutel", "has a key"),
        None => Text::new("nog geen sleutel", "no key yet"),
    };
    [&Text::same(&party.id), &party.name, &side, &key]
        .map(|words| context.say(words).to_owned())
        .into()
}
