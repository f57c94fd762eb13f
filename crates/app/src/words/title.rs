//! The title of an answer in words, made from the question as it was understood: which figures, per what, and of whom only.
//!
//! It holds the agreement's names for units, columns and values, and nothing that an asker typed: what somebody calls a
//! column may name a person, and titles stand in lists that everybody reads.

use zwerm_agreement::agreement::{Dimension, View};
use zwerm_agreement::refusal::Code;
use zwerm_agreement::text::{Lang, Text};
use zwerm_question::plan::{Aggregate, DimensionLevel, Expression, Filter, GroupKey, Plan};

use crate::words::answer::special;
use crate::words::{capital, refusal, unit};

/// Figures and values that are named at most; of more, only how many.
const NAMED: usize = 4;

/// What an answer to this question is called, in both languages.
///
/// ```
/// use zwerm_agreement::{agreement::Document, sample};
/// use zwerm_app::words::title::title;
/// use zwerm_question::parse;
/// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// let sql = "SELECT wijk, units(), avg(inkomen) FROM huishoudens GROUP BY wijk";
/// let question = parse::question(sql, &agreement).unwrap();
/// let title = title(&question.plan, question.view);
/// assert_eq!(title.nl, "Huishoudens en gemiddeld inkomen per wijk");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn title(plan: &Plan, view: &View) -> Text {
    let of = |lang| Titled { plan, view, lang }.title();
    Text::new(of(Lang::Nl), of(Lang::En))
}

/// What a question is called that was refused before it could be understood: why, and nothing of what was typed.
pub fn refused(codes: &[Code]) -> Text {
    let why = codes.first().copied().map(refusal::code);
    let why = why
        .unwrap_or_else(|| Text::new("dit kan niet zo worden gevraagd", "this cannot be asked so"));
    Text::new(
        format!("Vraag die niet mocht: {}", why.nl),
        format!("Question that was refused: {}", why.en),
    )
}

/// A question of which a title is made in one language.
struct Titled<'a> {
    plan: &'a Plan,
    view: &'a View,
    lang: Lang,
}

impl Titled<'_> {
    fn title(&self) -> String {
        let mut title = self.figures();
        let by = self.groups();
        if !by.is_empty() {
            title.push_str(&format!(" {} {}", self.t("per", "by"), self.listed(&by)));
        }
        if self.plan.grouping.len() > 1 {
            title.push_str(self.t(", met totalen", ", with totals"));
        }
        for filter in &self.plan.filters {
            title.push_str(&format!(
                ", {} {}",
                self.t("alleen", "only"),
                self.only(filter)
            ));
        }
        if self.plan.having.is_some() {
            title.push_str(self.t(", een keuze uit de uitkomst", ", part of the outcome"));
        } else if self.plan.limit.is_some() || self.plan.offset > 0 {
            title.push_str(self.t(", een deel van de rijen", ", some of the rows"));
        }
        capital(&title)
    }

    fn t<'t>(&self, nl: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Nl => nl,
            Lang::En => en,
        }
    }

    /// The figures that it shows: each once, and few by name.
    fn figures(&self) -> String {
        let mut figures: Vec<String> = Vec::new();
        for column in &self.plan.columns {
            if let Some(figure) = self.figure(&column.expression)
                && !figures.contains(&figure)
            {
                figures.push(figure);
            }
        }
        match figures.as_slice() {
            [] => self.t("indeling", "groups").to_owned(),
            some => self.listed(some),
        }
    }

    /// A figure in words; nothing of a column that names the rows.
    fn figure(&self, expression: &Expression) -> Option<String> {
        if let Some(measure) = expression.averaged() {
            let label = self.measure(measure);
            return Some(match self.lang {
                Lang::Nl => format!("{} {label}", unit::average_of(&label)),
                Lang::En => format!("average {label}"),
            });
        }
        match expression {
            Expression::Dimension(_) => None,
            Expression::Aggregate(aggregate) => Some(self.aggregate(*aggregate)),
            Expression::Negative(inner) | Expression::Round(inner, _) => self.figure(inner),
            Expression::Number(_) => Some(self.t("een getal", "a number").to_owned()),
            Expression::Binary(..) => {
                let mut parts = Vec::new();
                self.parts(expression, &mut parts);
                let of = self.listed(&parts);
                Some(format!(
                    "{} {of}",
                    self.t("berekening met", "calculation with")
                ))
            }
        }
    }

    /// What a calculation is made with, each once.
    fn parts(&self, expression: &Expression, into: &mut Vec<String>) {
        let part = match expression {
            Expression::Binary(_, a, b) if expression.averaged().is_none() => {
                self.parts(a, into);
                return self.parts(b, into);
            }
            Expression::Number(_) => None,
            Expression::Negative(inner) | Expression::Round(inner, _) => {
                return self.parts(inner, into);
            }
            other => self.figure(other),
        };
        into.extend(part.filter(|part| !into.contains(part)));
    }

    fn aggregate(&self, aggregate: Aggregate) -> String {
        match aggregate {
            Aggregate::Units => unit::several(&self.view.unit, self.lang),
            Aggregate::Rows => self.t("aantal rijen", "number of rows").to_owned(),
            Aggregate::Count(m) => {
                let label = self.measure(m);
                format!(
                    "{} {label}",
                    self.t("aantal bekende waarden van", "number of known values of")
                )
            }
            Aggregate::Sum(m) => {
                let label = self.measure(m);
                format!("{} {label}", self.t("totaal", "total"))
            }
        }
    }

    fn measure(&self, number: usize) -> String {
        let Some(measure) = self.view.measure.get(number) else {
            return String::new();
        };
        let label = measure.label.as_ref().map(|label| label.get(self.lang));
        small(label.unwrap_or(&measure.name))
    }

    /// What it is divided by, in the order in which it is shown.
    fn groups(&self) -> Vec<String> {
        let mut keys: Vec<GroupKey> = Vec::new();
        let shown = self
            .plan
            .columns
            .iter()
            .filter_map(|column| match column.expression {
                Expression::Dimension(key) => Some(key),
                _ => None,
            });
        let grouped = self.plan.grouping.iter().flatten().copied();
        for key in shown.chain(grouped) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys.into_iter().map(|key| self.group(key)).collect()
    }

    fn group(&self, key: GroupKey) -> String {
        let Some(dimension) = self.view.dimension.get(key.dimension) else {
            return String::new();
        };
        let label = self.dimension(dimension);
        match key.level {
            DimensionLevel::Value => label,
            DimensionLevel::Parent => {
                format!("{} {label}", self.t("groter geheel van", "larger whole of"))
            }
            DimensionLevel::Group => format!("{} {label}", self.t("groep van", "group of")),
        }
    }

    fn dimension(&self, dimension: &Dimension) -> String {
        let label = dimension.label.as_ref().map(|label| label.get(self.lang));
        small(label.unwrap_or(&dimension.name))
    }

    /// Whom it is about only.
    fn only(&self, filter: &Filter) -> String {
        let Some(dimension) = self.view.dimension.get(filter.dimension) else {
            return String::new();
        };
        let name = self.dimension(dimension);
        let labelled = |value: &String| {
            dimension
                .labels
                .get(value)
                .map(|label| label.get(self.lang))
        };
        let several = filter.values.len();
        if several > NAMED {
            return match self.lang {
                Lang::Nl => format!("{several} keuzes van {name}"),
                Lang::En => format!("{several} choices of {name}"),
            };
        }
        let words = filter.values.iter().map(|value| match labelled(value) {
            Some(label) => label.to_owned(),
            None => special(value, self.lang).to_owned(),
        });
        let words: Vec<String> = words.collect();
        let words = joined(&words, self.t("of", "or"));
        // what has a name for people says by itself what it is
        if filter.values.iter().all(|value| labelled(value).is_some()) {
            words
        } else {
            format!("{name} {words}")
        }
    }

    fn listed(&self, parts: &[String]) -> String {
        if let Some((named, rest)) = parts.split_at_checked(NAMED)
            && !rest.is_empty()
        {
            let mut named = named.to_vec();
            named.push(match self.lang {
                Lang::Nl => format!("nog {}", rest.len()),
                Lang::En => format!("{} more", rest.len()),
            });
            return joined(&named, self.t("en", "and"));
        }
        joined(parts, self.t("en", "and"))
    }
}

/// `a, b and c`.
fn joined(parts: &[String], and: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

/// A label within a sentence: without the capital of a word that begins with one, and with those of an abbreviation.
fn small(label: &str) -> String {
    let mut letters = label.chars();
    let first = letters.next();
    let second = letters.next();
    match (first, second) {
        (Some(first), second)
            if first.is_uppercase() && !second.is_some_and(char::is_uppercase) =>
        {
            let rest = label.strip_prefix(first).unwrap_or_default();
            format!("{}{rest}", first.to_lowercase())
        }
        _ => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use zwerm_agreement::agreement::Document;
    use zwerm_question::parse;

    use super::*;

    #[track_caller]
    fn check(sql: &str, nl: &str, en: &str) {
        let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT);
        let agreement = document.expect("the sample is valid").agreement;
        let question = parse::question(sql, &agreement).expect("a question");
        let made = title(&question.plan, question.view);
        assert_eq!((made.nl.as_str(), made.en.as_str()), (nl, en));
    }

    #[test]
    fn a_title_says_what_of_whom_and_per_what() {
        check(
            "SELECT units() FROM huishoudens",
            "Huishoudens",
            "Households",
        );
        check(
            "SELECT wijk, avg(inkomen) FROM huishoudens WHERE boven_grens = 'ja' GROUP BY ROLLUP(wijk)",
            "Gemiddeld inkomen per wijk, met totalen, alleen boven_grens ja",
            "Average inkomen by district, with totals, only boven_grens ja",
        );
        check(
            "SELECT sum(inkomen) / units() FROM huishoudens HAVING units() > 10",
            "Berekening met totaal inkomen en huishoudens, een keuze uit de uitkomst",
            "Calculation with total inkomen and households, part of the outcome",
        );
        check(
            "SELECT wijk, count(*) FROM huishoudens WHERE wijk IN ('WK054602', 'WK054600') GROUP BY wijk",
            "Aantal rijen per wijk, alleen Binnenstad-Zuid of Oost",
            "Number of rows by district, only Binnenstad-Zuid or East",
        );
    }

    #[test]
    fn nothing_that_an_asker_typed_is_in_a_title() {
        let sql = "SELECT wijk AS \"mevrouw Jansen\", units() + 4711 AS \"de Vries\" FROM huishoudens GROUP BY wijk LIMIT 7";
        check(
            sql,
            "Berekening met huishoudens per wijk, een deel van de rijen",
            "Calculation with households by district, some of the rows",
        );
    }
}
