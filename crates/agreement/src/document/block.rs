//! What a document is written with: values, and blocks of keys, comments and tables in the order in which they are put.
//!
//! A block may lack what an agreement needs, or say a word where a number belongs: what somebody filled in so far is
//! written as it is, and reading it then tells what is wrong.

use std::fmt::Write as _;

use toml_writer::{ToTomlKey as _, ToTomlValue as _, TomlKeyBuilder};

use crate::text::Text;

/// A value as it is written.
///
/// ```
/// use zwerm_agreement::document::Value;
/// assert_eq!(Value::from("een \"woord\"").as_str(), r#"'een "woord"'"#);
/// assert_eq!(Value::from(3_u64).as_str(), "3");
/// assert_eq!(Value::from(1e-6).as_str(), "0.000001");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value(String);

impl Value {
    /// The text of the value.
    ///
    /// ```
    /// assert_eq!(zwerm_agreement::document::Value::from(true).as_str(), "true");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number with a point or an exponent, in the fewest digits.
    ///
    /// ```
    /// use zwerm_agreement::document::Value;
    /// assert_eq!(Value::shortest(50.0).as_str(), "50.0");
    /// assert_eq!(Value::shortest(1e-6).as_str(), "1e-6");
    /// ```
    #[must_use]
    pub fn shortest(number: f64) -> Self {
        Self(format!("{number:?}"))
    }

    /// A number that has a point only where it is not whole; for numbers below 2^53.
    ///
    /// ```
    /// use zwerm_agreement::document::Value;
    /// assert_eq!(Value::plain(50.0).as_str(), "50");
    /// assert_eq!(Value::plain(0.5).as_str(), "0.5");
    /// ```
    #[must_use]
    pub fn plain(number: f64) -> Self {
        Self(number.to_string())
    }

    /// A list.
    ///
    /// ```
    /// use zwerm_agreement::document::Value;
    /// assert_eq!(Value::list(["a", "b"]).as_str(), r#"["a", "b"]"#);
    /// ```
    pub fn list<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Self {
        let all: Vec<String> = values.into_iter().map(|value| value.into().0).collect();
        Self(format!("[{}]", all.join(", ")))
    }

    /// A table on one line; a key is between quotes where TOML asks for it.
    ///
    /// ```
    /// use zwerm_agreement::document::Value;
    /// let table = Value::table([("wijk", "utf8"), ("Uren (week)", "int64")]);
    /// assert_eq!(table.as_str(), r#"{ wijk = "utf8", "Uren (week)" = "int64" }"#);
    /// ```
    pub fn table<V: Into<Value>>(entries: impl IntoIterator<Item = (impl AsRef<str>, V)>) -> Self {
        let entries = entries.into_iter();
        inline(entries.map(|(key, value)| (key.as_ref().to_toml_key(), value.into())))
    }

    /// A table on one line whose keys are somebody's own words, each between quotes.
    ///
    /// ```
    /// use zwerm_agreement::document::Value;
    /// assert_eq!(Value::named([("wijk", "utf8")]).as_str(), r#"{ "wijk" = "utf8" }"#);
    /// ```
    pub fn named<V: Into<Value>>(entries: impl IntoIterator<Item = (impl AsRef<str>, V)>) -> Self {
        let entries = entries.into_iter();
        inline(entries.map(|(key, value)| (quoted(key.as_ref()), value.into())))
    }
}

/// A key between quotes.
fn quoted(key: &str) -> String {
    let key = TomlKeyBuilder::new(key);
    let quoted = key.as_basic_pretty().or_else(|| key.as_literal());
    quoted.unwrap_or_else(|| key.as_basic()).to_toml_key()
}

fn inline(entries: impl Iterator<Item = (String, Value)>) -> Value {
    let all: Vec<String> = entries
        .map(|(key, value)| format!("{key} = {}", value.0))
        .collect();
    if all.is_empty() {
        Value("{}".to_owned())
    } else {
        Value(format!("{{ {} }}", all.join(", ")))
    }
}

/// How values of these types are written.
macro_rules! written_as_toml_does {
    ($($type:ty),+) => { $(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self(value.to_toml_value())
            }
        }
    )+ };
}

written_as_toml_does!(&str, String, &String, i64, u32, u64, f64, bool, char);

impl From<&Text> for Value {
    /// One text for both languages, or a table of the two.
    fn from(words: &Text) -> Self {
        if words.nl == words.en {
            words.nl.as_str().into()
        } else {
            Self::table([("nl", &words.nl), ("en", &words.en)])
        }
    }
}

/// How tables within tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Every line begins at the margin.
    Flat,
    /// The deeper a table, the further from the margin.
    Indented,
}

/// Keys and comments, and the tables among them.
///
/// ```
/// use zwerm_agreement::document::{Block, Layout};
/// let mut party = Block::default();
/// party.put("id", "bewoners");
/// let mut document = Block::default();
/// document.put("version", 1_u32);
/// document.item("party", party);
/// document.above("party[0].id", "who they are");
/// let text = "version = 1\n\n[[party]]\n# who they are\nid = \"bewoners\"\n";
/// assert_eq!(document.to_toml(Layout::Flat), text);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    lines: Vec<Line>,
}

/// A line, with its comments.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// Where it is: `party[0].id`.
    path: String,
    /// In how many tables it is.
    depth: usize,
    what: What,
    above: Vec<String>,
    below: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Key(String, Value),
    /// The head of a table that is there once.
    Table(String),
    /// The head of one of several tables.
    Item(String),
}

impl Line {
    fn new(path: String, what: What) -> Self {
        Self {
            path,
            depth: 0,
            what,
            above: Vec::new(),
            below: Vec::new(),
        }
    }

    fn is_head(&self) -> bool {
        !matches!(self.what, What::Key(..))
    }

    /// The same line within a table.
    fn within(mut self, path: &str, table: &str) -> Self {
        self.path = format!("{path}.{}", self.path);
        self.depth += 1;
        if let What::Table(name) | What::Item(name) = &mut self.what {
            *name = format!("{table}.{name}");
        }
        self
    }

    fn write(&self, text: &mut String, layout: Layout) {
        if self.is_head() && !text.is_empty() {
            text.push('\n');
        }
        comments(text, &self.above);
        // the tables of the document itself begin at the margin
        let deeper = match layout {
            Layout::Flat => 0,
            Layout::Indented => self.depth.saturating_sub(1),
        };
        text.push_str(&"  ".repeat(deeper));
        // writing to a string cannot fail
        let _ = match &self.what {
            What::Key(key, value) => writeln!(text, "{key} = {}", value.0),
            What::Table(name) => writeln!(text, "[{name}]"),
            What::Item(name) => writeln!(text, "[[{name}]]"),
        };
        comments(text, &self.below);
    }
}

fn comments(text: &mut String, all: &[String]) {
    for line in all.iter().flat_map(|words| words.lines()) {
        let _ = writeln!(text, "# {line}");
    }
}

impl Block {
    /// Puts a key behind the others, or another value where the key is already.
    ///
    /// ```
    /// use zwerm_agreement::document::{Block, Layout};
    /// let mut block = Block::default();
    /// block.put("id", "a");
    /// block.put("id", "b");
    /// assert_eq!(block.to_toml(Layout::Flat), "id = \"b\"\n");
    /// ```
    pub fn put(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        if self.lines.iter().any(|line| line.path == key) {
            self.replace(key, value);
            return;
        }
        let tables = self.lines.iter().position(Line::is_head);
        let line = Line::new(key.to_owned(), What::Key(key.to_owned(), value));
        self.lines.insert(tables.unwrap_or(self.lines.len()), line);
    }

    /// Puts a key that has a value.
    ///
    /// ```
    /// use zwerm_agreement::document::Block;
    /// let mut block = Block::default();
    /// block.maybe("role", None::<&str>);
    /// assert!(block.is_empty());
    /// ```
    pub fn maybe(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// Gives the key at a path within the block another value; where there is none, nothing changes.
    ///
    /// ```
    /// use zwerm_agreement::document::{Block, Layout};
    /// let (mut inner, mut outer) = (Block::default(), Block::default());
    /// inner.put("months", 12_u32);
    /// outer.table("retention", inner);
    /// outer.replace("retention.months", 24_u32);
    /// assert_eq!(outer.to_toml(Layout::Flat), "[retention]\nmonths = 24\n");
    /// ```
    pub fn replace(&mut self, path: &str, value: impl Into<Value>) {
        if let Some(line) = self.line(path)
            && let What::Key(_, old) = &mut line.what
        {
            *old = value.into();
        }
    }

    /// Adds a table that is there once.
    ///
    /// ```
    /// use zwerm_agreement::document::{Block, Layout};
    /// let mut block = Block::default();
    /// block.table("noise", Block::default());
    /// assert_eq!(block.to_toml(Layout::Flat), "[noise]\n");
    /// ```
    pub fn table(&mut self, name: &str, block: Block) {
        self.add(name.to_owned(), What::Table(name.to_owned()), name, block);
    }

    /// Adds one of several tables.
    ///
    /// ```
    /// use zwerm_agreement::document::{Block, Layout};
    /// let mut view = Block::default();
    /// view.item("measure", Block::default());
    /// let mut block = Block::default();
    /// block.item("view", view);
    /// assert_eq!(block.to_toml(Layout::Indented), "[[view]]\n\n  [[view.measure]]\n");
    /// ```
    pub fn item(&mut self, name: &str, block: Block) {
        let what = What::Item(name.to_owned());
        let before = self.lines.iter().filter(|line| line.what == what).count();
        self.add(format!("{name}[{before}]"), what, name, block);
    }

    fn add(&mut self, path: String, what: What, name: &str, block: Block) {
        let within = block.lines.into_iter();
        let within: Vec<Line> = within.map(|line| line.within(&path, name)).collect();
        let mut head = Line::new(path, what);
        head.depth = 1;
        self.lines.push(head);
        self.lines.extend(within);
    }

    /// Writes a comment above a key or a table; where there is none at the path, nothing changes.
    ///
    /// ```
    /// use zwerm_agreement::document::{Block, Layout};
    /// let mut block = Block::default();
    /// block.put("goal", "wonen");
    /// block.above("goal", "what it is for");
    /// assert_eq!(block.to_toml(Layout::Flat), "# what it is for\ngoal = \"wonen\"\n");
    /// ```
    pub fn above(&mut self, path: &str, words: impl Into<String>) {
        if let Some(line) = self.line(path) {
            line.above.push(words.into());
        }
    }

    /// Writes a comment below a key; where there is none at the path, nothing changes.
    ///
    /// ```
    /// use zwerm_agreement::document::{Block, Layout};
    /// let mut block = Block::default();
    /// block.put("goal", "wonen");
    /// block.below("goal", "and nothing else");
    /// assert_eq!(block.to_toml(Layout::Flat), "goal = \"wonen\"\n# and nothing else\n");
    /// ```
    pub fn below(&mut self, path: &str, words: impl Into<String>) {
        if let Some(line) = self.line(path) {
            line.below.push(words.into());
        }
    }

    fn line(&mut self, path: &str) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.path == path)
    }

    /// Whether nothing was put into it.
    ///
    /// ```
    /// assert!(zwerm_agreement::document::Block::default().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The text of it: a blank line before each table, and none at the end.
    ///
    /// ```
    /// use zwerm_agreement::document::{Block, Layout};
    /// assert_eq!(Block::default().to_toml(Layout::Flat), "");
    /// ```
    #[must_use]
    pub fn to_toml(&self, layout: Layout) -> String {
        let mut text = String::new();
        for line in &self.lines {
            line.write(&mut text, layout);
        }
        text
    }
}
