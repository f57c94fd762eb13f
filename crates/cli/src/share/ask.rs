//! `zwerm ask`: a question, and its protected answer.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::ask::{AnsweredQuestion, AskRequest, ask};
use zwerm_app::share::kept::ask_and_keep;
use zwerm_app::share::wire;
use zwerm_app::types::home::{AgreementTarget, Home, files};
use zwerm_app::types::question::answer::{Marks, to_parquet};
use zwerm_app::words::answer::csv;

use crate::context::{Context, OutputFormat};
use crate::share::answer;
use crate::{globals, help, output, work};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "ask",
        lang,
        help::Help {
            about: Text::new(
                "Stel een vraag in SQL aan een gezamenlijke basis; het antwoord is beschermd.",
                "Ask a shared view a question in SQL; the answer is protected.",
            ),
            usage: Text::new(
                "zwerm ask --agreement ID|BESTAND --as PARTNER --purpose DOEL 'SELECT …'",
                "zwerm ask --agreement ID|FILE --as PARTY --purpose PURPOSE 'SELECT …'",
            ),
            example: "zwerm ask --agreement leiden-goedkoop-scheefwonen --as gemeente-leiden \\\n    \
                      --purpose housing-policy \\\n    \
                      'SELECT wijk, units() FROM huishoudens GROUP BY wijk'",
        },
    )
    .args(required_args(lang))
    .arg(globals::format(lang, &["table", "json", "csv", "parquet"]))
    .args(file_args(lang))
    .arg(explain(lang))
    .args(work::limit_args(lang))
    .arg(sql(lang))
}

/// Under which agreement is asked, by whom and what for.
fn required_args(lang: Lang) -> [Arg; 3] {
    let required = |id: &'static str, name: &'static str, text: Text| {
        help::option(id, lang, text).value_name(name).required(true)
    };
    [
        required(
            "agreement",
            help::word(lang, "ID|BESTAND", "ID|FILE"),
            Text::new(
                "de afspraak: in het huis, of een los bestand (dan is het een proef)",
                "the agreement: in the home, or a plain file (a trial then)",
            ),
        ),
        required(
            "as",
            help::word(lang, "PARTNER", "PARTY"),
            Text::new("de partner die vraagt", "the party that asks"),
        ),
        required(
            "purpose",
            help::word(lang, "DOEL", "PURPOSE"),
            Text::new("waarvoor het antwoord is", "what the answer is for"),
        ),
    ]
}

/// Where the answer and its receipt go.
fn file_args(lang: Lang) -> [Arg; 2] {
    let file = |id: &'static str, text: Text| {
        help::option(id, lang, text)
            .value_name(help::word(lang, "BESTAND", "FILE"))
            .value_parser(value_parser!(PathBuf))
    };
    [
        file(
            "output",
            Text::new(
                "schrijf naar dit bestand; het is er heel of niet",
                "write to this file; it is there whole or not at all",
            ),
        ),
        file(
            "receipt",
            Text::new(
                "schrijf het controlebewijs naar dit bestand: daarmee kan iedereen het antwoord nagaan",
                "write the receipt to this file: with it anyone can verify the answer",
            ),
        ),
    ]
}

fn explain(lang: Lang) -> Arg {
    let text = Text::new(
        "leg ook uit wie het toestond en welke voorwaarden golden (op stderr)",
        "also tell who allowed it and which conditions applied (on stderr)",
    );
    help::option("explain", lang, text).action(ArgAction::SetTrue)
}

fn sql(lang: Lang) -> Arg {
    let text = Text::new(
        "één SELECT over één gezamenlijke basis",
        "one SELECT over one shared view",
    );
    help::positional("sql", ("VRAAG", "QUESTION"), lang, &text)
}

/// Asks, and writes the answer, and its receipt where that was asked for.
pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let text = |id: &str| matches.get_one::<String>(id).cloned().unwrap_or_default();
    let request = AskRequest {
        agreement: AgreementTarget::parse(&text("agreement")),
        party: text("as"),
        purpose: text("purpose"),
        sql: text("sql"),
        today: context.today,
        now: context.now,
        limits: work::limits(matches),
    };
    let home = match request.agreement {
        AgreementTarget::File(_) => None,
        AgreementTarget::Id(_) => Some(context.open_home_to_enter()?),
    };
    let receipt = matches.get_one::<PathBuf>("receipt");
    if let Some(receipt) = receipt {
        if home.is_none() {
            return Err(trial_without_receipt());
        }
        let output = matches.get_one::<PathBuf>("output");
        place_for_receipt(receipt, output)?;
    }
    let answered = {
        let watcher = work::Watcher::new(context.lang);
        let progress = |step| watcher.step(step);
        match &home {
            Some(home) => work::run(ask_and_keep(home, &request, &progress))?,
            None => work::run(ask(None, &request, &progress))?,
        }
    };
    if matches.get_flag("explain") {
        context.note(&Text::same(explained(&answered, context.lang)));
    }
    let bytes = in_format(&answered, &text("format"), context)?;
    if let (Some(path), Some(receipt)) = (receipt, &answered.receipt) {
        let bytes = receipt
            .to_bytes()
            .map_err(|e| AppError::Internal(e.to_string()))?;
        if let Err(error) = files::write(path, &bytes) {
            // the answer was entered, and nobody could verify it without this
            context.note(&Text::same(String::from_utf8_lossy(&bytes)));
            return Err(error.into());
        }
    }
    match matches.get_one::<PathBuf>("output") {
        Some(path) => Ok(files::write(path, &bytes)?),
        None => output::write_bytes(&bytes),
    }
}

/// The answer as a file of the format that was asked for.
fn in_format(
    answered: &AnsweredQuestion,
    format: &str,
    context: &Context,
) -> Result<Vec<u8>, AppError> {
    Ok(match format {
        "csv" => csv(&answered.answer)?,
        "parquet" => to_parquet(&answered.answer, Marks::ProtectedAndTotals)?,
        _ if context.format == OutputFormat::Json => {
            let message = wire::message(answered, context.lang);
            let mut json =
                serde_json::to_vec(&message).map_err(|e| AppError::Internal(e.to_string()))?;
            json.push(b'\n');
            json
        }
        _ => answer::table(answered, context.lang).into_bytes(),
    })
}

/// Checks, before anything is asked or shown, that the receipt can be written there: what is entered cannot be asked anew.
pub(crate) fn place_for_receipt(path: &Path, output: Option<&PathBuf>) -> Result<(), AppError> {
    let shown = path.display();
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    folder.canonicalize().map_err(AppError::at(folder))?;
    let what = if output.is_some_and(|output| output == path) || path.exists() {
        Text::new(
            format!("`{shown}` is er al, of is ook voor het antwoord"),
            format!("`{shown}` is there already, or is for the answer too"),
        )
    } else if Home::holds(path) {
        Text::new(
            format!("`{shown}` ligt in een huis"),
            format!("`{shown}` lies in a home"),
        )
    } else {
        return Ok(());
    };
    Err(AppError::usage(
        FaultCode::Exists,
        what,
        Text::new(
            "noem met `--receipt` een nieuw bestand, buiten het huis",
            "name a new file with `--receipt`, outside the home",
        ),
    ))
}

fn trial_without_receipt() -> AppError {
    AppError::usage(
        FaultCode::NotApplicable,
        Text::new(
            "een los bestand is een proef, en een proef heeft geen controlebewijs",
            "a plain file is a trial, and a trial has no receipt",
        ),
        Text::new(
            "voeg de afspraak toe aan een huis met `zwerm agreement add`, en noem haar bij haar id",
            "add the agreement to a home with `zwerm agreement add`, and name it by its id",
        ),
    )
}

/// Who allowed the question and which conditions applied.
fn explained(answered: &AnsweredQuestion, lang: Lang) -> String {
    let mut text = String::new();
    let asked = Text::new("Zo is de vraag begrepen", "So the question was understood");
    let _ = writeln!(text, "{}:\n  {}", asked.get(lang), answered.plan);
    let because = Text::new("Daarom mocht het", "It was allowed because");
    let _ = writeln!(text, "{}:", because.get(lang));
    for policy in &answered.because {
        let _ = writeln!(text, "  - {} [{}]", policy.words.get(lang), policy.id);
    }
    let enforced = Text::new("De machine bewaakte", "The machine enforced");
    let _ = writeln!(text, "{}:", enforced.get(lang));
    for condition in &answered.conditions {
        let _ = writeln!(
            text,
            "  - {} [{}]",
            condition.words.get(lang),
            condition.path
        );
    }
    text
}
