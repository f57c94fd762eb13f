//! A dataset whose file is written otherwise than programs write: checked whole, as it will be read.

use std::path::Path;

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{
    agreement::{ColumnType, Dataset},
    text::Text,
};

use crate::{
    check::column_faults,
    checked::{CheckedDataset, RowReading},
    error::IntakeError,
    fault::{Faults, fault, not_of_type, ragged},
    layout::{self, FileLayout, FileShape},
    numbers::Unsure,
    rows::{FileRow, FileRows},
    value::standard,
};

/// How the file of a dataset is written.
pub(crate) fn layout(dataset: &Dataset, file: &Path) -> Result<FileLayout, IntakeError> {
    let options = dataset.format.clone().unwrap_or_default();
    let mut layout = layout::find(
        file,
        &options,
        |name| dataset.columns.get(name).copied(),
        false,
    )?;
    if layout.unsure.is_empty() {
        return Ok(layout);
    }
    let names = FileRows::open(file, &layout)?.header().to_vec();
    let whole = |unsure: Unsure| {
        let name = names.get(unsure.place);
        name.and_then(|name| dataset.columns.get(name)) == Some(&ColumnType::Int64)
    };
    // a whole number has no decimals, so `1.234` is a thousand and something there
    let settled = |unsure: &Unsure| whole(*unsure) || layout.is_custom(*unsure);
    let unsure = layout.unsure.iter().copied();
    layout.unsure = unsure.filter(|unsure| !settled(unsure)).collect();
    Ok(layout)
}

/// Checks a file that is written so.
pub(crate) fn check(
    dataset: &Dataset,
    file: &Path,
    layout: FileLayout,
) -> Result<CheckedDataset, IntakeError> {
    let mut rows = FileRows::open(file, &layout)?;
    let found = rows.header().to_vec();
    let mut faults = Faults::default();
    faults.extend(column_faults(dataset, file, &found));
    faults.none(file)?;
    let columns: Vec<(String, ColumnType)> = found
        .iter()
        .filter_map(|name| Some((name.clone(), *dataset.columns.get(name)?)))
        .collect();
    let mut faults = Faults::default();
    if let FileShape::Xlsx(sheet) = &layout.shape {
        faults.extend(sheet.faults.clone());
    }
    faults.extend(unsure(file, &layout, &columns));
    let mut row = FileRow::default();
    while rows.next(&mut row)? {
        faults.extend(row_faults(file, &rows, &row, &columns, &layout));
    }
    faults.none(file)?;
    Ok(CheckedDataset {
        id: dataset.id.clone(),
        provider: dataset.provider.clone(),
        fingerprint: rows.fingerprint(file)?,
        file: file.to_owned(),
        form: RowReading::Decoded(Box::new(layout)),
        columns,
    })
}

fn row_faults(
    file: &Path,
    rows: &FileRows,
    row: &FileRow,
    columns: &[(String, ColumnType)],
    layout: &FileLayout,
) -> Vec<Diagnostic> {
    if row.fields.len() != columns.len() {
        let width = columns.len();
        return vec![ragged(file, row.number, row.fields.len(), width)];
    }
    let mut faults = Vec::new();
    for (column, (field, (name, kind))) in row.fields.iter().zip(columns).enumerate() {
        let place = || rows.place(file, row.number, column);
        if let Some(wrong) = field.wrong {
            faults.push(wrong.described(name).at(place()));
        } else if !layout.reading.missing.is(field)
            && standard(field, *kind, &layout.reading).is_none()
        {
            faults.push(not_of_type(
                place(),
                name,
                *kind,
                layout.reading.numbers.decimal,
            ));
        }
    }
    faults
}

/// Columns that may be off by a factor of a thousand: the agreement has to say.
fn unsure(file: &Path, layout: &FileLayout, columns: &[(String, ColumnType)]) -> Vec<Diagnostic> {
    let fault = |unsure: &Unsure| {
        let (name, _) = columns.get(unsure.place)?;
        let sign = unsure.sign;
        Some(fault(
            file,
            None,
            FaultCode::Ambiguous,
            Text::new(
                format!(
                    "in kolom `{name}` kan `1{sign}234` duizend en nog wat zijn, of iets meer dan één"
                ),
                format!(
                    "in column `{name}` `1{sign}234` may be a thousand and something, or a bit more than one"
                ),
            ),
            Text::new(
                "zet bij de gegevensbron `format = { decimal = \",\" }` of `format = { decimal = \".\" }`",
                "add `format = { decimal = \",\" }` or `format = { decimal = \".\" }` to the dataset",
            ),
        ))
    };
    layout.unsure.iter().filter_map(fault).collect()
}
