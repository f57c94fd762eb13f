//! Words for people, in Dutch and English side by side.
//!
//! Code that says something to a user says it in both languages, at the place where it arises; a door picks one.

use serde::{Deserialize, Serialize};

use crate::words;

words! {
    in "zwerm_agreement::text";
    /// A language of the interface.
    pub enum Lang {
        /// Dutch, the first language.
        Nl = "nl",
        /// English.
        En = "en",
    }
}

/// One message in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The Dutch words.
    pub nl: String,
    /// The English words.
    pub en: String,
}

impl Text {
    /// A message in Dutch and English.
    ///
    /// ```
    /// use zwerm_agreement::text::{Lang, Text};
    /// let text = Text::new("vraag", "question");
    /// assert_eq!(text.get(Lang::Nl), "vraag");
    /// ```
    pub fn new(nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            nl: nl.into(),
            en: en.into(),
        }
    }

    /// Somebody's own words, which stay as they are in either language.
    ///
    /// ```
    /// use zwerm_agreement::text::Text;
    /// let reason = Text::same("te weinig tijd");
    /// assert_eq!(reason.nl, reason.en);
    /// ```
    pub fn same(words: impl Into<String>) -> Self {
        let nl = words.into();
        Self { en: nl.clone(), nl }
    }

    /// The words in one language.
    ///
    /// ```
    /// use zwerm_agreement::text::{Lang, Text};
    /// assert_eq!(Text::new("ja", "yes").get(Lang::En), "yes");
    /// ```
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.nl,
            Lang::En => &self.en,
        }
    }
}

impl std::fmt::Display for Text {
    /// Writes the English words, because logs and error chains are in English.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en)
    }
}

/// Several things that are wrong, each on a line of its own.
///
/// ```
/// assert_eq!(zwerm_agreement::text::lines(&["one", "two"]), "one\ntwo");
/// ```
pub fn lines<T: std::fmt::Display>(all: &[T]) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    all.join("\n")
}
