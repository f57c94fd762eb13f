//! An answer as a workbook: figures as numbers, words as words. Text is never a formula, whatever it begins with.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::error::AppError;
use crate::words::sheet::{AnswerSheet, SheetCell};

/// Letters that a column is wide at most.
const WIDEST: usize = 40;

/// The sheet as the one sheet of an XLSX.
///
/// # Errors
/// Our own faults, and more rows or columns than a workbook has room for.
pub fn xlsx(sheet: &AnswerSheet) -> Result<Vec<u8>, AppError> {
    written(sheet).map_err(|error| AppError::Internal(error.to_string()))
}

fn written(sheet: &AnswerSheet) -> Result<Vec<u8>, XlsxError> {
    let unfit = |_| XlsxError::RowColumnLimitError;
    let bold = Format::new().set_bold();
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (place, head) in sheet.heads.iter().enumerate() {
        let column = u16::try_from(place).map_err(unfit)?;
        page.write_string_with_format(0, column, head, &bold)?;
        let cells = sheet.rows.iter().filter_map(|row| row.get(place));
        let longest = cells.map(letters).fold(head.chars().count(), usize::max);
        let wide = u16::try_from(longest.min(WIDEST) + 2).unwrap_or_default();
        page.set_column_width(column, f64::from(wide))?;
    }
    for (number, row) in sheet.rows.iter().enumerate() {
        let number = u32::try_from(number + 1).map_err(unfit)?;
        for (place, cell) in row.iter().enumerate() {
            let column = u16::try_from(place).map_err(unfit)?;
            match cell {
                SheetCell::Text(text) => page.write_string(number, column, text)?,
                SheetCell::Number(x) => page.write_number(number, column, *x)?,
            };
        }
    }
    page.set_freeze_panes(1, 0)?;
    book.save_to_buffer()
}

fn letters(cell: &SheetCell) -> usize {
    match cell {
        SheetCell::Text(text) => text.chars().count(),
        SheetCell::Number(_) => 10,
    }
}
