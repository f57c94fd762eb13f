//! An answer as Parquet, for whoever goes on with it elsewhere.

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray},
        datatypes::{DataType, Field, Schema},
    },
    parquet::arrow::ArrowWriter,
};

use crate::{
    answer::{AnswerTable, AnswerValue, ColumnKind},
    error::QuestionError,
};

/// Writes an answer: a protected figure, a subtotal's dimension and an undefined figure are null; the
/// columns `protected` and `totals` name which are which, separated by `;`.
///
/// # Errors
/// [`QuestionError::Internal`] when Parquet cannot be written.
///
/// ```
/// use zwerm_question::{answer::KeptAnswer, export::parquet};
/// let empty: KeptAnswer = serde_json::from_str(r#"{"columns":[],"rows":[],"notes":[]}"#)?;
/// assert!(parquet(&empty)?.starts_with(b"PAR1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parquet(answer: &AnswerTable) -> Result<Vec<u8>, QuestionError> {
    let internal = |e: &dyn std::fmt::Display| QuestionError::Internal(e.to_string());
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (number, column) in answer.columns().iter().enumerate() {
        let values = answer.rows().iter().map(|row| row.get(number));
        let (kind, array): (DataType, ArrayRef) = match column.kind {
            ColumnKind::Dimension => {
                let texts = values.map(|v| match v {
                    Some(AnswerValue::Text(text)) => Some(text.clone()),
                    _ => None,
                });
                (DataType::Utf8, Arc::new(texts.collect::<StringArray>()))
            }
            ColumnKind::Count => {
                let whole = values.map(|v| match v {
                    Some(AnswerValue::Whole(n)) => Some(*n),
                    _ => None,
                });
                (DataType::Int64, Arc::new(whole.collect::<Int64Array>()))
            }
            ColumnKind::Sum | ColumnKind::Average | ColumnKind::Number => {
                let real = values.map(|v| match v {
                    Some(AnswerValue::Number(x)) => Some(*x),
                    Some(AnswerValue::Whole(n)) => Some(*n as f64),
                    _ => None,
                });
                (DataType::Float64, Arc::new(real.collect::<Float64Array>()))
            }
        };
        fields.push(Field::new(&column.name, kind, true));
        arrays.push(array);
    }
    for (name, which) in [
        ("protected", AnswerValue::Protected),
        ("totals", AnswerValue::Total),
    ] {
        if !answer.columns().iter().any(|c| c.name == name) {
            let named = answer.rows().iter().map(|row| answer.named(row, &which));
            fields.push(Field::new(name, DataType::Utf8, true));
            arrays.push(Arc::new(named.collect::<StringArray>()));
        }
    }
    let batch =
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|e| internal(&e))?;
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), None).map_err(|e| internal(&e))?;
    writer.write(&batch).map_err(|e| internal(&e))?;
    writer.close().map_err(|e| internal(&e))?;
    Ok(bytes)
}
