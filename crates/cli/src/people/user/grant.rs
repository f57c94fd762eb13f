//! `zwerm user grant`: a further role for somebody who has an account; and the end of running the machine.

use clap::{ArgMatches, Command};
use serde_json::json;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::people::grants;
use zwerm_app::people::notices::listed;
use zwerm_app::people::people::{self, By};

use crate::context::Context;
use crate::people::user::{login, named, place, wanted, with_site};
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    let command = help::command(
        "grant",
        lang,
        help::Help {
            about: Text::new(
                "Geef iemand met een account een rol erbij, bij een partner of als beheerder.",
                "Give somebody with an account a further role, at a party or as administrator.",
            ),
            usage: Text::new(
                "zwerm user grant NAAM (--party PARTNER --role ROL | --admin)",
                "zwerm user grant NAME (--party PARTY --role ROLE | --admin)",
            ),
            example: "zwerm user grant noor --party gemeente-leiden --role analyst",
        },
    );
    command.arg(login(lang)).args(place(lang))
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let (login, place) = (named(matches), wanted(matches)?);
    let login = with_site(context, async |site| {
        let person = people::account(&site, login).await?;
        grants::grant(&site, &person, &place, By::Machine).await?;
        Ok(person.login)
    })?;
    let told = match &place.party {
        Some(party) => {
            let roles = listed(&place.roles);
            Text::new(
                format!("`{login}` is nu ook {} van `{party}`.\n", roles.nl),
                format!("`{login}` is now {} of `{party}` as well.\n", roles.en),
            )
        }
        None => Text::new(
            format!("`{login}` is nu beheerder.\n"),
            format!("`{login}` is an administrator now.\n"),
        ),
    };
    let granted: Vec<&str> = place.roles.iter().map(|role| role.as_str()).collect();
    output::print(
        context,
        || context.say(&told).to_owned(),
        || json!({ "login": login, "party": place.party, "granted": granted, "admin": place.admin }),
    )
}

/// Ends that somebody runs the machine.
pub(crate) fn run_end_administration(
    matches: &ArgMatches,
    context: &Context,
) -> Result<(), AppError> {
    let login = named(matches);
    let login = with_site(context, async |site| {
        let person = people::account(&site, login).await?;
        grants::end_administration(&site, &person, By::Machine).await?;
        Ok(person.login)
    })?;
    let told = Text::new(
        format!("`{login}` is geen beheerder meer.\n"),
        format!("`{login}` is no administrator any more.\n"),
    );
    output::print(
        context,
        || context.say(&told).to_owned(),
        || json!({ "login": login, "admin": false }),
    )
}
