//! Parquet: the values of its columns as those of any other file.

use std::{fs::File, path::Path, sync::Arc};

use arrow::array::{
    ArrayRef, BinaryArray, Date32Array, Decimal128Array, Int32Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use parquet::arrow::ArrowWriter;
use zwerm_agreement::agreement::{ColumnType, Format};
use zwerm_intake::survey;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// Writes a table.
fn table(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn a_survey_reads_parquet_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.parquet");
    let decimal = Decimal128Array::from(vec![1250, 50])
        .with_precision_and_scale(10, 2)
        .unwrap();
    table(
        &file,
        vec![
            ("code", Arc::new(StringArray::from(vec!["WK01", "WK02"]))),
            ("bedrag", Arc::new(decimal)),
            ("dag", Arc::new(Date32Array::from(vec![0, 1]))),
            (
                "moment",
                Arc::new(TimestampMillisecondArray::from(vec![0, DAY])),
            ),
            ("n", Arc::new(Int32Array::from(vec![Some(1), None]))),
        ],
    );
    let seen = survey(&file, &Format::default()).unwrap();
    let kinds: Vec<ColumnType> = seen.columns.iter().map(|c| c.kind).collect();
    assert_eq!(
        kinds,
        [
            ColumnType::Utf8,
            ColumnType::Float64,
            ColumnType::Date,
            ColumnType::Date,
            ColumnType::Int64
        ]
    );
    assert_eq!(seen.columns[1].range, Some((0.5, 12.5)));
    assert_eq!(seen.columns[3].values, ["1970-01-01", "1970-01-02"]);
    assert_eq!(seen.columns[4].missing, 1);
    table(
        &file,
        vec![("b", Arc::new(BinaryArray::from(vec![&b"x"[..]])))],
    );
    assert!(survey(&file, &Format::default()).is_err());
}
