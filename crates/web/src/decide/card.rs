//! A project in a list: its table from above, how it stands, and who must move.

use jiff::Timestamp;
use zwerm_agreement::consent::{Decision, latest};
use zwerm_agreement::text::Text;
use zwerm_app::site::overview::Version;
use zwerm_app::site::standing::Standing;
use zwerm_app::words::listed;
use zwerm_picture::table::SeatMark;

use crate::marks::{Markup, SIDES, consenting, seats_of, table_of};

/// A project in a list.
pub(crate) struct ProjectCard {
    /// The page that it leads to.
    pub(crate) path: String,
    pub(crate) title: Text,
    pub(crate) standing: Standing,
    pub(crate) words: Text,
    pub(crate) table: Markup,
    /// How far it is.
    pub(crate) says: Text,
    /// Who must move, or what that means.
    pub(crate) next: Text,
    /// The last words of whoever objects or suspended it.
    pub(crate) quote: Option<String>,
    /// When the round closes.
    pub(crate) closes: Option<Timestamp>,
}

impl ProjectCard {
    /// The id of the project that it leads to.
    pub(crate) fn project(&self) -> &str {
        self.path.split('/').nth(2).unwrap_or_default()
    }
}

/// Pixels that the table of a card takes.
const TABLE: u32 = 84;
/// Characters of a quote; the page has all of it.
const LONGEST_QUOTE: usize = 90;

/// The card of a version, which leads to this page.
pub(crate) fn card(version: &Version, path: String, closes: Option<Timestamp>) -> ProjectCard {
    let agreement = version.agreement();
    let (says, next) = how_far(version);
    ProjectCard {
        path,
        title: agreement.title.clone(),
        standing: version.standing,
        words: version.standing.words(),
        table: table_of(version, TABLE),
        says,
        next,
        quote: quote(version).map(shortened),
        closes,
    }
}

/// How far a version is, and who must move.
pub(crate) fn how_far(version: &Version) -> (Text, Text) {
    match version.standing {
        Standing::InForce => (
            Text::new(
                "Alle kanten van de tafel stemden in.",
                "All sides of the table consented.",
            ),
            Text::default(),
        ),
        Standing::AwaitsConsent => (
            consented(version),
            with_sides(
                version,
                SeatMark::Deciding,
                ("Beslissen nog:", "Still to decide:"),
            ),
        ),
        Standing::Objected => (
            with_sides(
                version,
                SeatMark::Objects,
                ("Bezwaar van:", "Objection by:"),
            ),
            Text::new("Er is een nieuwe versie nodig.", "A new version is needed."),
        ),
        Standing::Suspended => (
            Text::default(),
            Text::new(
                "Niemand kan nu iets vragen.",
                "Nobody can ask anything now.",
            ),
        ),
        Standing::NotYetValid => (
            Text::new(
                "Alle kanten van de tafel stemden in.",
                "All sides of the table consented.",
            ),
            Text::new("De eerste dag komt nog.", "The first day is yet to come."),
        ),
        Standing::Ended | Standing::Superseded | Standing::Expired => (
            Text::default(),
            Text::new(
                "Er wordt niets meer gevraagd.",
                "Nothing is asked any more.",
            ),
        ),
    }
}

fn consented(version: &Version) -> Text {
    let (given, all) = (consenting(version), SIDES.len());
    let verb = if given == 1 { "stemde" } else { "stemden" };
    Text::new(
        format!("{given} van de {all} kanten {verb} in."),
        format!("{given} of {all} sides consented."),
    )
}

/// These words and the sides that stand so; nothing when none does.
fn with_sides(version: &Version, stand: SeatMark, (nl, en): (&str, &str)) -> Text {
    let seats = seats_of(version).into_iter();
    let so = seats.filter(|(_, mark)| *mark == stand);
    let sides = listed(so.map(|(side, _)| side.name()));
    if sides.nl.is_empty() {
        return Text::default();
    }
    Text::new(format!("{nl} {}.", sides.nl), format!("{en} {}.", sides.en))
}

/// What whoever stops it said.
fn quote(version: &Version) -> Option<String> {
    let consents = &version.stored.document.consents;
    match version.standing {
        Standing::Objected => {
            let said = version
                .agreement()
                .seats()
                .filter_map(|party| latest(consents, &party.id));
            let mut objecting = said.filter(|said| said.decision == Decision::Object);
            objecting.find_map(|said| said.reason.clone())
        }
        Standing::Suspended => {
            let mut events = version.stored.events.iter().rev();
            events.next().map(|event| event.reason.clone())
        }
        _ => None,
    }
}

fn shortened(quote: String) -> String {
    if quote.chars().count() <= LONGEST_QUOTE {
        return quote;
    }
    let cut: String = quote.chars().take(LONGEST_QUOTE).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", cut.get(..end).unwrap_or(&cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_quote_ends_at_a_word() {
        let long = "woorden ".repeat(30);
        let short = shortened(long);
        assert!(short.ends_with("woorden…") && short.chars().count() <= LONGEST_QUOTE + 1);
        assert_eq!(shortened("kort".to_owned()), "kort");
    }
}
