//! What is in the cells of an answer, and the answer as CSV.

use std::borrow::Cow;

use zwerm_agreement::text::{Lang, Text};
use zwerm_question::answer::{AnswerTable, AnswerValue};

use crate::error::AppError;
use crate::words::formula::defused;
use crate::words::number::number;

/// What is shown in the place of a protected figure.
pub const PROTECTED: &str = "▒▒▒";

/// The name of a dimension's value for people, by the column that it is in.
pub type ValueLabel<'a> = &'a dyn Fn(usize, &str) -> Option<String>;

/// What is in one cell.
pub fn cell(label: ValueLabel, column: usize, value: &AnswerValue, lang: Lang) -> String {
    match value {
        AnswerValue::Text(text) => match label(column, text) {
            Some(label) => format!("{text} {label}"),
            None => special(text, lang).to_owned(),
        },
        AnswerValue::Protected => PROTECTED.into(),
        other => figure(other, lang),
    }
}

/// A figure, or the word for why there is none.
pub fn figure(value: &AnswerValue, lang: Lang) -> String {
    match value {
        AnswerValue::Text(text) => special(text, lang).to_owned(),
        AnswerValue::Whole(n) => number(*n as f64, 0, lang),
        AnswerValue::Number(x) => {
            let decimals = if x.fract() == 0.0 || x.abs() >= 1e5 {
                0
            } else if x.abs() >= 100.0 {
                1
            } else {
                3
            };
            number(*x, decimals, lang)
        }
        AnswerValue::Protected => Text::new("afgeschermd", "protected").get(lang).to_owned(),
        AnswerValue::Total => Text::new("totaal", "total").get(lang).to_owned(),
        AnswerValue::Undefined => "–".into(),
    }
}

/// The name of what is outside the list, or unknown.
pub fn special(text: &str, lang: Lang) -> &str {
    match (text, lang) {
        (zwerm_question::OTHER, Lang::Nl) => "(overig)",
        (zwerm_question::UNKNOWN, Lang::Nl) => "(onbekend)",
        (other, _) => other,
    }
}

/// The answer as CSV: a protected figure is an empty field, and named in the column `protected`; a
/// subtotal's dimension is an empty field, and named in the column `totals`.
pub fn csv(answer: &AnswerTable) -> Result<Vec<u8>, AppError> {
    let internal = |e: csv::Error| AppError::Internal(e.to_string());
    let totals = answer
        .rows()
        .iter()
        .flatten()
        .any(|v| *v == AnswerValue::Total);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = answer.columns().iter().map(|c| defused(&c.name));
    let mut head: Vec<Cow<'_, str>> = names.collect();
    head.push("protected".into());
    if totals {
        head.push("totals".into());
    }
    writer
        .write_record(head.iter().map(|name| name.as_bytes()))
        .map_err(internal)?;
    for row in answer.rows() {
        let mut fields: Vec<String> = row
            .iter()
            .map(|value| match value {
                AnswerValue::Text(text) => defused(text).into_owned(),
                AnswerValue::Whole(n) => n.to_string(),
                AnswerValue::Number(x) => x.to_string(),
                AnswerValue::Protected | AnswerValue::Total | AnswerValue::Undefined => {
                    String::new()
                }
            })
            .collect();
        let named = |which| defused(&answer.named(row, which).unwrap_or_default()).into_owned();
        fields.push(named(&AnswerValue::Protected));
        if totals {
            fields.push(named(&AnswerValue::Total));
        }
        writer.write_record(&fields).map_err(internal)?;
    }
    writer
        .into_inner()
        .map_err(|e| AppError::Internal(e.to_string()))
}
