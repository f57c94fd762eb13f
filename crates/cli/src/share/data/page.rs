//! What a file holds, for people: each thing said with how it was found and what to do about it.

use std::fmt::Write as _;

use zwerm_agreement::document::Value;
use zwerm_agreement::suggest::nearest;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::share::own::check::{CheckRequest, FileReport, Outside, may_show};
use zwerm_app::types::intake::{Assumed, Remark, Survey, SurveyColumn};
use zwerm_app::words::number::number;

use crate::output;

/// Values that are shown of a column at most, and letters of each.
const MOST_VALUES: usize = 8;
const LONGEST: usize = 24;

/// The report of `zwerm data check`.
pub(crate) fn report(request: &CheckRequest, report: &FileReport, lang: Lang) -> String {
    let survey = &report.survey;
    let mut text = String::new();
    let (rows, columns) = (count(survey.rows, lang), survey.columns.len());
    let head = Text::new(
        format!(
            "{}: {rows} rijen, {columns} kolommen",
            request.file.display()
        ),
        format!("{}: {rows} rows, {columns} columns", request.file.display()),
    );
    let _ = writeln!(text, "{}\nSHA-256 {}", head.get(lang), survey.fingerprint);
    format(&mut text, survey, lang);
    text.push_str(&heading("Kolommen", "Columns", lang));
    text.push_str(&columns_of(survey, request.key.as_deref(), lang));
    let lists: Vec<String> = report
        .outside
        .iter()
        .filter_map(|o| outside(o, lang))
        .collect();
    if !report.outside.is_empty() {
        text.push_str(&heading(
            "Waarden die niet op de lijst staan",
            "Values that are not on the list",
            lang,
        ));
        if lists.is_empty() {
            let none = Text::new("  geen", "  none");
            let _ = writeln!(text, "{}", none.get(lang));
        }
        text.push_str(&lists.concat());
    }
    let key = report.key_faults.iter().cloned().map(Remark::from);
    let all: Vec<Remark> = key.chain(survey.remarks.iter().cloned()).collect();
    text.push_str(&remarks(&all, lang));
    text.push_str(&heading("Nu verder", "What next", lang));
    for step in next(request, report) {
        let _ = writeln!(text, "  {}", step.get(lang));
    }
    text
}

fn heading(nl: &str, en: &str, lang: Lang) -> String {
    let words = match lang {
        Lang::Nl => nl,
        Lang::En => en,
    };
    format!("\n{words}:\n")
}

fn count(n: u64, lang: Lang) -> String {
    number(n as f64, 0, lang)
}

fn format(text: &mut String, survey: &Survey, lang: Lang) {
    if survey.format.is_empty() {
        return;
    }
    text.push_str(&heading("Zo is het gelezen", "How it was read", lang));
    text.push_str(&assumptions(&survey.format, "  ", lang));
}

/// What was assumed of how a file is written: each with how it was decided and what settles it.
pub(crate) fn assumptions(all: &[Assumed], indent: &str, lang: Lang) -> String {
    let row = |assumed: &Assumed| {
        let known = assumed.key;
        let name = match known {
            "encoding" => Text::new("tekencodering", "encoding"),
            "separator" => Text::new("tussen velden", "between fields"),
            "decimal" => Text::new("voor decimalen", "before decimals"),
            "thousands" => Text::new("tussen duizendtallen", "between thousands"),
            "sheet" => Text::new("blad", "sheet"),
            other => Text::same(other),
        };
        let value = match assumed.value.as_str() {
            " " => "' '".to_owned(),
            other => other.to_owned(),
        };
        vec![
            format!("{indent}{}", name.get(lang)),
            value,
            format!("({}; {known})", assumed.how.get(lang)),
        ]
    };
    output::columns(&all.iter().map(row).collect::<Vec<_>>())
}

fn columns_of(survey: &Survey, key: Option<&str>, lang: Lang) -> String {
    let names = [
        Text::new("  kolom", "  column"),
        Text::new("soort", "type"),
        Text::new("ontbreekt", "missing"),
        Text::new("verschillend", "different"),
        Text::new("waarden", "values"),
    ];
    let mut rows = vec![
        names
            .iter()
            .map(|n| n.get(lang).to_owned())
            .collect::<Vec<_>>(),
    ];
    for (place, column) in survey.columns.iter().enumerate() {
        let distinct = match column.distinct {
            Some(n) => count(n, lang),
            None => format!("> {}", count(10_000, lang)),
        };
        rows.push(vec![
            format!("  {}", shorten(&column.name)),
            column.kind.to_string(),
            count(column.missing, lang),
            distinct,
            values(column, may_show(survey, place, key), key, lang),
        ]);
    }
    output::columns(&rows)
}

/// Some values of a column, or the range of its numbers, or why there is neither.
fn values(column: &SurveyColumn, shown: bool, key: Option<&str>, lang: Lang) -> String {
    if key == Some(&column.name) {
        return Text::new("(de sleutel)", "(the key)").get(lang).to_owned();
    }
    if column.looks_like.is_some() {
        return Text::new("(niet getoond)", "(not shown)")
            .get(lang)
            .to_owned();
    }
    if let Some((low, high)) = column
        .range
        .filter(|_| column.values.len() > MOST_VALUES || !shown)
    {
        return format!("{low} … {high}");
    }
    if !shown {
        let words = if column.unique {
            Text::new(
                "(elke waarde komt één keer voor)",
                "(each value occurs once)",
            )
        } else {
            Text::new("(te veel om te tonen)", "(too many to show)")
        };
        return words.get(lang).to_owned();
    }
    let mut some: Vec<String> = column
        .values
        .iter()
        .take(MOST_VALUES)
        .map(|v| shorten(v))
        .collect();
    if column.values.len() > MOST_VALUES {
        some.push("…".to_owned());
    }
    some.join(", ")
}

fn shorten(text: &str) -> String {
    let shown = |c: char| if c.is_control() { ' ' } else { c };
    let clean: String = text.chars().map(shown).collect();
    if clean.chars().count() <= LONGEST {
        return clean;
    }
    let short: String = clean.chars().take(LONGEST - 1).collect();
    format!("{short}…")
}

fn outside(outside: &Outside, lang: Lang) -> Option<String> {
    let (name, unused) = (&outside.column, outside.unused);
    if outside.rows == 0 && unused == 0 {
        return None;
    }
    let rows = count(outside.rows, lang);
    let shown: Vec<String> = outside.values.iter().map(|v| shorten(v)).collect();
    let shown = if shown.is_empty() {
        String::new()
    } else {
        format!(" ({})", shown.join(", "))
    };
    let words = Text::new(
        format!("  {name}: {rows} rijen{shown}; {unused} waarden van de lijst komen niet voor\n"),
        format!("  {name}: {rows} rows{shown}; {unused} values of the list do not occur\n"),
    );
    Some(words.get(lang).to_owned())
}

/// Remarks, the grave ones first and marked.
pub(crate) fn remarks(all: &[Remark], lang: Lang) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut text = heading("Wat opvalt", "What stands out", lang);
    for grave in [true, false] {
        for remark in all.iter().filter(|r| r.grave.is_some() == grave) {
            let mark = if grave { '!' } else { '-' };
            let (what, cure) = (remark.what.get(lang), remark.cure.get(lang));
            let _ = writeln!(text, "  {mark} {}: {what};\n      {cure}", remark.place);
        }
    }
    text
}

/// What to do next.
fn next(request: &CheckRequest, report: &FileReport) -> Vec<Text> {
    let survey = &report.survey;
    let file = request.file.display();
    let personal = survey
        .remarks
        .iter()
        .any(|r| r.grave.is_some() && r.personal);
    if !survey.faults().is_empty() {
        return vec![Text::new(
            "Verhelp eerst wat hierboven met `!` begint, en kijk het bestand opnieuw na.",
            "First mend what begins with `!` above, and check the file again.",
        )];
    }
    let key = request.key.as_deref();
    if personal || !report.key_faults.is_empty() {
        let key = key.filter(|k| survey.find_column(k).is_some());
        let key = key.unwrap_or("…");
        return vec![
            Text::new(
                "Deel dit bestand zo niet. Maak met uw partners één geheim (`zwerm data secret geheim.txt`) en dan:",
                "Do not share this file so. Make one secret with your partners (`zwerm data secret geheim.txt`), then:",
            ),
            Text::same(format!(
                "zwerm data prepare {file} --key {key} --secret geheim.txt --output …"
            )),
        ];
    }
    if key.is_none() {
        let known = survey
            .columns
            .iter()
            .find(|c| c.unique)
            .map(|c| c.name.as_str());
        let names = survey.columns.iter().map(|c| c.name.as_str());
        let key = known.or_else(|| nearest("sleutel", names)).unwrap_or("…");
        return vec![Text::new(
            format!(
                "Noem de kolom waaraan een eenheid te herkennen is, bijvoorbeeld `--key {key}`."
            ),
            format!("Name the column that a unit is known by, for instance `--key {key}`."),
        )];
    }
    usable(survey)
}

/// The file can be used: how an agreement names it.
fn usable(survey: &Survey) -> Vec<Text> {
    if let Some(column) = survey.columns.iter().find(|c| c.name != c.sql_name) {
        let (name, better) = (&column.name, &column.sql_name);
        return vec![Text::new(
            format!(
                "Het bestand is bruikbaar, maar `{name}` kan geen naam in een afspraak zijn: noem haar `{better}`, of laat `zwerm data prepare` dat doen."
            ),
            format!(
                "The file can be used, but `{name}` cannot be a name in an agreement: call it `{better}`, or let `zwerm data prepare` do so."
            ),
        )];
    }
    let columns = survey.columns.iter();
    let columns = Value::table(columns.map(|c| (&c.sql_name, c.kind.as_str())));
    vec![
        Text::new(
            "Het bestand is bruikbaar. Zet in de afspraak bij `[[dataset]]`:",
            "The file can be used. In the agreement, write at `[[dataset]]`:",
        ),
        Text::same(format!("columns = {}", columns.as_str())),
    ]
}
