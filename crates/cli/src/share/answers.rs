//! `zwerm answers`: answers that were kept, listed and shown as the agreement says.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use serde_json::json;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::kept_answer;
use zwerm_app::share::kept::{self, WantedAnswers};
use zwerm_app::share::wire;
use zwerm_app::types::home::files;
use zwerm_app::types::store::list::ListPlace;
use zwerm_app::types::store::questions::AskedQuestion;
use zwerm_app::words::answer::csv;

use crate::context::{Context, OutputFormat};
use crate::share::answer;
use crate::share::ask::place_for_receipt;
use crate::{globals, help, output, work};

/// Answers on one page of the list, where nobody says otherwise.
const MOST: u32 = 20;

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "answers",
        lang,
        help::Help {
            about: Text::new(
                "Antwoorden die eerder zijn gegeven, zolang de afspraak ze laat lezen.",
                "Answers that were given before, for as long as the agreement lets them be read.",
            ),
            usage: Text::new("zwerm answers OPDRACHT", "zwerm answers COMMAND"),
            example: "zwerm answers list",
        },
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommand(list_command(lang))
    .subcommand(show_command(lang))
}

fn list_command(lang: Lang) -> Command {
    help::command(
        "list",
        lang,
        help::Help {
            about: Text::new(
                "Toon de antwoorden die u mag lezen, de nieuwste eerst.",
                "Show the answers that you may read, the newest first.",
            ),
            usage: Text::new(
                "zwerm answers list [--agreement ID] [--as PARTNER]",
                "zwerm answers list [--agreement ID] [--as PARTY]",
            ),
            example: "zwerm answers list --as gemeente-leiden",
        },
    )
    .arg(
        help::option(
            "agreement",
            lang,
            Text::new("alleen van deze afspraak", "of this agreement only"),
        )
        .value_name("ID"),
    )
    .arg(party(lang))
    .arg(
        help::option(
            "limit",
            lang,
            Text::new(
                "hoogstens zoveel (anders 20)",
                "at most so many (20 otherwise)",
            ),
        )
        .value_name("N")
        .value_parser(value_parser!(u32).range(1..=1000)),
    )
    .arg(
        help::option(
            "before",
            lang,
            Text::new(
                "ga verder bij deze plek, zoals onder de vorige lijst staat",
                "go on at this place, as it stands below the list before",
            ),
        )
        .value_name(help::word(lang, "PLEK", "PLACE"))
        .value_parser(value_parser!(ListPlace)),
    )
}

fn show_command(lang: Lang) -> Command {
    let id = Text::new(
        "het antwoord, zoals de lijst het noemt",
        "the answer, as the list names it",
    );
    help::command(
        "show",
        lang,
        help::Help {
            about: Text::new("Toon een antwoord.", "Show an answer."),
            usage: Text::new(
                "zwerm answers show ID [--as PARTNER] [--receipt BESTAND]",
                "zwerm answers show ID [--as PARTY] [--receipt FILE]",
            ),
            example: "zwerm answers show 0123456789abcdef0123456789abcdef",
        },
    )
    .arg(help::positional("id", ("ID", "ID"), lang, &id))
    .arg(party(lang))
    .arg(globals::format(lang, &["table", "json", "csv"]))
    .arg(
        help::option(
            "receipt",
            lang,
            Text::new(
                "schrijf het controlebewijs naar dit bestand",
                "write the receipt to this file",
            ),
        )
        .value_name(help::word(lang, "BESTAND", "FILE"))
        .value_parser(value_parser!(PathBuf)),
    )
}

fn party(lang: Lang) -> Arg {
    let text = Text::new(
        "lees als deze partner (anders wat iedereen mag lezen)",
        "read as this party (what everybody may read otherwise)",
    );
    help::option("as", lang, text).value_name(help::word(lang, "PARTNER", "PARTY"))
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    match matches.subcommand() {
        Some(("list", matches)) => list(matches, context),
        Some((_, matches)) => show(matches, context),
        None => Ok(()),
    }
}

fn list(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let text = |id: &str| matches.get_one::<String>(id).cloned();
    let home = context.open_home()?;
    let wanted = WantedAnswers {
        agreement: text("agreement"),
        party: text("as"),
        before: matches.get_one::<ListPlace>("before").cloned(),
        most: matches.get_one::<u32>("limit").copied().unwrap_or(MOST),
    };
    let found = work::run(kept::list(&home, &wanted, context.today))?;
    let older = found.older.as_ref().map(ToString::to_string);
    output::print(
        context,
        || listed(&found.rows, older.as_deref(), context.lang),
        || {
            json!({
                "answers": found.rows.iter().map(|one| in_json(one, context.lang)).collect::<Vec<_>>(),
                "older": older,
            })
        },
    )
}

fn in_json(asked: &AskedQuestion, lang: Lang) -> serde_json::Value {
    json!({
        "id": asked.id,
        "at": asked.at,
        "title": asked.title().get(lang),
        "agreement": asked.agreement,
        "version": asked.version,
        "party": asked.party,
        "purpose": asked.purpose,
        "sql": asked.sql,
        "entry": asked.entry,
    })
}

fn listed(rows: &[AskedQuestion], older: Option<&str>, lang: Lang) -> String {
    if rows.is_empty() {
        let none = Text::new(
            "Er is geen antwoord dat u hier mag lezen.\n",
            "There is no answer that you may read here.\n",
        );
        return none.get(lang).to_owned();
    }
    let mut text = String::new();
    for asked in rows {
        let when = asked.at.strftime("%Y-%m-%d %H:%M UTC");
        let (title, id, party) = (asked.title(), &asked.id, &asked.party);
        let (agreement, version) = (&asked.agreement, asked.version);
        text += &format!("{}\n  {id}\n", title.get(lang));
        text += &format!("  {when}, {party}, {agreement}@{version}\n");
    }
    if let Some(place) = older {
        let more = Text::new("Ouder: --before", "Older: --before");
        text += &format!("\n{} {place}\n", more.get(lang));
    }
    text
}

fn show(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let text = |id: &str| matches.get_one::<String>(id).cloned().unwrap_or_default();
    let party = matches.get_one::<String>("as").map(String::as_str);
    let home = context.open_home()?;
    let place = matches.get_one::<PathBuf>("receipt");
    place.map_or(Ok(()), |path| place_for_receipt(path, None))?;
    let (asked, stored) = work::run(kept::show(&home, &text("id"), party, context.today))?;
    let kept = kept_answer(&asked)?;
    let kept = kept.ok_or_else(|| AppError::Internal("an answer without figures".into()))?;
    if let Some(path) = place {
        let receipt = asked.receipt.as_deref().ok_or_else(kept_without_receipt)?;
        files::write(path, receipt.as_bytes())?;
    }
    let lang = context.lang;
    if text("format") == "csv" {
        return output::write_bytes(&csv(&kept.answer)?);
    }
    if context.format == OutputFormat::Json {
        let table = wire::table(&kept.answer, lang);
        let message = json!({"asked": in_json(&asked, lang), "answer": table});
        return output::write_json(&message);
    }
    let agreement = &stored.document.agreement;
    let view = agreement.view.iter().find(|view| view.name == kept.view);
    let label = |column: usize, value: &str| {
        let column = kept.answer.columns().get(column)?;
        let mut dimensions = view?.dimension.iter();
        let dimension = dimensions
            .find(|one| one.name == column.name || one.label.as_ref() == Some(&column.label))?;
        Some(dimension.labels.get(value)?.get(lang).to_owned())
    };
    let mut page = format!("{}\n{}\n\n", asked.title().get(lang), asked.sql);
    page += &answer::grid(&kept.answer, &label, lang);
    output::write_bytes(page.as_bytes())
}

fn kept_without_receipt() -> AppError {
    AppError::usage(
        FaultCode::NotApplicable,
        Text::new(
            "dit antwoord is bewaard zonder controlebewijs",
            "this answer was kept without a receipt",
        ),
        Text::new(
            "laat `--receipt` weg, of stel de vraag opnieuw met `zwerm ask --receipt BESTAND`",
            "leave out `--receipt`, or ask the question anew with `zwerm ask --receipt FILE`",
        ),
    )
}
