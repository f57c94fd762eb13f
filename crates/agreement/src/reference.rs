//! Every key of the agreement document: what may be written there, what applies without it, an
//! example, and what it is for. Made for people who write agreements, and for the reference page.
//!
//! Which keys there are, whether they may be left out and what may be written is noted by the reader
//! itself while it reads a document that holds every key. Only the words are written by hand; a test
//! fails when a key has none, or when words are about a key that no longer exists.

mod agreement_words;
mod data_words;
mod page;

pub use page::page;

use crate::document::record::{ExpectedValue, KeyRecord, QueriedKey};
use crate::document::recorded;
use crate::text::Text;

/// A document that holds every key; the examples come from it.
const LARGEST: &str = include_str!("reference/largest.toml");

/// A key of the agreement document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentKey {
    /// Where it is in a document: `party[].mandate.by` is `by` in the `mandate` of any `[[party]]`.
    pub path: String,
    /// What may be written, with the range.
    pub kind: Text,
    /// What applies when the key is left out; none when the key is required.
    pub without: Option<Text>,
    /// The key as it is written in a document.
    pub example: String,
    /// What it is for.
    pub words: Text,
}

/// What is written by hand about a key.
#[derive(Debug, Clone, Copy)]
struct Described {
    path: &'static str,
    without: Option<(&'static str, &'static str)>,
    words: (&'static str, &'static str),
}

const fn key(path: &'static str, nl: &'static str, en: &'static str) -> Described {
    Described {
        path,
        without: None,
        words: (nl, en),
    }
}

impl Described {
    const fn without(mut self, nl: &'static str, en: &'static str) -> Self {
        self.without = Some((nl, en));
        self
    }
}

/// Every key, each after the key that contains it.
///
/// ```
/// let keys = zwerm_agreement::reference::keys();
/// let smallest = keys.iter().find(|key| key.path == "protection.minimum_units");
/// let smallest = smallest.ok_or("no such key")?;
/// assert_eq!(smallest.kind.en, "a whole number from 3 to 1000000");
/// assert_eq!(smallest.without, None);
/// assert!(!keys.iter().any(|key| key.path == "no.such.key"));
/// # Ok::<(), &str>(())
/// ```
pub fn keys() -> Vec<DocumentKey> {
    // Diagnostics in a document of our own leave no keys; a test says so.
    let record = recorded("largest.toml", LARGEST).unwrap_or_default();
    in_order(&record)
        .into_iter()
        .map(|asked| {
            let described = described().find(|one| one.path == asked.path);
            let text = |(nl, en)| Text::new(nl, en);
            let without = described.and_then(|one| one.without).map(text);
            DocumentKey {
                path: asked.path.clone(),
                kind: kind(&record, &asked.path),
                without: (!asked.required).then(|| without.unwrap_or_default()),
                example: example(&record, asked),
                words: described.map(|one| text(one.words)).unwrap_or_default(),
            }
        })
        .collect()
}

fn described() -> impl Iterator<Item = &'static Described> {
    agreement_words::WORDS.iter().chain(data_words::WORDS)
}

/// Keys that have an entry of their own, each after the key that contains it.
fn in_order(record: &KeyRecord) -> Vec<&QueriedKey> {
    let mut order: Vec<&QueriedKey> = Vec::new();
    for asked in &record.asked {
        let parent = parent(&asked.path);
        if parent.is_some_and(|parent| in_words(record, parent)) {
            continue;
        }
        let last = parent.and_then(|parent| {
            let inside = |one: &&QueriedKey| within(&one.path, parent);
            order.iter().rposition(inside)
        });
        order.insert(last.map_or(order.len(), |last| last + 1), asked);
    }
    order
}

/// The `nl` and `en` of words in both languages are described with the words.
fn in_words(record: &KeyRecord, parent: &str) -> bool {
    record.expected(parent) == Some(&ExpectedValue::Words)
}

/// What contains a key: `party[]` for `party[].id`.
fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('.').map(|(parent, _)| parent)
}

fn within(path: &str, table: &str) -> bool {
    let table = table.trim_end_matches("[]");
    path.strip_prefix(table)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn kind(record: &KeyRecord, path: &str) -> Text {
    match record.expected(path) {
        Some(ExpectedValue::Value(value)) => value.clone(),
        Some(ExpectedValue::Words) => Text::new(
            "`{ nl = \"…\", en = \"…\" }`, of één tekst voor beide talen",
            "`{ nl = \"…\", en = \"…\" }`, or one text for both languages",
        ),
        Some(ExpectedValue::Table) => Text::new("een tabel", "a table"),
        Some(ExpectedValue::List) => {
            let Text { nl, en } = kind(record, &format!("{path}[]"));
            Text::new(
                format!("een lijst; elk: {nl}"),
                format!("a list; each: {en}"),
            )
        }
        Some(ExpectedValue::Free) => {
            let Text { nl, en } = kind(record, &format!("{path}.<name>"));
            Text::new(
                format!("een tabel met eigen namen; bij elke naam: {nl}"),
                format!("a table with names of your own; at each name: {en}"),
            )
        }
        None => Text::default(),
    }
}

fn example(record: &KeyRecord, asked: &QueriedKey) -> String {
    let written = asked.at.clone().and_then(|at| LARGEST.get(at));
    let written = written.unwrap_or_default();
    let name = asked.path.rsplit('.').next().unwrap_or_default();
    let table = record.expected(&asked.path) == Some(&ExpectedValue::Table);
    if written.is_empty() || written.starts_with("[[") || (table && written.starts_with('[')) {
        written.to_owned()
    } else {
        format!("{name} = {written}")
    }
}

#[cfg(test)]
mod tests;
