//! An answer for people, and as CSV.

use zwerm_commons::text::{Lang, Text};
use zwerm_question::answer::{Answer, Kind, Value};

use crate::app::ask::Answered;
use crate::app::error::AppError;

/// What stands in the place of a protected figure.
const PROTECTED: &str = "▒▒▒";

/// The name of a dimension's value for people, by the column that it is in.
pub(super) type Label<'a> = &'a dyn Fn(usize, &str) -> Option<String>;

/// The answer as a table, with what must be said beside it.
pub(super) fn table(answered: &Answered, lang: Lang) -> String {
    let label = |column: usize, value: &str| answered.value_label(column, value, lang);
    grid(&answered.answer, &label, lang) + &standing(answered, lang)
}

/// Rows and columns, with what must be said of the figures.
pub(super) fn grid(answer: &Answer, label: Label, lang: Lang) -> String {
    let head: Vec<String> = answer
        .columns
        .iter()
        .map(|c| match (&c.quantity, c.kind) {
            (Some(quantity), Kind::Sum | Kind::Average) => format!("{} ({quantity})", c.name),
            _ => c.name.clone(),
        })
        .collect();
    let mut lines = vec![head];
    for row in &answer.rows {
        let cells = row.iter().enumerate();
        let cells = cells.map(|(column, value)| cell(label, column, value, lang));
        lines.push(cells.collect());
    }
    let right: Vec<bool> = answer
        .columns
        .iter()
        .map(|c| c.kind != Kind::Dimension)
        .collect();
    let mut text = aligned(&lines, &right);
    if answer.rows.is_empty() {
        text += Text::new("(geen rijen)\n", "(no rows)\n").get(lang);
    }
    let mut notes = answer.notes.clone();
    if answer.rows.iter().flatten().any(|v| *v == Value::Protected) {
        notes.push(Text::new(
            format!("{PROTECTED} = afgeschermd: te weinig eenheden, of terug te rekenen"),
            format!("{PROTECTED} = protected: too few units, or others could be derived from it"),
        ));
    }
    if answer.rows.iter().flatten().any(|v| *v == Value::Undefined) {
        notes.push(Text::new(
            "– = bestaat niet (gedeeld door nul)",
            "– = does not exist (divided by zero)",
        ));
    }
    for note in &notes {
        text += &format!("  {}\n", note.get(lang));
    }
    text
}

/// What kind of answer it is.
fn standing(answered: &Answered, lang: Lang) -> String {
    let (release, agreement) = (&answered.release.id, &answered.agreement);
    let (id, version) = (&agreement.id, agreement.version);
    let text = if answered.receipt.is_some() {
        Text::new(
            format!(
                "  {id} versie {version}, ondertekend · uitgave {release} · staat in het openbare logboek\n"
            ),
            format!(
                "  {id} version {version}, signed · release {release} · entered in the public log\n"
            ),
        )
    } else {
        Text::new(
            format!(
                "  PROEF (een los bestand, niets is bewaard) · {id} versie {version} · niet beschermd tegen eerdere antwoorden\n"
            ),
            format!(
                "  TRIAL (a plain file, nothing is kept) · {id} version {version} · not protected against earlier answers\n"
            ),
        )
    };
    text.get(lang).to_owned()
}

fn cell(label: Label, column: usize, value: &Value, lang: Lang) -> String {
    match value {
        Value::Text(text) => match label(column, text) {
            Some(label) => format!("{text} {label}"),
            None => special(text, lang).to_owned(),
        },
        Value::Whole(n) => number(*n as f64, 0, lang),
        Value::Number(x) => {
            let decimals = if x.fract() == 0.0 || x.abs() >= 1e5 {
                0
            } else if x.abs() >= 100.0 {
                1
            } else {
                3
            };
            number(*x, decimals, lang)
        }
        Value::Protected => PROTECTED.into(),
        Value::Total => Text::new("totaal", "total").get(lang).to_owned(),
        Value::Undefined => "–".into(),
    }
}

fn special(text: &str, lang: Lang) -> &str {
    match (text, lang) {
        (zwerm_question::OTHER, Lang::Nl) => "(overig)",
        (zwerm_question::UNKNOWN, Lang::Nl) => "(onbekend)",
        (other, _) => other,
    }
}

/// A number as people of the language write it.
pub(super) fn number(x: f64, decimals: usize, lang: Lang) -> String {
    let (thousands, point) = match lang {
        Lang::Nl => ('.', ','),
        Lang::En => (',', '.'),
    };
    let plain = format!("{:.decimals$}", x.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(thousands);
        }
        text.push(digit);
    }
    let sign = if x < 0.0 { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{text}")
    } else {
        format!("{sign}{text}{point}{fraction}")
    }
}

/// Lines in columns, the first a heading; figures to the right.
fn aligned(lines: &[Vec<String>], right: &[bool]) -> String {
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..right.len()).map(width).collect();
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        let cells = line.iter().zip(&widths).zip(right);
        let cells: Vec<String> = cells
            .map(|((cell, &width), right)| {
                if *right {
                    format!("{cell:>width$}")
                } else {
                    format!("{cell:<width$}")
                }
            })
            .collect();
        text += &format!("  {}\n", cells.join("  ").trim_end());
        if number == 0 {
            let rule: Vec<String> = widths.iter().map(|&w| "─".repeat(w)).collect();
            text += &format!("  {}\n", rule.join("  "));
        }
    }
    text
}

/// The answer as CSV: a protected figure is an empty field, and named in the column `protected`; a
/// subtotal's dimension is an empty field, and named in the column `totals`.
pub(super) fn csv(answer: &Answer) -> Result<Vec<u8>, AppError> {
    let internal = |e: csv::Error| AppError::Internal(e.to_string());
    let totals = answer.rows.iter().flatten().any(|v| *v == Value::Total);
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut head: Vec<&str> = answer.columns.iter().map(|c| c.name.as_str()).collect();
    head.push("protected");
    if totals {
        head.push("totals");
    }
    writer.write_record(&head).map_err(internal)?;
    for row in &answer.rows {
        let mut fields: Vec<String> = row
            .iter()
            .map(|value| match value {
                Value::Text(text) => text.clone(),
                Value::Whole(n) => n.to_string(),
                Value::Number(x) => x.to_string(),
                Value::Protected | Value::Total | Value::Undefined => String::new(),
            })
            .collect();
        fields.push(answer.named(row, &Value::Protected).unwrap_or_default());
        if totals {
            fields.push(answer.named(row, &Value::Total).unwrap_or_default());
        }
        writer.write_record(&fields).map_err(internal)?;
    }
    writer
        .into_inner()
        .map_err(|e| AppError::Internal(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_the_language() {
        assert_eq!(number(1_234_567.0, 0, Lang::Nl), "1.234.567");
        assert_eq!(number(-1_234.5, 1, Lang::Nl), "-1.234,5");
        assert_eq!(number(1_234.5, 1, Lang::En), "1,234.5");
        assert_eq!(number(12.0, 0, Lang::En), "12");
    }
}
