//! How help looks, in both languages: clap's own English words are replaced.

use clap::{Arg, ArgAction, Command};
use zwerm_agreement::text::{Lang, Text};

/// What the help of a command says.
pub(crate) struct Help {
    /// What it does.
    pub(crate) about: Text,
    /// How the line is written.
    pub(crate) usage: Text,
    /// Lines to type.
    pub(crate) example: &'static str,
}

/// A command with its help.
pub(crate) fn command(name: &'static str, lang: Lang, help: Help) -> Command {
    let (usage, example) = match lang {
        Lang::Nl => ("Gebruik", "Voorbeeld"),
        Lang::En => ("Usage", "Example"),
    };
    let template = format!("{{about}}\n\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}");
    let lines: Vec<_> = help
        .example
        .lines()
        .map(|line| format!("  {line}"))
        .collect();
    Command::new(name)
        .about(help.about.get(lang).to_owned())
        .override_usage(help.usage.get(lang).to_owned())
        .after_help(format!("{example}:\n{}", lines.join("\n")))
        .help_template(template)
        .subcommand_help_heading(word(lang, "Opdrachten", "Commands"))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
}

/// `--id VALUE`.
pub(crate) fn option(id: &'static str, lang: Lang, text: Text) -> Arg {
    Arg::new(id)
        .long(id)
        .help(text.get(lang).to_owned())
        .help_heading(word(lang, "Opties", "Options"))
}

/// An argument by its place, named so in the help.
pub(crate) fn positional(
    id: &'static str,
    name: (&'static str, &'static str),
    lang: Lang,
    text: &Text,
) -> Arg {
    Arg::new(id)
        .value_name(word(lang, name.0, name.1))
        .help(text.get(lang).to_owned())
        .help_heading(word(lang, "Argumenten", "Arguments"))
        .required(true)
}

/// `--version`.
pub(crate) fn version(lang: Lang) -> Arg {
    let text = Text::new("toon de versie", "show the version");
    option("version", lang, text)
        .short('V')
        .action(ArgAction::Version)
}

/// One of two words.
pub(crate) fn word(lang: Lang, nl: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}
