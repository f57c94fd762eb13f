//! An answer as a table, and as pictures of it.

use std::cmp::Ordering;

use zwerm_agreement::agreement::{Agreement, Dimension, View};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::share::ask_on_page::StoredAnswer;
use zwerm_app::types::home::MapPlaces;
use zwerm_app::types::question::answer::{AnswerColumn, AnswerTable, AnswerValue, ColumnKind};
use zwerm_app::words::column::{self, heading};
use zwerm_app::words::number::number as written;
use zwerm_picture::outline::Outlines;
use zwerm_picture::tiles::{self, Area, Tiles};
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
    lang: Lang,
}

impl<'a> Labels<'a> {
    pub(super) fn new(answer: &AnswerTable, view: Option<&'a View>, lang: Lang) -> Self {
        let columns = answer.columns().iter();
        Self {
            dimensions: columns.map(|one| column::dimension(one, view)).collect(),
            lang,
        }
    }

    pub(super) fn value(&self, column: usize, value: &AnswerValue) -> String {
        let dimension = self.dimensions.get(column).copied().flatten();
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
    lang: Lang,
) -> HtmlTable {
    let answer = &kept.answer;
    let labels = Labels::new(answer, view, lang);
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

/// Rows that are no subtotals, with what names them.
fn named_rows<'a>(
    answer: &'a AnswerTable,
    labels: &Labels<'_>,
) -> Vec<(String, &'a [AnswerValue])> {
    let rows = answer
        .rows()
        .iter()
        .filter(|row| !row.contains(&AnswerValue::Total));
    let named = rows.map(|row| {
        let names = row
            .iter()
            .enumerate()
            .filter(|(_, v)| matches!(v, AnswerValue::Text(_)));
        let names: Vec<String> = names.map(|(place, v)| labels.value(place, v)).collect();
        (names.join(", "), row.as_slice())
    });
    named.collect()
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

/// The outlines of a home's own map, read once; none when it has no map that can be drawn, which its keeper reads in the logs.
pub(crate) fn outlines(places: &MapPlaces) -> Option<Outlines> {
    match Outlines::read(places.boundaries()?, "code") {
        Ok(outlines) => Some(outlines),
        Err(outline) => {
            tracing::warn!(why = %outline, "`map.geojson` is not used");
            None
        }
    }
}

/// A map of one of the figures by place; none when no column holds places that are known, or a place is there twice.
pub(crate) fn map(
    kept: &StoredAnswer,
    view: Option<&View>,
    which: usize,
    (places, outlines): (&MapPlaces, Option<&Outlines>),
    layout: PictureLayout,
    lang: Lang,
) -> Option<String> {
    let answer = &kept.answer;
    let column = figures(answer).nth(which)?;
    let areas = areas(answer, column, &Labels::new(answer, view, lang), places)?;
    if areas.len() < 2 {
        return None;
    }
    let head = answer.columns().get(column)?;
    let words = heading(head, view, lang);
    let title = Text::new(format!("Kaart: {words}"), format!("Map: {words}"));
    let id = match layout {
        PictureLayout::Narrow => "map-narrow",
        PictureLayout::Wide => "map",
    };
    let frame = frame(head, &words, &title, id, layout, lang);
    // a map without any of these areas does not help: tiles do as well
    if let Some(drawn) = outlines.and_then(|outlines| outlines.svg(&frame, &areas).ok()) {
        return Some(drawn.svg);
    }
    Some(tiles::svg(&Tiles { frame, areas }))
}

/// The places of the first dimension with their figures; none when a value is no text or a place is there twice.
fn areas(
    answer: &AnswerTable,
    column: usize,
    labels: &Labels<'_>,
    places: &MapPlaces,
) -> Option<Vec<Area>> {
    let dimension = answer
        .columns()
        .iter()
        .position(|c| c.kind == ColumnKind::Dimension)?;
    let mut areas: Vec<Area> = Vec::new();
    for (_, row) in named_rows(answer, labels) {
        let Some(AnswerValue::Text(code)) = row.get(dimension) else {
            return None;
        };
        // what is in no place, such as `(other)`, is in the table only
        let Some(place) = places.find(code) else {
            continue;
        };
        if areas.iter().any(|area| area.code == *code) {
            return None;
        }
        areas.push(Area {
            code: code.clone(),
            name: place.name.clone(),
            centroid: (place.lon, place.lat),
            figure: drawn(row.get(column)?),
        });
    }
    Some(areas)
}
