//! From a batch of rows to keys, places and values: what a worker needs of the rows that are its own.
//!
//! Values are looked up column by column; a text view is its own key as long as its buffers are there, so few
//! texts are read twice.

use std::collections::HashMap;

use datafusion::arrow::{
    array::{Array, AsArray, Float64Array, Int64Array, RecordBatch, StringArray, StringViewArray},
    datatypes::{DataType, Float64Type, Int64Type},
};
use zwerm_agreement::agreement::{Dimension, View};

use super::{
    hash,
    table::{RowPlace, UnitKey},
};
use crate::error::QuestionError;

/// A column whose values are keys or coordinates.
pub(super) enum KeyValues<'a> {
    Whole(&'a Int64Array),
    Text(&'a StringArray),
    View(&'a StringViewArray),
}

impl<'a> KeyValues<'a> {
    pub(super) fn of(column: &'a dyn Array) -> Result<KeyValues<'a>, QuestionError> {
        Ok(match column.data_type() {
            DataType::Int64 => KeyValues::Whole(column.as_primitive::<Int64Type>()),
            DataType::Utf8 => KeyValues::Text(column.as_string::<i32>()),
            DataType::Utf8View => KeyValues::View(column.as_string_view()),
            other => return Err(unexpected(other)),
        })
    }

    /// The key of a row; `None` where there is none.
    pub(super) fn key(&self, row: usize) -> Option<UnitKey<'a>> {
        let text = match self {
            KeyValues::Whole(of) => {
                return (!of.is_null(row)).then(|| UnitKey::Whole(of.value(row)));
            }
            KeyValues::Text(of) => (!of.is_null(row)).then(|| of.value(row))?,
            KeyValues::View(of) => (!of.is_null(row)).then(|| of.value(row))?,
        };
        (!text.is_empty()).then_some(UnitKey::Text(text))
    }
}

/// The figures of a measure in a batch.
pub(super) fn numbers(column: &dyn Array) -> Result<&Float64Array, QuestionError> {
    let numbers = column.as_primitive_opt::<Float64Type>();
    numbers.ok_or_else(|| unexpected(column.data_type()))
}

fn unexpected(kind: &DataType) -> QuestionError {
    QuestionError::Internal(format!("a column of type {kind} while units are added up"))
}

/// The columns of a batch, in the order in which they were selected.
pub(super) struct BatchColumns<'a> {
    pub(super) key: KeyValues<'a>,
    pub(super) dimensions: Vec<KeyValues<'a>>,
    pub(super) measures: Vec<&'a Float64Array>,
}

impl<'a> BatchColumns<'a> {
    pub(super) fn of(
        batch: &'a RecordBatch,
        view: &View,
    ) -> Result<BatchColumns<'a>, QuestionError> {
        let mut columns = batch.columns().iter();
        let key = columns.next().map(|column| KeyValues::of(column));
        let key = key.ok_or_else(|| QuestionError::Internal("no key column".into()))??;
        let dimensions = columns.by_ref().take(view.dimension.len());
        let dimensions = dimensions.map(|column| KeyValues::of(column));
        let dimensions = dimensions.collect::<Result<_, _>>()?;
        let measures = columns.map(|column| numbers(column));
        Ok(BatchColumns {
            key,
            dimensions,
            measures: measures.collect::<Result<_, _>>()?,
        })
    }
}

/// Texts that were looked up before, by their views.
const CACHED: usize = 256;
/// No view: a text is never so long.
const NOTHING: u128 = u128::MAX;

/// The coordinates of a dimension's values: those in the list, then `(other)`, then `(unknown)`.
pub(super) struct Lookup {
    texts: HashMap<String, u32>,
    wholes: HashMap<i64, u32>,
    registered: u32,
    cache: Vec<(u128, u32)>,
}

impl Lookup {
    pub(super) fn new(dimension: &Dimension) -> Lookup {
        let values = || dimension.values.iter().zip(0_u32..);
        let whole = |(text, at): (&String, u32)| {
            let number = text.parse::<i64>().ok()?;
            // `007` and `+7` are texts that no number is written as
            (number.to_string() == *text).then_some((number, at))
        };
        Lookup {
            texts: values().map(|(text, at)| (text.clone(), at)).collect(),
            wholes: values().filter_map(whole).collect(),
            registered: dimension.values.len() as u32,
            cache: vec![(NOTHING, 0); CACHED],
        }
    }

    /// How many coordinates there are.
    pub(super) fn size(&self) -> u32 {
        self.registered + 2
    }

    /// Adds the coordinate of every row, as a further digit of its cell.
    pub(super) fn place(
        &mut self,
        column: &KeyValues,
        rows: impl Iterator<Item = usize>,
        places: &mut [RowPlace],
    ) {
        let (size, unknown) = (self.size(), (self.registered + 1, 0));
        let rows = rows.zip(places);
        match column {
            KeyValues::Whole(of) => digits(size, unknown, rows, |row| {
                (!of.is_null(row)).then(|| self.whole(of.value(row)))
            }),
            KeyValues::Text(of) => digits(size, unknown, rows, |row| {
                (!of.is_null(row)).then(|| self.text(of.value(row)))
            }),
            KeyValues::View(of) => {
                if !of.data_buffers().is_empty() {
                    // views of longer texts point into the buffers of their own batch
                    self.cache.fill((NOTHING, 0));
                }
                digits(size, unknown, rows, |row| {
                    (!of.is_null(row)).then(|| self.view(of, row))
                });
            }
        }
    }

    /// A coordinate, and for a value outside the list a hash of it.
    fn text(&self, text: &str) -> (u32, u64) {
        match self.texts.get(text) {
            Some(&at) => (at, 0),
            None => (self.registered, hash::text(text.as_bytes()) | 1),
        }
    }

    fn whole(&self, number: i64) -> (u32, u64) {
        match self.wholes.get(&number) {
            Some(&at) => (at, 0),
            None => (self.registered, hash::whole(number) | 1),
        }
    }

    fn view(&mut self, of: &StringViewArray, row: usize) -> (u32, u64) {
        let view = of.views().get(row).copied().unwrap_or(NOTHING);
        let slot = hash::whole((view ^ view >> 64) as i64) as usize % CACHED;
        if let Some(&(known, at)) = self.cache.get(slot)
            && known == view
        {
            return (at, 0);
        }
        let found = self.text(of.value(row));
        if let (0, Some(slot)) = (found.1, self.cache.get_mut(slot)) {
            *slot = (view, found.0);
        }
        found
    }
}

/// Adds a further digit, of so many, to the place of every row: what is found of it, or `unknown`.
fn digits<'a>(
    size: u32,
    unknown: (u32, u64),
    rows: impl Iterator<Item = (usize, &'a mut RowPlace)>,
    mut found: impl FnMut(usize) -> Option<(u32, u64)>,
) {
    for (row, place) in rows {
        let (at, other) = found(row).unwrap_or(unknown);
        place.cell = place.cell.wrapping_mul(size).wrapping_add(at);
        place.others = match other {
            0 => place.others.rotate_left(1),
            other => hash::both(place.others, other),
        };
    }
}
