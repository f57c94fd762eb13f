//! Parquet as partners deliver it: the schema checked, the bytes fingerprinted.

use std::{
    fs::File,
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    compute::cast,
    datatypes::{DataType, Date32Type, SchemaRef, TimeUnit, TimestampMicrosecondType},
};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{
    agreement::{ColumnType, Dataset},
    text::Text,
};

use crate::{
    bytes::fingerprint,
    check::column_faults,
    checked::{CheckedDataset, RowReading},
    error::IntakeError,
    fault::{fault, one, unreadable},
    rows::{Field, FileRow, Wrong},
};

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// Checks a file: its columns and their types, and that days have no time.
pub(crate) fn check(dataset: &Dataset, file: &Path) -> Result<CheckedDataset, IntakeError> {
    let fingerprint = fingerprint(file)?;
    let reader = builder(file)?;
    let schema = reader.schema();
    let found: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
    let mut faults = column_faults(dataset, file, &found);
    let mut columns = Vec::new();
    for field in schema.fields() {
        let Some(&kind) = dataset.columns.get(field.name()) else {
            continue;
        };
        columns.push((field.name().clone(), kind));
        if !fits(field.data_type(), kind) {
            faults.push(other_type(file, field.name(), kind));
        }
    }
    if faults.is_empty() {
        faults.extend(times(dataset, file)?);
    }
    if !faults.is_empty() {
        return Err(IntakeError::Data(faults));
    }
    Ok(CheckedDataset {
        id: dataset.id.clone(),
        provider: dataset.provider.clone(),
        fingerprint,
        file: file.to_owned(),
        form: RowReading::Parquet,
        columns,
    })
}

fn other_type(file: &Path, name: &str, agreed: ColumnType) -> Diagnostic {
    let agreed = agreed.as_str();
    fault(
        file,
        None,
        FaultCode::WrongType,
        Text::new(
            format!("kolom `{name}` is niet van de soort `{agreed}`"),
            format!("column `{name}` is not of type `{agreed}`"),
        ),
        Text::new(
            "schrijf de kolom als die soort, of pas `columns` in de afspraak aan",
            "write the column as that type, or change `columns` in the agreement",
        ),
    )
}

fn fits(found: &DataType, agreed: ColumnType) -> bool {
    let found = match found {
        DataType::Dictionary(_, values) => values.as_ref(),
        other => other,
    };
    match agreed {
        ColumnType::Utf8 => matches!(
            found,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
        ),
        ColumnType::Int64 => found.is_integer(),
        ColumnType::Float64 => found.is_numeric(),
        ColumnType::Boolean => *found == DataType::Boolean,
        ColumnType::Date => matches!(
            found,
            // where a day begins in another time zone is not for us to guess
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, None)
        ),
    }
}

/// Columns agreed as days whose timestamps are not all at midnight.
fn times(dataset: &Dataset, file: &Path) -> Result<Vec<Diagnostic>, IntakeError> {
    let mut rows = ParquetRows::open(file)?;
    let moments = moments(dataset, &rows.schema);
    if moments.is_empty() {
        return Ok(Vec::new());
    }
    let mut row = FileRow::default();
    let mut wrong = vec![0_u64; rows.names.len()];
    while rows.next(&mut row)? {
        for place in &moments {
            let field = row.fields.get(*place);
            if let Some(count) = wrong.get_mut(*place)
                && field.is_some_and(|f| f.wrong == Some(Wrong::TimeOfDay))
            {
                *count += 1;
            }
        }
    }
    let counted = rows.names.iter().zip(&wrong).filter(|(_, n)| **n > 0);
    Ok(counted.map(|(name, n)| timed(file, name, *n)).collect())
}

/// The places of columns that are agreed as days and hold moments.
fn moments(dataset: &Dataset, schema: &SchemaRef) -> Vec<usize> {
    let fields = schema.fields().iter().enumerate();
    let moments = fields.filter(|(_, field)| {
        matches!(field.data_type(), DataType::Timestamp(..))
            && dataset.columns.get(field.name()) == Some(&ColumnType::Date)
    });
    moments.map(|(place, _)| place).collect()
}

fn timed(file: &Path, name: &str, count: u64) -> Diagnostic {
    fault(
        file,
        None,
        FaultCode::WrongType,
        Text::new(
            format!("kolom `{name}` heeft {count} keer een tijdstip bij de dag"),
            format!("column `{name}` has a time with the day {count} times"),
        ),
        Text::new(
            "schrijf de kolom als dag, zonder tijdstip",
            "write the column as a day, without a time",
        ),
    )
}

fn builder(file: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, IntakeError> {
    let opened = File::open(file).map_err(|e| unreadable(file, e))?;
    // the Parquet reader panics on some damaged files
    let made = std::panic::catch_unwind(AssertUnwindSafe(|| {
        ParquetRecordBatchReaderBuilder::try_new(opened)
    }));
    match made {
        Ok(Ok(builder)) => Ok(builder),
        _ => Err(damaged(file)),
    }
}

fn damaged(file: &Path) -> IntakeError {
    let what = Text::new(
        "dit is geen Parquet-bestand, of het is beschadigd",
        "this is no Parquet file, or it is damaged",
    );
    let cure = Text::new("schrijf het opnieuw", "write it anew");
    one(file, None, FaultCode::Unreadable, what, cure)
}

/// The rows of a Parquet file.
pub(crate) struct ParquetRows {
    file: PathBuf,
    names: Vec<String>,
    schema: SchemaRef,
    reader: ParquetRecordBatchReader,
    /// The columns of the batch at hand as text, and which row comes next.
    columns: Vec<Vec<Field>>,
    at: usize,
    given: u64,
}

impl ParquetRows {
    pub(crate) fn open(file: &Path) -> Result<Self, IntakeError> {
        let builder = builder(file)?;
        let schema = builder.schema().clone();
        let faults = schema.fields().iter().filter(|f| !is_read(f.data_type()));
        let faults: Vec<Diagnostic> = faults.map(|f| not_read(file, f.name())).collect();
        if !faults.is_empty() {
            return Err(IntakeError::Data(faults));
        }
        let built = std::panic::catch_unwind(AssertUnwindSafe(|| builder.build()));
        let Ok(Ok(reader)) = built else {
            return Err(damaged(file));
        };
        Ok(Self {
            file: file.to_owned(),
            names: schema.fields().iter().map(|f| f.name().clone()).collect(),
            schema,
            reader,
            columns: Vec::new(),
            at: 0,
            given: 0,
        })
    }

    pub(crate) fn header(&self) -> &[String] {
        &self.names
    }

    /// The next row, into `row`; false after the last.
    pub(crate) fn next(&mut self, row: &mut FileRow) -> Result<bool, IntakeError> {
        while self.columns.first().is_none_or(|c| self.at >= c.len()) {
            let reader = &mut self.reader;
            let read = std::panic::catch_unwind(AssertUnwindSafe(|| reader.next()));
            let batch = match read {
                Ok(None) => return Ok(false),
                Ok(Some(Ok(batch))) => batch,
                _ => return Err(damaged(&self.file)),
            };
            self.columns = fields(&batch).ok_or_else(|| damaged(&self.file))?;
            self.at = 0;
        }
        self.given += 1;
        row.number = self.given;
        row.fields.clear();
        for column in &mut self.columns {
            row.fields
                .extend(column.get_mut(self.at).map(std::mem::take));
        }
        self.at += 1;
        Ok(true)
    }
}

/// Whether the values of a column can be written as text without losing any.
fn is_read(found: &DataType) -> bool {
    match found {
        DataType::Dictionary(_, values) => is_read(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Boolean => true,
        DataType::Null | DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, None) => true,
        number => number.is_numeric(),
    }
}

fn not_read(file: &Path, name: &str) -> Diagnostic {
    fault(
        file,
        None,
        FaultCode::Unsupported,
        Text::new(
            format!("kolom `{name}` is van een soort die niet wordt gelezen"),
            format!("column `{name}` is of a type that is not read"),
        ),
        Text::new(
            "schrijf haar als tekst, getal, dag (zonder tijdzone) of waar/onwaar, of laat haar weg",
            "write it as text, number, day (without time zone) or true/false, or leave it out",
        ),
    )
}

/// The values of a batch, column by column.
fn fields(batch: &RecordBatch) -> Option<Vec<Vec<Field>>> {
    let mut all = Vec::new();
    for column in batch.columns() {
        let kind = kind(column.data_type());
        let timed = times_of_day(column)?;
        let days = matches!(
            column.data_type(),
            DataType::Timestamp(..) | DataType::Date64
        );
        let texts = if days {
            let days = cast(column, &DataType::Date32).ok()?;
            cast(days.as_primitive_opt::<Date32Type>()?, &DataType::Utf8).ok()?
        } else {
            cast(column, &DataType::Utf8).ok()?
        };
        let texts = texts.as_string_opt::<i32>()?;
        let field = |(row, text): (usize, Option<&str>)| Field {
            text: text.unwrap_or_default().to_owned(),
            kind: text.and(kind),
            wrong: timed.contains(&row).then_some(Wrong::TimeOfDay),
        };
        all.push(texts.iter().enumerate().map(field).collect());
    }
    Some(all)
}

/// The rows whose timestamp is not at midnight.
fn times_of_day(column: &dyn Array) -> Option<std::collections::HashSet<usize>> {
    if !matches!(column.data_type(), DataType::Timestamp(..)) {
        return Some(Default::default());
    }
    let moments = cast(column, &DataType::Timestamp(TimeUnit::Microsecond, None)).ok()?;
    let moments = moments.as_primitive_opt::<TimestampMicrosecondType>()?;
    let timed = |(row, moment): (usize, Option<i64>)| {
        moment
            .is_some_and(|m| m.rem_euclid(DAY) != 0)
            .then_some(row)
    };
    Some(moments.iter().enumerate().filter_map(timed).collect())
}

/// What a column says that its values are; nothing for text.
fn kind(found: &DataType) -> Option<ColumnType> {
    match found {
        DataType::Dictionary(_, values) => kind(values),
        DataType::Boolean => Some(ColumnType::Boolean),
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Some(ColumnType::Date),
        whole if whole.is_integer() => Some(ColumnType::Int64),
        number if number.is_numeric() => Some(ColumnType::Float64),
        _ => None,
    }
}
