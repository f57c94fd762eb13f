//! Words that several commands say of an agreement.

use jiff::civil::Date;
use zwerm_commons::refusal::{Code, Refusal};
use zwerm_commons::status::{Change, Event};
use zwerm_commons::text::{Lang, Text};

use crate::app::home::DataState;

/// How an agreement stands, in a few words.
pub(super) fn status(lacking: &[Refusal]) -> Text {
    let has = |code| lacking.iter().any(|refusal| refusal.code == code);
    if lacking.is_empty() {
        Text::new("van kracht", "in force")
    } else if has(Code::Ended) {
        Text::new("beëindigd", "ended")
    } else if has(Code::Expired) {
        Text::new("verlopen", "expired")
    } else if has(Code::Suspended) {
        Text::new("opgeschort", "suspended")
    } else if has(Code::Objection) {
        Text::new("overwegend bezwaar", "paramount objection")
    } else if lacking.iter().all(|r| r.code == Code::NotYetValid) {
        Text::new("gaat nog in", "not valid yet")
    } else {
        Text::new("wacht op instemming", "awaits consent")
    }
}

/// A line that says whether an agreement is in force, and announces the reasons when it is not.
pub(super) fn standing(lacking: &[Refusal], today: Date, lang: Lang) -> String {
    let text = if lacking.is_empty() {
        Text::new(
            format!("Van kracht op {today}.\n"),
            format!("In force on {today}.\n"),
        )
    } else {
        Text::new(
            format!("Niet van kracht op {today}:\n"),
            format!("Not in force on {today}:\n"),
        )
    };
    text.get(lang).to_owned()
}

/// Where a dataset's data are.
pub(super) fn state(state: DataState) -> Text {
    match state {
        DataState::Copied => Text::new(
            "gegevens nagekeken en in het huis gezet",
            "data checked and copied into the home",
        ),
        DataState::WasThere => Text::new("gegevens zijn er", "data are there"),
        DataState::Checked => {
            Text::new("gegevens nagekeken en in orde", "data checked and in order")
        }
        DataState::Missing => Text::new("gegevens ontbreken nog", "data are still missing"),
    }
}

/// What happened.
pub(super) fn event(event: &Event) -> Text {
    let (party, reason) = (&event.party, &event.reason);
    match event.change {
        Change::Suspended => Text::new(
            format!("opgeschort door `{party}`: {reason}"),
            format!("suspended by `{party}`: {reason}"),
        ),
        Change::Resumed => Text::new(
            format!("opschorting opgeheven door `{party}`: {reason}"),
            format!("suspension lifted by `{party}`: {reason}"),
        ),
        Change::Ended => Text::new(
            format!("beëindigd door `{party}`: {reason}"),
            format!("ended by `{party}`: {reason}"),
        ),
    }
}
