//! What the columns of an answer are called for people: by the agreement's names, and by the asker's where one was given.

use zwerm_agreement::agreement::{Dimension, View};
use zwerm_agreement::text::{Lang, Text};
use zwerm_question::answer::{AnswerColumn, AnswerValue, ColumnKind};

use crate::words::answer::{figure, special};
use crate::words::unit;

/// What a column is called: its own name when it was given one, else what it holds in words.
pub fn heading(column: &AnswerColumn, view: Option<&View>, lang: Lang) -> String {
    let words = words(column, view, lang);
    match (&column.quantity, column.kind) {
        (Some(quantity), ColumnKind::Sum | ColumnKind::Average) => {
            format!("{words} ({})", unit::quantity(quantity, lang))
        }
        _ => words,
    }
}

fn words(column: &AnswerColumn, view: Option<&View>, lang: Lang) -> String {
    let label = |measure: &str| {
        let known = view.and_then(|view| view.measure.iter().find(|m| m.name == measure));
        let label = known.and_then(|measure| measure.label.as_ref());
        label.map_or_else(|| measure.to_owned(), |label| label.get(lang).to_owned())
    };
    let inner = |prefix: &str| {
        let rest = column.name.strip_prefix(prefix)?;
        rest.strip_suffix(')').map(label)
    };
    let text = if column.name == "units()" {
        let units = unit::several(view.map_or("", |view| view.unit.as_str()), lang);
        Text::new(format!("aantal {units}"), format!("number of {units}"))
    } else if column.name == "count(*)" {
        Text::new("aantal rijen", "number of rows")
    } else if let Some(measure) = inner("avg(") {
        let average = unit::average_of(&measure);
        Text::new(format!("{average} {measure}"), format!("average {measure}"))
    } else if let Some(measure) = inner("sum(") {
        Text::new(format!("totaal {measure}"), format!("total {measure}"))
    } else if let Some(measure) = inner("count(") {
        Text::new(
            format!("bekende waarden van {measure}"),
            format!("known values of {measure}"),
        )
    } else if column.kind == ColumnKind::Dimension {
        column.label.clone()
    } else {
        Text::same(&column.name)
    };
    text.get(lang).to_owned()
}

/// The dimension that a column holds the values of.
pub fn dimension<'v>(column: &AnswerColumn, view: Option<&'v View>) -> Option<&'v Dimension> {
    if column.kind != ColumnKind::Dimension {
        return None;
    }
    let mut all = view?.dimension.iter();
    all.find(|d| d.name == column.name || d.label.as_ref() == Some(&column.label))
}

/// What people call a value of a dimension, or what stands for a figure.
pub fn value(value: &AnswerValue, of: Option<&Dimension>, lang: Lang) -> String {
    let AnswerValue::Text(text) = value else {
        return figure(value, lang);
    };
    let label = of.and_then(|dimension| dimension.labels.get(text));
    label.map_or_else(
        || special(text, lang).to_owned(),
        |label| label.get(lang).to_owned(),
    )
}
