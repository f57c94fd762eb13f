//! `zwerm agreement list`.

use clap::Command;
use serde_json::json;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::site::standing::Standing;
use zwerm_app::types::home::lacking;

use crate::context::Context;
use crate::decide::agreement::wire;
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "list",
        lang,
        help::Help {
            about: Text::new(
                "Toon de afspraken in het huis, elk op één regel: de versie die van kracht is, of anders de nieuwste, en hoe het ermee staat.",
                "List the agreements in the home, a line each: the version in force, or else the newest, and how it stands.",
            ),
            usage: Text::new(
                "zwerm agreement list [--home MAP]",
                "zwerm agreement list [--home DIR]",
            ),
            example: "zwerm agreement list --json",
        },
    )
}

pub(crate) fn run(context: &Context) -> Result<(), AppError> {
    let home = context.open_home()?;
    let all = home.agreements(context.today)?;
    let table = || {
        if all.is_empty() {
            let none = Text::new(
                "Er zijn nog geen afspraken. Voeg er een toe met `zwerm agreement add BESTAND`.",
                "There are no agreements yet. Add one with `zwerm agreement add FILE`.",
            );
            return format!("{}\n", context.say(&none));
        }
        let rows = all.iter().map(|(stored, newest)| {
            let agreement = &stored.document.agreement;
            let status = Standing::of(&lacking(stored, context.today)).words();
            let mut status = context.say(&status).to_owned();
            if newest.document.agreement.version > agreement.version {
                let proposed = Standing::of(&lacking(newest, context.today)).words();
                let number = newest.document.agreement.version;
                status = format!("{status}; {number}: {}", context.say(&proposed));
            }
            vec![
                format!("{}@{}", agreement.id, agreement.version),
                status,
                context.say(&agreement.title).to_owned(),
            ]
        });
        output::columns(&rows.collect::<Vec<_>>())
    };
    let json = || {
        let rows = all.iter().map(|(stored, newest)| {
            let lacking = lacking(stored, context.today);
            json!({
                "agreement": wire::identity(stored),
                "newest": newest.document.agreement.version,
                "title": context.say(&stored.document.agreement.title),
                "in_force": lacking.is_empty(),
                "lacking": wire::refusals(&lacking, context.lang),
            })
        });
        json!({ "agreements": rows.collect::<Vec<_>>() })
    };
    output::print(context, table, json)
}
