//! `zwerm user`: people with an account, for whoever runs the machine.

mod grant;
mod link;

use std::future::Future;
use std::io::{BufRead as _, IsTerminal as _, Write as _};

use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::json;
use zeroize::Zeroizing;
use zwerm_agreement::role::Role;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::people::accounts::Account;
use zwerm_app::people::notices::listed;
use zwerm_app::people::people::{self, By, InvitedRoles};
use zwerm_app::people::{invitations, password_links};
use zwerm_app::site::Site;
use zwerm_app::types::home::{Clock, Config};

use crate::context::Context;
use crate::{help, output, work};

pub(crate) fn command(lang: Lang) -> Command {
    let group = help::command(
        "user",
        lang,
        help::Help {
            about: Text::new(
                "Mensen met een account: toevoegen, uitnodigen, rollen geven en beëindigen, buitensluiten.",
                "People with an account: add, invite, give and end roles, shut out.",
            ),
            usage: Text::new("zwerm user OPDRACHT", "zwerm user COMMAND"),
            example: "zwerm user invite Noor --party gemeente-leiden --role decider\n\
                      zwerm user disable noor\n\
                      zwerm user list",
        },
    );
    group
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            add(lang),
            invite(lang),
            reset(lang),
            grant::command(lang),
            revoke(lang),
            disable(lang),
            enable(lang),
            list(lang),
        ])
}

fn add(lang: Lang) -> Command {
    let command = help::command(
        "add",
        lang,
        help::Help {
            about: Text::new(
                "Maak een account; het wachtwoord wordt gevraagd, of komt als één regel van stdin.",
                "Make an account; the password is asked for, or comes as one line on stdin.",
            ),
            usage: Text::new(
                "zwerm user add NAAM [--admin] [--party PARTNER --role ROL]",
                "zwerm user add NAME [--admin] [--party PARTY --role ROLE]",
            ),
            example: "zwerm user add beheer --admin",
        },
    );
    command.arg(name(lang)).args(place(lang))
}

fn invite(lang: Lang) -> Command {
    let command = help::command(
        "invite",
        lang,
        help::Help {
            about: Text::new(
                "Nodig iemand uit: geeft een link waarmee die zelf een account maakt.",
                "Invite somebody: gives a link with which they make an account themselves.",
            ),
            usage: Text::new(
                "zwerm user invite NAAM --party PARTNER --role ROL",
                "zwerm user invite NAME --party PARTY --role ROLE",
            ),
            example: "zwerm user invite Noor --party gemeente-leiden --role decider --role analyst",
        },
    );
    command.arg(name(lang)).args(place(lang))
}

fn reset(lang: Lang) -> Command {
    let command = help::command(
        "reset",
        lang,
        help::Help {
            about: Text::new(
                "Geef een link waarmee iemand een nieuw wachtwoord kiest; alle sessies eindigen dan.",
                "Give a link with which somebody chooses a new password; all sessions end then.",
            ),
            usage: Text::new("zwerm user reset NAAM", "zwerm user reset NAME"),
            example: "zwerm user reset noor",
        },
    );
    command.arg(login(lang))
}

fn revoke(lang: Lang) -> Command {
    let command = help::command(
        "revoke",
        lang,
        help::Help {
            about: Text::new(
                "Beëindig een rol van iemand bij een partner, of al die rollen, of het beheer; dat geldt meteen.",
                "End a role of somebody at a party, or all of them, or their administration; this counts at once.",
            ),
            usage: Text::new(
                "zwerm user revoke NAAM (--party PARTNER [--role ROL] | --admin)",
                "zwerm user revoke NAME (--party PARTY [--role ROLE] | --admin)",
            ),
            example: "zwerm user revoke noor --party gemeente-leiden --role decider",
        },
    );
    let [party, role, admin] = place(lang);
    let party = party.required_unless_present("admin");
    let admin = admin.conflicts_with_all(["party", "role"]);
    command.arg(login(lang)).args([party, role, admin])
}

fn disable(lang: Lang) -> Command {
    let command = help::command(
        "disable",
        lang,
        help::Help {
            about: Text::new(
                "Sluit iemand buiten: sessies, links en uitnodigingen van die persoon eindigen meteen.",
                "Shut somebody out: their sessions, links and invitations end at once.",
            ),
            usage: Text::new("zwerm user disable NAAM", "zwerm user disable NAME"),
            example: "zwerm user disable noor",
        },
    );
    command.arg(login(lang))
}

fn enable(lang: Lang) -> Command {
    let command = help::command(
        "enable",
        lang,
        help::Help {
            about: Text::new(
                "Laat iemand weer toe die buitengesloten was.",
                "Let somebody in again who was shut out.",
            ),
            usage: Text::new("zwerm user enable NAAM", "zwerm user enable NAME"),
            example: "zwerm user enable noor",
        },
    );
    command.arg(login(lang))
}

fn list(lang: Lang) -> Command {
    help::command(
        "list",
        lang,
        help::Help {
            about: Text::new("Toon wie een account heeft.", "Show who has an account."),
            usage: Text::new("zwerm user list", "zwerm user list"),
            example: "zwerm user list",
        },
    )
}

fn name(lang: Lang) -> Arg {
    let text = Text::new(
        "gebruikersnaam, of de naam van wie u uitnodigt",
        "user name, or the name of whom you invite",
    );
    help::positional("name", ("NAAM", "NAME"), lang, &text)
}

fn login(lang: Lang) -> Arg {
    help::positional(
        "name",
        ("NAAM", "NAME"),
        lang,
        &Text::new("gebruikersnaam", "user name"),
    )
}

fn at_party(lang: Lang) -> [Arg; 2] {
    [
        help::option(
            "party",
            lang,
            Text::new("bij welke partner", "at which party"),
        )
        .value_name(help::word(lang, "PARTNER", "PARTY")),
        help::option(
            "role",
            lang,
            Text::new(
                "als wat: decider (beslisser), analyst (onderzoeker) of steward (gegevensbeheerder); mag vaker",
                "as what: decider, analyst or steward; may be given several times",
            ),
        )
        .value_name(help::word(lang, "ROL", "ROLE"))
        .value_parser(["decider", "analyst", "steward", "keeper", "member"])
        .action(ArgAction::Append),
    ]
}

fn place(lang: Lang) -> [Arg; 3] {
    let [party, role] = at_party(lang);
    let admin = help::option(
        "admin",
        lang,
        Text::new(
            "beheerder van de machine; heeft geen rol bij een partner",
            "administrator of the machine; has no role at a party",
        ),
    );
    [party, role, admin.action(ArgAction::SetTrue)]
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    context.require_real_day()?;
    match matches.subcommand() {
        Some(("add", matches)) => run_add(matches, context),
        Some(("invite", matches)) => run_invite(matches, context),
        Some(("reset", matches)) => run_reset(matches, context),
        Some(("grant", matches)) => grant::run(matches, context),
        Some(("revoke", matches)) => run_revoke(matches, context),
        Some(("disable", matches)) => run_set_disabled(matches, context, true),
        Some(("enable", matches)) => run_set_disabled(matches, context, false),
        _ => run_list(context),
    }
}

/// Opens the home as it is served, and does something with its people.
pub(crate) fn with_site<T, F: Future<Output = Result<T, AppError>>>(
    context: &Context,
    act: impl FnOnce(Site) -> F,
) -> Result<T, AppError> {
    work::run(async {
        let config = Config::read(&context.home)?;
        let site = Site::open(&context.home, config, Clock::from(context.now)).await?;
        let closing = site.closing();
        let done = act(site).await;
        closing.await;
        done
    })
}

pub(crate) fn text<'m>(matches: &'m ArgMatches, name: &str) -> Option<&'m str> {
    matches.get_one::<String>(name).map(String::as_str)
}

/// Whose account it is, or whom to invite.
fn named(matches: &ArgMatches) -> &str {
    text(matches, "name").unwrap_or_default()
}

fn wanted_roles(matches: &ArgMatches) -> Vec<Role> {
    let all = matches.get_many::<String>("role").unwrap_or_default();
    all.filter_map(|role| role.parse().ok()).collect()
}

/// Where somebody is to be added, or invited to.
fn wanted(matches: &ArgMatches) -> Result<InvitedRoles, AppError> {
    let place = InvitedRoles {
        party: text(matches, "party").map(str::to_owned),
        roles: wanted_roles(matches),
        admin: matches.get_flag("admin"),
    };
    place.check()?;
    Ok(place)
}

fn run_add(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let (login, place) = (named(matches), wanted(matches)?);
    let password = password(context)?;
    let account = Account {
        login,
        name: login,
        password: &password,
        lang: context.lang,
    };
    with_site(context, async |site| {
        people::add_member(&site, &account, &place).await
    })?;
    let told = Text::new(
        format!("Account `{login}` is er.\n"),
        format!("Account `{login}` is there.\n"),
    );
    output::write(context.say(&told))
}

/// One line from stdin: what is typed on the command line stays in the shell's history.
fn password(context: &Context) -> Result<Zeroizing<String>, AppError> {
    if std::io::stdin().is_terminal() {
        let ask = Text::new("Wachtwoord: ", "Password: ");
        let _ = write!(std::io::stderr(), "{}", context.say(&ask));
    }
    let mut line = Zeroizing::new(String::with_capacity(300));
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(AppError::at("stdin".as_ref()))?;
    let password = line.trim_end_matches(['\r', '\n']);
    Ok(Zeroizing::new(password.to_owned()))
}

fn run_invite(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let (name, place) = (named(matches), wanted(matches)?);
    let (base, whom, token) = with_site(context, async |site| {
        let token = invitations::invite(&site, name, &place, By::Machine).await?;
        let whom = invitations::whom(&site, name, &place).await?;
        Ok((link::base(&site.config), whom, token))
    })?;
    let path = format!("/invitations/{}", token.as_str());
    link::print(context, &base, &path, &whom)
}

fn run_reset(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let login = named(matches);
    let (base, token) = with_site(context, async |site| {
        let person = people::account(&site, login).await?;
        let token = password_links::make(&site, &person, By::Machine).await?;
        Ok((link::base(&site.config), token))
    })?;
    let whom = Text::new(
        format!("voor een nieuw wachtwoord van {login}"),
        format!("for a new password of {login}"),
    );
    link::print(context, &base, &format!("/reset/{}", token.as_str()), &whom)
}

fn run_revoke(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    if matches.get_flag("admin") {
        return grant::run_end_administration(matches, context);
    }
    let (login, roles) = (named(matches), wanted_roles(matches));
    let party = text(matches, "party").unwrap_or_default();
    let (login, ended) = with_site(context, async |site| {
        let person = people::account(&site, login).await?;
        let ended = people::end_roles(&site, &person, party, &roles, By::Machine).await?;
        Ok((person.login, ended))
    })?;
    let roles = listed(&ended);
    let told = Text::new(
        format!("`{login}` is geen {} meer van `{party}`.\n", roles.nl),
        format!("`{login}` is no {} of `{party}` any more.\n", roles.en),
    );
    let ended: Vec<&str> = ended.iter().map(|role| role.as_str()).collect();
    output::print(
        context,
        || context.say(&told).to_owned(),
        || json!({ "login": login, "party": party, "ended": ended }),
    )
}

fn run_set_disabled(
    matches: &ArgMatches,
    context: &Context,
    disabled: bool,
) -> Result<(), AppError> {
    let login = named(matches);
    let login = with_site(context, async |site| {
        let person = people::account(&site, login).await?;
        people::set_disabled(&site, &person, disabled, By::Machine).await?;
        Ok(person.login)
    })?;
    let told = if disabled {
        Text::new(
            format!("Account `{login}` is geblokkeerd. De sessies zijn beëindigd.\n"),
            format!("Account `{login}` is disabled. Its sessions are ended.\n"),
        )
    } else {
        Text::new(
            format!("Account `{login}` is weer toegelaten.\n"),
            format!("Account `{login}` is enabled.\n"),
        )
    };
    output::print(
        context,
        || context.say(&told).to_owned(),
        || json!({ "login": login, "disabled": disabled }),
    )
}

fn run_list(context: &Context) -> Result<(), AppError> {
    let people = with_site(context, async |site| {
        people::everybody(&site, "", u32::MAX).await
    })?;
    output::print(
        context,
        || {
            let rows = people.iter().map(|(person, roles)| {
                let roles = roles.iter().map(|m| format!("{}@{}", m.role, m.party));
                let mut roles: Vec<String> = roles.collect();
                if person.admin {
                    roles.push("admin".into());
                }
                if person.disabled {
                    let word = Text::new("geblokkeerd", "disabled");
                    roles.push(context.say(&word).to_owned());
                }
                vec![person.login.clone(), person.name.clone(), roles.join(", ")]
            });
            output::columns(&rows.collect::<Vec<_>>())
        },
        || {
            let all = people.iter().map(|(person, roles)| {
                let roles = roles
                    .iter()
                    .map(|m| json!({ "party": m.party, "role": m.role.as_str() }));
                json!({
                    "login": person.login,
                    "name": person.name,
                    "admin": person.admin,
                    "disabled": person.disabled,
                    "roles": roles.collect::<Vec<_>>(),
                })
            });
            json!({ "people": all.collect::<Vec<_>>() })
        },
    )
}
