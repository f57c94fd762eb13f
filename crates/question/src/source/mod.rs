//! Checked files as tables of a session: read by the engine itself where it can, decoded while it is scanned
//! where it cannot.

mod table;

use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::TableReference;
use datafusion::datasource::MemTable;
use datafusion::prelude::{CsvReadOptions, Expr, ParquetReadOptions, SessionContext, cast, ident};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use zwerm_agreement::agreement::{ColumnType, Dataset};
use zwerm_intake::columns::data_type;
use zwerm_intake::{CheckedDataset, RowReading};

use crate::error::QuestionError;

/// Makes a dataset a table of the session, under its id.
pub(crate) async fn register(
    dataset: &CheckedDataset,
    session: &SessionContext,
) -> Result<(), QuestionError> {
    match dataset.form() {
        RowReading::Decoded(layout) => {
            let table = table::table(dataset, layout)?;
            session.register_table(name(dataset), Arc::new(table))?;
            Ok(())
        }
        RowReading::PlainCsv => plain_csv(dataset, session).await,
        RowReading::Parquet => parquet(dataset, session).await,
    }
}

/// Makes a table without rows of a dataset, with the columns that were agreed.
pub(crate) fn register_empty(
    dataset: &Dataset,
    session: &SessionContext,
) -> Result<(), QuestionError> {
    let columns = dataset.columns.iter();
    let fields = columns.map(|(name, kind)| Field::new(name, data_type(*kind), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<Field>>()));
    let table = MemTable::try_new(schema, vec![Vec::new()])?;
    session.register_table(TableReference::bare(dataset.id.as_str()), Arc::new(table))?;
    Ok(())
}

async fn plain_csv(
    dataset: &CheckedDataset,
    session: &SessionContext,
) -> Result<(), QuestionError> {
    let schema = schema(dataset);
    let extension = extension(dataset.file());
    let options = CsvReadOptions::new()
        .schema(&schema)
        .file_extension(&extension)
        .newlines_in_values(true);
    let path = address(dataset.file())?;
    session.register_csv(name(dataset), path, options).await?;
    Ok(())
}

async fn parquet(dataset: &CheckedDataset, session: &SessionContext) -> Result<(), QuestionError> {
    let extension = extension(dataset.file());
    let options = ParquetReadOptions {
        file_extension: &extension,
        ..Default::default()
    };
    let path = address(dataset.file())?;
    let frame = session.read_parquet(path, options).await?;
    let columns: Vec<Expr> = dataset.columns().iter().map(as_agreed).collect();
    let view = frame.select(columns)?.into_view();
    session.register_table(name(dataset), view)?;
    Ok(())
}

/// A column of a Parquet file as the type that was agreed.
fn as_agreed((name, kind): &(String, ColumnType)) -> Expr {
    let kind = match kind {
        // the file gives texts as views already: copying them all takes longer than reading them
        ColumnType::Utf8 => DataType::Utf8View,
        other => data_type(*other),
    };
    cast(ident(name), kind).alias(name)
}

fn name(dataset: &CheckedDataset) -> TableReference {
    TableReference::bare(dataset.id.as_str())
}

fn schema(dataset: &CheckedDataset) -> Schema {
    let columns = dataset.columns().iter();
    let fields = columns.map(|(name, kind)| Field::new(name, data_type(*kind), true));
    Schema::new(fields.collect::<Vec<Field>>())
}

fn extension(file: &Path) -> String {
    format!(
        ".{}",
        file.extension().unwrap_or_default().to_string_lossy()
    )
}

/// What stands in the path of a URL as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_');

/// The file as a URL: in a bare path `*`, `?` and `[` would mean other files.
fn address(file: &Path) -> Result<String, QuestionError> {
    let whole = std::path::absolute(file).map_err(|source| QuestionError::File {
        path: file.display().to_string(),
        source,
    })?;
    let path = percent_encode(whole.as_os_str().as_encoded_bytes(), PLAIN);
    Ok(format!("file://{path}"))
}
