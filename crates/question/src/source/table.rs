//! A file that the engine cannot read by itself, as a table of the session: decoded while it is scanned.

use std::{path::PathBuf, sync::Arc};

use datafusion::{
    arrow::{array::RecordBatch, datatypes::SchemaRef},
    catalog::streaming::StreamingTable,
    error::DataFusionError,
    execution::{SendableRecordBatchStream, TaskContext},
    physical_plan::{stream::RecordBatchStreamAdapter, streaming::PartitionStream},
};
use zwerm_agreement::agreement::ColumnType;
use zwerm_intake::{
    CheckedDataset, FileLayout, IntakeError, Passed, StandardRows, columns::ColumnBuilder,
};

/// Rows in a batch.
const BATCH: usize = 4_096;

/// A table of a file's columns.
pub(super) fn table(
    dataset: &CheckedDataset,
    layout: &FileLayout,
) -> Result<StreamingTable, DataFusionError> {
    let schema = Arc::new(super::schema(dataset));
    let partition = Decoding {
        file: dataset.file().to_owned(),
        layout: layout.clone(),
        kinds: dataset.columns().iter().map(|(_, kind)| *kind).collect(),
        schema: schema.clone(),
    };
    StreamingTable::try_new(schema, vec![Arc::new(partition)])
}

/// A file, decoded anew for each scan.
#[derive(Debug)]
struct Decoding {
    file: PathBuf,
    layout: FileLayout,
    kinds: Vec<ColumnType>,
    schema: SchemaRef,
}

impl PartitionStream for Decoding {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let schema = self.schema.clone();
        let rows = StandardRows::open(&self.file, &self.layout, self.kinds.clone());
        let batches = Batches {
            rows: rows.map_err(Some),
            kinds: self.kinds.clone(),
            schema: schema.clone(),
        };
        let stream = futures::stream::iter(batches);
        Box::pin(RecordBatchStreamAdapter::new(schema, stream))
    }
}

struct Batches {
    rows: Result<StandardRows, Option<IntakeError>>,
    kinds: Vec<ColumnType>,
    schema: SchemaRef,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, DataFusionError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rows = match &mut self.rows {
            Ok(rows) => rows,
            Err(error) => return error.take().map(|e| Err(failed(&e))),
        };
        let mut builders: Vec<ColumnBuilder> =
            self.kinds.iter().map(|k| ColumnBuilder::of(*k)).collect();
        match fill(rows, &mut builders) {
            Ok(0) => None,
            Ok(_) => {
                let arrays = builders.into_iter().map(ColumnBuilder::finish).collect();
                Some(RecordBatch::try_new(self.schema.clone(), arrays).map_err(Into::into))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

/// Adds the rows of a batch, and says how many there were.
fn fill(rows: &mut StandardRows, builders: &mut [ColumnBuilder]) -> Result<usize, DataFusionError> {
    for count in 0..BATCH {
        let mut columns = builders.iter_mut();
        let push = |value: Option<&str>| {
            if let Some(builder) = columns.next() {
                builder.push(value.unwrap_or_default());
            }
        };
        match rows.pass(push).map_err(|e| failed(&e))? {
            Passed::Row => {}
            Passed::End => return Ok(count),
            Passed::Changed => return Err(changed()),
        }
    }
    Ok(BATCH)
}

/// The words are never shown: those of a reader may repeat a value.
fn failed(error: &IntakeError) -> DataFusionError {
    DataFusionError::Execution(error.to_string())
}

fn changed() -> DataFusionError {
    DataFusionError::Execution("the file changed after it was checked".into())
}
