//! What happened to an agreement after consent: suspended, resumed, ended.
//!
//! Who may do what:
//! - **suspend**: any provider of a dataset, and a residents' party that represents the people concerned;
//! - **resume**: whoever suspended, and nobody in their place. The other way out is a decision of everybody: a new
//!   version of the agreement, which starts unsuspended because it is another document;
//! - **end** before the last day: whoever may suspend, since they could suspend for good.
//!
//! An event by anyone else changes nothing.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::agreement::Agreement;
use crate::words;

words! {
    in "zwerm_agreement::status";
    /// What a party did to an agreement.
    pub enum StatusChange {
        /// Suspended at once.
        Suspended = "suspended",
        /// The party's own suspension was lifted.
        Resumed = "resumed",
        /// Ended by decision, for good.
        Ended = "ended",
    }
}

/// Something that a party did to an agreement that was in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusEvent {
    /// The id of the party that did it.
    pub party: String,
    /// What it did.
    pub change: StatusChange,
    /// The reason that the party gave.
    pub reason: String,
    /// The moment that the party named.
    pub at: Timestamp,
    /// The party's signature; see [`crate::signature`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// Whether the party may suspend, and so also end, the agreement.
///
/// ```
/// use zwerm_agreement::{agreement::Document, status::may_suspend};
/// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
/// assert!(may_suspend(&agreement, "corporatie"));
/// assert!(may_suspend(&agreement, "huurdersvereniging"));
/// assert!(!may_suspend(&agreement, "universiteit"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn may_suspend(agreement: &Agreement, party: &str) -> bool {
    agreement.provides(party) || agreement.represents(party)
}

/// The suspensions that were not lifted, oldest first: at most one per party, its latest.
///
/// ```
/// use zwerm_agreement::{agreement::Document, status::{StatusChange, StatusEvent, suspensions}};
/// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
/// let event = |party: &str, change, at: &str| StatusEvent {
///     party: party.into(), change, reason: "datalek".into(), at: at.parse().unwrap(), signature: None,
/// };
/// let suspended = event("corporatie", StatusChange::Suspended, "2026-02-01T00:00:00Z");
/// let resumed = event("corporatie", StatusChange::Resumed, "2026-02-02T00:00:00Z");
/// assert_eq!(suspensions(&agreement, &[suspended.clone()]).len(), 1);
/// assert!(suspensions(&agreement, &[resumed, suspended]).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn suspensions<'e>(agreement: &Agreement, events: &'e [StatusEvent]) -> Vec<&'e StatusEvent> {
    let mut standing: Vec<&StatusEvent> = Vec::new();
    for event in in_order(agreement, events) {
        match event.change {
            StatusChange::Suspended => {
                standing.retain(|s| s.party != event.party);
                standing.push(event);
            }
            StatusChange::Resumed => standing.retain(|s| s.party != event.party),
            StatusChange::Ended => {}
        }
    }
    standing
}

/// The first decision that ended the agreement, if there is one. What is ended stays ended.
///
/// ```
/// use zwerm_agreement::{agreement::Document, status::ended};
/// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
/// assert_eq!(ended(&agreement, &[]), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn ended<'e>(agreement: &Agreement, events: &'e [StatusEvent]) -> Option<&'e StatusEvent> {
    in_order(agreement, events)
        .into_iter()
        .find(|event| event.change == StatusChange::Ended)
}

/// The last day on which answers under the agreement are kept and may be read: so many months after it ended, by its
/// end date or before that by decision, on a day of the zone.
///
/// ```
/// use zwerm_agreement::{agreement::Document, status::{StatusChange, StatusEvent, retained_until}};
/// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
/// let zone = jiff::tz::TimeZone::UTC;
/// assert_eq!(retained_until(&agreement, &[], &zone).to_string(), "2029-12-31");
/// let ended = StatusEvent {
///     party: "corporatie".into(), change: StatusChange::Ended, reason: "klaar".into(),
///     at: "2026-05-31T10:00:00Z".parse()?, signature: None,
/// };
/// assert_eq!(retained_until(&agreement, &[ended], &zone).to_string(), "2028-05-31");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn retained_until(agreement: &Agreement, events: &[StatusEvent], zone: &TimeZone) -> Date {
    let until = agreement.valid.until;
    let decided = ended(agreement, events).map(|event| zone.to_datetime(event.at).date());
    let last = decided.map_or(until, |day| day.min(until));
    let span = Span::new().try_months(agreement.retention.months);
    span.and_then(|span| last.checked_add(span))
        .unwrap_or(Date::MAX)
}

/// Events that apply, by time; at one moment a suspension comes after a resumption, to be on the safe side.
fn in_order<'e>(agreement: &Agreement, events: &'e [StatusEvent]) -> Vec<&'e StatusEvent> {
    let mut counting: Vec<_> = events
        .iter()
        .filter(|event| may_suspend(agreement, &event.party))
        .collect();
    counting.sort_by_key(|event| (event.at, event.change != StatusChange::Resumed));
    counting
}
