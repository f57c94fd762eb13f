//! `zwerm agreement add`.

use std::fmt::Write;

use clap::{ArgMatches, Command};
use serde_json::json;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::deliver;
use zwerm_app::types::home::{Added, Addition, DataState};
use zwerm_app::types::question::session::BuildLimits;

use crate::context::Context;
use crate::decide::agreement::{wire, words};
use crate::{failure, help, output, work};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "add",
        lang,
        help::Help {
            about: Text::new(
                "Voeg een afspraak toe aan het huis, met de gegevens die ernaast staan.",
                "Add an agreement to the home, with the data that stand beside it.",
            ),
            usage: Text::new(
                "zwerm agreement add [--home MAP] BESTAND",
                "zwerm agreement add [--home DIR] FILE",
            ),
            example: "zwerm agreement add agreement-v2.toml",
        },
    )
    .arg(crate::decide::agreement::file(lang))
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let home = context.open_home_to_enter()?;
    let document = crate::decide::agreement::path(matches);
    work::run(deliver::require_fit(&document, &BuildLimits::default()))?;
    let added = home.add(&document, context.today, context.now)?;
    if let Some(notice) = &added.notice {
        context.note(notice);
    }
    output::print(
        context,
        || table(&added, context),
        || {
            let data = added.data.iter();
            let data =
                data.map(|(id, state)| json!({ "dataset": id, "state": wire::state(*state) }));
            let (addition, consents) = match added.addition {
                Addition::New => ("new", 0),
                Addition::ConsentsAdded(more) => ("consents-added", more),
                Addition::Unchanged => ("unchanged", 0),
            };
            json!({
                "agreement": wire::identity(&added.stored),
                "addition": addition,
                "consents_added": consents,
                "data": data.collect::<Vec<_>>(),
                "in_force": added.lacking.is_empty(),
                "lacking": wire::refusals(&added.lacking, context.lang),
            })
        },
    )
}

fn table(added: &Added, context: &Context) -> String {
    let agreement = &added.stored.document.agreement;
    let (id, version) = (&agreement.id, agreement.version);
    let done = match added.addition {
        Addition::New => Text::new(
            format!("Toegevoegd: `{id}`, versie {version}."),
            format!("Added: `{id}`, version {version}."),
        ),
        Addition::ConsentsAdded(more) => Text::new(
            format!("`{id}`, versie {version}, was er al; besluiten erbij: {more}."),
            format!("`{id}`, version {version}, was there already; decisions added: {more}."),
        ),
        Addition::Unchanged => Text::new(
            format!("`{id}`, versie {version}, was er al."),
            format!("`{id}`, version {version}, was there already."),
        ),
    };
    let mut text = format!("{}\n", context.say(&done));
    for (dataset, state) in &added.data {
        let state = words::state(*state);
        let _ = writeln!(text, "  {dataset}: {}", context.say(&state));
    }
    if added
        .data
        .iter()
        .any(|(_, state)| *state == DataState::Missing)
    {
        let hint = Text::new(
            "Zet de gegevens naast de afspraak en voeg haar nog eens toe. De instemming kan al beginnen.",
            "Put the data beside the agreement and add it once more. Consent can already begin.",
        );
        let _ = writeln!(text, "{}", context.say(&hint));
    }
    text.push_str(&words::standing(
        &added.lacking,
        context.today,
        context.lang,
    ));
    text.push_str(&failure::refusals(&added.lacking, context.lang, "  "));
    text
}
