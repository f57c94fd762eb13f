//! An answer as a Parquet file: a column per column of the answer, null where there is no figure, and columns that name
//! what is protected and what is a subtotal.

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray},
        datatypes::Schema,
    },
    parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties},
};

use super::{AnswerTable, AnswerValue, ColumnKind};
use crate::error::QuestionError;

/// Which values that are null in the file are named in columns of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Protected figures, in the column `protected`.
    Protected,
    /// Those, and the dimensions of subtotals in the column `totals`.
    ProtectedAndTotals,
}

/// The answer as a Parquet file. Behind its columns are those that name, separated by `;`, which columns of a row are
/// protected or a total, unless the answer has a column that is called so.
///
/// # Errors
/// [`QuestionError::Internal`] when the rows do not fit the columns.
///
/// ```
/// use zwerm_question::answer::{KeptAnswer, Marks, to_parquet};
/// let answer: KeptAnswer = serde_json::from_str(r#"{"columns":[],"rows":[],"notes":[]}"#)?;
/// assert!(to_parquet(&answer, Marks::Protected)?.starts_with(b"PAR1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_parquet(answer: &AnswerTable, marks: Marks) -> Result<Vec<u8>, QuestionError> {
    let mut columns: Vec<(String, ArrayRef, bool)> = Vec::new();
    for (place, column) in answer.columns.iter().enumerate() {
        let values = answer.rows.iter().map(|row| row.get(place));
        columns.push((column.name.clone(), array(column.kind, values), true));
    }
    let totals = (marks == Marks::ProtectedAndTotals).then_some(("totals", AnswerValue::Total));
    for (name, value) in [("protected", AnswerValue::Protected)]
        .into_iter()
        .chain(totals)
    {
        if !answer.columns.iter().any(|column| column.name == name) {
            let named = answer.rows.iter().map(|row| answer.named(row, &value));
            let named: StringArray = named.collect();
            columns.push((name.to_owned(), Arc::new(named), true));
        }
    }
    let batch = RecordBatch::try_from_iter_with_nullable(columns).map_err(internal)?;
    write(&batch)
}

fn array<'v>(kind: ColumnKind, values: impl Iterator<Item = Option<&'v AnswerValue>>) -> ArrayRef {
    match kind {
        ColumnKind::Dimension => {
            let texts = values.map(|value| match value {
                Some(AnswerValue::Text(text)) => Some(text.as_str()),
                _ => None,
            });
            Arc::new(texts.collect::<StringArray>())
        }
        ColumnKind::Count => {
            let counts = values.map(|value| match value {
                Some(AnswerValue::Whole(n)) => Some(*n),
                _ => None,
            });
            Arc::new(counts.collect::<Int64Array>())
        }
        ColumnKind::Sum | ColumnKind::Average | ColumnKind::Number => {
            let numbers = values.map(|value| match value {
                Some(AnswerValue::Number(x)) => Some(*x),
                Some(AnswerValue::Whole(n)) => Some(*n as f64),
                _ => None,
            });
            Arc::new(numbers.collect::<Float64Array>())
        }
    }
}

fn write(batch: &RecordBatch) -> Result<Vec<u8>, QuestionError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("zwerm".to_owned())
        .build();
    let schema: Arc<Schema> = batch.schema();
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, schema, Some(properties)).map_err(internal)?;
    writer.write(batch).map_err(internal)?;
    writer.close().map_err(internal)?;
    Ok(bytes)
}

fn internal(error: impl std::fmt::Display) -> QuestionError {
    QuestionError::Internal(error.to_string())
}
