//! A project in a list: its table from above, how it stands, and who must move.

use jiff::Timestamp;
use zwerm_agreement::agreement::{Helix, Party};
use zwerm_agreement::consent::{Consent, Decision, latest};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::site::overview::Version;
use zwerm_app::site::standing::Standing;

use crate::marks::{Markup, SIDES, table_of};

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
    let deciding = of_sides(version, |said| said.is_none());
    let objecting = of_sides(version, |said| {
        said.is_some_and(|said| said.decision == Decision::Object)
    });
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
            match deciding.as_slice() {
                [] => Text::default(),
                sides => Text::new(
                    format!("Nu aan zet: {}.", listed(sides, Lang::Nl)),
                    format!("Their turn: {}.", listed(sides, Lang::En)),
                ),
            },
        ),
        Standing::Objected => (
            Text::new(
                format!("Bezwaar van: {}.", listed(&objecting, Lang::Nl)),
                format!("Objection by: {}.", listed(&objecting, Lang::En)),
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
    let open = of_sides(version, |said| {
        said.is_none_or(|said| said.decision == Decision::Object)
    });
    let given = SIDES.len() - open.len();
    Text::new(
        format!("{given} van de {} kanten stemden in.", SIDES.len()),
        format!("{given} of {} sides consented.", SIDES.len()),
    )
}

/// The sides of which a party, or nobody yet, is as wanted.
fn of_sides(version: &Version, wanted: impl Fn(Option<&Consent>) -> bool) -> Vec<Helix> {
    let agreement = version.agreement();
    let consents = &version.stored.document.consents;
    let is_wanted = |side: &Helix| {
        let seats: Vec<&Party> = agreement
            .seats()
            .filter(|party| party.helix == Some(*side))
            .collect();
        let mut said = seats.iter().map(|party| latest(consents, &party.id));
        (seats.is_empty() && wanted(None)) || said.any(&wanted)
    };
    SIDES.into_iter().filter(is_wanted).collect()
}

fn listed(sides: &[Helix], lang: Lang) -> String {
    let names = sides.iter().map(|side| side.name().get(lang).to_owned());
    let names: Vec<String> = names.collect();
    names.join(", ")
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
