//! What is wrong with a form, field by field: all of it at once, so that nobody mends one thing to hear of the next.

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode, Place};
use zwerm_agreement::text::Text;
use zwerm_agreement::unseen;

use crate::error::AppError;

/// Looks at the fields of a form, and keeps what is wrong.
#[derive(Debug, Default)]
pub struct Checks(Vec<Diagnostic>);

impl Checks {
    /// Something is wrong with a field.
    pub fn wrong(&mut self, field: &str, code: FaultCode, what: Text, cure: Text) {
        let field = field.to_owned();
        self.0
            .push(Diagnostic::new(code, what, cure).at(Place::Field(field)));
    }

    /// A field that must hold something, of so many characters at most; `name` is what people call it.
    pub fn text(&mut self, field: &str, name: &Text, value: &str, most: usize) -> String {
        let value = value.trim();
        if value.is_empty() {
            self.wrong(
                field,
                FaultCode::Empty,
                Text::new(
                    format!("{} is nog leeg", name.nl),
                    format!("{} is empty", name.en),
                ),
                Text::new("vul dit in", "fill it in"),
            );
        }
        if value.chars().count() > most {
            self.wrong(
                field,
                FaultCode::TooLong,
                Text::new(
                    format!("{} is langer dan {most} tekens", name.nl),
                    format!("{} is longer than {most} characters", name.en),
                ),
                Text::new("maak het korter", "make it shorter"),
            );
        }
        if let Some(fault) = unseen::fault(value) {
            self.wrong(field, fault.code, fault.what, fault.cure);
        }
        value.to_owned()
    }

    /// The same in two languages, in the fields `{field}_nl` and `{field}_en`.
    pub fn pair(&mut self, field: &str, name: &Text, value: &Text, most: usize) -> Text {
        let of = |nl: &str, en: &str| {
            Text::new(format!("{} {nl}", name.nl), format!("{} {en}", name.en))
        };
        let dutch = of("in het Nederlands", "in Dutch");
        let nl = self.text(&format!("{field}_nl"), &dutch, &value.nl, most);
        if value.en.trim().is_empty() {
            // Dutch alone is enough
            return Text::same(nl);
        }
        let english = of("in het Engels", "in English");
        let en = self.text(&format!("{field}_en"), &english, &value.en, most);
        Text::new(nl, en)
    }

    /// What somebody else found.
    pub fn add(&mut self, more: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(more);
    }

    /// Nothing, or all that is wrong.
    pub fn done(self) -> Result<(), AppError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(AppError::from(self.0))
        }
    }
}

/// Whether others can read a text as it is: it holds no characters that nobody sees.
///
/// # Errors
/// When it holds one.
pub fn readable(text: &str) -> Result<(), AppError> {
    unseen::fault(text).map_or(Ok(()), |fault| Err(AppError::Wrong(fault.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let mut checks = Checks::default();
        let name = Text::new("de titel", "the title");
        checks.pair("title", &name, &Text::new(" ", "xxxx"), 3);
        let Err(AppError::Wrong(wrong)) = checks.done() else {
            panic!("nothing is wrong");
        };
        let fields: Vec<&str> = wrong.0.iter().filter_map(|one| one.place.field()).collect();
        assert_eq!(fields, ["title_nl", "title_en"]);
        assert!(Checks::default().done().is_ok());
    }
}
