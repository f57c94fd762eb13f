//! Where a document holds characters that nobody sees: as they are, also in a comment, or written by their number.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::lines::LineStarts;
use crate::diagnostic::{Diagnostic, Position};
use crate::unseen::{is_unseen, of, unseen};

/// What a document holds that nobody sees, in the order of its lines, one fault for each.
///
/// A document that a home took before is not looked at: it stays as it was signed.
///
/// ```
/// use zwerm_agreement::document::unseen_faults;
/// let faults = unseen_faults("a.toml", "id = 'a'\nname = \"b\\u202Ec\"\n");
/// assert_eq!(faults.len(), 1);
/// assert_eq!(faults[0].place.position().unwrap().line, 2);
/// assert!(unseen_faults("a.toml", "sql = 'a\\b'").is_empty());
/// ```
pub fn unseen_faults(source_name: &str, text: &str) -> Vec<Diagnostic> {
    let lines = LineStarts::new(text);
    let mut faulty: BTreeMap<usize, (usize, char)> = BTreeMap::new();
    let (table, _) = DeTable::parse_recoverable(text);
    in_table(table.get_ref(), &mut |offset, c| {
        let (line, column) = lines.place(offset);
        faulty.insert(line, (column, c));
    });
    // a mark of the byte order at the very start is of the file, not of the text
    let whole = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in whole.lines().enumerate() {
        let mut characters = line.chars().enumerate();
        let found = characters.find(|(_, c)| is_unseen(*c));
        if let Some((column, c)) = found {
            faulty.insert(index + 1, (column + 1, c));
        }
    }
    let faults = faulty.into_iter().map(|(line, (column, c))| {
        let place = Position {
            source: source_name.to_owned(),
            line,
            column,
            path: String::new(),
        };
        of(c).at(place)
    });
    faults.collect()
}

fn in_table(table: &DeTable<'_>, found: &mut impl FnMut(usize, char)) {
    for (key, value) in table {
        if let Some(c) = unseen(key.get_ref()) {
            found(key.span().start, c);
        }
        in_value(value, found);
    }
}

fn in_value(value: &Spanned<DeValue<'_>>, found: &mut impl FnMut(usize, char)) {
    match value.get_ref() {
        DeValue::String(text) => {
            if let Some(c) = unseen(text) {
                found(value.span().start, c);
            }
        }
        DeValue::Array(values) => values.iter().for_each(|value| in_value(value, found)),
        DeValue::Table(table) => in_table(table, found),
        _ => {}
    }
}
