//! An answer as a workbook, for whoever goes on with it in a spreadsheet.

use rust_xlsxwriter::{Format, Workbook, XlsxError};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::types::question::answer::{Answer, AnswerValue};

/// The table on one sheet, and what must be said of it on another.
pub(crate) fn xlsx(answer: &Answer, words: &[String], lang: Lang) -> Result<Vec<u8>, AppError> {
    written(answer, words, lang).map_err(|e| AppError::Internal(e.to_string()))
}

fn written(answer: &Answer, words: &[String], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let protected = Text::new("afgeschermd", "protected");
    let total = Text::new("totaal", "total");
    let bold = Format::new().set_bold();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(Text::new("tabel", "table").get(lang))?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, of) in (0_u16..).zip(answer.columns()) {
        sheet.write_string_with_format(0, column, &of.name, &bold)?;
    }
    for (row, values) in (1_u32..).zip(answer.rows()) {
        for (column, value) in (0_u16..).zip(values) {
            match value {
                AnswerValue::Text(text) => sheet.write_string(row, column, text)?,
                AnswerValue::Whole(n) => sheet.write_number(row, column, *n as f64)?,
                AnswerValue::Number(x) => sheet.write_number(row, column, *x)?,
                AnswerValue::Protected => sheet.write_string(row, column, protected.get(lang))?,
                AnswerValue::Total => sheet.write_string(row, column, total.get(lang))?,
                AnswerValue::Undefined => sheet.write_string(row, column, "–")?,
            };
        }
    }
    sheet.autofit();
    let notes = workbook.add_worksheet();
    notes.set_name(Text::new("uitleg", "notes").get(lang))?;
    notes.set_column_width(0, 100)?;
    for (row, line) in (0_u32..).zip(words) {
        notes.write_string(row, 0, line)?;
    }
    workbook.save_to_buffer()
}
