//! `zwerm protect`: one's own table, protected.

use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;
use zwerm_agreement::diagnostic::{Diagnostics, FaultCode};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::own::draft::{ColumnChoice, DraftProtection, fault, told};
use zwerm_app::share::own::protect::{ProtectRequest, ProtectedTable, protect};
use zwerm_app::share::wire;
use zwerm_app::types::home::files;
use zwerm_app::words::answer::csv;
use zwerm_app::words::number::number;

use crate::context::{Context, OutputFormat};
use crate::share::{answer, data, sheet};
use crate::{globals, help, output, work};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "protect",
        lang,
        help::Help {
            about: Text::new(
                "Bescherm uw eigen tabel: tel eenheden en bedragen, en scherm af wat iemand zou verraden.\n\
                 Hiervoor is geen afspraak nodig; er wordt niets bewaard en er is geen controlebewijs.",
                "Protect your own table: count units and amounts, and protect what would give anybody away.\n\
                 This needs no agreement; nothing is kept and there is no receipt.",
            ),
            usage: Text::new(
                "zwerm protect BESTAND --key KOLOM --by KOLOM,KOLOM [--sum KOLOM] [opties]",
                "zwerm protect FILE --key COLUMN --by COLUMN,COLUMN [--sum COLUMN] [options]",
            ),
            example: "zwerm protect huishoudens.csv --key huishouden --by wijk,leeftijd --sum inkomen\n\
                      zwerm protect huishoudens.xlsx --key huishouden --by wijk --minimum 10 \\\n    \
                      --format xlsx --output tabel.xlsx",
        },
    )
    .arg(data::file(lang))
    .args(column_args(lang))
    .args(rules(lang))
    .arg(hierarchy(lang))
    .arg(globals::format(lang, &["table", "json", "csv", "xlsx"]))
    .arg(data::path("output", lang, Text::new(
        "schrijf naar dit bestand; het is er heel of niet",
        "write to this file; it is there whole or not at all",
    )))
    .args(work::limit_args(lang))
    .args(data::format_args(lang))
}

/// What tells units apart, what to group by and what to add up.
fn column_args(lang: Lang) -> [Arg; 3] {
    let key = Text::new(
        "de kolom die eenheden uit elkaar houdt (een huishouden, een persoon)",
        "the column that tells units apart (a household, a person)",
    );
    let by = Text::new(
        "de kolommen om naar te groeperen",
        "the columns to group by",
    );
    let sum = Text::new("de kolommen om op te tellen", "the columns to add up");
    [
        data::column("key", lang, key).required(true),
        columns("by", lang, by).required(true),
        columns("sum", lang, sum),
    ]
}

fn hierarchy(lang: Lang) -> Arg {
    let text = Text::new(
        "een CSV met per waarde het grotere geheel, zoals wijk,stadsdeel; mag vaker",
        "a CSV with the larger whole of each value, such as district,city_part; may be repeated",
    );
    data::path("hierarchy", lang, text).action(ArgAction::Append)
}

fn columns(id: &'static str, lang: Lang, text: Text) -> Arg {
    data::column(id, lang, text)
        .value_name(help::word(lang, "KOLOM,…", "COLUMN,…"))
        .action(ArgAction::Append)
}

/// The rules, with their usual values.
fn rules(lang: Lang) -> [Arg; 4] {
    let minimum = Text::new(
        "een getal gaat over minstens zoveel eenheden (anders 10)",
        "a figure is about at least so many units (else 10)",
    );
    let dominance = Text::new(
        "de grootste N hebben samen hoogstens K procent van een som, zoals 1,50",
        "the largest N together hold at most K percent of a sum, such as 1,50",
    );
    let p_percent = Text::new(
        "niemand kan de bijdrage van een ander tot op P procent schatten",
        "nobody can estimate another's contribution to within P percent",
    );
    let round = Text::new(
        "rond aantallen af op een veelvoud hiervan (anders 5; 1 is niet afronden)",
        "round counts to a multiple of this (else 5; 1 is not at all)",
    );
    [
        help::option("minimum", lang, minimum)
            .value_name("N")
            .value_parser(value_parser!(u64).range(3..=1_000_000)),
        help::option("dominance", lang, dominance).value_name("N,K"),
        help::option("p-percent", lang, p_percent)
            .value_name("P")
            .value_parser(value_parser!(f64)),
        help::option("round", lang, round)
            .value_name("N")
            .value_parser(value_parser!(u64).range(1..=1_000)),
    ]
}

/// Protects the table and writes it in the format that was asked for.
pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let output = data::path_of(matches, "output");
    let format = form(matches, output.as_deref());
    if format == "xlsx" && output.is_none() {
        return Err(workbook_on_screen());
    }
    let request = request(matches, context)?;
    for read in request.hierarchies.iter().chain([&request.file]) {
        if let Some(path) = &output {
            files::keep_source(path, read)?;
        }
    }
    let table = {
        let watcher = work::Watcher::new(context.lang);
        let progress = |step| watcher.step(step);
        work::run(protect(&request, &progress))?
    };
    for remark in of_the_file(&table) {
        context.note(&remark);
    }
    let lang = context.lang;
    let words: Vec<String> = story(&table, lang);
    let bytes = match format {
        "csv" => csv(&table.answer)?,
        "xlsx" => sheet::xlsx(&table.answer, &words, lang)?,
        _ if context.format == OutputFormat::Json => json(&table, lang)?,
        _ => text(&table, &words, lang),
    };
    if format == "csv" || format == "xlsx" {
        context.note(&Text::same(words.join("\n")));
    }
    match output {
        Some(path) => Ok(files::write(&path, &bytes)?),
        None => output::write_bytes(&bytes),
    }
}

fn workbook_on_screen() -> AppError {
    AppError::usage(
        FaultCode::NotApplicable,
        Text::new(
            "een werkmap past niet op het scherm",
            "a workbook does not fit on the screen",
        ),
        Text::new(
            "noem een bestand met `--output`",
            "name a file with `--output`",
        ),
    )
}

fn request(matches: &ArgMatches, context: &Context) -> Result<ProtectRequest, AppError> {
    let whole = |id: &str, otherwise: u64| matches.get_one::<u64>(id).copied().unwrap_or(otherwise);
    let RuleArguments {
        dominance,
        p_percent,
    } = contribution_rules(matches)?;
    let paths = matches.get_many::<PathBuf>("hierarchy");
    Ok(ProtectRequest {
        file: data::path_of(matches, "file").unwrap_or_default(),
        options: data::format_options(matches),
        key: matches
            .get_one::<String>("key")
            .cloned()
            .unwrap_or_default(),
        choice: ColumnChoice {
            by: data::all(matches, "by"),
            sum: data::all(matches, "sum"),
        },
        hierarchies: paths.map(|all| all.cloned().collect()).unwrap_or_default(),
        protection: DraftProtection {
            minimum: whole("minimum", 10),
            dominance,
            p_percent,
            round_to: whole("round", 5),
            most: 1,
        },
        today: context.today,
        limits: work::limits(matches),
    })
}

/// The form that was asked for, or that the name of the output tells.
fn form<'m>(matches: &'m ArgMatches, output: Option<&'m Path>) -> &'m str {
    let asked = matches.value_source("format") != Some(ValueSource::DefaultValue);
    let ending = output.and_then(|p| p.extension()?.to_str());
    match ending {
        Some(ending @ ("csv" | "xlsx")) if !asked => ending,
        _ => matches
            .get_one::<String>("format")
            .map_or("table", String::as_str),
    }
}

/// The rules about contributions to a sum, as they were given.
struct RuleArguments {
    /// How many of the largest units, and the share that they may hold.
    dominance: Option<(u64, f64)>,
    p_percent: Option<f64>,
}

/// The rules about contributions to a sum; what is wrong with either is told at once.
fn contribution_rules(matches: &ArgMatches) -> Result<RuleArguments, AppError> {
    let mut faults = Vec::new();
    let dominance = matches.get_one::<String>("dominance").map(|t| pair(t));
    let dominance = dominance.and_then(|read| read.map_err(|wrong| faults.extend(wrong.0)).ok());
    let p_percent = matches.get_one::<f64>("p-percent").copied();
    if let Some(p) = p_percent.filter(|p| !(*p > 0.0 && *p <= 100.0)) {
        faults.push(fault(
            format!("--p-percent {p}"),
            FaultCode::OutOfRange,
            Text::new("dit ligt buiten het bereik", "this is out of range"),
            Text::new(
                "kies een getal boven 0, hoogstens 100",
                "choose a number above 0, at most 100",
            ),
        ));
    }
    told(faults)?;
    Ok(RuleArguments {
        dominance,
        p_percent,
    })
}

/// `1,50`: the largest one, half.
fn pair(text: &str) -> Result<(u64, f64), Diagnostics> {
    let read = || {
        let (n, k) = text.split_once(',')?;
        let n: u64 = n.trim().parse().ok()?;
        let k: f64 = k.trim().parse().ok()?;
        ((1..=10).contains(&n) && k > 0.0 && k < 100.0).then_some((n, k))
    };
    read().ok_or_else(|| {
        fault(
            format!("--dominance {text}"),
            FaultCode::Malformed, Text::new("dit is niet te lezen", "this cannot be read"),
            Text::new(
                "schrijf hoeveel van de grootsten (1 tot 10), een komma, en een percentage onder 100, zoals `1,50`",
                "write how many of the largest (1 to 10), a comma, and a percentage below 100, such as `1,50`",
            ),
        )
        .into()
    })
}

/// What was assumed of the file, and what stands out in it.
fn of_the_file(table: &ProtectedTable) -> Vec<Text> {
    let assumed = table.assumed.iter().map(|a| {
        Text::new(
            format!("{}: {} ({})", a.key, a.value, a.how.nl),
            format!("{}: {} ({})", a.key, a.value, a.how.en),
        )
    });
    let remarks = table.remarks.iter().map(|r| {
        Text::new(
            format!("{}: {}; {}", r.place, r.what.nl, r.cure.nl),
            format!("{}: {}; {}", r.place, r.what.en, r.cure.en),
        )
    });
    let mut all: Vec<Text> = assumed.chain(remarks).collect();
    if table.several {
        all.push(Text::new(
            "sommige eenheden hebben meer waarden van een kenmerk: zij tellen bij elke waarde één keer mee, en in een totaal één keer",
            "some units have several values of a dimension: they count once with each value, and once in a total",
        ));
    }
    all
}

/// How many cells were given up, and why the rest is safe.
fn story(table: &ProtectedTable, lang: Lang) -> Vec<String> {
    let count = |n: usize| number(n as f64, 0, lang);
    let filled = table.tally.cells - table.tally.empty;
    let (cells, hidden) = (count(filled), count(table.tally.protected));
    let mut lines = vec![Text::new(
        format!(
            "{cells} cellen met eenheden, totalen meegeteld; {hidden} daarvan zijn afgeschermd"
        ),
        format!("{cells} cells with units, totals included; {hidden} of them are protected"),
    )];
    lines.extend(kept_rules(&table.rules));
    lines.push(Text::new(
        "wat is afgeschermd volgt uit niets wat te zien is: niet door optellen en aftrekken, niet doordat een aantal heel is, en niet voor iemand die zijn eigen bijdrage kent",
        "what is protected follows from nothing that is shown: not by adding and subtracting, not because a count is whole, and not for somebody who knows their own part",
    ));
    lines.extend(rounding(table, lang));
    lines.push(Text::new(
        "let op: een tweede tabel over dezelfde eenheden is niet tegen deze beschermd; neem alles in één tabel op, of maak een afspraak",
        "note: a second table about the same units is not protected against this one; put all into one table, or make an agreement",
    ));
    lines.iter().map(|line| line.get(lang).to_owned()).collect()
}

/// The rules that every figure keeps.
fn kept_rules(rules: &zwerm_agreement::agreement::Protection) -> Vec<Text> {
    let n = rules.minimum_units;
    let mut lines = vec![Text::new(
        format!("elk getal gaat over minstens {n} eenheden, of over geen"),
        format!("each figure is about at least {n} units, or about none"),
    )];
    if let Some(rule) = &rules.dominance {
        let (largest, percent) = (rule.largest, rule.percent);
        lines.push(Text::new(
            format!("in een som hebben de grootste {largest} samen hoogstens {percent}%"),
            format!("in a sum the largest {largest} together hold at most {percent}%"),
        ));
    }
    if let Some(p) = rules.p_percent {
        lines.push(Text::new(
            format!("niemand kan uit een som de bijdrage van een ander tot op {p}% schatten"),
            format!("from a sum nobody can estimate another's contribution to within {p}%"),
        ));
    }
    lines
}

/// What counts and sums are rounded to.
fn rounding(table: &ProtectedTable, lang: Lang) -> Vec<Text> {
    let mut lines = Vec::new();
    let round = table.rules.round_to;
    if round > 1 {
        lines.push(Text::new(
            format!("aantallen zijn afgerond op {round}"),
            format!("counts are rounded to {round}"),
        ));
    }
    for (name, lower, upper, grain) in &table.measures {
        let Some(grain) = grain else { continue };
        let [lower, upper, grain] = [lower, upper, grain].map(|x| number(*x, 0, lang));
        lines.push(Text::new(
            format!("sommen van {name} zijn afgerond op {grain}, naar de grenzen {lower} tot {upper} van een waarde"),
            format!("sums of {name} are rounded to {grain}, by the bounds {lower} to {upper} of a value"),
        ));
    }
    lines
}

fn text(table: &ProtectedTable, words: &[String], lang: Lang) -> Vec<u8> {
    let grid = answer::grid(&table.answer, &|_, _| None, lang);
    let words: String = words.iter().map(|line| format!("  {line}\n")).collect();
    output::harmless(&format!("{grid}\n{words}")).into_bytes()
}

fn json(table: &ProtectedTable, lang: Lang) -> Result<Vec<u8>, AppError> {
    let internal = |e: serde_json::Error| AppError::Internal(e.to_string());
    let mut message = serde_json::to_value(wire::table(&table.answer, lang)).map_err(internal)?;
    let assumed = table
        .assumed
        .iter()
        .map(|a| json!({ "key": a.key, "value": a.value }));
    let about = json!({
        "cells": table.tally.cells,
        "cells_protected": table.tally.protected,
        "cells_empty": table.tally.empty,
        "units": table.units,
        "several_values": table.several,
        "assumed": assumed.collect::<Vec<_>>(),
        "rules": table.rules,
        "trial": true,
    });
    if let (Some(message), Some(about)) = (message.as_object_mut(), about.as_object()) {
        message.extend(about.clone());
    }
    Ok(format!("{message}\n").into_bytes())
}
