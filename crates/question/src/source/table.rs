//! A file that the engine cannot read by itself, as a table of the session: decoded while it is scanned.

use std::{path::PathBuf, sync::Arc};

use datafusion::{
    arrow::{
        array::{
            ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, RecordBatch,
            StringBuilder,
        },
        compute::kernels::cast_utils::Parser,
        datatypes::{Date32Type, Field as ArrowField, Schema, SchemaRef},
    },
    catalog::streaming::StreamingTable,
    error::DataFusionError,
    execution::{SendableRecordBatchStream, TaskContext},
    physical_plan::{stream::RecordBatchStreamAdapter, streaming::PartitionStream},
};
use zwerm_agreement::agreement::ColumnType;

use super::{
    arrow,
    layout::Layout,
    rows::{Row, Rows},
    value::standard,
};

/// Rows in a batch.
const BATCH: usize = 4_096;

/// A table of a file's columns.
pub(super) fn table(
    file: PathBuf,
    layout: Layout,
    columns: &[(String, ColumnType)],
) -> Result<StreamingTable, DataFusionError> {
    let fields = columns.iter();
    let fields: Vec<ArrowField> = fields
        .map(|(name, kind)| ArrowField::new(name, arrow(*kind), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let partition = Decoding {
        file,
        layout,
        columns: columns.to_vec(),
        schema: schema.clone(),
    };
    StreamingTable::try_new(schema, vec![Arc::new(partition)])
}

/// A file, decoded anew for each scan.
#[derive(Debug)]
struct Decoding {
    file: PathBuf,
    layout: Layout,
    columns: Vec<(String, ColumnType)>,
    schema: SchemaRef,
}

impl PartitionStream for Decoding {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let schema = self.schema.clone();
        let batches = Batches {
            rows: Rows::open(&self.file, &self.layout).map_err(Some),
            layout: self.layout.clone(),
            columns: self.columns.clone(),
            schema: schema.clone(),
            row: Row::default(),
        };
        let stream = futures::stream::iter(batches);
        Box::pin(RecordBatchStreamAdapter::new(schema, stream))
    }
}

struct Batches {
    rows: Result<Rows, Option<crate::error::QuestionError>>,
    layout: Layout,
    columns: Vec<(String, ColumnType)>,
    schema: SchemaRef,
    row: Row,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, DataFusionError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rows = match &mut self.rows {
            Ok(rows) => rows,
            Err(error) => return error.take().map(|e| Err(failed(&e))),
        };
        let mut builders: Vec<Builder> =
            self.columns.iter().map(|(_, k)| Builder::of(*k)).collect();
        let mut count = 0;
        while count < BATCH {
            match rows.next(&mut self.row) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Some(Err(failed(&error))),
            }
            if self.row.fields.len() != builders.len() {
                return Some(Err(changed()));
            }
            for (builder, field) in builders.iter_mut().zip(&self.row.fields) {
                if self.layout.reading.missing.is(field) {
                    builder.push("");
                    continue;
                }
                let value = standard(field, builder.kind(), &self.layout.reading);
                match value.filter(|_| field.wrong.is_none()) {
                    Some(value) => builder.push(&value),
                    None => return Some(Err(changed())),
                }
            }
            count += 1;
        }
        if count == 0 {
            return None;
        }
        let arrays = builders.into_iter().map(Builder::finish).collect();
        Some(RecordBatch::try_new(self.schema.clone(), arrays).map_err(Into::into))
    }
}

/// The words are never shown: those of a reader may repeat a value.
fn failed(error: &crate::error::QuestionError) -> DataFusionError {
    DataFusionError::Execution(error.to_string())
}

fn changed() -> DataFusionError {
    DataFusionError::Execution("the file changed after it was checked".into())
}

/// The values of one column.
pub(super) enum Builder {
    Utf8(StringBuilder),
    Int64(Int64Builder),
    Float64(Float64Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
}

impl Builder {
    pub(super) fn of(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Utf8 => Self::Utf8(StringBuilder::new()),
            ColumnType::Int64 => Self::Int64(Int64Builder::new()),
            ColumnType::Float64 => Self::Float64(Float64Builder::new()),
            ColumnType::Boolean => Self::Boolean(BooleanBuilder::new()),
            ColumnType::Date => Self::Date(Date32Builder::new()),
        }
    }

    fn kind(&self) -> ColumnType {
        match self {
            Self::Utf8(_) => ColumnType::Utf8,
            Self::Int64(_) => ColumnType::Int64,
            Self::Float64(_) => ColumnType::Float64,
            Self::Boolean(_) => ColumnType::Boolean,
            Self::Date(_) => ColumnType::Date,
        }
    }

    /// Adds a value in standard form; an empty one is missing.
    pub(super) fn push(&mut self, text: &str) {
        match self {
            Self::Utf8(all) if text.is_empty() => all.append_null(),
            Self::Utf8(all) => all.append_value(text),
            Self::Int64(all) => all.append_option(text.parse().ok()),
            Self::Float64(all) => all.append_option(text.parse().ok()),
            Self::Boolean(all) => all.append_option(text.parse().ok()),
            Self::Date(all) => all.append_option(Date32Type::parse(text)),
        }
    }

    pub(super) fn finish(self) -> ArrayRef {
        match self {
            Self::Utf8(mut all) => Arc::new(all.finish()),
            Self::Int64(mut all) => Arc::new(all.finish()),
            Self::Float64(mut all) => Arc::new(all.finish()),
            Self::Boolean(mut all) => Arc::new(all.finish()),
            Self::Date(mut all) => Arc::new(all.finish()),
        }
    }
}
