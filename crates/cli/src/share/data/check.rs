//! `zwerm data check`.

use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::{Value, json};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::own::check::{CheckRequest, FileReport, check, may_show};
use zwerm_app::types::intake::{Remark, SurveyColumn};

use crate::context::Context;
use crate::share::data::page;
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "check",
        lang,
        help::Help {
            about: Text::new(
                "Kijk een bestand na: hoe het gelezen wordt, wat erin staat, wat opvalt.\n\
                 Afsluitcode 2 als er iets is dat eerst anders moet, anders 0.",
                "Look a file through: how it is read, what is in it, what stands out.\n\
                 Exit code 2 when something has to change first, 0 otherwise.",
            ),
            usage: Text::new(
                "zwerm data check BESTAND [opties]",
                "zwerm data check FILE [options]",
            ),
            example: "zwerm data check woningen.csv --key huishouden\n\
                      zwerm data check woningen.csv --values wijk=noord,oost,zuid --missing NULL",
        },
    )
    .arg(crate::share::data::file(lang))
    .arg(crate::share::data::column(
        "key",
        lang,
        Text::new(
            "de kolom waaraan een eenheid te herkennen is",
            "the column that a unit is known by",
        ),
    ))
    .arg(values(lang))
    .args(crate::share::data::format_args(lang))
}

fn values(lang: Lang) -> Arg {
    let text = Text::new(
        "de waarden die een kolom mag hebben, of een CSV met per kolom haar waarden; mag vaker",
        "the values that a column may have, or a CSV with the values of each column; may be repeated",
    );
    help::option("values", lang, text)
        .value_name(help::word(lang, "KOLOM=a,b|BESTAND", "COLUMN=a,b|FILE"))
        .action(ArgAction::Append)
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let request = CheckRequest {
        file: crate::share::data::path_of(matches, "file").unwrap_or_default(),
        options: crate::share::data::format_options(matches),
        key: matches.get_one::<String>("key").cloned(),
        lists: crate::share::data::all(matches, "values"),
    };
    let report = check(&request)?;
    output::print(
        context,
        || page::report(&request, &report, context.lang),
        || wire(&request, &report, context.lang),
    )?;
    if report.is_usable() {
        Ok(())
    } else {
        Err(AppError::Reported)
    }
}

/// The report for programs. Values are those of columns with few, and never keys.
fn wire(request: &CheckRequest, report: &FileReport, lang: Lang) -> Value {
    let survey = &report.survey;
    let key = request.key.as_deref();
    let format = survey.format.iter().map(|assumed| {
        json!({ "key": assumed.key, "value": assumed.value, "how": assumed.how.get(lang) })
    });
    let columns = survey.columns.iter().enumerate();
    let columns = columns.map(|(place, column)| {
        let shown = may_show(survey, place, key);
        wire_column(column, key, shown)
    });
    let outside = report.outside.iter().map(|outside| {
        json!({
            "column": outside.column, "rows": outside.rows,
            "values": outside.values, "unused": outside.unused,
        })
    });
    let key_faults = report.key_faults.iter().map(|fault| {
        json!({ "place": fault.place, "what": fault.what.get(lang), "cure": fault.cure.get(lang) })
    });
    json!({
        "usable": report.is_usable(),
        "sha256": survey.fingerprint,
        "format": format.collect::<Vec<_>>(),
        "rows": survey.rows,
        "duplicates": survey.duplicates,
        "columns": columns.collect::<Vec<_>>(),
        "remarks": survey.remarks.iter().map(|r| remark(r, lang)).collect::<Vec<_>>(),
        "key": key,
        "key_faults": key_faults.collect::<Vec<_>>(),
        "outside": outside.collect::<Vec<_>>(),
    })
}

/// A column for programs, with its values when these may be shown.
fn wire_column(column: &SurveyColumn, key: Option<&str>, shown: bool) -> Value {
    let range = column
        .range
        .filter(|_| column.looks_like.is_none() && key != Some(&column.name));
    json!({
        "name": column.name,
        "sql_name": column.sql_name,
        "type": column.kind,
        "missing": column.missing,
        "distinct": column.distinct,
        "unique": column.unique,
        "values": shown.then_some(&column.values),
        "range": range.map(|(low, high)| [low, high]),
        "bsn": column.bsn,
        "looks_like": column.looks_like.map(|s| s.as_str()),
    })
}

pub(crate) fn remark(remark: &Remark, lang: Lang) -> Value {
    json!({
        "place": remark.place,
        "what": remark.what.get(lang),
        "cure": remark.cure.get(lang),
        "grave": remark.grave.is_some(),
    })
}
