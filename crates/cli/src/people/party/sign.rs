//! `zwerm party sign`: signs the text that a signing page shows.

use std::path::PathBuf;

use clap::{ArgMatches, Command, value_parser};
use serde_json::json;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::people::party_keys;

use crate::context::Context;
use crate::people::party::{key_option, path_of};
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "sign",
        lang,
        help::Help {
            about: Text::new(
                "Onderteken de tekst die een site toont voor een besluit; geeft alleen de handtekening, om te plakken.",
                "Sign the text that a site shows for a decision; gives the signature only, to be pasted.",
            ),
            usage: Text::new(
                "zwerm party sign BESTAND --key SLEUTEL",
                "zwerm party sign FILE --key KEY",
            ),
            example: "zwerm party sign besluit.txt --key huurdersvereniging.key",
        },
    )
    .arg(
        help::positional(
            "file",
            ("BESTAND", "FILE"),
            lang,
            &Text::new(
                "het bestand met precies de tekst die de site toont",
                "the file with exactly the text that the site shows",
            ),
        )
        .value_parser(value_parser!(PathBuf)),
    )
    .arg(key_option(lang))
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let signed = party_keys::sign(&path_of(matches, "file"), &path_of(matches, "key"))?;
    let said = &signed.said;
    output::print(
        context,
        || format!("{}\n", signed.signature),
        || {
            json!({
                "agreement": said.agreement,
                "party": said.party,
                "decision": said.decision,
                "at": said.at,
                "public_key": signed.public_key,
                "signature": signed.signature,
            })
        },
    )
}
