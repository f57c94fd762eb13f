//! An agreement from the fields of a form: the same document that somebody would write in TOML, and its faults told by
//! the field that they are about.
//!
//! The form has six steps. A row of which nothing is filled in, and one that was taken away, is left out. What is left
//! empty stays out of the document, so that the document's own checks say what is missing.

pub mod changed;
mod columns;
mod filled;
pub mod from_file;
mod parts;
mod rules;
mod view;

use std::collections::BTreeMap;

use jiff::civil::Date;
use zwerm_agreement::agreement::Document;
use zwerm_agreement::diagnostic::{Diagnostic, Diagnostics, FaultCode, Place};
use zwerm_agreement::document::{Block, Layout, Value};
use zwerm_agreement::text::Text;
use zwerm_store::parties::RegisteredParty;

use crate::decide::compose::columns::FormDatasets;
use crate::error::AppError;
use crate::slug::slug;

/// The kinds of rows, how many a new form shows, and how many there are at most.
pub const ROWS: [(&str, usize, usize); 4] = [
    ("party", 4, 20),
    ("dataset", 1, 10),
    ("column", 3, 80),
    ("condition", 1, 20),
];
/// The name of the shared view where nobody chose one.
const VIEW: &str = "basis";

/// What a new form holds.
pub const DEFAULTS: [(&str, &str); 12] = [
    ("strategy", "exploring"),
    ("phase", "experimental"),
    ("answers", "public"),
    ("retention", "24"),
    ("view_name", VIEW),
    ("minimum_units", "10"),
    ("largest", "1"),
    ("percent", "50"),
    ("p_percent", "10"),
    ("round_to", "5"),
    ("max_dimensions", "3"),
    ("release_rhythm", "yearly"),
];

/// The steps of the form.
pub const STEPS: usize = 6;

/// The step, from 1, in which a field is asked for; nothing for what belongs to the form as a whole.
pub fn step_of(field: &str) -> Option<usize> {
    const NAMES: [(&str, usize); 32] = [
        ("party", 1),
        ("title_nl", 1),
        ("title_en", 1),
        ("goal", 1),
        ("goal_title_nl", 1),
        ("goal_title_en", 1),
        ("purpose", 1),
        ("strategy", 1),
        ("phase", 1),
        ("from", 1),
        ("until", 1),
        ("summary", 1),
        ("questions", 1),
        ("benefit", 1),
        ("harm", 1),
        ("falls_out", 1),
        ("about_nl", 2),
        ("about_en", 2),
        ("file", 3),
        ("unit", 3),
        ("view_name", 3),
        ("minimum_units", 4),
        ("round_to", 4),
        ("max_dimensions", 4),
        ("largest", 4),
        ("percent", 4),
        ("p_percent", 4),
        ("release_rhythm", 4),
        ("retention", 4),
        ("answers", 4),
        ("days", 6),
        ("document", 6),
    ];
    const KINDS: [(&str, usize); 5] = [
        ("party", 2),
        ("dataset", 3),
        ("column", 3),
        ("condition", 5),
        ("answer_", 1),
    ];
    let named = NAMES.iter().find(|(name, _)| *name == field);
    let of_row = || {
        KINDS.iter().find(|(kind, _)| {
            let rest = field.strip_prefix(kind);
            rest.is_some_and(|rest| {
                kind.ends_with('_') || rest.starts_with(|c: char| c.is_ascii_digit())
            })
        })
    };
    named.or_else(of_row).map(|(_, step)| *step)
}

/// Whether a row was taken away.
pub fn is_gone(kind: &str, row: usize, get: &dyn Fn(&str) -> String) -> bool {
    !get(&format!("{kind}{row}_gone")).is_empty()
}

/// How many rows of a kind a form has.
pub fn rows(kind: &str, get: &dyn Fn(&str) -> String) -> usize {
    let known = ROWS.iter().find(|(name, _, _)| *name == kind);
    let (_, first, most) = known.copied().unwrap_or(("", 0, 0));
    let asked = get(&format!("rows_{kind}")).parse().unwrap_or(first);
    asked.clamp(first, most)
}

/// The id of a goal that is new here, made of its title.
pub fn new_goal(title: &str) -> String {
    slug(title, "opgave")
}

/// A document that was written, and which field each part of it came from.
#[derive(Debug)]
pub struct Composed {
    /// The document in TOML.
    pub text: String,
    /// Paths in the document, each with its field and what people call that.
    places: Vec<(String, String, Text)>,
    /// Fields in which nothing is filled in.
    empty: Vec<String>,
    wrong: Vec<Diagnostic>,
    /// The row that each element of a list came from, by the list.
    rows: BTreeMap<&'static str, Vec<usize>>,
}

/// Writes the document of a form. `known` are the parties that may be named by their ids.
pub fn compose(get: &dyn Fn(&str) -> String, known: &[RegisteredParty], today: Date) -> Composed {
    written(get, known, today, false)
}

/// The same; in a document that is there already a condition may be of the computer, as its parties put it.
fn written(
    get: &dyn Fn(&str) -> String,
    known: &[RegisteredParty],
    today: Date,
    is_there: bool,
) -> Composed {
    let mut writer = Writer {
        get,
        is_there,
        document: Block::default(),
        places: Vec::new(),
        empty: Vec::new(),
        wrong: Vec::new(),
        rows: BTreeMap::new(),
    };
    writer.head(today);
    let columns = FormDatasets::read(&mut writer);
    let parties = writer.parties(known, &columns);
    writer.datasets(&parties, &columns);
    writer.view(&columns);
    writer.protection();
    writer.conditions(&parties);
    Composed {
        text: writer.document.to_toml(Layout::Flat),
        places: writer.places,
        empty: writer.empty,
        wrong: writer.wrong,
        rows: writer.rows,
    }
}

impl Composed {
    /// All that is wrong with it so far, each with its field.
    pub fn check(&self) -> Result<(), AppError> {
        let mut wrong = self.wrong.clone();
        if let Err(faults) = Document::parse("", &self.text) {
            let own: Vec<Place> = wrong.iter().map(|one| one.place.clone()).collect();
            let more = self.by_field(&faults).into_iter();
            wrong.extend(more.filter(|one| !own.contains(&one.place)));
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(AppError::from(wrong))
        }
    }

    /// An error about the document, told by the fields.
    pub fn told(&self, error: AppError) -> AppError {
        match error {
            AppError::Wrong(faults) if is_of_document(&faults) => self.by_field(&faults).into(),
            other => other,
        }
    }

    fn by_field(&self, faults: &Diagnostics) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = Vec::new();
        for fault in &faults.0 {
            let path = fault.place.position().map_or("", |at| &at.path);
            let found = self.field_of(path);
            let (field, name) = found.unwrap_or_default();
            let exact = self.places.iter().any(|(known, ..)| *known == path);
            let one = if exact && self.empty.contains(&field) {
                Diagnostic::new(
                    FaultCode::Empty,
                    Text::new(
                        format!("{} is nog leeg", name.nl),
                        format!("{} is empty", name.en),
                    ),
                    Text::new("vul dit in", "fill it in"),
                )
                .at(Place::Field(field))
            } else {
                let (what, name) = (&fault.what, named(&name));
                Diagnostic::new(
                    fault.code,
                    Text::new(
                        format!("{}{}", name.nl, what.nl),
                        format!("{}{}", name.en, what.en),
                    ),
                    fault.cure.clone(),
                )
                .at(Place::Field(field))
            };
            // two parts of the document may come from one field
            if !all.contains(&one) {
                all.push(one);
            }
        }
        all
    }

    /// The field of the innermost part that a path lies in.
    fn field_of(&self, path: &str) -> Option<(String, Text)> {
        let inside = |outer: &str| {
            path.strip_prefix(outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let found = self.places.iter().filter(|(outer, ..)| inside(outer));
        let found = found.max_by_key(|(outer, ..)| outer.len());
        found.map(|(_, field, name)| (field.clone(), name.clone()))
    }
}

/// Whether these are faults of the document, and not of what it leads to.
fn is_of_document(faults: &Diagnostics) -> bool {
    faults.0.iter().all(|one| one.place.position().is_some())
}

fn named(name: &Text) -> Text {
    if name.nl.is_empty() {
        Text::default()
    } else {
        Text::new(format!("{}: ", name.nl), format!("{}: ", name.en))
    }
}

/// Writes the document part by part.
struct Writer<'f> {
    get: &'f dyn Fn(&str) -> String,
    /// Whether it is of a document that is there.
    is_there: bool,
    document: Block,
    places: Vec<(String, String, Text)>,
    empty: Vec<String>,
    wrong: Vec<Diagnostic>,
    rows: BTreeMap<&'static str, Vec<usize>>,
}

impl Writer<'_> {
    /// The rows of a kind that were not taken away.
    fn rows_of(&self, kind: &str) -> impl Iterator<Item = usize> + use<> {
        let all = 0..rows(kind, self.get);
        let left: Vec<usize> = all.filter(|row| !is_gone(kind, *row, self.get)).collect();
        left.into_iter()
    }

    /// Notes that the next element of a list comes from this row; its place in the list.
    fn next(&mut self, list: &'static str, row: usize) -> usize {
        let all = self.rows.entry(list).or_default();
        all.push(row);
        all.len() - 1
    }

    /// What was filled in, on one line.
    fn text(&self, field: &str) -> String {
        let text = (self.get)(field);
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ")
    }

    fn is_on(&self, field: &str) -> bool {
        !(self.get)(field).is_empty()
    }

    fn wrong(&mut self, field: &str, code: FaultCode, what: Text, cure: Text) {
        let field = field.to_owned();
        self.wrong
            .push(Diagnostic::new(code, what, cure).at(Place::Field(field)));
    }

    /// Remembers which field a part comes from, and gives what was filled in.
    fn from(&mut self, path: String, field: &str, name: Text) -> String {
        let text = self.text(field);
        if text.is_empty() {
            self.empty.push(field.to_owned());
        }
        self.places.push((path, field.to_owned(), name));
        text
    }

    /// Two fields as words in both languages; without English the Dutch words serve for both.
    fn pair(&mut self, path: &str, field: &str, name: (&str, &str)) -> Entries {
        let mut both = Entries::new();
        for (key, nl, en) in [("nl", "", ""), ("en", " in het Engels", " in English")] {
            let (field, name) = (
                format!("{field}_{key}"),
                Text::new(format!("{}{nl}", name.0), format!("{}{en}", name.1)),
            );
            if key == "nl" {
                // what is wrong with the whole is told by its first part
                self.places
                    .push((path.to_owned(), field.clone(), name.clone()));
            }
            let words = self.from(format!("{path}.{key}"), &field, name);
            if !words.is_empty() {
                both.push((key, words.into()));
            }
        }
        both
    }

    fn head(&mut self, today: Date) {
        self.title();
        let goal = self.goal();
        put(&mut self.document, "goal", goal);
        let purpose = self.from(
            "purpose".to_owned(),
            "purpose",
            Text::new("het doel", "the purpose"),
        );
        if !purpose.is_empty() {
            put(&mut self.document, "purpose", slug(&purpose, "doel"));
        }
        for (key, nl, en) in [
            ("strategy", "de aanpak", "the strategy"),
            ("phase", "de fase", "the phase"),
        ] {
            let text = self.from(key.to_owned(), key, Text::new(nl, en));
            put(&mut self.document, key, text);
        }
        self.valid(today);
        self.retention();
        let answers = self.from(
            "answers".to_owned(),
            "answers",
            Text::new("wie leest", "who reads"),
        );
        put(&mut self.document, "answers", answers);
        self.about();
    }

    /// The title, and the id that is made of it.
    fn title(&mut self) {
        let title = self.pair("title", "title", ("de titel", "the title"));
        let name = Text::new("de titel", "the title");
        let words = self.text("title_nl");
        self.places
            .push(("id".to_owned(), "title_nl".to_owned(), name));
        if !words.is_empty() {
            put(&mut self.document, "id", slug(&words, "project"));
        }
        self.document.put("version", 1_u32);
        put_entries(&mut self.document, "title", title);
    }

    /// For how many months answers are kept.
    fn retention(&mut self) {
        let months = self.from(
            "retention.months".to_owned(),
            "retention",
            Text::new("de maanden", "the months"),
        );
        if let Some(months) = number(&months) {
            let retention = Value::table([("months", months)]);
            self.document.put("retention", retention);
        }
        self.places.push((
            "retention".to_owned(),
            "retention".to_owned(),
            Text::new("de maanden", "the months"),
        ));
    }

    /// A goal that is here, or the id of one that is new.
    fn goal(&mut self) -> String {
        let goal = self.text("goal");
        if !goal.is_empty() {
            let name = Text::new("de opgave", "the goal");
            return self.from("goal".to_owned(), "goal", name);
        }
        let name = Text::new("de titel van de opgave", "the title of the goal");
        let title = self.from("goal".to_owned(), "goal_title_nl", name);
        if title.is_empty() {
            title
        } else {
            new_goal(&title)
        }
    }

    fn valid(&mut self, today: Date) {
        let mut valid = Entries::new();
        for (key, nl, en) in [
            ("from", "de eerste dag", "the first day"),
            ("until", "de laatste dag", "the last day"),
        ] {
            let mut day = self.from(format!("valid.{key}"), key, Text::new(nl, en));
            if day.is_empty() && key == "from" {
                day = today.to_string();
            }
            if !day.is_empty() {
                valid.push((key, day.into()));
            }
        }
        put_entries(&mut self.document, "valid", valid);
    }

    fn about(&mut self) {
        let name = ("om wie het gaat", "whom it is about");
        let words = self.pair("about", "about", name);
        if words.is_empty() {
            return;
        }
        let mut about = Block::default();
        about.put("id", people(&self.text("about_nl")));
        for (key, words) in words {
            about.put(key, words);
        }
        self.document.table("about", about);
    }
}

/// The id of the people concerned.
fn people(words: &str) -> String {
    slug(words, "mensen")
}

/// Keys of a table on one line, as far as they were filled in.
type Entries = Vec<(&'static str, Value)>;

/// Writes a text, if there is one.
fn put(block: &mut Block, key: &str, text: String) {
    if !text.is_empty() {
        block.put(key, text);
    }
}

/// Writes a table on one line, if there is anything in it.
fn put_entries(block: &mut Block, key: &str, entries: Entries) {
    if !entries.is_empty() {
        block.put(key, Value::table(entries));
    }
}

/// A number as it is written; what is none goes into the document as it is, which then says so.
fn number(text: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let real = text.replace(',', ".").parse::<f64>().ok();
    let real = real.filter(|real| real.is_finite());
    Some(real.map_or_else(|| text.into(), Value::from))
}

#[cfg(test)]
mod tests;
