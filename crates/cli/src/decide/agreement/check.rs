//! `zwerm agreement check`.

use clap::{ArgAction, ArgMatches, Command};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::decide::agreement;
use zwerm_app::error::AppError;
use zwerm_app::types::home::Home;

use crate::context::Context;
use crate::decide::agreement::{page, wire};
use crate::{help, output, work};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "check",
        lang,
        help::Help {
            about: Text::new(
                "Kijk een afspraak na: alle fouten tegelijk, ook in de gegevens die ernaast staan.\n\
                 Niet van kracht zijn is geen fout. Afsluitcode 2 bij fouten, anders 0.",
                "Check an agreement: all faults at once, also in the data that stand beside it.\n\
                 Not being in force is no fault. Exit code 2 with faults, 0 otherwise.",
            ),
            usage: Text::new(
                "zwerm agreement check [--policies] BESTAND",
                "zwerm agreement check [--policies] FILE",
            ),
            example: "zwerm agreement check agreement-v2.toml",
        },
    )
    .arg(crate::decide::agreement::file(lang))
    .arg(
        help::option(
            "policies",
            lang,
            Text::new(
                "toon ook de regels die de machine uitvoert, in Cedar",
                "show the policies that the machine executes too, in Cedar",
            ),
        )
        .action(ArgAction::SetTrue),
    )
    .args(work::limit_args(lang))
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let home = Home::require(&context.home).is_ok();
    let home = home.then(|| Home::to_look_at(&context.home)).transpose()?;
    let path = crate::decide::agreement::path(matches);
    let mut seen = agreement::check(&path, home.as_ref(), context.today)?;
    let limits = work::limits(matches);
    let losses = agreement::losses(&mut seen, home.as_ref(), context.today, &limits);
    work::run(losses)?;
    let policies = matches.get_flag("policies");
    output::print(
        context,
        || page::check(&seen, policies, context.lang),
        || wire::seen(&seen, policies, context.lang),
    )
}
