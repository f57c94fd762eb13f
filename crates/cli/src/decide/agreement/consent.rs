//! `zwerm agreement consent` and `object`.

use clap::{Arg, ArgMatches, Command};
use serde_json::json;
use zwerm_agreement::consent::Decision;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::people::party_keys::read_key;
use zwerm_app::types::home::{AgreementTarget, EnteredWord, PartyWord, Pen, speak};

use crate::context::Context;
use crate::decide::agreement::{wire, words};
use crate::people::party;
use crate::{failure, help, output};

pub(crate) fn commands(lang: Lang) -> [Command; 2] {
    [consent_command(lang), object_command(lang)]
}

fn consent_command(lang: Lang) -> Command {
    let concern = Text::new(
        "een zorg, die niet tegenhoudt; iedereen mag dat lezen",
        "a concern, which does not block; everyone may read it",
    );
    one(
        lang,
        "consent",
        help::Help {
            about: Text::new(
                "Stem in met een afspraak, ondertekend met de sleutel van de partner. Met een reden is het instemming met een zorg.",
                "Consent to an agreement, signed with the party's key. With a reason it is consent with a concern.",
            ),
            usage: Text::new(
                "zwerm agreement consent ID|BESTAND --as PARTNER --key BESTAND [--reason TEKST]",
                "zwerm agreement consent ID|FILE --as PARTY --key FILE [--reason TEXT]",
            ),
            example: "zwerm agreement consent leiden-goedkoop-scheefwonen --as huurdersvereniging --key huurdersvereniging.key",
        },
    )
    .arg(text_option("reason", lang, concern))
}

fn object_command(lang: Lang) -> Command {
    let reason = Text::new(
        "waarom; iedereen mag dat lezen",
        "why; everyone may read it",
    );
    let lifts = Text::new(
        "wat het bezwaar zou opheffen",
        "what would lift the objection",
    );
    one(
        lang,
        "object",
        help::Help {
            about: Text::new(
                "Maak overwegend bezwaar, met redenen en met wat het zou opheffen. Dat houdt de afspraak tegen.",
                "Object, with reasons and with what would lift it. That blocks the agreement.",
            ),
            usage: Text::new(
                "zwerm agreement object ID|BESTAND --as PARTNER --key BESTAND --reason TEKST --lifts TEKST",
                "zwerm agreement object ID|FILE --as PARTY --key FILE --reason TEXT --lifts TEXT",
            ),
            example: "zwerm agreement object leiden-goedkoop-scheefwonen --as huurdersvereniging --key huurdersvereniging.key \\\n    \
                      --reason 'groepen zijn te klein' --lifts 'groepen van minstens tien'",
        },
    )
    .arg(text_option("reason", lang, reason))
    .arg(text_option("lifts", lang, lifts))
}

fn text_option(id: &'static str, lang: Lang, text: Text) -> Arg {
    help::option(id, lang, text).value_name(help::word(lang, "TEKST", "TEXT"))
}

fn one(lang: Lang, name: &'static str, said: help::Help) -> Command {
    help::command(name, lang, said)
        .arg(help::positional(
            "id",
            ("ID|BESTAND", "ID|FILE"),
            lang,
            &Text::new(
                "een afspraak in het huis, of een los bestand: daar komt het besluit in, om op te sturen",
                "an agreement in the home, or a plain file: the decision is written in it, to be sent on",
            ),
        ))
        .arg(
            help::option(
                "as",
                lang,
                Text::new("namens welke partner", "on behalf of which party"),
            )
            .value_name(help::word(lang, "PARTNER", "PARTY"))
            .required(true),
        )
        .arg(party::key_option(lang))
}

pub(crate) fn run(name: &str, matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let words = |id: &str| {
        let known = matches.try_get_one::<String>(id).ok().flatten();
        known.map(String::as_str)
    };
    let word = PartyWord {
        agreement: AgreementTarget::parse(crate::decide::agreement::text(matches, "id")),
        party: crate::decide::agreement::text(matches, "as"),
        objects: name == "object",
        reason: words("reason"),
        lifts: words("lifts"),
        pen: Pen::Key(read_key(&party::path_of(matches, "key"))?),
        today: context.today,
        now: context.now,
    };
    let home = match word.agreement {
        AgreementTarget::File(_) => None,
        AgreementTarget::Id(_) => Some(context.open_home_to_enter()?),
    };
    let spoken = speak(home.as_ref(), &word)?;
    if let Some(notice) = &spoken.notice {
        context.note(notice);
    }
    output::print(
        context,
        || table(&spoken, home.is_some(), context),
        || {
            json!({
                "agreement": wire::identity(&spoken.stored),
                "consent": spoken.consent,
                "in_force": spoken.lacking.is_empty(),
                "lacking": wire::refusals(&spoken.lacking, context.lang),
            })
        },
    )
}

fn table(spoken: &EnteredWord, in_home: bool, context: &Context) -> String {
    let agreement = &spoken.stored.document.agreement;
    let party = &spoken.consent.party;
    let done = match spoken.consent.decision {
        Decision::Consent => Text::new(
            format!("`{party}` stemt in, ondertekend"),
            format!("`{party}` consents, signed"),
        ),
        Decision::Concern => Text::new(
            format!("`{party}` stemt in met een zorg, ondertekend"),
            format!("`{party}` consents with a concern, signed"),
        ),
        Decision::Object => Text::new(
            format!("`{party}` heeft een overwegend bezwaar, ondertekend"),
            format!("`{party}` has an objection that blocks, signed"),
        ),
    };
    let (id, version) = (&agreement.id, agreement.version);
    let mut text = format!("{id}@{version}: {}\n", context.say(&done));
    if in_home {
        text.push_str(&words::standing(
            &spoken.lacking,
            context.today,
            context.lang,
        ));
        text.push_str(&failure::refusals(&spoken.lacking, context.lang, "  "));
    } else {
        let next = Text::new(
            "Het staat in het bestand. Stuur dat naar wie het huis beheert; `zwerm agreement add` voegt het toe.\n",
            "It stands in the file. Send that to whoever keeps the home; `zwerm agreement add` adds it.\n",
        );
        text.push_str(context.say(&next));
    }
    text
}
