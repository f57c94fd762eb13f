//! An answer for a spreadsheet: names and codes side by side, protected figures as the word, and nothing that calculates.

use zwerm_agreement::agreement::View;
use zwerm_agreement::text::{Lang, Text};
use zwerm_question::answer::{AnswerTable, AnswerValue};

use crate::error::AppError;
use crate::words::column::{dimension, heading, value};
use crate::words::formula::defused;

/// What tells a spreadsheet that a file is UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// An answer as a spreadsheet has it.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerSheet {
    /// What the columns are called.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<SheetCell>>,
}

/// A cell of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum SheetCell {
    /// Words.
    Text(String),
    /// A figure.
    Number(f64),
}

/// The sheet of an answer in a language. A dimension whose values have names takes two columns: the names, and the codes.
pub fn sheet(answer: &AnswerTable, view: Option<&View>, lang: Lang) -> AnswerSheet {
    let columns = answer.columns();
    let dimensions: Vec<_> = columns
        .iter()
        .map(|column| dimension(column, view))
        .collect();
    let coded: Vec<bool> = dimensions
        .iter()
        .map(|d| d.is_some_and(|d| !d.labels.is_empty()))
        .collect();
    let mut heads = Vec::new();
    for (column, coded) in columns.iter().zip(&coded) {
        let words = heading(column, view, lang);
        if *coded {
            heads.push(words.clone());
            heads.push(format!("{words} (code)"));
        } else {
            heads.push(words);
        }
    }
    let rows = answer.rows().iter().map(|row| {
        let mut cells = Vec::new();
        for ((one, of), coded) in row.iter().zip(&dimensions).zip(&coded) {
            cells.push(match one {
                AnswerValue::Whole(n) => SheetCell::Number(*n as f64),
                AnswerValue::Number(x) => SheetCell::Number(*x),
                other => SheetCell::Text(value(other, *of, lang)),
            });
            if *coded {
                let code = match one {
                    AnswerValue::Text(code) => code.clone(),
                    _ => String::new(),
                };
                cells.push(SheetCell::Text(code));
            }
        }
        cells
    });
    AnswerSheet {
        rows: rows.collect(),
        heads,
    }
}

/// The sheet as a CSV that a Dutch spreadsheet opens in columns: `;` between them, a comma in figures, UTF-8 with its mark.
///
/// # Errors
/// Our own faults.
pub fn csv(sheet: &AnswerSheet) -> Result<Vec<u8>, AppError> {
    let internal = |e: csv::Error| AppError::Internal(e.to_string());
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(MARK.to_vec());
    let heads = sheet.heads.iter().map(|head| defused(head).into_owned());
    writer.write_record(heads).map_err(internal)?;
    for row in &sheet.rows {
        let cells = row.iter().map(|cell| match cell {
            SheetCell::Text(text) => defused(text).into_owned(),
            SheetCell::Number(x) => x.to_string().replace('.', ","),
        });
        writer.write_record(cells).map_err(internal)?;
    }
    let bytes = writer.into_inner();
    bytes.map_err(|e| AppError::Internal(e.to_string()))
}

/// A name for a file that is made from a title: letters and digits, and `-` between words.
///
/// ```
/// use zwerm_app::words::sheet::file_name;
/// assert_eq!(file_name("Cliënten & huur, per wijk!"), "clienten-huur-per-wijk");
/// assert_eq!(file_name("…"), "antwoord");
/// ```
pub fn file_name(title: &str) -> String {
    let mut name = String::new();
    for c in title.chars().flat_map(char::to_lowercase) {
        let plain = match c {
            'a'..='z' | '0'..='9' => Some(c),
            'à'..='å' => Some('a'),
            'è'..='ë' => Some('e'),
            'ì'..='ï' => Some('i'),
            'ò'..='ö' => Some('o'),
            'ù'..='ü' => Some('u'),
            'ç' => Some('c'),
            _ => None,
        };
        match plain {
            Some(c) => name.push(c),
            None if !name.is_empty() && !name.ends_with('-') => name.push('-'),
            None => {}
        }
        if name.len() >= 60 {
            break;
        }
    }
    match name.trim_end_matches('-') {
        "" => Text::new("antwoord", "answer").nl,
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use zwerm_question::answer::KeptAnswer;

    use super::*;

    fn answer() -> KeptAnswer {
        let kept = r#"{ "columns": [
            { "name": "wijk", "kind": "dimension", "quantity": null, "label": { "nl": "wijk", "en": "district" } },
            { "name": "units()", "kind": "count", "quantity": null, "label": { "nl": "n", "en": "n" } },
            { "name": "=1+1", "kind": "average", "quantity": "EUR/year", "label": { "nl": "n", "en": "n" } }],
            "rows": [[{ "Text": "WK054600" }, { "Whole": 1240 }, { "Number": 12.5 }], ["Total", "Protected", "Undefined"]],
            "notes": [] }"#;
        serde_json::from_str(kept).expect("an answer")
    }

    #[test]
    fn a_dutch_spreadsheet_opens_it_in_columns() {
        let document = zwerm_agreement::agreement::Document::parse(
            "sample.toml",
            zwerm_agreement::sample::AGREEMENT,
        );
        let agreement = document.expect("the sample is valid").agreement;
        let sheet = sheet(&answer(), agreement.view.first(), Lang::Nl);
        let bytes = csv(&sheet).expect("it can be written");
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert_eq!(
            text,
            "\u{feff}wijk;wijk (code);aantal huishoudens;'=1+1 (euro per jaar)\r\n\
             Binnenstad-Zuid;WK054600;1240;12,5\r\ntotaal;;afgeschermd;–\r\n"
        );
    }
}
