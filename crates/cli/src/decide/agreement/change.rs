//! `zwerm agreement suspend`, `resume` and `end`.

use clap::{ArgMatches, Command};
use serde_json::json;
use zwerm_agreement::status::StatusChange;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::people::party_keys::read_key;
use zwerm_app::types::home::{Pen, WishedChange};
use zwerm_app::words::agreement::event;

use crate::context::Context;
use crate::decide::agreement::{wire, words};
use crate::people::party;
use crate::{failure, help, output};

pub(crate) fn commands(lang: Lang) -> [Command; 3] {
    [
        one(
            lang,
            "suspend",
            Text::new(
                "Schort een afspraak op: er worden meteen geen vragen meer beantwoord.",
                "Suspend an agreement: from now on no question is answered.",
            ),
            "zwerm agreement suspend leiden-goedkoop-scheefwonen --as huurdersvereniging --key huurdersvereniging.key \\\n    --reason 'datalek'",
        ),
        one(
            lang,
            "resume",
            Text::new("Hef de eigen opschorting op.", "Lift one's own suspension."),
            "zwerm agreement resume leiden-goedkoop-scheefwonen --as huurdersvereniging --key huurdersvereniging.key \\\n    --reason 'lek gedicht'",
        ),
        one(
            lang,
            "end",
            Text::new(
                "Beëindig een afspraak, voorgoed.",
                "End an agreement, for good.",
            ),
            "zwerm agreement end leiden-goedkoop-scheefwonen --as corporatie --key corporatie.key \\\n    --reason 'onderzoek is klaar'",
        ),
    ]
}

fn one(lang: Lang, name: &'static str, about: Text, example: &'static str) -> Command {
    let usage = Text::new(
        format!("zwerm agreement {name} ID --as PARTNER --key BESTAND --reason TEKST"),
        format!("zwerm agreement {name} ID --as PARTY --key FILE --reason TEXT"),
    );
    help::command(name, lang, help::Help { about, usage, example })
        .arg(help::positional(
            "id",
            ("ID", "ID"),
            lang,
            &Text::new(
                "een afspraak in het huis: de versie die van kracht is, of `id@versie`",
                "an agreement in the home: the version in force, or `id@version`",
            ),
        ))
        .arg(
            help::option(
                "as",
                lang,
                Text::new(
                    "namens welke partner: wie gegevens levert, of wie de mensen om wie het gaat vertegenwoordigt",
                    "on behalf of which party: one that provides data, or that represents the people concerned",
                ),
            )
            .value_name(help::word(lang, "PARTNER", "PARTY"))
            .required(true),
        )
        .arg(party::key_option(lang))
        .arg(
            help::option(
                "reason",
                lang,
                Text::new("waarom; iedereen mag dat lezen", "why; everyone may read it"),
            )
            .value_name(help::word(lang, "TEKST", "TEXT"))
            .required(true),
        )
}

pub(crate) fn run(name: &str, matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let home = context.open_home_to_enter()?;
    let changed = home.change(&WishedChange {
        agreement: crate::decide::agreement::text(matches, "id"),
        party: crate::decide::agreement::text(matches, "as"),
        change: match name {
            "suspend" => StatusChange::Suspended,
            "resume" => StatusChange::Resumed,
            _ => StatusChange::Ended,
        },
        reason: crate::decide::agreement::text(matches, "reason"),
        pen: Pen::Key(read_key(&party::path_of(matches, "key"))?),
        today: context.today,
        now: context.now,
    })?;
    for notice in &changed.notices {
        context.note(notice);
    }
    let table = || {
        let agreement = &changed.stored.document.agreement;
        let event = event(&changed.event);
        let mut text = format!(
            "{}@{}: {}\n",
            agreement.id,
            agreement.version,
            context.say(&event)
        );
        text.push_str(&words::standing(
            &changed.lacking,
            context.today,
            context.lang,
        ));
        text.push_str(&failure::refusals(&changed.lacking, context.lang, "  "));
        text
    };
    output::print(context, table, || {
        json!({
            "agreement": wire::identity(&changed.stored),
            "event": changed.event,
            "in_force": changed.lacking.is_empty(),
            "lacking": wire::refusals(&changed.lacking, context.lang),
        })
    })
}
