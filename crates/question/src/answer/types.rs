//! What an answer is: columns, rows of protected figures, and what must be said with them.

use std::ops::Deref;

use zwerm_agreement::{agreement::View, text::Text};

use super::rows::column;
use crate::plan::Plan;

/// What a column of an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    /// Values of a dimension.
    Dimension,
    /// Whole numbers of units, rows or values.
    Count,
    /// Sums of a measure.
    Sum,
    /// Averages of a measure.
    Average,
    /// The outcome of arithmetic.
    Number,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct AnswerColumn {
    /// Its name in the question.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Quantity and unit, such as `EUR/year`.
    pub quantity: Option<String>,
    /// Its name for people.
    pub label: Text,
}

/// One figure or value.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum AnswerValue {
    /// A value of a dimension.
    Text(String),
    /// A count, of units, rows or values.
    Whole(i64),
    /// Any other number.
    Number(f64),
    /// There is a figure, and it is not shown.
    Protected,
    /// The row is a subtotal over this dimension.
    Total,
    /// There is no figure: a division by nothing.
    Undefined,
}

/// What an answer shows: columns, rows and notes. It can be read; only an [`Answer`] or a
/// [`KeptAnswer`](super::KeptAnswer) has one.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct AnswerTable {
    pub(super) columns: Vec<AnswerColumn>,
    pub(super) rows: Vec<Vec<AnswerValue>>,
    pub(super) notes: Vec<Text>,
}

/// A protected answer: with [`KeptAnswer`](super::KeptAnswer) the only thing about data that can be rendered or serialised.
/// It is made by [`Opened::ask`](super::Opened::ask) and nowhere else; what was read back from disk does not become one.
///
/// ```compile_fail
/// use zwerm_question::answer::{Answer, KeptAnswer};
/// let kept: KeptAnswer = serde_json::from_str(r#"{"columns":[],"rows":[],"notes":[]}"#).unwrap();
/// let answer: Answer = (*kept).clone();
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(transparent)]
pub struct Answer(pub(super) AnswerTable);

impl Deref for Answer {
    type Target = AnswerTable;

    fn deref(&self) -> &AnswerTable {
        &self.0
    }
}

/// The figures of an answer without the names that its asker gave the columns: what may be given to whoever else asks the
/// same. Names are words of who asks, and may name a person; they go to nobody else.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerFigures {
    rows: Vec<Vec<AnswerValue>>,
    notes: Vec<Text>,
}

impl AnswerFigures {
    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The answer to a question of the same plan, under the names that this question gives its columns.
    #[must_use]
    pub fn named_by(self, plan: &Plan, view: &View) -> Answer {
        Answer(AnswerTable {
            columns: plan.columns.iter().map(|c| column(c, view)).collect(),
            rows: self.rows,
            notes: self.notes,
        })
    }
}

impl Answer {
    /// Its figures, without the names of its columns.
    #[must_use]
    pub fn figures(&self) -> AnswerFigures {
        AnswerFigures {
            rows: self.rows.clone(),
            notes: self.notes.clone(),
        }
    }

    /// Leaves rows out.
    pub fn retain(&mut self, mut keep: impl FnMut(&[AnswerValue]) -> bool) {
        self.0.rows.retain(|row| keep(row));
    }

    /// Leaves the quantities of columns out, where it is not known what their numbers count.
    pub fn forget_quantities(&mut self) {
        for column in &mut self.0.columns {
            column.quantity = None;
        }
    }
}

impl AnswerTable {
    /// What was asked for, in the order of the question.
    #[must_use]
    pub fn columns(&self) -> &[AnswerColumn] {
        &self.columns
    }

    /// Its rows, a value per column.
    #[must_use]
    pub fn rows(&self) -> &[Vec<AnswerValue>] {
        &self.rows
    }

    /// What must be said with it: sums of rounded parts, and the like.
    #[must_use]
    pub fn notes(&self) -> &[Text] {
        &self.notes
    }

    /// The names of a row's columns that hold `which`, separated by `;`; `None` when none does.
    ///
    /// ```
    /// use zwerm_question::answer::{KeptAnswer, AnswerValue};
    /// let kept = r#"{ "columns": [{ "name": "n", "kind": "count", "quantity": null, "label": { "nl": "n", "en": "n" } }],
    ///     "rows": [["Protected"]], "notes": [] }"#;
    /// let answer: KeptAnswer = serde_json::from_str(kept)?;
    /// assert_eq!(answer.named(&answer.rows()[0], &AnswerValue::Protected).as_deref(), Some("n"));
    /// assert_eq!(answer.named(&answer.rows()[0], &AnswerValue::Total), None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn named(&self, row: &[AnswerValue], which: &AnswerValue) -> Option<String> {
        let pairs = self.columns.iter().zip(row);
        let names: Vec<&str> = pairs
            .filter(|(_, value)| *value == which)
            .map(|(column, _)| column.name.as_str())
            .collect();
        (!names.is_empty()).then(|| names.join(";"))
    }
}
