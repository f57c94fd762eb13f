//! A cube on disk: Parquet with published cells only, and its hash.
//!
//! The same cube always gives the same bytes, so its SHA-256 is the release's identity.

use std::{collections::HashMap, sync::Arc};

use datafusion::{
    arrow::{
        array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray},
        datatypes::{DataType, Field, Float64Type, Int64Type, Schema},
    },
    parquet::{
        arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
        basic::Compression,
        file::{metadata::KeyValue, properties::WriterProperties},
    },
};
use zwerm_agreement::digest::Digest;
use zwerm_disclosure::Cell;

use crate::{
    cube::{Cube, CubeDimension, Origin},
    error::QuestionError,
};

const ORIGIN: &str = "zwerm.release";
const DIMENSIONS: &str = "zwerm.dimensions";

/// Which release an answer comes from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ReleaseId {
    /// Agreement, version, view and the first digits of the hash.
    pub id: String,
    /// SHA-256 of the release's bytes.
    pub hash: Digest,
}

/// The bytes of a cube's release, and its identity.
///
/// # Errors
/// [`QuestionError::Internal`] when the cells do not fit the cube.
pub fn encode(cube: &Cube) -> Result<(Vec<u8>, ReleaseId), QuestionError> {
    let batch = batch(cube)?;
    let json = |value: Result<String, serde_json::Error>| value.map_err(internal);
    let values: Vec<&Vec<String>> = cube.dimensions.iter().map(|d| &d.values).collect();
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("zwerm".to_owned())
        .set_key_value_metadata(Some(vec![
            KeyValue::new(ORIGIN.into(), json(serde_json::to_string(&cube.origin))?),
            KeyValue::new(DIMENSIONS.into(), json(serde_json::to_string(&values))?),
        ]))
        .build();
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).map_err(internal)?;
    writer.write(&batch).map_err(internal)?;
    writer.close().map_err(internal)?;
    let release = identity(&cube.origin, &bytes);
    Ok((bytes, release))
}

/// SHA-256 of a release's bytes: compare it before reading a release that was kept.
///
/// ```
/// assert!(zwerm_question::release::fingerprint(b"").to_string().starts_with("e3b0c442"));
/// ```
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> Digest {
    Digest::of(bytes)
}

fn identity(origin: &Origin, bytes: &[u8]) -> ReleaseId {
    let hash = fingerprint(bytes);
    let short = hash.short();
    ReleaseId {
        id: format!(
            "{}.v{}.{}.{short}",
            origin.agreement, origin.version, origin.view
        ),
        hash,
    }
}

/// Reads a release back.
///
/// # Errors
/// [`QuestionError::Internal`] when the bytes are no release.
pub fn decode(bytes: Vec<u8>) -> Result<(Cube, ReleaseId), QuestionError> {
    // the Parquet reader panics on some damaged files
    std::panic::catch_unwind(|| decode_sound(bytes))
        .unwrap_or_else(|_| Err(QuestionError::Internal("the release is damaged".into())))
}

fn decode_sound(bytes: Vec<u8>) -> Result<(Cube, ReleaseId), QuestionError> {
    let release_bytes = bytes.clone();
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).map_err(internal)?;
    let entries = builder
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .cloned()
        .unwrap_or_default();
    let entry = |key: &str| {
        let mut entries = entries.iter();
        let found = entries.find(|e| e.key == key);
        found
            .and_then(|e| e.value.as_deref())
            .ok_or_else(|| QuestionError::Internal(format!("the release has no `{key}`")))
    };
    let origin: Origin = serde_json::from_str(entry(ORIGIN)?).map_err(internal)?;
    let values: Vec<Vec<String>> = serde_json::from_str(entry(DIMENSIONS)?).map_err(internal)?;
    let names: Vec<String> = builder
        .schema()
        .fields()
        .iter()
        .map(|f| f.name().clone())
        .collect();
    let measures: Vec<String> = names
        .iter()
        .filter_map(|n| n.strip_prefix("sum "))
        .map(str::to_owned)
        .collect();
    let dimensions: Vec<CubeDimension> = names
        .iter()
        .cloned()
        .zip(values)
        .map(|(name, values)| CubeDimension { name, values })
        .collect();
    let mut cube = Cube {
        origin,
        dimensions,
        measures,
        cells: Vec::new(),
    };
    for batch in builder.build().map_err(internal)? {
        read(&batch.map_err(internal)?, &mut cube)?;
    }
    let release = identity(&cube.origin, &release_bytes);
    Ok((cube, release))
}

fn internal(error: impl std::fmt::Display) -> QuestionError {
    QuestionError::Internal(error.to_string())
}

fn of_another_type(name: &str) -> QuestionError {
    internal(format!("column `{name}` of the release is of another type"))
}

fn batch(cube: &Cube) -> Result<RecordBatch, QuestionError> {
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (d, dimension) in cube.dimensions.iter().enumerate() {
        let value = |cell: &Cell| {
            let at = cell.coordinates.get(d).copied().flatten()?;
            dimension.values.get(at as usize).cloned()
        };
        let column: StringArray = cube.cells.iter().map(value).collect();
        fields.push(Field::new(&dimension.name, DataType::Utf8, true));
        arrays.push(Arc::new(column));
    }
    let mut whole = |name: &str, of: &dyn Fn(&Cell) -> Option<u64>| {
        let column: Int64Array = cube
            .cells
            .iter()
            .map(|c| of(c).and_then(|n| i64::try_from(n).ok()))
            .collect();
        fields.push(Field::new(name, DataType::Int64, true));
        arrays.push(Arc::new(column));
    };
    whole("units", &|c| c.units);
    whole("rows", &|c| c.rows);
    for (m, name) in cube.measures.iter().enumerate() {
        whole(&format!("count {name}"), &|c| {
            c.counts.get(m).copied().flatten()
        });
    }
    for (m, name) in cube.measures.iter().enumerate() {
        let sum = |c: &Cell| c.sums.get(m).copied().flatten();
        let column: Float64Array = cube.cells.iter().map(sum).collect();
        fields.push(Field::new(format!("sum {name}"), DataType::Float64, true));
        arrays.push(Arc::new(column));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(internal)
}

fn read(batch: &RecordBatch, cube: &mut Cube) -> Result<(), QuestionError> {
    let column = |name: &str| {
        batch
            .column_by_name(name)
            .ok_or_else(|| QuestionError::Internal(format!("the release has no column `{name}`")))
    };
    let whole = |name: &str| -> Result<Vec<Option<u64>>, QuestionError> {
        let column = column(name)?.as_primitive_opt::<Int64Type>();
        let column = column.ok_or_else(|| of_another_type(name))?;
        let counts = column.iter().map(|n| n.map(u64::try_from).transpose());
        counts.collect::<Result<_, _>>().map_err(internal)
    };
    let units = whole("units")?;
    let rows = whole("rows")?;
    let mut counts = Vec::new();
    let mut sums = Vec::new();
    for name in &cube.measures {
        counts.push(whole(&format!("count {name}"))?);
        let sum = column(&format!("sum {name}"))?.as_primitive_opt::<Float64Type>();
        let sum = sum.ok_or_else(|| of_another_type(name))?;
        sums.push(sum.iter().collect::<Vec<_>>());
    }
    let mut coordinates = vec![Vec::new(); batch.num_rows()];
    for dimension in &cube.dimensions {
        let values = column(&dimension.name)?.as_string_opt::<i32>();
        let values = values.ok_or_else(|| of_another_type(&dimension.name))?;
        let own = dimension.values.iter().map(String::as_str).zip(0_u32..);
        let own: HashMap<&str, u32> = own.collect();
        for (row, at) in coordinates.iter_mut().enumerate() {
            // a value that is not listed must not pass for a total
            let listed = |value: &str| own.get(value).copied();
            let unlisted = || internal(format!("`{}` has a value not listed", dimension.name));
            at.push(if values.is_null(row) {
                None
            } else {
                Some(listed(values.value(row)).ok_or_else(unlisted)?)
            });
        }
    }
    for (row, coordinates) in coordinates.into_iter().enumerate() {
        let at = |column: &Vec<Option<u64>>| column.get(row).copied().flatten();
        cube.cells.push(Cell {
            coordinates,
            units: at(&units),
            rows: at(&rows),
            counts: counts.iter().map(at).collect(),
            sums: sums.iter().map(|s| s.get(row).copied().flatten()).collect(),
        });
    }
    Ok(())
}
