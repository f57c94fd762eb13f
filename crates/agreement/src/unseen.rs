//! Characters that nobody sees, and that change what others read: a name or a reason that everybody is to read holds none.
//!
//! Control characters can clear a terminal or end a line early. The marks of the Unicode bidirectional algorithm (UAX 9)
//! turn the text around them, and characters without width or ink are not seen at all, so that two different texts look the
//! same. The two joiners (U+200C, U+200D) stay: Persian and emoji are written with them.

use crate::diagnostic::{Diagnostic, FaultCode};
use crate::text::Text;

/// The first character of a text that nobody sees; line ends and tabs are fine.
///
/// ```
/// use zwerm_agreement::unseen::unseen;
/// assert_eq!(unseen("Huurders\u{202e}vereniging"), Some('\u{202e}'));
/// assert_eq!(unseen("Noor\u{200b}"), Some('\u{200b}'));
/// assert_eq!(unseen("twee\n\tregels, één euro: €"), None);
/// ```
pub fn unseen(text: &str) -> Option<char> {
    text.chars().find(|c| is_unseen(*c))
}

/// Whether a character has no ink or turns the text around it; control characters and the two joiners are not among these.
///
/// ```
/// use zwerm_agreement::unseen::is_invisible;
/// assert!(is_invisible('\u{200b}') && !is_invisible('\u{200d}') && !is_invisible(' '));
/// ```
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

pub(crate) fn is_unseen(c: char) -> bool {
    is_invisible(c) || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// What is wrong with a text that holds such a character; nothing when it holds none.
///
/// ```
/// use zwerm_agreement::unseen::fault;
/// assert!(fault("a\u{7}b").unwrap().what.en.contains("U+0007"));
/// assert_eq!(fault("ab"), None);
/// ```
pub fn fault(text: &str) -> Option<Diagnostic> {
    unseen(text).map(of)
}

pub(crate) fn of(c: char) -> Diagnostic {
    let code = format!("U+{:04X}", u32::from(c));
    Diagnostic::new(
        FaultCode::Malformed,
        Text::new(
            format!(
                "hier staat een teken dat niemand ziet ({code}) en dat de tekst eromheen kan veranderen"
            ),
            format!(
                "there is a character here that nobody sees ({code}) and that can change the text around it"
            ),
        ),
        Text::new(
            "wis het, of typ de woorden eromheen opnieuw",
            "delete it, or type the words around it again",
        ),
    )
}
