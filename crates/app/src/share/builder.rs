//! A question put together by choosing, written as SQL: what the builder on the page makes.

use zwerm_agreement::agreement::{Agreement, View};
use zwerm_question::parse;
use zwerm_question::plan::{Aggregate, Expression};

/// What was chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuilderChoice {
    /// Dimensions to divide by.
    pub by: Vec<String>,
    /// Whether subtotals are wanted.
    pub totals: bool,
    /// Figures: `units`, or `sum:`, `avg:` or `count:` and a measure.
    pub figures: Vec<String>,
    /// Per dimension the values that are wanted; a dimension that is not named is not filtered by.
    pub only: Vec<(String, Vec<String>)>,
}

impl BuilderChoice {
    /// The question in SQL. What the view does not have is left out.
    pub fn to_sql(&self, view: &View) -> String {
        let dimensions = view.dimension.iter();
        let by: Vec<String> = dimensions
            .filter(|d| self.by.contains(&d.name))
            .map(|d| name(&d.name))
            .collect();
        let mut select = by.clone();
        select.extend(self.figures(view));
        let mut sql = format!("SELECT {} FROM {}", select.join(", "), name(&view.name));
        let filters = self.filters(view);
        if !filters.is_empty() {
            sql.push_str(&format!(" WHERE {}", filters.join(" AND ")));
        }
        if !by.is_empty() {
            let all = by.join(", ");
            if self.totals {
                sql.push_str(&format!(" GROUP BY ROLLUP({all})"));
            } else {
                sql.push_str(&format!(" GROUP BY {all}"));
            }
        }
        sql
    }

    /// The choice that asks the same as a question in SQL, where choosing can.
    pub fn of(sql: &str, agreement: &Agreement) -> Option<Self> {
        let question = parse::question(sql, agreement).ok()?;
        let (plan, view) = (&question.plan, question.view);
        let named = |place: usize| view.dimension.get(place).map(|d| d.name.clone());
        let grouped = plan.grouping.iter().max_by_key(|set| set.len())?;
        let only = plan.filters.iter();
        let only = only.filter_map(|f| Some((named(f.dimension)?, f.values.clone())));
        let choice = Self {
            by: grouped
                .iter()
                .filter_map(|key| named(key.dimension))
                .collect(),
            totals: plan.grouping.len() > 1,
            figures: plan
                .columns
                .iter()
                .filter_map(|c| figure(&c.expression, view))
                .collect(),
            only: only.collect(),
        };
        let again = choice.to_sql(view);
        let same = parse::question(&again, agreement).ok()?;
        (same.plan.to_sql(view) == plan.to_sql(view)).then_some(choice)
    }

    /// The dimensions that are divided by or filtered by, each once.
    pub fn dimensions(&self, view: &View) -> Vec<String> {
        let only = |name: &String| {
            let mut only = self.only.iter();
            only.any(|(known, values)| known == name && !values.is_empty())
        };
        let names = view.dimension.iter().map(|d| &d.name);
        let used = names.filter(|name| self.by.contains(name) || only(name));
        used.cloned().collect()
    }

    /// Whether no figure of the view is chosen.
    pub fn has_no_figure(&self, view: &View) -> bool {
        self.chosen_figures(view).is_empty()
    }

    fn figures(&self, view: &View) -> Vec<String> {
        let figures = self.chosen_figures(view);
        if figures.is_empty() {
            vec!["units()".to_owned()]
        } else {
            figures
        }
    }

    fn chosen_figures(&self, view: &View) -> Vec<String> {
        let known = |measure: &str| view.measure.iter().any(|m| m.name == measure);
        let figures = self.figures.iter().filter_map(|figure| {
            if figure == "units" {
                return Some("units()".to_owned());
            }
            let (aggregate, measure) = figure.split_once(':')?;
            let allowed = ["sum", "avg", "count"].contains(&aggregate) && known(measure);
            allowed.then(|| format!("{aggregate}({})", name(measure)))
        });
        figures.collect()
    }

    fn filters(&self, view: &View) -> Vec<String> {
        let filters = self.only.iter().filter_map(|(dimension, values)| {
            let known = view.dimension.iter().find(|d| d.name == *dimension)?;
            let values = values.iter().filter(|v| known.values.contains(v));
            let values: Vec<String> = values.map(|v| text(v)).collect();
            let column = name(dimension);
            match values.as_slice() {
                [] => None,
                [one] => Some(format!("{column} = {one}")),
                several => Some(format!("{column} IN ({})", several.join(", "))),
            }
        });
        filters.collect()
    }
}

/// A figure that can be chosen, by the name that it has in [`BuilderChoice::figures`].
fn figure(expression: &Expression, view: &View) -> Option<String> {
    let measure = |place: usize| view.measure.get(place).map(|m| m.name.as_str());
    if let Some(place) = expression.averaged() {
        return Some(format!("avg:{}", measure(place)?));
    }
    match expression {
        Expression::Aggregate(Aggregate::Units) => Some("units".to_owned()),
        Expression::Aggregate(Aggregate::Sum(place)) => Some(format!("sum:{}", measure(*place)?)),
        Expression::Aggregate(Aggregate::Count(place)) => {
            Some(format!("count:{}", measure(*place)?))
        }
        _ => None,
    }
}

/// A name as SQL has it: quoted when it is no plain word.
fn name(name: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if starts && name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use zwerm_agreement::agreement::Document;

    use super::*;

    fn check(choice: &BuilderChoice, expected: &str) {
        let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT);
        let agreement = document.expect("the sample is valid").agreement;
        let view = agreement.view.first().expect("a view");
        let sql = choice.to_sql(view);
        assert_eq!(sql, expected);
        assert!(parse::question(&sql, &agreement).is_ok(), "{sql}");
    }

    #[test]
    fn what_is_chosen_becomes_a_question_that_is_understood() {
        check(&BuilderChoice::default(), "SELECT units() FROM huishoudens");
        let choice = BuilderChoice {
            by: vec!["wijk".into(), "no-such".into()],
            totals: true,
            figures: vec!["units".into(), "avg:inkomen".into(), "max:inkomen".into()],
            only: vec![("boven_grens".into(), vec!["ja".into(), "'; DROP".into()])],
        };
        check(
            &choice,
            "SELECT wijk, units(), avg(inkomen) FROM huishoudens WHERE boven_grens = 'ja' GROUP BY ROLLUP(wijk)",
        );
    }

    #[test]
    fn a_question_in_sql_becomes_choices_where_they_ask_the_same() {
        let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT);
        let agreement = document.expect("the sample is valid").agreement;
        let sql = "SELECT wijk, units() AS n, avg(inkomen) FROM huishoudens WHERE boven_grens = 'ja' GROUP BY wijk";
        let choice = BuilderChoice::of(sql, &agreement).expect("it can be chosen");
        assert_eq!(choice.by, ["wijk"]);
        assert_eq!(choice.figures, ["units", "avg:inkomen"]);
        assert_eq!(
            choice.only,
            [("boven_grens".to_owned(), vec!["ja".to_owned()])]
        );
        for other in [
            "SELECT units() + 1 FROM huishoudens",
            "SELECT wijk, units() FROM huishoudens GROUP BY wijk LIMIT 3",
            "SELECT count(*) FROM huishoudens",
            "SELEC",
        ] {
            assert_eq!(BuilderChoice::of(other, &agreement), None, "{other}");
        }
    }

    #[test]
    fn names_and_values_are_quoted_where_they_must_be() {
        assert_eq!(name("wijk"), "wijk");
        assert_eq!(name("Wijk naam"), "\"Wijk naam\"");
        assert_eq!(text("'s-Gravenhage"), "'''s-Gravenhage'");
    }
}
