//! Which question a form asks that can be filled in by choosing and in SQL: one of the two, and never one in the place of
//! the other.
//!
//! The form says which counts. Without scripts, somebody may change the SQL and leave the choices as what counts, or tick
//! something else while the SQL counts. Then nothing is asked: they are told, and choose.

use zwerm_agreement::agreement::{Agreement, View};
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;
use zwerm_agreement::words;

use crate::error::AppError;
use crate::form::Checks;
use crate::share::builder::BuilderChoice;

words! {
    in "zwerm_app::share::counts_as";
    /// What a form asks.
    pub enum CountsAs {
        /// What was chosen.
        Choices = "choose",
        /// What stands there in SQL.
        Sql = "sql",
    }
}

/// A form as it was sent, beside what it held when it was shown.
#[derive(Debug, Clone, Default)]
pub struct SentQuestion {
    /// What was said to count; nothing when the form does not say so.
    pub counts: Option<CountsAs>,
    /// What was chosen.
    pub choice: BuilderChoice,
    /// The SQL.
    pub sql: String,
    /// The SQL that the form held when it was shown; nothing when it does not say so.
    pub shown_sql: Option<String>,
    /// The choices that the form held when it was shown, as SQL.
    pub shown_choice: Option<String>,
}

impl SentQuestion {
    /// What counts.
    pub fn counts(&self) -> CountsAs {
        let by_sql = !self.sql.trim().is_empty() && self.choice == BuilderChoice::default();
        let otherwise = if by_sql {
            CountsAs::Sql
        } else {
            CountsAs::Choices
        };
        self.counts.unwrap_or(otherwise)
    }

    /// The question in SQL.
    ///
    /// # Errors
    /// Everything that keeps it from being one question: no figure, more dimensions than agreed, no SQL, or two questions
    /// of which it is not clear which is meant. Each names its field.
    pub fn to_sql(&self, agreement: &Agreement, view: &View) -> Result<String, AppError> {
        let chosen = self.choice.to_sql(view);
        let written = plain(&self.sql);
        let mut checks = Checks::default();
        if self.is_unclear(&chosen, &written) {
            checks.wrong(
                "counts",
                FaultCode::Ambiguous,
                Text::new(
                    "uw keuzes en de SQL vragen niet hetzelfde",
                    "your choices and the SQL do not ask the same",
                ),
                Text::new(
                    "kies hier welke van de twee u vraagt",
                    "choose here which of the two you ask",
                ),
            );
        }
        match self.counts() {
            CountsAs::Choices => {
                self.check_choice(agreement, view, &mut checks);
                checks.done().map(|()| chosen)
            }
            CountsAs::Sql => {
                if written.is_empty() {
                    checks.wrong(
                        "sql",
                        FaultCode::Empty,
                        Text::new("er staat nog geen vraag", "there is no question yet"),
                        Text::new(
                            "schrijf SQL, of vraag wat u koos",
                            "write SQL, or ask what you chose",
                        ),
                    );
                }
                checks.done().map(|()| written)
            }
        }
    }

    /// The SQL to show in the form again: what was chosen, unless somebody wrote something else that would be lost.
    pub fn sql_to_show(&self, view: &View) -> String {
        let written = plain(&self.sql);
        let changed = self
            .shown_sql
            .as_ref()
            .is_some_and(|shown| plain(shown) != written);
        match self.counts() {
            CountsAs::Choices if !changed => self.choice.to_sql(view),
            _ => written,
        }
    }

    /// Whether what does not count was changed since the form was shown, and asks something else.
    fn is_unclear(&self, chosen: &str, written: &str) -> bool {
        let changed = |shown: &Option<String>, now: &str| {
            shown.as_ref().is_some_and(|shown| plain(shown) != now)
        };
        let sql_changed = changed(&self.shown_sql, written);
        let unclear = match self.counts() {
            CountsAs::Choices => sql_changed,
            CountsAs::Sql => !sql_changed && changed(&self.shown_choice, chosen),
        };
        unclear && written != chosen
    }

    fn check_choice(&self, agreement: &Agreement, view: &View, checks: &mut Checks) {
        if self.choice.has_no_figure(view) {
            checks.wrong(
                "figure",
                FaultCode::Empty,
                Text::new("er is geen cijfer gekozen", "no figure is chosen"),
                Text::new("kies er minstens één", "choose at least one"),
            );
        }
        let chosen = self.choice.dimensions(view).len();
        let most = agreement.protection.max_dimensions;
        if chosen > most {
            checks.wrong(
                "by",
                FaultCode::TooMany,
                Text::new(
                    format!("u koos {chosen} kenmerken; afgesproken is hoogstens {most}"),
                    format!("you chose {chosen} dimensions; at most {most} was agreed"),
                ),
                Text::new(
                    "laat er een weg; een beperking bij over wie telt mee",
                    "leave one out; a restriction under about whom counts too",
                ),
            );
        }
    }
}

/// A text without the ends of lines that browsers add, and without blanks around it.
fn plain(sql: &str) -> String {
    sql.replace("\r\n", "\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use zwerm_agreement::agreement::Document;

    use super::*;

    const BY_WIJK: &str = "SELECT wijk, units() FROM huishoudens GROUP BY wijk";

    fn choice(by: &[&str]) -> BuilderChoice {
        BuilderChoice {
            by: by.iter().map(|name| (*name).to_owned()).collect(),
            figures: vec!["units".into()],
            ..BuilderChoice::default()
        }
    }

    #[track_caller]
    fn check(sent: &SentQuestion, expected: Result<&str, &str>) {
        let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT);
        let mut agreement = document.expect("the sample is valid").agreement;
        agreement.protection.max_dimensions = 1;
        let view = agreement.view.first().expect("a view");
        let found = sent.to_sql(&agreement, view);
        let found = found.map_err(|error| match error {
            AppError::Wrong(wrong) => {
                let fields = wrong.0.iter().filter_map(|one| one.place.field());
                fields.collect::<Vec<_>>().join(" ")
            }
            other => other.to_string(),
        });
        assert_eq!(found.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn what_is_ticked_is_asked() {
        let ticked = SentQuestion {
            counts: Some(CountsAs::Choices),
            choice: choice(&["wijk"]),
            sql: "SELECT units() FROM huishoudens\r\n".into(),
            shown_sql: Some("SELECT units() FROM huishoudens".into()),
            shown_choice: Some("SELECT units() FROM huishoudens".into()),
        };
        check(&ticked, Ok(BY_WIJK));
        let none = SentQuestion {
            choice: BuilderChoice::default(),
            ..ticked.clone()
        };
        check(&none, Err("figure"));
        let too_many = SentQuestion {
            choice: choice(&["wijk", "boven_grens"]),
            ..ticked
        };
        check(&too_many, Err("by"));
    }

    #[test]
    fn what_was_changed_and_does_not_count_is_not_thrown_away() {
        let changed_sql = SentQuestion {
            counts: Some(CountsAs::Choices),
            choice: choice(&[]),
            sql: BY_WIJK.into(),
            shown_sql: Some("SELECT units() FROM huishoudens".into()),
            shown_choice: Some("SELECT units() FROM huishoudens".into()),
        };
        check(&changed_sql, Err("counts"));
        let said = SentQuestion {
            shown_sql: Some(BY_WIJK.into()),
            ..changed_sql.clone()
        };
        check(&said, Ok("SELECT units() FROM huishoudens"));
        let changed_choice = SentQuestion {
            counts: Some(CountsAs::Sql),
            choice: choice(&["wijk"]),
            sql: "SELECT units() FROM huishoudens".into(),
            ..changed_sql.clone()
        };
        check(&changed_choice, Err("counts"));
        let both = SentQuestion {
            counts: Some(CountsAs::Sql),
            ..changed_sql
        };
        check(&both, Ok(BY_WIJK));
    }

    #[test]
    fn a_form_that_says_nothing_of_it_asks_the_sql_that_it_has() {
        let written = SentQuestion {
            sql: BY_WIJK.into(),
            ..SentQuestion::default()
        };
        check(&written, Ok(BY_WIJK));
        check(&SentQuestion::default(), Err("figure"));
    }
}
