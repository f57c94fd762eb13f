//! `zwerm agreement show`.

use clap::{ArgMatches, Command};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::decide::agreement;
use zwerm_app::error::AppError;
use zwerm_app::types::home::AgreementTarget;

use crate::context::Context;
use crate::decide::agreement::{page, wire};
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "show",
        lang,
        help::Help {
            about: Text::new(
                "Toon een afspraak: wie aan tafel zit, wie instemde, welke voorwaarden gelden, welke gegevens.",
                "Show an agreement: who is at the table, who consented, which conditions hold, which data.",
            ),
            usage: Text::new(
                "zwerm agreement show [--home MAP] ID|BESTAND",
                "zwerm agreement show [--home DIR] ID|FILE",
            ),
            example: "zwerm agreement show leiden-goedkoop-scheefwonen\n\
                      zwerm agreement show leiden-goedkoop-scheefwonen@1\n\
                      zwerm agreement show agreement-v2.toml",
        },
    )
    .arg(help::positional(
        "target",
        ("ID|BESTAND", "ID|FILE"),
        lang,
        &Text::new(
            "een afspraak in het huis (de nieuwste versie, of `id@versie`), of een bestand",
            "an agreement in the home (the newest version, or `id@version`), or a file",
        ),
    ))
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let target = AgreementTarget::parse(crate::decide::agreement::text(matches, "target"));
    let seen = agreement::show(&target, || context.open_home(), context.today)?;
    output::print(
        context,
        || page::show(&seen, context.lang),
        || wire::seen(&seen, false, context.lang),
    )
}
