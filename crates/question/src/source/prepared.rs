//! Rows of a surveyed file in standard form, and standard files of them: for partners who prepare data.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use datafusion::{
    arrow::{
        array::{ArrayRef, RecordBatch},
        datatypes::{Field, Schema},
    },
    parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties},
};
use zwerm_agreement::agreement::ColumnType;

use super::{
    Survey, arrow,
    layout::Layout,
    rows::{Row, Rows},
    table::Builder,
    unreadable,
    value::standard,
};
use crate::error::QuestionError;

/// Rows in a batch of Parquet.
const BATCH: usize = 16_384;

/// The rows of a file that was surveyed, each value in the standard form of its column's type.
pub struct StandardRows {
    rows: Rows,
    layout: Layout,
    kinds: Vec<ColumnType>,
    file: PathBuf,
    row: Row,
}

/// Opens the rows of a file that was surveyed: a missing value is none, `1.234,5` is `1234.5`.
///
/// # Errors
/// The file cannot be read, or is not what it was.
pub fn standard_rows(file: &Path, survey: &Survey) -> Result<StandardRows, QuestionError> {
    Ok(StandardRows {
        rows: Rows::open(file, survey.layout())?,
        layout: survey.layout().clone(),
        kinds: survey.columns.iter().map(|c| c.kind).collect(),
        file: file.to_owned(),
        row: Row::default(),
    })
}

impl StandardRows {
    fn values(&self) -> Result<Vec<Option<String>>, QuestionError> {
        if self.row.fields.len() != self.kinds.len() {
            return Err(self.changed());
        }
        let mut values = Vec::with_capacity(self.kinds.len());
        for (field, kind) in self.row.fields.iter().zip(&self.kinds) {
            if self.layout.reading.missing.is(field) {
                values.push(None);
                continue;
            }
            let value = standard(field, *kind, &self.layout.reading);
            let value = value.filter(|_| field.wrong.is_none());
            values.push(Some(value.ok_or_else(|| self.changed())?.into_owned()));
        }
        Ok(values)
    }

    fn changed(&self) -> QuestionError {
        unreadable(
            &self.file,
            std::io::Error::other("the file changed while it was read"),
        )
    }
}

impl Iterator for StandardRows {
    type Item = Result<Vec<Option<String>>, QuestionError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.rows.next(&mut self.row) {
            Ok(true) => Some(self.values()),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

/// Writes rows as programs read them: UTF-8, comma, point, one header line. Values are in standard form,
/// an empty one is missing.
///
/// # Errors
/// [`QuestionError::Internal`] when it cannot be written.
///
/// ```
/// use zwerm_agreement::agreement::ColumnType;
/// use zwerm_question::source::write_csv;
/// let columns = [("wijk".to_owned(), ColumnType::Utf8)];
/// let mut bytes = Vec::new();
/// let rows = [csv::StringRecord::from(vec!["a,b"]), csv::StringRecord::from(vec![""])];
/// write_csv(&columns, &rows, &mut bytes)?;
/// assert_eq!(bytes, b"wijk\n\"a,b\"\n\"\"\n");
/// # Ok::<(), zwerm_question::error::QuestionError>(())
/// ```
pub fn write_csv(
    columns: &[(String, ColumnType)],
    rows: &[csv::StringRecord],
    out: impl Write,
) -> Result<(), QuestionError> {
    let internal = |e: &dyn std::fmt::Display| QuestionError::Internal(e.to_string());
    let mut writer = csv::Writer::from_writer(out);
    let header = writer.write_record(columns.iter().map(|(name, _)| name));
    header.map_err(|e| internal(&e))?;
    for row in rows {
        writer.write_record(row).map_err(|e| internal(&e))?;
    }
    writer.flush().map_err(|e| internal(&e))
}

/// Writes rows as Parquet. Values are in standard form, an empty one is missing.
///
/// # Errors
/// [`QuestionError::Internal`] when it cannot be written.
pub fn write_parquet(
    columns: &[(String, ColumnType)],
    rows: &[csv::StringRecord],
    out: impl Write + Send,
) -> Result<(), QuestionError> {
    let internal = |e: &dyn std::fmt::Display| QuestionError::Internal(e.to_string());
    let fields = columns.iter();
    let fields: Vec<Field> = fields
        .map(|(name, kind)| Field::new(name, arrow(*kind), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("zwerm".to_owned())
        .build();
    let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties));
    let mut writer = writer.map_err(|e| internal(&e))?;
    for rows in rows.chunks(BATCH) {
        let mut builders: Vec<Builder> = columns.iter().map(|(_, k)| Builder::of(*k)).collect();
        for row in rows {
            for (builder, value) in builders.iter_mut().zip(row) {
                builder.push(value);
            }
        }
        let arrays: Vec<ArrayRef> = builders.into_iter().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(|e| internal(&e))?;
        writer.write(&batch).map_err(|e| internal(&e))?;
    }
    writer.close().map_err(|e| internal(&e))?;
    Ok(())
}
