//! `zwerm barriers` and `zwerm what-if`: what could not be asked, and what would lift it.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{ArgMatches, Command, value_parser};
use serde_json::json;
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::barriers::{self, BarrierState};
use zwerm_app::share::what_if::{self, WhatIf, WhatIfOutcome};
use zwerm_app::types::home::{When, load};
use zwerm_app::types::store::barriers::BarrierStatus;

use crate::context::Context;
use crate::{failure, help, output, work};

/// How `barriers` is called.
pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "barriers",
        lang,
        help::Help {
            about: Text::new(
                "Toon wat niet gevraagd kon worden: welke voorwaarde in de weg stond, van wie die is, en wat zou helpen.",
                "Show what could not be asked: which condition stood in the way, whose it is, and what would help.",
            ),
            usage: Text::new(
                "zwerm barriers [--agreement ID]",
                "zwerm barriers [--agreement ID]",
            ),
            example: "zwerm barriers --agreement leiden-goedkoop-scheefwonen",
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
}

/// How `what-if` is called.
pub(crate) fn what_if_command(lang: Lang) -> Command {
    help::command(
        "what-if",
        lang,
        help::Help {
            about: Text::new(
                "Toon welke geweigerde vragen een gewijzigde afspraak zou toestaan. Er wordt niets gevraagd en niets veranderd.",
                "Show which refused questions an amended agreement would allow. Nothing is asked and nothing is changed.",
            ),
            usage: Text::new(
                "zwerm what-if --agreement ID --change BESTAND",
                "zwerm what-if --agreement ID --change FILE",
            ),
            example: "zwerm what-if --agreement leiden-goedkoop-scheefwonen --change agreement-v3.toml",
        },
    )
    .arg(
        help::option(
            "agreement",
            lang,
            Text::new("de afspraak in het huis", "the agreement in the home"),
        )
        .value_name("ID")
        .required(true),
    )
    .arg(
        help::option(
            "change",
            lang,
            Text::new("de gewijzigde afspraak, als TOML", "the amended agreement, as TOML"),
        )
        .value_name(help::word(lang, "BESTAND", "FILE"))
        .value_parser(value_parser!(PathBuf))
        .required(true),
    )
}

fn when(context: &Context) -> When {
    When {
        today: context.today,
        now: context.now,
    }
}

/// Lists the barriers of a home, of all agreements or of one.
pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let home = context.open_home()?;
    let only = matches.get_one::<String>("agreement").map(String::as_str);
    let is_today = !context.today_named;
    let all = work::run(barriers::of_home(&home, only, when(context), is_today))?;
    output::print(
        context,
        || barriers_table(&all, context),
        || {
            let all = all.iter().map(|(state, reason)| {
                let barrier = &state.barrier;
                json!({
                    "kind": barrier.name.kind,
                    "agreement": barrier.name.agreement,
                    "refusal": reason.to_json(context.lang),
                    "questions": barrier.questions,
                    "lifted": barrier.lifted(),
                    "status": state.status(),
                    "reason": state.said.as_ref().map(|said| &said.reason),
                    "first": barrier.first,
                    "last": barrier.last,
                })
            });
            json!({ "barriers": all.collect::<Vec<_>>() })
        },
    )
}

fn barriers_table(all: &[(BarrierState, Refusal)], context: &Context) -> String {
    if all.is_empty() {
        let none = Text::new(
            "Er zijn geen belemmeringen: geen vraag is geweigerd.\n",
            "There are no barriers: no question was refused.\n",
        );
        return context.say(&none).to_owned();
    }
    let mut text = String::new();
    for (state, reason) in all {
        let _ = writeln!(text, "{}", context.say(&head(state)));
        let refusal = std::slice::from_ref(reason);
        text.push_str(&failure::refusals(refusal, context.lang, "  "));
    }
    text
}

/// The agreement, and how it is with the barrier.
fn head(state: &BarrierState) -> Text {
    let barrier = &state.barrier;
    let (n, id) = (barrier.questions, &barrier.name.agreement);
    let status = match state.status() {
        BarrierStatus::Open => Text::new("open", "open"),
        BarrierStatus::BeingLifted => Text::new("er wordt aan gewerkt", "being lifted"),
        BarrierStatus::Lifted => Text::new(
            "opgeheven: dit staat geen vraag meer in de weg",
            "lifted: this stands in no question's way any more",
        ),
        BarrierStatus::Stays => Text::new("blijft", "stays"),
    };
    let questions = match n {
        1 => Text::new("1 vraag", "1 question"),
        _ => Text::new(format!("{n} vragen"), format!("{n} questions")),
    };
    Text::new(
        format!("{id} · {} · {}", status.nl, questions.nl),
        format!("{id} · {} · {}", status.en, questions.en),
    )
}

/// Says which refused questions another agreement would answer.
pub(crate) fn run_what_if(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let home = context.open_home()?;
    let id = matches
        .get_one::<String>("agreement")
        .map_or("", String::as_str);
    let path: PathBuf = matches.get_one("change").cloned().unwrap_or_default();
    let amended = load::file(&path)?;
    let tried = work::run(what_if::of_home(&home, id, &amended, when(context)))?;
    output::print(
        context,
        || what_if_table(&tried, context),
        || {
            let all = tried.outcomes.iter().map(|change| {
                let asked = &change.kept.refusal;
                json!({
                    "refusal": change.kept.hash,
                    "at": asked.at,
                    "party": asked.party,
                    "purpose": asked.purpose,
                    "sql": asked.sql,
                    "times": change.times,
                    "allowed": change.still.is_empty(),
                    "still": change.still.iter().map(|r| r.to_json(context.lang)).collect::<Vec<_>>(),
                })
            });
            json!({ "questions": all.collect::<Vec<_>>(), "all": tried.all })
        },
    )
}

fn what_if_table(tried: &WhatIf, context: &Context) -> String {
    let mut text = String::new();
    let changes = tried.outcomes.iter();
    let (allowed, refused): (Vec<&WhatIfOutcome>, Vec<&WhatIfOutcome>) =
        changes.partition(|change| change.still.is_empty());
    let times = |some: &[&WhatIfOutcome]| some.iter().map(|one| one.times).sum::<u64>();
    let yes = times(&allowed);
    let all = yes + times(&refused);
    let head = Text::new(
        format!(
            "Van {all} geweigerde vragen zou de gewijzigde afspraak er {yes} toestaan, als alle partners ermee instemmen."
        ),
        format!(
            "Of {all} refused questions the amended agreement would allow {yes}, if all parties consent to it."
        ),
    );
    let _ = writeln!(text, "{}", context.say(&head));
    if let Some(rest) = untried(tried) {
        let _ = writeln!(text, "{}", context.say(&rest));
    }
    for change in allowed {
        let asked = &change.kept.refusal;
        let _ = writeln!(text, "  + {} > {}", asked.party, asked.sql);
    }
    for change in refused {
        let asked = &change.kept.refusal;
        let codes: Vec<&str> = change.still.iter().map(|r| r.code.as_str()).collect();
        let _ = writeln!(
            text,
            "  - {} > {}  [{}]",
            asked.party,
            asked.sql,
            codes.join(", ")
        );
    }
    text
}

/// That some questions were not tried, when there are too many.
fn untried(tried: &WhatIf) -> Option<Text> {
    let all = tried.all;
    (tried.tried() < all).then(|| {
        Text::new(
            format!("In totaal zijn er {all} geweigerd; geprobeerd zijn de nieuwste."),
            format!("In all {all} were refused; the newest were tried."),
        )
    })
}
