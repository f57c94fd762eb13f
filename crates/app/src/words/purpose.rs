//! A purpose as people say it: an agreement names it by one word, of which some are known by more than that.

use zwerm_agreement::text::Text;

/// Purposes that agreements have, in Dutch and in English.
const PURPOSES: [(&str, &str, &str); 6] = [
    ("housing-policy", "woonbeleid", "housing policy"),
    ("poverty-policy", "armoedebeleid", "poverty policy"),
    ("energy-policy", "energiebeleid", "energy policy"),
    ("health-policy", "gezondheidsbeleid", "health policy"),
    ("youth-policy", "jeugdbeleid", "youth policy"),
    ("research", "onderzoek", "research"),
];

/// A purpose in words; one that is not known as it is written, with spaces.
///
/// ```
/// use zwerm_app::words::purpose::purpose;
/// assert_eq!(purpose("housing-policy").nl, "woonbeleid");
/// assert_eq!(purpose("schoon_water").nl, "schoon water");
/// ```
pub fn purpose(code: &str) -> Text {
    let known = PURPOSES.iter().find(|(known, ..)| *known == code);
    known.map_or_else(
        || Text::same(code.replace(['_', '-'], " ")),
        |(_, nl, en)| Text::new(*nl, *en),
    )
}
