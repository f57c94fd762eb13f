//! `zwerm data prepare`.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::json;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::own::prepare::{PrepareRequest, PreparedFile, PreparedSummary, prepare};
use zwerm_app::words::number::number;

use crate::context::Context;
use crate::share::data::{self, check, page};
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "prepare",
        lang,
        help::Help {
            about: Text::new(
                "Bereid een bestand voor: de sleutel wordt een pseudoniem, kolommen gaan eruit, en wie bezwaar\n\
                 maakte ook. De rijen komen in een andere volgorde.",
                "Prepare a file: the key becomes a pseudonym, columns are taken out, and those who objected\n\
                 too. The rows come in another order.",
            ),
            usage: Text::new(
                "zwerm data prepare BESTAND --key KOLOM --secret BESTAND --output BESTAND [opties]",
                "zwerm data prepare FILE --key COLUMN --secret FILE --output FILE [options]",
            ),
            example: "zwerm data prepare bron.xlsx --key bsn --drop naam --secret geheim.txt \
                      --exclude bezwaar.txt --output woningen.csv --summary woningen.json",
        },
    )
    .arg(data::file(lang))
    .args(pseudonym_args(lang))
    .args(removal_args(lang))
    .args(result_args(lang))
    .args(data::format_args(lang))
}

/// What becomes a pseudonym, and with which secret.
fn pseudonym_args(lang: Lang) -> [Arg; 2] {
    let key = Text::new(
        "de kolom die een pseudoniem wordt",
        "the column that becomes a pseudonym",
    );
    let secret = Text::new(
        "het geheim van de partners; zie `zwerm data secret`",
        "the partners' secret; see `zwerm data secret`",
    );
    [
        data::column("key", lang, key).required(true),
        data::path("secret", lang, secret).required(true),
    ]
}

/// Which columns and which people are taken out.
fn removal_args(lang: Lang) -> [Arg; 2] {
    let drop = Text::new(
        "een kolom die eruit gaat; mag vaker",
        "a column that is taken out; may be repeated",
    );
    let exclude = Text::new(
        "wie bezwaar maakte: een tekst met één sleutel per regel, of een tabel met de sleutelkolom",
        "those who objected: a text with one key per line, or a table with the key column",
    );
    [
        data::column("drop", lang, drop).action(ArgAction::Append),
        data::path("exclude", lang, exclude),
    ]
}

/// Where the result goes.
fn result_args(lang: Lang) -> [Arg; 2] {
    let output = Text::new(
        "het voorbereide bestand, als `.csv` of `.parquet`",
        "the prepared file, as `.csv` or `.parquet`",
    );
    let summary = Text::new(
        "schrijf de samenvatting ook hierheen, als JSON",
        "write the summary here too, as JSON",
    );
    [
        data::path("output", lang, output).required(true),
        data::path("summary", lang, summary),
    ]
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let request = PrepareRequest {
        file: data::path_of(matches, "file").unwrap_or_default(),
        options: data::format_options(matches),
        key: matches
            .get_one::<String>("key")
            .cloned()
            .unwrap_or_default(),
        secret: data::path_of(matches, "secret").unwrap_or_default(),
        drop: data::all(matches, "drop"),
        exclude: data::path_of(matches, "exclude"),
        output: data::path_of(matches, "output").unwrap_or_default(),
        summary: data::path_of(matches, "summary"),
    };
    let prepared = prepare(&request)?;
    if prepared.open_secret {
        context.note(&Text::new(
            "Let op: anderen op deze machine kunnen het geheim lezen; maak het bestand van u alleen (`chmod 600`).",
            "Mind: others on this machine can read the secret; make the file yours alone (`chmod 600`).",
        ));
    }
    output::print(
        context,
        || summary(&request, &prepared, context.lang),
        || {
            let remarks = prepared
                .remarks
                .iter()
                .map(|r| check::remark(r, context.lang));
            json!({ "summary": prepared.summary, "remarks": remarks.collect::<Vec<_>>() })
        },
    )
}

fn summary(request: &PrepareRequest, prepared: &PreparedFile, lang: Lang) -> String {
    let mut text = String::new();
    let rows = counts(&prepared.summary, lang);
    let rows = rows.iter().filter(|(_, value)| !value.is_empty());
    let rows: Vec<Vec<String>> = rows
        .map(|(name, value)| vec![format!("  {}", name.get(lang)), value.clone()])
        .collect();
    let _ = writeln!(text, "{}", request.output.display());
    text.push_str(&output::columns(&rows));
    let columns: Vec<String> = prepared
        .summary
        .columns
        .iter()
        .map(|c| format!("{} = \"{}\"", c.name, c.kind))
        .collect();
    let _ = writeln!(text, "  columns = {{ {} }}", columns.join(", "));
    // what is told of persons is mended by what was done, or refused
    let left: Vec<_> = prepared
        .remarks
        .iter()
        .filter(|r| !about_gone(request, r))
        .cloned()
        .collect();
    text.push_str(&page::remarks(&left, lang));
    let next = Text::new(
        "\nLaat de partners de controle van het geheim vergelijken: is zij gelijk, dan passen de pseudoniemen op elkaar.\n",
        "\nHave the partners compare the check of the secret: if it is the same, the pseudonyms match.\n",
    );
    text.push_str(next.get(lang));
    text
}

/// The figures of the summary, each with its name; those without a value are empty.
fn counts(summary: &PreparedSummary, lang: Lang) -> [(Text, String); 9] {
    let count = |n: u64| number(n as f64, 0, lang);
    [
        ("rijen gelezen", "rows read", count(summary.rows_in)),
        (
            "rijen uitgesloten",
            "rows excluded",
            count(summary.rows_excluded),
        ),
        ("rijen geschreven", "rows written", count(summary.rows_out)),
        (
            "sleutels op de uitsluitlijst",
            "keys on the exclusion list",
            count(summary.exclusions),
        ),
        (
            "daarvan niet gevonden",
            "of these not found",
            count(summary.exclusions_unmatched),
        ),
        (
            "kolommen eruit",
            "columns taken out",
            summary.dropped.join(", "),
        ),
        ("sleutel", "key", summary.key.clone()),
        ("SHA-256", "SHA-256", summary.sha256.to_string()),
        (
            "controle van het geheim",
            "check of the secret",
            summary.secret_check.clone(),
        ),
    ]
    .map(|(nl, en, value)| (Text::new(nl, en), value))
}

/// A remark on a column that is a pseudonym now, or gone.
fn about_gone(request: &PrepareRequest, remark: &zwerm_app::types::intake::Remark) -> bool {
    let gone = request.drop.iter().chain([&request.key]);
    remark.personal
        && gone
            .clone()
            .any(|name| remark.place.ends_with(&format!(":`{name}`")))
}
