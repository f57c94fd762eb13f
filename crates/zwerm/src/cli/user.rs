//! `zwerm user`: people with an account, for whoever runs the machine.

use std::future::Future;
use std::io::{BufRead as _, IsTerminal as _, Write as _};

use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::json;
use zeroize::Zeroizing;
use zwerm_commons::role::Role;
use zwerm_commons::text::{Lang, Text};

use super::context::Context;
use super::{help, output, work};
use crate::app::clock::Clock;
use crate::app::config::Config;
use crate::app::error::AppError;
use crate::app::people::{Account, Invite};
use crate::app::site::Site;

/// How it is called.
pub(super) fn command(lang: Lang) -> Command {
    let group = help::command(
        "user",
        lang,
        help::Help {
            about: Text::new(
                "Mensen met een account: toevoegen, uitnodigen, een nieuw wachtwoord laten kiezen.",
                "People with an account: add, invite, let them choose a new password.",
            ),
            usage: Text::new("zwerm user OPDRACHT", "zwerm user COMMAND"),
            example: "zwerm user invite Noor --party gemeente-leiden --role decider\n\
                      zwerm user list",
        },
    );
    group
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([add(lang), invite(lang), reset(lang), list(lang)])
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
    command.arg(name(lang)).args(roles(lang))
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
    command.arg(name(lang)).args(roles(lang))
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
    command.arg(name(lang))
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
    help::positional(
        "name",
        ("NAAM", "NAME"),
        lang,
        &Text::new(
            "gebruikersnaam, of de naam van wie u uitnodigt",
            "user name, or the name of whom you invite",
        ),
    )
}

fn roles(lang: Lang) -> [Arg; 3] {
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
        help::option(
            "admin",
            lang,
            Text::new(
                "beheerder van de machine; heeft geen rol bij een partner",
                "administrator of the machine; has no role at a party",
            ),
        )
        .action(ArgAction::SetTrue),
    ]
}

/// Does it.
pub(super) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    context.require_real_day()?;
    match matches.subcommand() {
        Some(("add", matches)) => run_add(matches, context),
        Some(("invite", matches)) => run_invite(matches, context),
        Some(("reset", matches)) => run_reset(matches, context),
        _ => run_list(context),
    }
}

/// Opens the home as it is served, and does something with its people.
fn with_site<T, F: Future<Output = Result<T, AppError>>>(
    context: &Context,
    act: impl FnOnce(Site) -> F,
) -> Result<T, AppError> {
    work::run(async {
        let config = Config::read(&context.home)?;
        act(Site::open(&context.home, config, Clock::from(context.now)).await?).await
    })
}

fn text<'m>(matches: &'m ArgMatches, name: &str) -> Option<&'m str> {
    matches.get_one::<String>(name).map(String::as_str)
}

fn wanted(matches: &ArgMatches) -> Vec<Role> {
    let all = matches.get_many::<String>("role").unwrap_or_default();
    all.filter_map(|role| role.parse().ok()).collect()
}

fn run_add(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let login = text(matches, "name").unwrap_or_default().to_owned();
    let admin = matches.get_flag("admin");
    let party = text(matches, "party").map(str::to_owned);
    let roles = wanted(matches);
    if admin == party.is_some() || admin != roles.is_empty() {
        return Err(AppError::usage(
            Text::new(
                "een account is van een beheerder, of van iemand met een rol bij een partner",
                "an account is an administrator's, or somebody's with a role at a party",
            ),
            Text::new(
                "geef `--admin`, of `--party` met `--role`",
                "give `--admin`, or `--party` with `--role`",
            ),
        ));
    }
    let password = password(context)?;
    let lang = context.lang;
    with_site(context, async |site| {
        let account = Account {
            login: &login,
            name: &login,
            password: &password,
            lang,
        };
        let party = party.unwrap_or_default();
        let roles: Vec<(String, Role)> = roles
            .into_iter()
            .map(|role| (party.clone(), role))
            .collect();
        site.add_person(&account, admin, &roles).await
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
    let invite = Invite {
        name: text(matches, "name").unwrap_or_default().to_owned(),
        party: text(matches, "party").map(str::to_owned),
        roles: wanted(matches),
        admin: matches.get_flag("admin"),
        by: None,
    };
    let (base, token) = with_site(context, async |site| {
        let token = site.invite(&invite).await?;
        Ok((base(&site), token))
    })?;
    link(context, &format!("{base}/invitations/{}", token.as_str()))
}

fn run_reset(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let login = text(matches, "name").unwrap_or_default();
    let (base, token) = with_site(context, async |site| {
        let token = site.reset(login).await?;
        Ok((base(&site), token))
    })?;
    link(context, &format!("{base}/reset/{}", token.as_str()))
}

fn base(site: &Site) -> String {
    let config = &site.config;
    match &config.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}:{}", config.address, config.port),
    }
}

fn link(context: &Context, link: &str) -> Result<(), AppError> {
    output::print(context, || format!("{link}\n"), || json!({ "link": link }))
}

fn run_list(context: &Context) -> Result<(), AppError> {
    let people = with_site(context, async |site| {
        let mut all = Vec::new();
        for person in site.store.people().await? {
            let roles = site.store.memberships_of(&person.id).await?;
            all.push((person, roles));
        }
        Ok(all)
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
