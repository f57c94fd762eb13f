//! Text that a spreadsheet would take for a formula, made text again before it goes into a CSV.
//!
//! A name of a column is what somebody typed. Opened in a spreadsheet, `=HYPERLINK(…)` or `+cmd|…` would be carried out on the
//! machine of whoever reads the answer (OWASP, *CSV Injection*). Numbers and ordinary words stay as they are.

use std::borrow::Cow;

/// The text with an apostrophe before it when a spreadsheet would calculate it.
///
/// ```
/// use zwerm_app::words::formula::defused;
/// assert_eq!(defused("=HYPERLINK(\"…\")"), "'=HYPERLINK(\"…\")");
/// assert_eq!(defused("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
/// for harmless in ["wijk", "-18 jaar", "+65", "-", "a=b", ""] {
///     assert_eq!(defused(harmless), harmless);
/// }
/// ```
pub fn defused(text: &str) -> Cow<'_, str> {
    let mut rest = text.chars();
    let calculates = match rest.next() {
        Some('=' | '@' | '\t' | '\r' | '\n') => true,
        Some('+' | '-') => !rest.all(is_plain),
        _ => false,
    };
    if calculates {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What a number, a range or a word is written with.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '-' | '%')
}
