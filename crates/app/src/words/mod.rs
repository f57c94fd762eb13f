//! Words that the doors share: the command line and the pages say the same of the same thing.

use zwerm_agreement::text::Text;

pub mod agreement;
pub mod answer;
pub mod column;
pub mod condition;
pub mod entry;
pub mod fault;
pub mod formula;
pub mod number;
pub mod purpose;
pub mod refusal;
pub mod sheet;
pub mod title;
pub mod unit;
pub mod workbook;

/// With a capital, as a sentence begins; no Dutch capital has an accent for stress.
///
/// ```
/// use zwerm_app::words::capital;
/// assert_eq!((capital("één persoon"), capital("élan")), ("Eén persoon".to_owned(), "Élan".to_owned()));
/// assert_eq!(capital(""), "");
/// ```
pub fn capital(words: &str) -> String {
    if let Some(rest) = words.strip_prefix("één") {
        return format!("Eén{rest}");
    }
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Several names in a row: `a, b, c`.
///
/// ```
/// use zwerm_agreement::text::Text;
/// use zwerm_app::words::listed;
/// let both = [Text::new("inwoners", "residents"), Text::new("kennis", "knowledge")];
/// assert_eq!(listed(both), Text::new("inwoners, kennis", "residents, knowledge"));
/// ```
pub fn listed(names: impl IntoIterator<Item = Text>) -> Text {
    let (nl, en): (Vec<String>, Vec<String>) =
        names.into_iter().map(|name| (name.nl, name.en)).unzip();
    Text::new(nl.join(", "), en.join(", "))
}
