//! Rows of a surveyed file in standard form, and standard files of them: for partners who prepare data.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, RecordBatch},
    datatypes::{Field, Schema},
};
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use zwerm_agreement::agreement::ColumnType;

use crate::{
    columns::{ColumnBuilder, data_type},
    error::IntakeError,
    fault::unreadable,
    layout::FileLayout,
    rows::{FileRow, FileRows},
    survey::Survey,
    value::standard,
};

/// Rows in a batch of Parquet.
const BATCH: usize = 16_384;

/// The rows of a file that was surveyed, each value in the standard form of its column's type.
pub struct StandardRows {
    rows: FileRows,
    layout: FileLayout,
    kinds: Vec<ColumnType>,
    file: PathBuf,
    row: FileRow,
}

/// Whether a row passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// One did, and its values were passed.
    Row,
    /// The file had no more.
    End,
    /// The next row is not what was found when the file was read before: it changed since.
    Changed,
}

/// Opens the rows of a file that was surveyed: a missing value is none, `1.234,5` is `1234.5`.
///
/// # Errors
/// The file cannot be read, or is not what it was.
pub fn standard_rows(file: &Path, survey: &Survey) -> Result<StandardRows, IntakeError> {
    let kinds = survey.columns.iter().map(|c| c.kind).collect();
    StandardRows::open(file, survey.layout(), kinds)
}

impl StandardRows {
    /// Opens the rows of a file that is written so; `kinds` are the types of its columns, in its order.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn open(
        file: &Path,
        layout: &FileLayout,
        kinds: Vec<ColumnType>,
    ) -> Result<Self, IntakeError> {
        Ok(Self {
            rows: FileRows::open(file, layout)?,
            layout: layout.clone(),
            kinds,
            file: file.to_owned(),
            row: FileRow::default(),
        })
    }

    /// Passes the values of the next row to `see`, column by column; a missing one is none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn pass(&mut self, mut see: impl FnMut(Option<&str>)) -> Result<Passed, IntakeError> {
        if !self.rows.next(&mut self.row)? {
            return Ok(Passed::End);
        }
        if self.row.fields.len() != self.kinds.len() {
            return Ok(Passed::Changed);
        }
        let reading = &self.layout.reading;
        for (field, kind) in self.row.fields.iter().zip(&self.kinds) {
            if reading.missing.is(field) {
                see(None);
                continue;
            }
            let value = standard(field, *kind, reading);
            match value.filter(|_| field.wrong.is_none()) {
                Some(value) => see(Some(&value)),
                None => return Ok(Passed::Changed),
            }
        }
        Ok(Passed::Row)
    }

    /// The line in a CSV, or the row on a sheet, of the row that was passed last.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.row.number
    }

    fn changed(&self) -> IntakeError {
        unreadable(
            &self.file,
            std::io::Error::other("the file changed while it was read"),
        )
    }
}

impl Iterator for StandardRows {
    type Item = Result<Vec<Option<String>>, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut values = Vec::with_capacity(self.kinds.len());
        match self.pass(|value| values.push(value.map(str::to_owned))) {
            Ok(Passed::Row) => Some(Ok(values)),
            Ok(Passed::End) => None,
            Ok(Passed::Changed) => Some(Err(self.changed())),
            Err(error) => Some(Err(error)),
        }
    }
}

/// Writes rows as programs read them: UTF-8, comma, point, one header line. Values are in standard form,
/// an empty one is missing.
///
/// # Errors
/// [`IntakeError::Internal`] when it cannot be written.
///
/// ```
/// use zwerm_agreement::agreement::ColumnType;
/// use zwerm_intake::write_csv;
/// let columns = [("wijk".to_owned(), ColumnType::Utf8)];
/// let mut bytes = Vec::new();
/// let rows = [csv::StringRecord::from(vec!["a,b"]), csv::StringRecord::from(vec![""])];
/// write_csv(&columns, &rows, &mut bytes)?;
/// assert_eq!(bytes, b"wijk\n\"a,b\"\n\"\"\n");
/// # Ok::<(), zwerm_intake::IntakeError>(())
/// ```
pub fn write_csv(
    columns: &[(String, ColumnType)],
    rows: &[csv::StringRecord],
    out: impl Write,
) -> Result<(), IntakeError> {
    let internal = |e: &dyn std::fmt::Display| IntakeError::Internal(e.to_string());
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
/// [`IntakeError::Internal`] when it cannot be written.
pub fn write_parquet(
    columns: &[(String, ColumnType)],
    rows: &[csv::StringRecord],
    out: impl Write + Send,
) -> Result<(), IntakeError> {
    let internal = |e: &dyn std::fmt::Display| IntakeError::Internal(e.to_string());
    let fields = columns.iter();
    let fields: Vec<Field> = fields
        .map(|(name, kind)| Field::new(name, data_type(*kind), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("zwerm".to_owned())
        .build();
    let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties));
    let mut writer = writer.map_err(|e| internal(&e))?;
    for rows in rows.chunks(BATCH) {
        let mut builders: Vec<ColumnBuilder> =
            columns.iter().map(|(_, k)| ColumnBuilder::of(*k)).collect();
        for row in rows {
            for (builder, value) in builders.iter_mut().zip(row) {
                builder.push(value);
            }
        }
        let arrays: Vec<ArrayRef> = builders.into_iter().map(ColumnBuilder::finish).collect();
        let batch = RecordBatch::try_new(schema.clone(), arrays).map_err(|e| internal(&e))?;
        writer.write(&batch).map_err(|e| internal(&e))?;
    }
    writer.close().map_err(|e| internal(&e))?;
    Ok(())
}
