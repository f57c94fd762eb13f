//! Printing results: text for people or JSON for programs, whole, on stdout.

use std::io::Write;
use std::path::Path;

use serde_json::Value;
use zwerm_app::error::AppError;

use crate::context::{Context, OutputFormat};

/// Prints a result in the format that was asked for.
pub(crate) fn print(
    context: &Context,
    table: impl FnOnce() -> String,
    json: impl FnOnce() -> Value,
) -> Result<(), AppError> {
    match context.format {
        OutputFormat::Table => write(&table()),
        OutputFormat::Json => write_json(&json()),
    }
}

/// Prints JSON on one line.
pub(crate) fn write_json(value: &Value) -> Result<(), AppError> {
    write_bytes(format!("{value}\n").as_bytes())
}

/// Prints text for people, without what would steer their terminal.
pub(crate) fn write(text: &str) -> Result<(), AppError> {
    write_bytes(harmless(text).as_bytes())
}

/// Text with its control characters made visible: words from documents never steer a terminal.
pub(crate) fn harmless(text: &str) -> String {
    let steers = |c: char| c.is_control() && c != '\n' && c != '\t';
    text.replace(steers, "\u{fffd}")
}

/// Prints bytes as they are.
pub(crate) fn write_bytes(bytes: &[u8]) -> Result<(), AppError> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    written.map_err(AppError::at(Path::new("stdout")))
}

/// Rows of text in columns, two spaces apart; the last column is not padded.
pub(crate) fn columns(rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths);
        let padded: Vec<_> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        text.push_str(padded.join("  ").trim_end());
        text.push('\n');
    }
    text
}
