//! An answer as it goes over the wire: JSON, the same through every door.
//!
//! `{"agreement","trial","release","mode","columns","rows","protected","totals","notes"}`: a protected
//! figure is `null` in its row and listed in `protected`; a subtotal's dimension is `null` and listed
//! in `totals`; a figure that does not exist (a division by nothing) is `null` and in neither.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use zwerm_agreement::digest::Digest;
use zwerm_agreement::text::Lang;
use zwerm_question::answer::{Answer, Kind, Value};
use zwerm_question::release::Release;

use crate::share::ask::Answered;

/// Which agreement a question was asked under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The agreement's id.
    pub id: String,
    /// The version of the agreement, counted from 1.
    pub version: u32,
    /// The SHA-256 of the agreement's document.
    pub hash: Digest,
}

/// The whole message.
#[derive(Serialize)]
pub struct Message<'a> {
    agreement: &'a Asked,
    trial: bool,
    release: &'a Release,
    mode: &'static str,
    #[serde(flatten)]
    table: Table<'a>,
}

/// The answer itself.
#[derive(Serialize)]
pub struct Table<'a> {
    columns: Vec<Column<'a>>,
    rows: Vec<Row<'a>>,
    protected: Vec<Place<'a>>,
    totals: Vec<Place<'a>>,
    notes: Vec<&'a str>,
}

#[derive(Serialize)]
struct Column<'a> {
    name: &'a str,
    kind: Kind,
    quantity: Option<&'a str>,
    label: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    row: usize,
    column: &'a str,
}

/// A row as an object, its columns in the order of the question.
struct Row<'a> {
    answer: &'a Answer,
    values: &'a [Value],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len()))?;
        for (column, value) in self.answer.columns().iter().zip(self.values) {
            match value {
                Value::Text(text) => map.serialize_entry(&column.name, text)?,
                Value::Whole(n) => map.serialize_entry(&column.name, n)?,
                Value::Number(x) => map.serialize_entry(&column.name, x)?,
                Value::Protected | Value::Total | Value::Undefined => {
                    map.serialize_entry(&column.name, &())?;
                }
            }
        }
        map.end()
    }
}

/// The message for an answer, its labels and notes in one language.
pub fn message(answered: &Answered, lang: Lang) -> Message<'_> {
    Message {
        agreement: &answered.agreement,
        trial: answered.trial,
        release: &answered.release,
        mode: "table",
        table: table(&answered.answer, lang),
    }
}

/// An answer, its labels and notes in one language.
pub fn table(answer: &Answer, lang: Lang) -> Table<'_> {
    Table {
        columns: answer
            .columns()
            .iter()
            .map(|c| Column {
                name: &c.name,
                kind: c.kind,
                quantity: c.quantity.as_deref(),
                label: c.label.get(lang),
            })
            .collect(),
        rows: answer
            .rows()
            .iter()
            .map(|values| Row { answer, values })
            .collect(),
        protected: places(answer, &Value::Protected),
        totals: places(answer, &Value::Total),
        notes: answer.notes().iter().map(|n| n.get(lang)).collect(),
    }
}

fn places<'a>(answer: &'a Answer, which: &Value) -> Vec<Place<'a>> {
    let mut places = Vec::new();
    for (row, values) in answer.rows().iter().enumerate() {
        for (column, value) in answer.columns().iter().zip(values) {
            if value == which {
                places.push(Place {
                    row,
                    column: &column.name,
                });
            }
        }
    }
    places
}
