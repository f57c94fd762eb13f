//! Parquet as partners deliver it: the schema checked, the bytes fingerprinted.

use std::{fs::File, path::Path};

use datafusion::{
    arrow::datatypes::DataType, parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder,
};
use sha2::{Digest, Sha256};
use zwerm_commons::{
    agreement::{ColumnType, Dataset},
    text::Text,
};

use super::{Checked, Kind, column_faults, fault, hex, one, unreadable};
use crate::error::QuestionError;

pub(super) fn check(dataset: &Dataset, file: &Path) -> Result<Checked, QuestionError> {
    let mut opened = File::open(file).map_err(|e| unreadable(file, e))?;
    let mut digest = Sha256::new();
    std::io::copy(&mut opened, &mut Writer(&mut digest)).map_err(|e| unreadable(file, e))?;
    let opened = File::open(file).map_err(|e| unreadable(file, e))?;
    let Ok(reader) = ParquetRecordBatchReaderBuilder::try_new(opened) else {
        return Err(one(
            file,
            None,
            Text::new(
                "dit is geen Parquet-bestand, of het is beschadigd",
                "this is no Parquet file, or it is damaged",
            ),
            Text::new("schrijf het opnieuw", "write it anew"),
        ));
    };
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
            let name = field.name();
            let agreed = kind.as_str();
            faults.push(fault(
                file,
                None,
                Text::new(
                    format!("kolom `{name}` is niet van de soort `{agreed}`"),
                    format!("column `{name}` is not of type `{agreed}`"),
                ),
                Text::new(
                    "schrijf de kolom als die soort, of pas `columns` in de afspraak aan",
                    "write the column as that type, or change `columns` in the agreement",
                ),
            ));
        }
    }
    if !faults.is_empty() {
        return Err(QuestionError::Data(faults));
    }
    Ok(Checked {
        id: dataset.id.clone(),
        provider: dataset.provider.clone(),
        fingerprint: hex(&digest.finalize()),
        file: file.to_owned(),
        kind: Kind::Parquet,
        columns,
    })
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
        ColumnType::Date => matches!(found, DataType::Date32 | DataType::Date64),
    }
}

struct Writer<'a>(&'a mut Sha256);

impl std::io::Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
