//! The shape of a shared view: its dimensions and measures.

use super::reader::{DocumentNode, DocumentReader, entries, fields, list};
use super::values::{boolean, number, string, strings_by_key, word, words_in_both};
use crate::agreement::{Dimension, Measure, Mode, View};
use crate::text::Text;

pub(super) fn view(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<View> {
    let mut f = fields(r, node)?;
    let view = View {
        name: f.need("name", string).unwrap_or_default(),
        label: f.maybe("label", words_in_both),
        unit: f.need("unit", string).unwrap_or_default(),
        key: f.need("key", string).unwrap_or_default(),
        mode: f.need("mode", word).unwrap_or(Mode::Table),
        sql: f.need("sql", string).unwrap_or_default(),
        dimension: f
            .maybe("dimension", |r, n| list(r, n, dimension))
            .unwrap_or_default(),
        measure: f
            .maybe("measure", |r, n| list(r, n, measure))
            .unwrap_or_default(),
    };
    f.finish();
    Some(view)
}

fn dimension(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Dimension> {
    let mut f = fields(r, node)?;
    let dimension = Dimension {
        name: f.need("name", string).unwrap_or_default(),
        label: f.maybe("label", words_in_both),
        values: f
            .need("values", |r, n| list(r, n, string))
            .unwrap_or_default(),
        labels: f
            .maybe("labels", |r, n| entries(r, n, words_in_both))
            .unwrap_or_default(),
        parents: f.maybe("parents", strings_by_key).unwrap_or_default(),
        sensitive: f.maybe("sensitive", boolean).unwrap_or(false),
        per_unit: f.maybe("per_unit", boolean).unwrap_or(true),
        groups: f
            .maybe("groups", |r, n| entries(r, n, |r, n| list(r, n, string)))
            .unwrap_or_default(),
    };
    f.finish();
    Some(dimension)
}

fn measure(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Measure> {
    let mut f = fields(r, node)?;
    let finite = || Text::new("een getal", "a number");
    let measure = Measure {
        name: f.need("name", string).unwrap_or_default(),
        label: f.maybe("label", words_in_both),
        quantity: f.need("quantity", string).unwrap_or_default(),
        lower: f.need("lower", number(finite(), |_| true)).unwrap_or(0.0),
        upper: f.need("upper", number(finite(), |_| true)).unwrap_or(0.0),
    };
    f.finish();
    Some(measure)
}
