//! An answer as a table, and as pictures of it.

use zwerm_agreement::agreement::{Agreement, Dimension, View};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::share::ask_on_page::StoredAnswer;
use zwerm_app::types::home::MapPlaces;
use zwerm_app::types::question::answer::{AnswerColumn, AnswerTable, AnswerValue, ColumnKind};
use zwerm_app::words::answer::{figure, special};
use zwerm_app::words::number::number as written;
use zwerm_picture::bars::{self, BarGroup, Bars};
use zwerm_picture::outline::Outlines;
use zwerm_picture::tiles::{self, Area, Tiles};
use zwerm_picture::{Figure, Frame, PictureLayout};

use crate::render::of_picture;

/// Rows that a picture shows at most.
const MOST_BARS: usize = 40;

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
}

pub(crate) struct HtmlCell {
    pub(crate) text: String,
    pub(crate) number: bool,
    pub(crate) protected: bool,
    /// The first column names the row.
    pub(crate) head: bool,
}

/// The names that a reader sees for what an answer holds.
struct Labels<'a> {
    dimensions: Vec<Option<&'a Dimension>>,
    lang: Lang,
}

impl<'a> Labels<'a> {
    fn new(answer: &AnswerTable, view: Option<&'a View>, lang: Lang) -> Self {
        let find = |column: &AnswerColumn| {
            if column.kind != ColumnKind::Dimension {
                return None;
            }
            let mut all = view?.dimension.iter();
            all.find(|d| d.name == column.name || d.label.as_ref() == Some(&column.label))
        };
        Self {
            dimensions: answer.columns().iter().map(find).collect(),
            lang,
        }
    }

    fn value(&self, column: usize, value: &AnswerValue) -> String {
        let AnswerValue::Text(text) = value else {
            return figure(value, self.lang);
        };
        let dimension = self.dimensions.get(column).copied().flatten();
        let label = dimension.and_then(|d| d.labels.get(text));
        label.map_or_else(
            || special(text, self.lang).to_owned(),
            |label| label.get(self.lang).to_owned(),
        )
    }
}

/// The view that an answer is of.
pub(crate) fn view_of<'a>(agreement: &'a Agreement, kept: &StoredAnswer) -> Option<&'a View> {
    agreement.find_view(&kept.view)
}

/// The table of an answer.
pub(crate) fn table(kept: &StoredAnswer, view: Option<&View>, lang: Lang) -> HtmlTable {
    let answer = &kept.answer;
    let labels = Labels::new(answer, view, lang);
    let heads = answer.columns().iter().map(|column| HtmlHead {
        words: heading(column, view, lang),
        number: column.kind != ColumnKind::Dimension,
    });
    let decimals: Vec<usize> = (0..answer.columns().len())
        .map(|c| decimals(answer, c))
        .collect();
    let rows = answer.rows().iter().map(|row| {
        let cells = row
            .iter()
            .zip(&decimals)
            .enumerate()
            .map(|(place, (value, decimals))| HtmlCell {
                text: match value {
                    AnswerValue::Number(x) => written(*x, *decimals, lang),
                    other => labels.value(place, other),
                },
                number: !matches!(value, AnswerValue::Text(_) | AnswerValue::Total),
                protected: *value == AnswerValue::Protected,
                head: place == 0 && matches!(value, AnswerValue::Text(_)),
            });
        cells.collect()
    });
    HtmlTable {
        heads: heads.collect(),
        rows: rows.collect(),
        notes: answer.notes().to_vec(),
        has_protected: answer
            .rows()
            .iter()
            .flatten()
            .any(|v| *v == AnswerValue::Protected),
    }
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

/// A quantity and its unit in words; those that are not known stay as the agreement has them.
fn quantity_words(quantity: &str, lang: Lang) -> String {
    let text = match quantity {
        "EUR" => Text::new("euro", "euros"),
        "EUR/year" => Text::new("euro per jaar", "euros a year"),
        "EUR/month" => Text::new("euro per maand", "euros a month"),
        other => Text::same(other),
    };
    text.get(lang).to_owned()
}

/// What a column is called: its own name when it was given one, else what it holds in words.
fn heading(column: &AnswerColumn, view: Option<&View>, lang: Lang) -> String {
    let label = |measure: &str| {
        let known = view.and_then(|view| view.measure.iter().find(|m| m.name == measure));
        let label = known.and_then(|measure| measure.label.as_ref());
        label.map_or_else(|| measure.to_owned(), |label| label.get(lang).to_owned())
    };
    let inner = |prefix: &str| {
        let rest = column.name.strip_prefix(prefix)?;
        rest.strip_suffix(')').map(label)
    };
    let words = if column.name == "units()" {
        let unit = view.map_or("", |view| view.unit.as_str());
        Text::new(format!("aantal ({unit})"), format!("number ({unit})"))
            .get(lang)
            .to_owned()
    } else if let Some(measure) = inner("avg(") {
        Text::new(
            format!("gemiddelde {measure}"),
            format!("average {measure}"),
        )
        .get(lang)
        .to_owned()
    } else if let Some(measure) = inner("sum(") {
        Text::new(format!("som {measure}"), format!("sum {measure}"))
            .get(lang)
            .to_owned()
    } else if column.kind == ColumnKind::Dimension {
        column.label.get(lang).to_owned()
    } else {
        column.name.clone()
    };
    match (&column.quantity, column.kind) {
        (Some(quantity), ColumnKind::Sum | ColumnKind::Average) => {
            format!("{words} ({})", quantity_words(quantity, lang))
        }
        _ => words,
    }
}

fn drawn(value: &AnswerValue) -> Figure {
    match value {
        AnswerValue::Whole(n) => Figure::Value(*n as f64),
        AnswerValue::Number(x) => Figure::Value(*x),
        AnswerValue::Protected => Figure::Protected,
        AnswerValue::Text(_) | AnswerValue::Total | AnswerValue::Undefined => Figure::Missing,
    }
}

/// The columns that hold figures.
fn figures(answer: &AnswerTable) -> impl Iterator<Item = usize> {
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

fn frame(
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

/// A bar per row of the first figure; none when there is nothing to compare, or too much.
pub(crate) fn chart(
    kept: &StoredAnswer,
    view: Option<&View>,
    layout: PictureLayout,
    lang: Lang,
) -> Option<String> {
    let answer = &kept.answer;
    let labels = Labels::new(answer, view, lang);
    let column = figures(answer).next()?;
    let rows = named_rows(answer, &labels);
    if !(2..=MOST_BARS).contains(&rows.len()) {
        return None;
    }
    let head = answer.columns().get(column)?;
    let groups = rows.iter().map(|(name, row)| BarGroup {
        label: name.clone(),
        figures: row.get(column).map(drawn).into_iter().collect(),
    });
    let words = heading(head, view, lang);
    let title = Text::new(format!("Staven: {words}"), format!("Bars: {words}"));
    let id = match layout {
        PictureLayout::Narrow => "chart-narrow",
        PictureLayout::Wide => "chart",
    };
    Some(bars::svg(&Bars {
        frame: frame(head, &words, &title, id, layout, lang),
        series: vec![words],
        groups: groups.collect(),
    }))
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

/// A map of the first figure by place; none when no column holds places that are known, or a place is there twice.
pub(crate) fn map(
    kept: &StoredAnswer,
    view: Option<&View>,
    (places, outlines): (&MapPlaces, Option<&Outlines>),
    layout: PictureLayout,
    lang: Lang,
) -> Option<String> {
    let answer = &kept.answer;
    let column = figures(answer).next()?;
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
