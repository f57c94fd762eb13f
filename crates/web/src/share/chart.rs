//! An answer as bars: one dimension as a bar each, two as groups, three as small multiples on one scale.
//!
//! What there is most of lies along the picture, and what there is least of in series and panels. The order is that of the
//! answer, never that of a figure.

use zwerm_agreement::agreement::View;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::share::ask_on_page::StoredAnswer;
use zwerm_app::types::question::answer::{AnswerTable, AnswerValue, ColumnKind};
use zwerm_app::words::column::heading;
use zwerm_picture::bars::{self, BarGroup, Bars};
use zwerm_picture::multiples::{self, BarPanel, Multiples};
use zwerm_picture::{Figure, PictureLayout};

use crate::share::table::{Labels, PlaceNames, drawn, figures, frame};

/// Groups that a picture or a panel shows at most.
const MOST_GROUPS: usize = 40;
/// Series at most.
const MOST_SERIES: usize = 4;
/// Panels at most.
const MOST_PANELS: usize = 6;

/// The values of one dimension in an answer, in its order.
struct ShownValues {
    column: usize,
    values: Vec<AnswerValue>,
}

/// The bars of one of the figures; none when there is nothing to compare, or too much.
pub(crate) fn chart(
    kept: &StoredAnswer,
    view: Option<&View>,
    which: usize,
    places: PlaceNames<'_>,
    layout: PictureLayout,
    lang: Lang,
) -> Option<String> {
    let answer = &kept.answer;
    let labels = Labels::new(answer, view, places, lang);
    let column = figures(answer).nth(which)?;
    let head = answer.columns().get(column)?;
    let words = heading(head, view, lang);
    let title = Text::new(format!("Staven: {words}"), format!("Bars: {words}"));
    let id = match layout {
        PictureLayout::Narrow => "chart-narrow",
        PictureLayout::Wide => "chart",
    };
    let frame = frame(head, &words, &title, id, layout, lang);
    let drawing = ChartShape::of(answer)?;
    let names = |of: &ShownValues| -> Vec<String> {
        let values = of.values.iter();
        values.map(|value| labels.value(of.column, value)).collect()
    };
    let series = drawing.series.as_ref().map_or_else(|| vec![words], names);
    let groups = |panel: Option<&AnswerValue>| drawing.groups(answer, column, panel, &names);
    Some(match &drawing.panels {
        None => bars::svg(&Bars {
            frame,
            series,
            groups: groups(None),
        }),
        Some(of) => {
            let panels = of.values.iter().zip(names(of));
            let panels = panels.map(|(value, label)| BarPanel {
                label,
                groups: groups(Some(value)),
            });
            multiples::svg(&Multiples {
                frame,
                series,
                panels: panels.collect(),
            })
        }
    })
}

/// Which dimension is drawn how.
struct ChartShape {
    along: ShownValues,
    series: Option<ShownValues>,
    panels: Option<ShownValues>,
}

impl ChartShape {
    /// The shape of an answer with one, two or three dimensions, of which few have many values.
    fn of(answer: &AnswerTable) -> Option<Self> {
        let columns = answer.columns().iter().enumerate();
        let dimensions = columns.filter(|(_, column)| column.kind == ColumnKind::Dimension);
        let mut shown: Vec<ShownValues> = dimensions.map(|(at, _)| values(answer, at)).collect();
        let along = take_most(&mut shown)?;
        // of the other two, more values are panels
        let panels = if shown.len() > 1 {
            take_most(&mut shown)
        } else {
            None
        };
        let series = shown.pop();
        let within = |of: &Option<ShownValues>, most: usize| {
            of.as_ref()
                .is_none_or(|of| (1..=most).contains(&of.values.len()))
        };
        let fits = shown.is_empty()
            && (2..=MOST_GROUPS).contains(&along.values.len())
            && within(&series, MOST_SERIES)
            && within(&panels, MOST_PANELS);
        fits.then_some(Self {
            along,
            series,
            panels,
        })
    }

    /// The groups of a picture, or of one of its panels.
    fn groups(
        &self,
        answer: &AnswerTable,
        column: usize,
        panel: Option<&AnswerValue>,
        names: &dyn Fn(&ShownValues) -> Vec<String>,
    ) -> Vec<BarGroup> {
        let is = |row: &[AnswerValue], of: &Option<ShownValues>, value: Option<&AnswerValue>| {
            of.as_ref().is_none_or(|of| row.get(of.column) == value)
        };
        let figure = |group: &AnswerValue, series: Option<&AnswerValue>| {
            let mut rows = answer.rows().iter();
            let row = rows.find(|row| {
                row.get(self.along.column) == Some(group)
                    && is(row, &self.series, series)
                    && is(row, &self.panels, panel)
            });
            row.and_then(|row| row.get(column))
                .map_or(Figure::Missing, drawn)
        };
        let groups = self.along.values.iter().zip(names(&self.along));
        let groups = groups.map(|(group, label)| BarGroup {
            label,
            figures: match &self.series {
                None => vec![figure(group, None)],
                Some(of) => of
                    .values
                    .iter()
                    .map(|one| figure(group, Some(one)))
                    .collect(),
            },
        });
        groups.collect()
    }
}

/// The dimension of which there are most values, the first of several; it is taken out.
fn take_most(shown: &mut Vec<ShownValues>) -> Option<ShownValues> {
    let most = shown.iter().map(|of| of.values.len()).max()?;
    let place = shown.iter().position(|of| of.values.len() == most)?;
    Some(shown.remove(place))
}

/// The values of a dimension, each once; a subtotal is none of them.
fn values(answer: &AnswerTable, column: usize) -> ShownValues {
    let mut values: Vec<AnswerValue> = Vec::new();
    for value in answer.rows().iter().filter_map(|row| row.get(column)) {
        if *value != AnswerValue::Total && !values.contains(value) {
            values.push(value.clone());
        }
    }
    ShownValues { column, values }
}
