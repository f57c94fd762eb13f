//! An answer as it goes over the wire: JSON, the same through every door.
//!
//! `{"agreement","trial","release","mode","columns","rows","protected","totals","notes"}`: a protected
//! figure is `null` in its row and listed in `protected`; a subtotal's dimension is `null` and listed
//! in `totals`; a figure that does not exist (a division by nothing) is `null` and in neither.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use zwerm_agreement::digest::Digest;
use zwerm_agreement::text::Lang;
use zwerm_question::answer::{AnswerTable, AnswerValue, ColumnKind};
use zwerm_question::release::ReleaseId;

use crate::share::ask::AnsweredQuestion;

/// Which agreement a question was asked under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WireAgreement {
    /// The agreement's id.
    pub id: String,
    /// The version of the agreement, counted from 1.
    pub version: u32,
    /// The SHA-256 of the agreement's document.
    pub hash: Digest,
}

/// The whole message.
#[derive(Serialize)]
pub struct WireMessage<'a> {
    agreement: &'a WireAgreement,
    trial: bool,
    release: &'a ReleaseId,
    mode: &'static str,
    #[serde(flatten)]
    table: WireTable<'a>,
}

/// The answer itself.
#[derive(Serialize)]
pub struct WireTable<'a> {
    columns: Vec<WireColumn<'a>>,
    rows: Vec<WireRow<'a>>,
    protected: Vec<WireCell<'a>>,
    totals: Vec<WireCell<'a>>,
    notes: Vec<&'a str>,
}

#[derive(Serialize)]
struct WireColumn<'a> {
    name: &'a str,
    kind: ColumnKind,
    quantity: Option<&'a str>,
    label: &'a str,
}

#[derive(Serialize)]
struct WireCell<'a> {
    row: usize,
    column: &'a str,
}

/// A row as an object, its columns in the order of the question.
struct WireRow<'a> {
    answer: &'a AnswerTable,
    values: &'a [AnswerValue],
}

impl Serialize for WireRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len()))?;
        for (column, value) in self.answer.columns().iter().zip(self.values) {
            match value {
                AnswerValue::Text(text) => map.serialize_entry(&column.name, text)?,
                AnswerValue::Whole(n) => map.serialize_entry(&column.name, n)?,
                AnswerValue::Number(x) => map.serialize_entry(&column.name, x)?,
                AnswerValue::Protected | AnswerValue::Total | AnswerValue::Undefined => {
                    map.serialize_entry(&column.name, &())?;
                }
            }
        }
        map.end()
    }
}

/// The message for an answer, its labels and notes in one language.
pub fn message(answered: &AnsweredQuestion, lang: Lang) -> WireMessage<'_> {
    WireMessage {
        agreement: &answered.agreement,
        trial: answered.trial,
        release: &answered.release,
        mode: "table",
        table: table(&answered.answer, lang),
    }
}

/// An answer, its labels and notes in one language.
pub fn table(answer: &AnswerTable, lang: Lang) -> WireTable<'_> {
    WireTable {
        columns: answer
            .columns()
            .iter()
            .map(|c| WireColumn {
                name: &c.name,
                kind: c.kind,
                quantity: c.quantity.as_deref(),
                label: c.label.get(lang),
            })
            .collect(),
        rows: answer
            .rows()
            .iter()
            .map(|values| WireRow { answer, values })
            .collect(),
        protected: places(answer, &AnswerValue::Protected),
        totals: places(answer, &AnswerValue::Total),
        notes: answer.notes().iter().map(|n| n.get(lang)).collect(),
    }
}

fn places<'a>(answer: &'a AnswerTable, which: &AnswerValue) -> Vec<WireCell<'a>> {
    let mut places = Vec::new();
    for (row, values) in answer.rows().iter().enumerate() {
        for (column, value) in answer.columns().iter().zip(values) {
            if value == which {
                places.push(WireCell {
                    row,
                    column: &column.name,
                });
            }
        }
    }
    places
}
