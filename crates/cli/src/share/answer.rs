//! An answer for people, and as CSV.

use zwerm_agreement::text::{Lang, Text};
use zwerm_app::share::ask::AnsweredQuestion;
use zwerm_app::types::question::answer::{AnswerTable, AnswerValue, ColumnKind};
use zwerm_app::words::answer::{PROTECTED, ValueLabel, cell};

/// The answer as a table, with what must be said beside it.
pub(crate) fn table(answered: &AnsweredQuestion, lang: Lang) -> String {
    let label = |column: usize, value: &str| answered.value_label(column, value, lang);
    grid(&answered.answer, &label, lang) + &standing(answered, lang)
}

/// Rows and columns, with what must be said of the figures.
pub(crate) fn grid(answer: &AnswerTable, label: ValueLabel, lang: Lang) -> String {
    let head: Vec<String> = answer
        .columns()
        .iter()
        .map(|c| match (&c.quantity, c.kind) {
            (Some(quantity), ColumnKind::Sum | ColumnKind::Average) => {
                format!("{} ({quantity})", c.name)
            }
            _ => c.name.clone(),
        })
        .collect();
    let mut lines = vec![head];
    for row in answer.rows() {
        let cells = row.iter().enumerate();
        let cells = cells.map(|(column, value)| cell(label, column, value, lang));
        lines.push(cells.collect());
    }
    let right: Vec<bool> = answer
        .columns()
        .iter()
        .map(|c| c.kind != ColumnKind::Dimension)
        .collect();
    let mut text = aligned(&lines, &right);
    if answer.rows().is_empty() {
        text += Text::new("(geen rijen)\n", "(no rows)\n").get(lang);
    }
    for note in notes(answer) {
        text += &format!("  {}\n", note.get(lang));
    }
    text
}

/// What must be said of the figures: the answer's own notes, and what its signs mean.
fn notes(answer: &AnswerTable) -> Vec<Text> {
    let has = |sign: &AnswerValue| answer.rows().iter().flatten().any(|value| value == sign);
    let mut notes = answer.notes().to_vec();
    if has(&AnswerValue::Protected) {
        notes.push(Text::new(
            format!("{PROTECTED} = afgeschermd: te weinig eenheden, of terug te rekenen"),
            format!("{PROTECTED} = protected: too few units, or others could be derived from it"),
        ));
    }
    if has(&AnswerValue::Undefined) {
        notes.push(Text::new(
            "– = bestaat niet (gedeeld door nul)",
            "– = does not exist (divided by zero)",
        ));
    }
    notes
}

/// What kind of answer it is.
fn standing(answered: &AnsweredQuestion, lang: Lang) -> String {
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
