//! The columns of datasets, as a form has them: a line each, with what is in it.

use zwerm_agreement::agreement::ColumnType;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::name::is_sql_name;
use zwerm_agreement::text::Text;

use crate::decide::compose::Writer;
use crate::slug::slug;

/// A dataset of a form.
#[derive(Debug)]
pub(super) struct FormDataset {
    /// The number of its row.
    pub(super) row: usize,
    pub(super) id: String,
    pub(super) columns: Vec<(String, ColumnType)>,
}

/// All datasets of a form.
#[derive(Debug, Default)]
pub(super) struct FormDatasets(pub(super) Vec<FormDataset>);

impl FormDatasets {
    pub(super) fn read(writer: &mut Writer<'_>) -> Self {
        let mut all = Self::default();
        for row in 0..crate::decide::compose::rows("dataset", writer.get) {
            let name = writer.text(&format!("dataset{row}_name"));
            let field = format!("dataset{row}_columns");
            let text = (writer.get)(&field);
            if name.is_empty() && text.trim().is_empty() {
                continue;
            }
            let mut columns: Vec<(String, ColumnType)> = Vec::new();
            for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
                match column(line) {
                    Ok((name, _)) if columns.iter().any(|(known, _)| *known == name) => {
                        writer.wrong(
                            &field,
                            FaultCode::Duplicate,
                            twice(&name),
                            Text::new("laat er een staan", "leave one"),
                        );
                    }
                    Ok(column) => columns.push(column),
                    Err(kind) => writer.wrong(&field, FaultCode::Unknown, unknown(kind), kinds()),
                }
            }
            all.0.push(FormDataset {
                row,
                id: sql_name(&name),
                columns,
            });
        }
        all
    }

    /// The dataset that has a column, by its place.
    pub(super) fn find(&self, column: &str) -> Option<usize> {
        let has = |source: &FormDataset| source.columns.iter().any(|(name, _)| name == column);
        self.0.iter().position(has)
    }
}

/// A name that SQL can hold, made of any words.
pub(super) fn sql_name(words: &str) -> String {
    if words.is_empty() || is_sql_name(words) {
        return words.to_owned();
    }
    let name = slug(words, "kolom").replace('-', "_");
    if is_sql_name(&name) {
        name
    } else {
        format!("{name}_")
    }
}

/// `name: kind`; without a kind it is text.
fn column(line: &str) -> Result<(String, ColumnType), &str> {
    let (name, kind) = match line.rsplit_once(':') {
        Some((name, kind)) => (name.trim(), kind.trim()),
        None => (line, ""),
    };
    let found = match kind.to_lowercase().as_str() {
        "" | "tekst" | "text" | "utf8" => ColumnType::Utf8,
        "geheel getal" | "whole number" | "int64" => ColumnType::Int64,
        "getal" | "number" | "float64" => ColumnType::Float64,
        "ja/nee" | "yes/no" | "boolean" => ColumnType::Boolean,
        "datum" | "date" => ColumnType::Date,
        _ => return Err(kind),
    };
    Ok((name.to_owned(), found))
}

fn twice(name: &str) -> Text {
    Text::new(
        format!("de kolom `{name}` staat er twee keer"),
        format!("the column `{name}` is there twice"),
    )
}

fn unknown(kind: &str) -> Text {
    Text::new(
        format!("`{kind}` is geen soort kolom"),
        format!("`{kind}` is not a kind of column"),
    )
}

fn kinds() -> Text {
    Text::new(
        "schrijf tekst, getal, geheel getal, ja/nee of datum achter de dubbele punt",
        "write text, number, whole number, yes/no or date after the colon",
    )
}
