//! From SQL to a plan, or to every reason why not.
//!
//! An allow-list over the syntax tree: what is not named here is refused. Nothing is looked up in
//! data, so a refusal cannot depend on it.

mod expression;
mod filter;
mod functions;
mod grouping;
mod reasons;
mod statement;

use datafusion::sql::sqlparser::{dialect::GenericDialect, parser::Parser};
use zwerm_commons::{
    agreement::{Agreement, View},
    refusal::Refusal,
};

use crate::plan::Plan;

/// Characters that a question has at most.
pub const LONGEST: usize = 20_000;
/// Parts that a question has at most: grouping sets, columns, values.
pub(crate) const MOST_PARTS: usize = 1_000;

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
/// use zwerm_commons::{agreement::Document, refusal::Code, sample};
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
    let statements = Parser::parse_sql(&GenericDialect {}, sql)
        .map_err(|error| vec![reasons::syntax(&error)])?;
    let mut scope = Scope::new(agreement);
    let read = statement::read(&statements, &mut scope);
    match (read, scope.view) {
        (Some(plan), Some(view)) if scope.refusals.is_empty() => Ok(Question { view, plan }),
        _ => Err(scope.into_refusals()),
    }
}

/// What a question may refer to, and what was found wrong so far.
struct Scope<'a> {
    agreement: &'a Agreement,
    view: Option<&'a View>,
    /// Another name that the question gives the view.
    alias: Option<String>,
    refusals: Vec<Refusal>,
}

/// What a name stands for.
enum Named {
    Dimension(usize),
    Measure(usize),
}

impl<'a> Scope<'a> {
    fn new(agreement: &'a Agreement) -> Self {
        Self {
            agreement,
            view: None,
            alias: None,
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

    /// Looks a column up; refuses the key and what is not there.
    fn column(&mut self, parts: &[datafusion::sql::sqlparser::ast::Ident]) -> Option<Named> {
        let view = self.view?;
        let (name, prefix) = match parts {
            [name] => (name, None),
            [prefix, name] => (name, Some(prefix)),
            _ => return self.refuse(reasons::unknown_column(&joined(parts), view)),
        };
        let prefix_known = prefix.is_none_or(|p| {
            let p = folded(p);
            p == view.name || Some(&p) == self.alias.as_ref()
        });
        let name = folded(name);
        if !prefix_known {
            return self.refuse(reasons::unknown_column(&joined(parts), view));
        }
        if !name.is_ascii() {
            return self.refuse(reasons::lookalike(&name));
        }
        if name == view.key {
            return self.refuse(reasons::key(view, self.agreement));
        }
        if let Some(d) = view.dimension.iter().position(|d| d.name == name) {
            return Some(Named::Dimension(d));
        }
        if let Some(m) = view.measure.iter().position(|m| m.name == name) {
            return Some(Named::Measure(m));
        }
        self.refuse(reasons::unknown_column(&name, view))
    }
}

/// A name as it is compared: as written between quotes, in lower case without.
fn folded(ident: &datafusion::sql::sqlparser::ast::Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_lowercase(),
    }
}

fn joined(parts: &[datafusion::sql::sqlparser::ast::Ident]) -> String {
    let parts: Vec<&str> = parts.iter().map(|p| p.value.as_str()).collect();
    parts.join(".")
}
