//! How a project came about: what parties said of its versions and did to them, the newest last.

use jiff::Timestamp;
use zwerm_agreement::consent::Decision;
use zwerm_agreement::text::Text;
use zwerm_app::site::overview::{Dossier, Version};
use zwerm_app::words::agreement::{decision, status_change};

use crate::marks::PartyMark;

/// What a party said or did.
pub(crate) struct HistoryLine {
    pub(crate) at: Timestamp,
    pub(crate) party: PartyMark,
    pub(crate) what: Text,
    pub(crate) version: u32,
    /// In its own words.
    pub(crate) said: Option<String>,
}

/// The newest lines on the page of a project; the log has all.
const LINES: usize = 20;

/// The history of a project.
pub(crate) fn history(dossier: &Dossier) -> Vec<HistoryLine> {
    let mut lines: Vec<HistoryLine> = dossier.versions().iter().flat_map(of_version).collect();
    lines.sort_by_key(|line| line.at);
    lines.split_off(lines.len().saturating_sub(LINES))
}

fn of_version(version: &Version) -> Vec<HistoryLine> {
    let agreement = version.agreement();
    let line = |at, party: &str, what, said| HistoryLine {
        at,
        party: PartyMark::of(agreement, party),
        what,
        version: agreement.version,
        said,
    };
    let consents = version.stored.document.consents.iter().map(|said| {
        let words = said
            .reason
            .clone()
            .filter(|_| said.decision != Decision::Consent);
        line(said.at, &said.party, decision(said.decision), words)
    });
    let events = version.stored.events.iter().map(|event| {
        let reason = Some(event.reason.clone()).filter(|reason| !reason.is_empty());
        line(event.at, &event.party, status_change(event.change), reason)
    });
    consents.chain(events).collect()
}
