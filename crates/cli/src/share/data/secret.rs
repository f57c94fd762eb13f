//! `zwerm data secret`.

use clap::{ArgMatches, Command, value_parser};
use serde_json::json;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::own::pseudonym::Pseudonyms;
use zwerm_app::share::own::secret;

use crate::context::Context;
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "secret",
        lang,
        help::Help {
            about: Text::new(
                "Maak het geheim waarmee partners dezelfde pseudoniemen maken. Alleen u kunt het bestand lezen.\n\
                 Deel het met de andere leveranciers, nooit met wie de machine beheert.",
                "Make the secret with which partners make the same pseudonyms. Only you can read the file.\n\
                 Share it with the other providers, never with whoever runs the machine.",
            ),
            usage: Text::new("zwerm data secret BESTAND", "zwerm data secret FILE"),
            example: "zwerm data secret geheim.txt",
        },
    )
    .arg(
        help::positional(
            "file",
            ("BESTAND", "FILE"),
            lang,
            &Text::new("het bestand, dat er nog niet is", "the file, which is not there yet"),
        )
        .value_parser(value_parser!(std::path::PathBuf)),
    )
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let path = crate::share::data::path_of(matches, "file").unwrap_or_default();
    secret::make(&path)?;
    let check = Pseudonyms::new(&secret::read(&path)?)?.check_value();
    let shown = path.display().to_string();
    let words = Text::new(
        format!(
            "{shown}: geheim gemaakt; controle {check}\n\
             Breng het langs een veilige weg naar de andere leveranciers. Raakt het weg, dan past niets meer op elkaar.\n"
        ),
        format!(
            "{shown}: secret made; check {check}\n\
             Take it to the other providers by a safe way. If it is lost, nothing matches any more.\n"
        ),
    );
    output::print(
        context,
        || context.say(&words).to_owned(),
        || json!({ "file": shown, "secret_check": check }),
    )
}
