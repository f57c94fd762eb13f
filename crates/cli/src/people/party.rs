//! `zwerm party`: who takes part, and a party's key, which stays with the party.

mod add;
mod list;
mod sign;

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use serde_json::json;
use zwerm_agreement::signature::PublicKey;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::people::party_keys;

use crate::context::Context;
use crate::{help, output};

/// The options of `party` and its commands.
pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "party",
        lang,
        help::Help {
            about: Text::new(
                "Partners: inschrijven, tonen, en de sleutel waarmee een partner tekent.",
                "Parties: register, list, and the key with which a party signs.",
            ),
            usage: Text::new("zwerm party OPDRACHT", "zwerm party COMMAND"),
            example: "zwerm party add huurdersvereniging --name Huurdersvereniging --side residents\n\
                      zwerm party key new huurdersvereniging.key\n\
                      zwerm party sign besluit.txt --key huurdersvereniging.key",
        },
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommand(add::command(lang))
    .subcommand(list::command(lang))
    .subcommand(key_command(lang))
    .subcommand(sign::command(lang))
}

fn about() -> Text {
    Text::new(
        "De sleutel waarmee een partner tekent. Hij blijft bij de partner, en komt nooit in een huis.",
        "The key with which a party signs. It stays with the party, and never comes into a home.",
    )
}

fn key_command(lang: Lang) -> Command {
    help::command(
        "key",
        lang,
        help::Help {
            about: about(),
            usage: Text::new("zwerm party key OPDRACHT", "zwerm party key COMMAND"),
            example: "zwerm party key new huurdersvereniging.key",
        },
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommand(new_key_command(lang))
    .subcommand(show_key_command(lang))
}

fn new_key_command(lang: Lang) -> Command {
    let new_file = Text::new(
        "het bestand, dat er nog niet is",
        "the file, which is not there yet",
    );
    help::command(
        "new",
        lang,
        help::Help {
            about: Text::new(
                "Maak een sleutel. Alleen u kunt het bestand lezen; de publieke helft hoort in de afspraak.",
                "Make a key. Only you can read the file; its public half belongs in the agreement.",
            ),
            usage: Text::new("zwerm party key new BESTAND", "zwerm party key new FILE"),
            example: "zwerm party key new huurdersvereniging.key",
        },
    )
    .arg(file(lang, &new_file))
}

fn show_key_command(lang: Lang) -> Command {
    let key_file = Text::new("het bestand met de sleutel", "the file with the key");
    help::command(
        "show",
        lang,
        help::Help {
            about: Text::new(
                "Toon de publieke sleutel die bij een sleutel hoort.",
                "Show the public key that belongs to a key.",
            ),
            usage: Text::new("zwerm party key show BESTAND", "zwerm party key show FILE"),
            example: "zwerm party key show huurdersvereniging.key",
        },
    )
    .arg(file(lang, &key_file))
}

fn file(lang: Lang, text: &Text) -> Arg {
    help::positional("file", ("BESTAND", "FILE"), lang, text).value_parser(value_parser!(PathBuf))
}

/// `--key FILE`, for whoever signs.
pub(crate) fn key_option(lang: Lang) -> Arg {
    help::option(
        "key",
        lang,
        Text::new(
            "het bestand met de geheime sleutel van de partner; het blijft bij u",
            "the file with the party's private key; it stays with you",
        ),
    )
    .value_name(help::word(lang, "BESTAND", "FILE"))
    .value_parser(value_parser!(PathBuf))
    .required(true)
}

/// The path that an option of this id was given.
pub(crate) fn path_of(matches: &ArgMatches, id: &str) -> PathBuf {
    matches.get_one(id).cloned().unwrap_or_default()
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let matches = match matches.subcommand() {
        Some(("add", matches)) => return add::run(matches, context),
        Some(("list", _)) => return list::run(context),
        Some(("sign", matches)) => return sign::run(matches, context),
        Some((_, matches)) => matches,
        None => return Ok(()),
    };
    match matches.subcommand() {
        Some(("new", matches)) => {
            let path = path_of(matches, "file");
            let public = party_keys::make_key(&path)?.public();
            let shown = path.display().to_string();
            let words = Text::new(
                format!(
                    "{shown}: sleutel gemaakt. Bewaar hem goed en deel hem met niemand.\n\
                     Zet dit in de afspraak, bij uw partner:\n\n  public_key = \"{public}\"\n"
                ),
                format!(
                    "{shown}: key made. Keep it well and share it with nobody.\n\
                     Put this in the agreement, at your party:\n\n  public_key = \"{public}\"\n"
                ),
            );
            print(context, &words, &shown, &public)
        }
        Some((_, matches)) => {
            let path = path_of(matches, "file");
            let public = party_keys::read_key(&path)?.public();
            let words = Text::same(format!("{public}\n"));
            print(context, &words, &path.display().to_string(), &public)
        }
        None => Ok(()),
    }
}

fn print(context: &Context, words: &Text, file: &str, public: &PublicKey) -> Result<(), AppError> {
    output::print(
        context,
        || context.say(words).to_owned(),
        || json!({ "file": file, "public_key": public.to_string() }),
    )
}
