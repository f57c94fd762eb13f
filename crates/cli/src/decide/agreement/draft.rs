//! `zwerm agreement draft`: a first agreement, drafted from data.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::own::draft::{DraftRequest, DraftedAgreement, VIEW, draft};

use crate::context::Context;
use crate::share::data;
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "draft",
        lang,
        help::Help {
            about: Text::new(
                "Maak een eerste afspraak bij uw gegevens: met kolommen en waarden, en met plekken om in te vullen.\n\
                 Met --trial doen vier verzonnen partners mee, zodat u meteen kunt proberen te vragen.",
                "Draft a first agreement about your data: with columns and values, and with blanks to fill.\n\
                 With --trial four made-up parties take part, so that you can try to ask at once.",
            ),
            usage: Text::new(
                "zwerm agreement draft BESTAND… --key KOLOM [--trial] [--output BESTAND]",
                "zwerm agreement draft FILE… --key COLUMN [--trial] [--output FILE]",
            ),
            example: "zwerm agreement draft huishoudens.csv --key huishouden --trial",
        },
    )
    .arg(files(lang))
    .arg(key(lang))
    .args([trial(lang), output_file(lang)])
    .args(data::format_args(lang))
}

fn files(lang: Lang) -> Arg {
    let text = Text::new(
        "de gegevens, als `.csv`, `.xlsx` of `.parquet`, in één map; meer bestanden worden op de sleutel gekoppeld",
        "the data, as `.csv`, `.xlsx` or `.parquet`, in one folder; several files are joined on the key",
    );
    help::positional("files", ("BESTAND…", "FILE…"), lang, &text)
        .value_parser(value_parser!(PathBuf))
        .num_args(1..)
}

fn key(lang: Lang) -> Arg {
    let text = Text::new(
        "de kolom die eenheden uit elkaar houdt, in elk bestand",
        "the column that tells units apart, in every file",
    );
    data::column("key", lang, text).required(true)
}

fn trial(lang: Lang) -> Arg {
    let text = Text::new(
        "laat vier verzonnen partners instemmen: elk antwoord is dan een proef",
        "let four made-up parties consent: every answer is a trial then",
    );
    help::option("trial", lang, text).action(ArgAction::SetTrue)
}

fn output_file(lang: Lang) -> Arg {
    let text = Text::new(
        "schrijf de afspraak hierheen (anders naast het eerste bestand)",
        "write the agreement here (else beside the first file)",
    );
    data::path("output", lang, text)
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let files = matches.get_many::<PathBuf>("files");
    let drafted = draft(&DraftRequest {
        files: files.map(|all| all.cloned().collect()).unwrap_or_default(),
        options: data::format_options(matches),
        key: matches
            .get_one::<String>("key")
            .cloned()
            .unwrap_or_default(),
        trial: matches.get_flag("trial"),
        today: context.today,
        lang: context.lang,
        output: data::path_of(matches, "output"),
    })?;
    output::print(
        context,
        || page(&drafted, context.lang),
        || {
            json!({
                "path": drafted.path,
                "id": drafted.draft.id,
                "dimensions": drafted.draft.dimensions.iter().map(|d| &d.name).collect::<Vec<_>>(),
                "measures": drafted.draft.measures.iter().map(|m| &m.name).collect::<Vec<_>>(),
                "trial": drafted.draft.trial,
            })
        },
    )
}

/// What was drafted, and what to do next.
fn page(drafted: &DraftedAgreement, lang: Lang) -> String {
    let draft = &drafted.draft;
    let path = drafted.path.display();
    let names: Vec<&str> = draft.dimensions.iter().map(|d| d.name.as_str()).collect();
    let sums: Vec<&str> = draft.measures.iter().map(|m| m.name.as_str()).collect();
    let (names, sums) = (names.join(", "), sums.join(", "));
    let mut lines = vec![Text::new(
        format!("{path}: een ontwerp van een afspraak"),
        format!("{path}: a draft of an agreement"),
    )];
    lines.push(Text::new(
        format!("  groeperen: {names}"),
        format!("  to group by: {names}"),
    ));
    if !sums.is_empty() {
        lines.push(Text::new(
            format!("  optellen:  {sums}"),
            format!("  to add up:   {sums}"),
        ));
    }
    let group = draft.dimensions.first().map_or(String::new(), |d| {
        format!("SELECT {0}, units() FROM {VIEW} GROUP BY {0}", d.name)
    });
    lines.push(if draft.trial {
        Text::new(
            format!("\nVraag nu iets, bij wijze van proef:\n\n  zwerm ask --agreement {path} --as gemeente --purpose proef '{group}'"),
            format!("\nAsk something now, as a trial:\n\n  zwerm ask --agreement {path} --as gemeente --purpose proef '{group}'"),
        )
    } else {
        Text::new(
            format!("\nVul in wat er INVULLEN heet, en kijk haar dan na:\n\n  zwerm agreement check {path}"),
            format!("\nFill in what says FILL IN, and then check it:\n\n  zwerm agreement check {path}"),
        )
    });
    let text: Vec<&str> = lines.iter().map(|line| line.get(lang)).collect();
    format!("{}\n", text.join("\n"))
}
