//! What most people ask about first of what the computer keeps to: made from the settings, never typed by anybody.

use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::condition;
use zwerm_agreement::text::{Lang, Text};

use crate::words::unit;

/// The conditions that come first, by their paths.
const MAIN: [&str; 7] = [
    "protection.minimum_units",
    "protection.round_to",
    "protection.dominance",
    "protection.p_percent",
    "protection.max_dimensions",
    "purpose",
    "answers",
];

/// What the computer keeps to under an agreement, in the words of its own unit.
///
/// ```
/// use zwerm_agreement::{agreement::Document, sample};
/// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// let main = zwerm_app::words::condition::main(&agreement);
/// assert_eq!(main[0].nl, "een getal gaat over minstens 10 huishoudens");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn main(agreement: &Agreement) -> Vec<Text> {
    let all = condition::enforced(agreement);
    let found = MAIN
        .iter()
        .filter_map(|path| all.iter().find(|one| one.path == *path));
    found
        .map(|one| in_units(agreement, one.words.clone()))
        .collect()
}

/// The same words with the unit of the agreement, where all its views are about one that is known.
fn in_units(agreement: &Agreement, words: Text) -> Text {
    let units = agreement.view.iter().map(|view| view.unit.as_str());
    let units: std::collections::BTreeSet<&str> = units.collect();
    let mut units = units.into_iter();
    let (Some(unit), None) = (units.next(), units.next()) else {
        return words;
    };
    let of = |lang| (unit::one(unit, lang).to_owned(), unit::several(unit, lang));
    let ((one_nl, all_nl), (one_en, all_en)) = (of(Lang::Nl), of(Lang::En));
    if all_nl.starts_with("aantal") {
        return words;
    }
    Text::new(
        words
            .nl
            .replace("eenheden", &all_nl)
            .replace("eenheid", &one_nl),
        words.en.replace("units", &all_en).replace("unit", &one_en),
    )
}
