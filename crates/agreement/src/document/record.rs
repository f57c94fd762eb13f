//! What the reader asks for and expects, noted while it reads.
//!
//! The reference page is made from these notes, so that it cannot describe a key that the reader does
//! not know, nor leave out one that it knows. Ordinary reading takes no notes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::text::Text;

/// What must be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ExpectedValue {
    /// One value, described in words.
    Value(Text),
    /// Words in Dutch and English, or one text for both.
    Words,
    /// A list.
    List,
    /// A table with known keys.
    Table,
    /// A table whose keys are free.
    Free,
}

/// A key that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueriedKey {
    /// Where it was looked for: `party[].mandate.by`, whichever party it was.
    pub(crate) path: String,
    /// Whether the key is required.
    pub(crate) required: bool,
    /// Where in the text its value is, if it was there.
    pub(crate) at: Option<Range<usize>>,
}

/// What the reader noted.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyRecord {
    /// Every key, once, in the order in which they were first looked for.
    pub(crate) asked: Vec<QueriedKey>,
    expected: BTreeMap<String, ExpectedValue>,
    free: BTreeSet<String>,
}

impl KeyRecord {
    /// What must be written at a place; `path` as in [`QueriedKey`], `[]` for an element of a list and
    /// `.<name>` for one of a table with free keys.
    pub(crate) fn expected(&self, path: &str) -> Option<&ExpectedValue> {
        self.expected.get(path)
    }

    /// Notes that a key was looked for.
    pub(super) fn ask(&mut self, path: &str, required: bool, at: Option<Range<usize>>) {
        let path = self.general(path);
        match self.asked.iter_mut().find(|asked| asked.path == path) {
            Some(asked) => asked.at = asked.at.take().or(at),
            None => self.asked.push(QueriedKey { path, required, at }),
        }
    }

    /// Notes what is expected; what was noted first about a place is kept.
    pub(super) fn expect(&mut self, path: &str, expected: ExpectedValue) {
        let path = self.general(path);
        if expected == ExpectedValue::Free {
            self.free.insert(path.clone());
        }
        self.expected.entry(path).or_insert(expected);
    }

    /// The path without numbers of elements and names of free keys.
    fn general(&self, path: &str) -> String {
        let mut general = String::new();
        for part in path.split('.') {
            let (name, element) = part.split_once('[').map_or((part, ""), |(n, _)| (n, "[]"));
            let name = if self.free.contains(&general) {
                "<name>"
            } else {
                name
            };
            if !general.is_empty() {
                general.push('.');
            }
            general.push_str(name);
            general.push_str(element);
        }
        general
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_free_names_are_left_out_of_paths() {
        let mut record = KeyRecord::default();
        record.expect("view[1].labels", ExpectedValue::Free);
        record.ask("view[1].labels.WK01.nl", true, None);
        record.ask("view[2].labels.WK02.nl", true, Some(3..5));
        assert_eq!(
            record.asked,
            [QueriedKey {
                path: "view[].labels.<name>.nl".into(),
                required: true,
                at: Some(3..5),
            }]
        );
    }

    #[test]
    fn what_is_expected_first_counts() {
        let mut record = KeyRecord::default();
        record.expect("title", ExpectedValue::Words);
        record.expect("title", ExpectedValue::Table);
        assert_eq!(record.expected("title"), Some(&ExpectedValue::Words));
    }
}
