//! An answer as a table, and what pictures of it share.

use std::cmp::Ordering;

use zwerm_agreement::agreement::{Agreement, Dimension, View};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::share::ask_on_page::StoredAnswer;
use zwerm_app::types::question::answer::{AnswerColumn, AnswerTable, AnswerValue, ColumnKind};
use zwerm_app::words::column::{self, heading};
use zwerm_app::words::number::number as written;
use zwerm_picture::{Figure, Frame, PictureLayout};

use crate::render::of_picture;

/// An answer to be shown.
pub(crate) struct HtmlTable {
    pub(crate) heads: Vec<HtmlHead>,
    pub(crate) rows: Vec<Vec<HtmlCell>>,
    pub(crate) notes: Vec<Text>,
    pub(crate) has_protected: bool,
}

pub(crate) struct HtmlHead {
    pub(crate) words: String,
    pub(crate) number: bool,
    /// What the address says to have the rows in this column's order.
    pub(crate) sort: String,
    /// How they are in its order, if they are.
    pub(crate) sorted: Option<&'static str>,
}

pub(crate) struct HtmlCell {
    pub(crate) text: String,
    pub(crate) number: bool,
    pub(crate) protected: bool,
    /// The first column names the row.
    pub(crate) head: bool,
}

/// The names that a reader sees for what an answer holds.
pub(super) struct Labels<'a> {
    dimensions: Vec<Option<&'a Dimension>>,
    places: PlaceNames<'a>,
    lang: Lang,
}

/// What places are called, by their codes.
pub(crate) type PlaceNames<'a> = &'a dyn Fn(&str) -> Option<String>;

impl<'a> Labels<'a> {
    pub(super) fn new(
        answer: &AnswerTable,
        view: Option<&'a View>,
        places: PlaceNames<'a>,
        lang: Lang,
    ) -> Self {
        let columns = answer.columns().iter();
        Self {
            dimensions: columns.map(|one| column::dimension(one, view)).collect(),
            places,
            lang,
        }
    }

    /// As the agreement calls it, else as maps do.
    pub(super) fn value(&self, column: usize, value: &AnswerValue) -> String {
        let dimension = self.dimensions.get(column).copied().flatten();
        if let AnswerValue::Text(code) = value
            && dimension.is_none_or(|dimension| !dimension.labels.contains_key(code))
            && let Some(name) = (self.places)(code)
        {
            return name;
        }
        column::value(value, dimension, self.lang)
    }
}

/// How a reader wants the rows of an answer's own table: as they are, or in the order of a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RowOrder {
    /// The column, from 0.
    pub(crate) column: Option<usize>,
    /// From large to small.
    pub(crate) falling: bool,
}

impl RowOrder {
    /// The order that an address asks for: a number of a column from 1, below nought for from large to small.
    pub(crate) fn of(text: &str) -> Self {
        let number: i32 = text.parse().unwrap_or_default();
        let place = usize::try_from(number.unsigned_abs()).unwrap_or_default();
        Self {
            column: place.checked_sub(1),
            falling: number < 0,
        }
    }

    /// What the head of a column leads to: this column from small to large, then from large to small.
    fn next(self, column: usize) -> String {
        let sign = match self.column == Some(column) && !self.falling {
            true => "-",
            false => "",
        };
        format!("{sign}{}", column + 1)
    }

    /// How the head of a column says that the rows are in its order.
    fn said(self, column: usize) -> Option<&'static str> {
        let word = match self.falling {
            true => "descending",
            false => "ascending",
        };
        (self.column == Some(column)).then_some(word)
    }
}

/// Two rows by what their reader asked: figures by size, names by letter, and what has no figure last.
fn by_reader(a: &AnswerValue, b: &AnswerValue, labels: (&str, &str), falling: bool) -> Ordering {
    let turned = |order: Ordering| if falling { order.reverse() } else { order };
    match (drawn(a).value(), drawn(b).value()) {
        (Some(a), Some(b)) => turned(a.total_cmp(&b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => turned(labels.0.cmp(labels.1)),
    }
}

/// The view that an answer is of.
pub(crate) fn view_of<'a>(agreement: &'a Agreement, kept: &StoredAnswer) -> Option<&'a View> {
    agreement.find_view(&kept.view)
}

/// The table of an answer, in the order that its reader wants.
pub(crate) fn table(
    kept: &StoredAnswer,
    view: Option<&View>,
    order: RowOrder,
    places: PlaceNames<'_>,
    lang: Lang,
) -> HtmlTable {
    let answer = &kept.answer;
    let labels = Labels::new(answer, view, places, lang);
    let columns = answer.columns().iter().enumerate();
    let heads = columns.map(|(place, column)| HtmlHead {
        words: heading(column, view, lang),
        number: column.kind != ColumnKind::Dimension,
        sort: order.next(place),
        sorted: order.said(place),
    });
    let decimals: Vec<usize> = (0..answer.columns().len())
        .map(|c| decimals(answer, c))
        .collect();
    let rows = ordered(answer, &labels, order);
    let has_protected = rows.iter().any(|row| row.contains(&AnswerValue::Protected));
    let rows = rows
        .into_iter()
        .map(|row| html_row(row, &decimals, &labels));
    HtmlTable {
        heads: heads.collect(),
        rows: rows.collect(),
        notes: answer.notes().to_vec(),
        has_protected,
    }
}

/// The rows as they are, or in the order of a column.
fn ordered<'a>(
    answer: &'a AnswerTable,
    labels: &Labels<'_>,
    order: RowOrder,
) -> Vec<&'a [AnswerValue]> {
    let mut rows: Vec<&[AnswerValue]> = answer.rows().iter().map(Vec::as_slice).collect();
    let Some(column) = order.column else {
        return rows;
    };
    let value = |row: &'a [AnswerValue]| row.get(column).unwrap_or(&AnswerValue::Undefined);
    rows.sort_by(|a, b| {
        let (a, b) = (value(a), value(b));
        let words = (labels.value(column, a), labels.value(column, b));
        by_reader(a, b, (&words.0, &words.1), order.falling)
    });
    rows
}

fn html_row(row: &[AnswerValue], decimals: &[usize], labels: &Labels<'_>) -> Vec<HtmlCell> {
    let cells = row.iter().zip(decimals).enumerate();
    let cells = cells.map(|(place, (value, decimals))| HtmlCell {
        text: match value {
            AnswerValue::Number(x) => written(*x, *decimals, labels.lang),
            other => labels.value(place, other),
        },
        number: !matches!(value, AnswerValue::Text(_) | AnswerValue::Total),
        protected: *value == AnswerValue::Protected,
        head: place == 0 && matches!(value, AnswerValue::Text(_)),
    });
    cells.collect()
}

/// Decimals of a column: as many in each row, so that its figures can be compared.
fn decimals(answer: &AnswerTable, column: usize) -> usize {
    let numbers = answer
        .rows()
        .iter()
        .filter_map(|row| match row.get(column) {
            Some(AnswerValue::Number(x)) => Some(*x),
            _ => None,
        });
    let numbers: Vec<f64> = numbers.collect();
    let whole = numbers.iter().all(|x| x.fract() == 0.0);
    let largest = numbers.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    match answer.columns().get(column).map(|column| column.kind) {
        _ if whole || largest >= 1e5 => 0,
        Some(ColumnKind::Average) => 1,
        _ if largest >= 100.0 => 1,
        _ => 3,
    }
}

pub(super) fn drawn(value: &AnswerValue) -> Figure {
    match value {
        AnswerValue::Whole(n) => Figure::Value(*n as f64),
        AnswerValue::Number(x) => Figure::Value(*x),
        AnswerValue::Protected => Figure::Protected,
        AnswerValue::Text(_) | AnswerValue::Total | AnswerValue::Undefined => Figure::Missing,
    }
}

/// What can be drawn of an answer: each figure by what it is called.
pub(crate) fn choices(kept: &StoredAnswer, view: Option<&View>, lang: Lang) -> Vec<String> {
    let columns = kept.answer.columns();
    let figures = figures(&kept.answer).filter_map(|place| columns.get(place));
    figures.map(|column| heading(column, view, lang)).collect()
}

/// The columns that hold figures.
pub(super) fn figures(answer: &AnswerTable) -> impl Iterator<Item = usize> {
    let columns = answer.columns().iter().enumerate();
    columns
        .filter(|(_, c)| c.kind != ColumnKind::Dimension)
        .map(|(place, _)| place)
}

pub(super) fn frame(
    head: &AnswerColumn,
    words: &str,
    title: &Text,
    id: &str,
    layout: PictureLayout,
    lang: Lang,
) -> Frame {
    let whole = matches!(head.kind, ColumnKind::Count | ColumnKind::Sum);
    Frame {
        id: id.to_owned(),
        title: title.get(lang).to_owned(),
        description: Text::new(
            "Dezelfde cijfers staan in de tabel op deze pagina.",
            "The same figures stand in the table on this page.",
        )
        .get(lang)
        .to_owned(),
        axis: words.to_owned(),
        decimals: if whole { 0 } else { 1 },
        lang: of_picture(lang),
        layout,
    }
}
