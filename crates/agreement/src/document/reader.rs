//! Walks a parsed table, collects every fault, and remembers where everything is.

use crate::diagnostic::{Diagnostic, Diagnostics, FaultCode, Position};
use std::collections::{HashMap, HashSet};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::lines::LineStarts;
use super::record::{ExpectedValue, KeyRecord};
use crate::suggest::nearest;
use crate::text::Text;

/// More faults than anyone mends at once; past this only their number is reported.
const MOST_FAULTS: usize = 500;

/// The most words among which a suggestion is looked for.
const MOST_COMPARED: usize = 1000;

/// A value and its place.
pub(super) struct DocumentNode<'d> {
    pub(super) path: String,
    pub(super) value: &'d Spanned<DeValue<'d>>,
}

/// Collects faults and places.
pub(super) struct DocumentReader<'t> {
    source: &'t str,
    lines: LineStarts<'t>,
    places: HashMap<String, usize>,
    faulty: HashSet<String>,
    faults: Vec<Diagnostic>,
    left_out: usize,
    syntax_lines: HashSet<usize>,
    record: Option<KeyRecord>,
}

impl<'t> DocumentReader<'t> {
    pub(super) fn new(source: &'t str, text: &'t str) -> Self {
        Self {
            source,
            lines: LineStarts::new(text),
            places: HashMap::new(),
            faulty: HashSet::new(),
            faults: Vec::new(),
            left_out: 0,
            syntax_lines: HashSet::new(),
            record: None,
        }
    }

    /// Takes notes from now on.
    pub(super) fn take_notes(&mut self) {
        self.record = Some(KeyRecord::default());
    }

    /// The notes taken, if any.
    pub(super) fn notes(&mut self) -> Option<KeyRecord> {
        self.record.take()
    }

    /// Notes what must be written at a place.
    pub(super) fn expect(&mut self, path: &str, expected: impl FnOnce() -> ExpectedValue) {
        if let Some(record) = &mut self.record {
            record.expect(path, expected());
        }
    }

    /// Notes that the text itself cannot be read here.
    pub(super) fn syntax(&mut self, offset: usize, code: FaultCode, what: Text, cure: Text) {
        self.syntax_lines.insert(self.lines.line(offset));
        self.push(offset, String::new(), Diagnostic::new(code, what, cure));
    }

    /// Whether the text could not be read everywhere, so that what seems missing may be there.
    pub(super) fn has_syntax_faults(&self) -> bool {
        !self.syntax_lines.is_empty()
    }

    /// A fault at a byte offset.
    pub(super) fn at(
        &mut self,
        offset: usize,
        path: &str,
        code: FaultCode,
        what: Text,
        cure: Text,
    ) {
        if self.syntax_lines.contains(&self.lines.line(offset)) {
            return;
        }
        self.faulty.insert(path.to_owned());
        self.push(offset, path.to_owned(), Diagnostic::new(code, what, cure));
    }

    /// A fault at a path, unless this value or the table that contains it was found faulty before.
    pub(super) fn fault(&mut self, path: &str, code: FaultCode, what: Text, cure: Text) {
        if ancestors(path).any(|p| self.faulty.contains(p)) {
            return;
        }
        let offset = ancestors(path)
            .find_map(|p| self.places.get(p).copied())
            .unwrap_or(0);
        self.at(offset, path, code, what, cure);
    }

    /// Whether something was written at this path.
    pub(super) fn present(&self, path: &str) -> bool {
        self.places.contains_key(path)
    }

    /// Whether there is anything readable at this path; only then does it make sense to check it.
    pub(super) fn sound(&self, path: &str) -> bool {
        self.present(path) && !ancestors(path).any(|p| self.faulty.contains(p))
    }

    fn push(&mut self, offset: usize, path: String, fault: Diagnostic) {
        if self.faults.len() >= MOST_FAULTS {
            self.left_out += 1;
            return;
        }
        let (line, column) = self.lines.place(offset);
        let place = Position {
            source: self.source.to_owned(),
            line,
            column,
            path,
        };
        self.faults.push(fault.at(place));
    }

    /// Nothing if there was no fault, otherwise all of them in the order of the document.
    pub(super) fn finish(mut self) -> Result<(), Diagnostics> {
        if self.faults.is_empty() {
            return Ok(());
        }
        let line_and_column = |fault: &Diagnostic| {
            let position = fault.place.position();
            position.map(|position| (position.line, position.column))
        };
        self.faults.sort_by_key(line_and_column);
        if self.left_out > 0
            && let Some(last) = self.faults.last()
        {
            let (place, more) = (last.place.clone(), self.left_out);
            let what = Text::new(
                format!("er zijn nog {more} fouten"),
                format!("there are {more} more faults"),
            );
            let cure = Text::new(
                "herstel eerst de fouten hierboven",
                "mend the faults above first",
            );
            let more = Diagnostic::new(FaultCode::TooMany, what, cure).at(place);
            self.faults.push(more);
        }
        Err(Diagnostics(self.faults))
    }

    /// The nearest known word; after very many faults nobody reads suggestions.
    pub(super) fn suggest<'k>(
        &self,
        word: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Option<&'k str> {
        let few = self.faults.len() < MOST_FAULTS;
        few.then(|| nearest(word, known.into_iter().take(MOST_COMPARED)))
            .flatten()
    }

    fn remember(&mut self, path: &str, offset: usize) {
        self.places.insert(path.to_owned(), offset);
    }
}

/// `a[0].b`, then `a[0]`, then `a`.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |p| {
        p.rfind(['.', '[']).and_then(|end| p.get(..end))
    })
}

/// The keys of one table, taken one by one; what is left at the end is unknown.
pub(super) struct TableKeys<'r, 't, 'd> {
    reader: &'r mut DocumentReader<'t>,
    table: &'d DeTable<'d>,
    path: String,
    offset: usize,
    asked: Vec<&'static str>,
}

impl<'r, 't, 'd> TableKeys<'r, 't, 'd> {
    pub(super) fn new(
        reader: &'r mut DocumentReader<'t>,
        table: &'d DeTable<'d>,
        path: String,
        offset: usize,
    ) -> Self {
        Self {
            reader,
            table,
            path,
            offset,
            asked: Vec::new(),
        }
    }

    /// A required key; `None` after a fault.
    pub(super) fn need<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut DocumentReader<'t>, DocumentNode<'d>) -> Option<T>,
    ) -> Option<T> {
        let Some(node) = self.take(key, true) else {
            self.missing(key);
            return None;
        };
        read(self.reader, node)
    }

    /// A key that may be left out; `None` also after a fault.
    pub(super) fn maybe<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut DocumentReader<'t>, DocumentNode<'d>) -> Option<T>,
    ) -> Option<T> {
        let node = self.take(key, false)?;
        read(self.reader, node)
    }

    /// Every key of the table is known, or reported.
    pub(super) fn finish(self) {
        let unknown = self
            .table
            .iter()
            .filter(|(k, _)| !self.asked.contains(&k.get_ref().as_ref()));
        for (key, _) in unknown {
            let name = shorten(key.get_ref());
            let what = Text::new(
                format!("`{name}` is hier niet bekend"),
                format!("`{name}` is not known here"),
            );
            let cure = match self
                .reader
                .suggest(key.get_ref(), self.asked.iter().copied())
            {
                Some(known) => Text::new(
                    format!("bedoelde u `{known}`?"),
                    format!("did you mean `{known}`?"),
                ),
                None => Text::new(
                    format!("laat het weg; wel bekend: {}", self.asked.join(", ")),
                    format!("leave it out; known are: {}", self.asked.join(", ")),
                ),
            };
            self.reader.at(
                key.span().start,
                &join(&self.path, &name),
                FaultCode::Unknown,
                what,
                cure,
            );
        }
    }

    fn take(&mut self, key: &'static str, required: bool) -> Option<DocumentNode<'d>> {
        self.asked.push(key);
        let found = self.table.get(key);
        if let Some(record) = &mut self.reader.record {
            let at = found.map(Spanned::span);
            record.ask(&join(&self.path, key), required, at);
        }
        let value = found?;
        let path = join(&self.path, key);
        self.reader.remember(&path, value.span().start);
        Some(DocumentNode { path, value })
    }

    fn missing(&mut self, key: &str) {
        if self.reader.has_syntax_faults() {
            return;
        }
        let path = join(&self.path, key);
        let what = Text::new(format!("`{key}` ontbreekt"), format!("`{key}` is missing"));
        let (where_nl, where_en) = if self.path.is_empty() {
            (
                "bovenaan het document".to_owned(),
                "at the top of the document".to_owned(),
            )
        } else {
            (
                format!("bij `{}`", self.path),
                format!("to `{}`", self.path),
            )
        };
        let cure = Text::new(
            format!("voeg `{key}` toe {where_nl}"),
            format!("add `{key}` {where_en}"),
        );
        self.reader
            .at(self.offset, &path, FaultCode::Missing, what, cure);
    }
}

/// A list; every element is read, also after a faulty one.
pub(super) fn list<'t, 'd, T>(
    reader: &mut DocumentReader<'t>,
    node: DocumentNode<'d>,
    mut read: impl FnMut(&mut DocumentReader<'t>, DocumentNode<'d>) -> Option<T>,
) -> Option<Vec<T>> {
    reader.expect(&node.path, || ExpectedValue::List);
    let Some(items) = node.value.get_ref().as_array() else {
        wrong_type(reader, &node, Text::new("een lijst", "a list"));
        return None;
    };
    let mut all = Vec::with_capacity(items.len());
    for (i, value) in items.iter().enumerate() {
        let path = format!("{}[{i}]", node.path);
        reader.remember(&path, value.span().start);
        all.extend(read(reader, DocumentNode { path, value }));
    }
    if all.len() < items.len() {
        // What was left out shifts the rest, so that later checks would point at the wrong element.
        reader.faulty.insert(node.path);
    }
    Some(all)
}

/// A table whose keys are free; every value is read.
pub(super) fn entries<'t, 'd, T>(
    reader: &mut DocumentReader<'t>,
    node: DocumentNode<'d>,
    mut read: impl FnMut(&mut DocumentReader<'t>, DocumentNode<'d>) -> Option<T>,
) -> Option<std::collections::BTreeMap<String, T>> {
    reader.expect(&node.path, || ExpectedValue::Free);
    let table = table(reader, &node)?;
    let mut all = std::collections::BTreeMap::new();
    for (key, value) in table {
        let path = join(&node.path, key.get_ref());
        reader.remember(&path, key.span().start);
        if let Some(read) = read(reader, DocumentNode { path, value }) {
            all.insert(key.get_ref().to_string(), read);
        }
    }
    Some(all)
}

/// A table with known keys.
pub(super) fn fields<'r, 't, 'd>(
    reader: &'r mut DocumentReader<'t>,
    node: DocumentNode<'d>,
) -> Option<TableKeys<'r, 't, 'd>> {
    reader.expect(&node.path, || ExpectedValue::Table);
    let table = table(reader, &node)?;
    Some(TableKeys::new(
        reader,
        table,
        node.path,
        node.value.span().start,
    ))
}

fn table<'d>(reader: &mut DocumentReader<'_>, node: &DocumentNode<'d>) -> Option<&'d DeTable<'d>> {
    let table = node.value.get_ref().as_table();
    if table.is_none() {
        wrong_type(
            reader,
            node,
            Text::new(
                "een tabel met namen en waarden",
                "a table of names and values",
            ),
        );
    }
    table
}

/// Says what was expected, and what is there instead.
pub(super) fn wrong_type(reader: &mut DocumentReader<'_>, node: &DocumentNode<'_>, expected: Text) {
    let (nl, en) = match node.value.get_ref() {
        DeValue::String(_) => ("tekst", "text"),
        DeValue::Integer(_) => ("een geheel getal", "a whole number"),
        DeValue::Float(_) => ("een getal", "a number"),
        DeValue::Boolean(_) => ("true of false", "true or false"),
        DeValue::Datetime(_) => ("een datum of tijd", "a date or time"),
        DeValue::Array(_) => ("een lijst", "a list"),
        DeValue::Table(_) => ("een tabel", "a table"),
    };
    let key = shorten(&node.path);
    let what = Text::new(
        format!("bij `{key}` staat {nl}"),
        format!("`{key}` is {en}"),
    );
    let cure = Text::new(
        format!("schrijf {}", expected.nl),
        format!("write {}", expected.en),
    );
    reader.at(
        node.value.span().start,
        &node.path,
        FaultCode::WrongType,
        what,
        cure,
    );
}

/// The path of a key within a table.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// Input for a message: on one line and not too long.
pub(super) fn shorten(input: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let mut short: String = input.chars().take(60).map(clean).collect();
    if input.chars().nth(60).is_some() {
        short.push('…');
    }
    short
}
