//! From SQL to a plan, or to every reason why not.
//!
//! An allow-list over the syntax tree: what is not named here is refused. Nothing is looked up in
//! data, so a refusal cannot depend on it.

mod closed;
mod expression;
mod filter;
mod functions;
mod grouping;
pub(crate) mod levels;
mod reasons;
mod statement;
mod syntax;

use datafusion::sql::sqlparser::{
    ast::Ident,
    dialect::GenericDialect,
    keywords::Keyword,
    parser::Parser,
    tokenizer::{Token, Tokenizer},
};
use zwerm_agreement::{
    agreement::{Agreement, View},
    refusal::Refusal,
};

use crate::plan::Plan;

/// Characters that a question has at most.
pub const LONGEST: usize = 20_000;
/// Grouping sets that a question has at most.
const MOST_SETS: usize = 512;
/// Columns that a question has at most.
const MOST_PARTS: usize = 1_000;
/// Operators and keywords that a question has at most. A chain of them (`1 + 1 + …`) makes the syntax
/// tree one deeper each, and whoever walks the tree needs stack for it.
const MOST_SIGNS: usize = 400;
/// Operations that a figure or a condition is deep at most: the engine needs stack for each.
const MOST_DEPTH: usize = 60;

/// A question, and the view it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Question<'a> {
    /// The view.
    pub view: &'a View,
    /// What is asked of it.
    pub plan: Plan,
}

/// Reads one `SELECT` over one shared view of the agreement.
///
/// # Errors
/// Every reason why it is refused, all at once, each with its code and what would lift it.
///
/// ```
/// use zwerm_agreement::{agreement::Document, refusal::Code, sample};
/// use zwerm_question::parse;
/// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// assert!(parse::question("SELECT wijk, units() FROM huishoudens GROUP BY wijk", &agreement).is_ok());
/// let refused = parse::question("SELECT max(inkomen) FROM huishoudens WHERE huishouden = 'x'", &agreement);
/// let codes: Vec<Code> = refused.unwrap_err().iter().map(|r| r.code).collect();
/// assert_eq!(codes, [Code::Key, Code::AggregateNotAllowed]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn question<'a>(sql: &str, agreement: &'a Agreement) -> Result<Question<'a>, Vec<Refusal>> {
    if sql.chars().count() > LONGEST {
        return Err(vec![reasons::too_long()]);
    }
    let unread = |error| vec![syntax::refusal(&error)];
    let dialect = GenericDialect {};
    let tokens = Tokenizer::new(&dialect, sql)
        .tokenize_with_location()
        .map_err(|error| unread(error.into()))?;
    if tokens.iter().filter(|t| is_sign(&t.token)).count() > MOST_SIGNS {
        return Err(vec![reasons::too_long()]);
    }
    let statements = Parser::new(&dialect)
        .with_tokens_with_locations(tokens)
        .parse_statements()
        .map_err(unread)?;
    let mut scope = QuestionScope::new(agreement);
    let read = statement::read(&statements, &mut scope);
    match (read, scope.view) {
        (Some(plan), Some(view)) if scope.refusals.is_empty() => Ok(Question { view, plan }),
        _ => Err(scope.into_refusals()),
    }
}

/// Whether a token can make an expression longer: not a name, a value, or what separates them.
/// Parentheses nest, and the parser counts those itself.
fn is_sign(token: &Token) -> bool {
    match token {
        Token::Word(word) => !matches!(word.keyword, Keyword::NoKeyword | Keyword::AS),
        Token::Whitespace(_)
        | Token::Comma
        | Token::Period
        | Token::LParen
        | Token::RParen
        | Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::EOF => false,
        _ => true,
    }
}

/// Whether SQL of an agreement could nest deeper than the engine can follow. The branches of a `CASE`
/// are side by side and do not count.
pub(crate) fn could_nest_too_deep(sql: &str) -> bool {
    let Ok(tokens) = Tokenizer::new(&GenericDialect {}, sql).tokenize() else {
        return false; // the engine reports what is wrong with it
    };
    let side_by_side = |token: &Token| matches!(token, Token::Word(word) if matches!(word.keyword, Keyword::WHEN | Keyword::THEN));
    let signs = tokens.iter().filter(|t| is_sign(t) && !side_by_side(t));
    signs.count() > MOST_SIGNS
}

/// What a question may refer to, and what was found wrong so far.
struct QuestionScope<'a> {
    agreement: &'a Agreement,
    view: Option<&'a View>,
    /// Another name that the question gives the view.
    alias: Option<String>,
    /// Names of columns that were refused: whoever uses them needs no second reason.
    refused: Vec<String>,
    refusals: Vec<Refusal>,
}

/// What a name refers to.
enum NamedColumn {
    Dimension(usize),
    Measure(usize),
}

impl<'a> QuestionScope<'a> {
    fn new(agreement: &'a Agreement) -> Self {
        Self {
            agreement,
            view: None,
            alias: None,
            refused: Vec::new(),
            refusals: Vec::new(),
        }
    }

    fn refuse<T>(&mut self, refusal: Refusal) -> Option<T> {
        if !self.refusals.contains(&refusal) {
            self.refusals.push(refusal);
        }
        None
    }

    fn into_refusals(self) -> Vec<Refusal> {
        if self.refusals.is_empty() {
            return vec![reasons::not_a_question("")];
        }
        self.refusals
    }

    fn is_view(&self, prefix: &Ident) -> bool {
        let prefix = folded(prefix);
        self.view.is_some_and(|v| v.name == prefix) || self.alias.as_ref() == Some(&prefix)
    }

    /// Whether these parts name the key.
    fn is_key(&self, parts: &[Ident]) -> bool {
        let (name, prefix) = match parts {
            [name] => (name, None),
            [prefix, name] => (name, Some(prefix)),
            _ => return false,
        };
        let key = self.view.is_some_and(|v| v.key == folded(name));
        key && prefix.is_none_or(|p| self.is_view(p))
    }

    /// Looks a column up; refuses the key and what is not there.
    fn column(&mut self, parts: &[Ident]) -> Option<NamedColumn> {
        let view = self.view?;
        let (name, prefix) = match parts {
            [name] => (name, None),
            [prefix, name] => (name, Some(prefix)),
            _ => return self.refuse(closed::no_column(&joined(parts), view, self.agreement)),
        };
        let name = folded(name);
        if !prefix.is_none_or(|p| self.is_view(p)) {
            return self.refuse(closed::no_column(&joined(parts), view, self.agreement));
        }
        if !name.is_ascii() {
            return self.refuse(reasons::lookalike(&name));
        }
        if name == view.key {
            return self.refuse(reasons::key(view, self.agreement));
        }
        if let Some(d) = view.dimension.iter().position(|d| d.name == name) {
            return Some(NamedColumn::Dimension(d));
        }
        if let Some(m) = view.measure.iter().position(|m| m.name == name) {
            return Some(NamedColumn::Measure(m));
        }
        self.refuse(closed::no_column(&name, view, self.agreement))
    }
}

/// A name as it is compared: as written between quotes, in lower case without.
fn folded(ident: &Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_lowercase(),
    }
}

fn joined(parts: &[Ident]) -> String {
    let parts: Vec<&str> = parts.iter().map(|p| p.value.as_str()).collect();
    parts.join(".")
}
