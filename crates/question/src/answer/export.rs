//! An answer as a Parquet file: a column per column of the answer, null where there is no figure, and one that names
//! what is protected.

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

/// The answer as a Parquet file. The last column, `protected`, names the columns whose figure a row may not show.
///
/// # Errors
/// [`QuestionError::Internal`] when the rows do not fit the columns.
///
/// ```
/// use zwerm_question::answer::{KeptAnswer, to_parquet};
/// let answer: KeptAnswer = serde_json::from_str(r#"{"columns":[],"rows":[],"notes":[]}"#)?;
/// assert!(to_parquet(&answer)?.starts_with(b"PAR1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_parquet(answer: &AnswerTable) -> Result<Vec<u8>, QuestionError> {
    let mut columns: Vec<(String, ArrayRef, bool)> = Vec::new();
    for (place, column) in answer.columns.iter().enumerate() {
        let values = answer.rows.iter().map(|row| row.get(place));
        columns.push((column.name.clone(), array(column.kind, values), true));
    }
    let hidden = answer.rows.iter();
    let hidden = hidden.map(|row| answer.named(row, &AnswerValue::Protected));
    let hidden: StringArray = hidden.collect();
    columns.push(("protected".into(), Arc::new(hidden), true));
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
