//! One version at a time: a version that comes into force ends every earlier version of the same id, for good.
//!
//! Also when it is suspended, objected to or past its last day since: what it replaced does not come back. So it is
//! asked of all that was said whether a version *ever* was in force on one of its days.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::agreement::Agreement;
use crate::consent::Consent;
use crate::digest::Digest;
use crate::force::in_force;
use crate::refusal::{Code, Refusal};
use crate::signature::ValidStatements;
use crate::status::StatusEvent;
use crate::text::Text;

/// The version that ends an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Successor {
    /// Its number, which is higher.
    pub version: u32,
    /// Its hash.
    pub hash: Digest,
    /// From this day on it applies instead.
    pub from: Date,
}

/// The first day of its validity on which the agreement was in force by what was said; nothing when it never was.
///
/// What is said now is believed of its whole validity; what was lifted or stopped since, of the days in between.
///
/// ```
/// use zwerm_agreement::{agreement::Document, sample, signature::ValidStatements, succession::first_day};
/// let document = Document::parse("sample.toml", sample::AGREEMENT)?;
/// let mut said = ValidStatements { consents: document.consents, ..ValidStatements::default() };
/// assert_eq!(first_day(&document.agreement, &said), Some(document.agreement.valid.from));
/// said.consents.pop();
/// assert_eq!(first_day(&document.agreement, &said), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn first_day(agreement: &Agreement, said: &ValidStatements) -> Option<Date> {
    let valid = &agreement.valid;
    if is_in_force(agreement, (&said.consents, &said.events), &said.zone) {
        return Some(valid.from);
    }
    let day = |at: Timestamp| said.zone.to_datetime(at).date();
    let moments = moments(said);
    let ends = moments.iter().skip(1).map(Some).chain([None]);
    moments.iter().zip(ends).find_map(|(at, end)| {
        let first = day(*at).max(valid.from);
        let last = end.map_or(valid.until, |end| day(*end).min(valid.until));
        (first <= last && was_in_force(agreement, said, *at)).then_some(first)
    })
}

/// When something was said, in order.
fn moments(said: &ValidStatements) -> Vec<Timestamp> {
    let consents = said.consents.iter().map(|consent| consent.at);
    let events = said.events.iter().map(|event| event.at);
    let mut moments: Vec<Timestamp> = consents.chain(events).collect();
    moments.sort_unstable();
    moments.dedup();
    moments
}

/// Whether the agreement was in force by what was said until a moment.
fn was_in_force(agreement: &Agreement, said: &ValidStatements, at: Timestamp) -> bool {
    let consents = said.consents.iter().filter(|c| c.at <= at).cloned();
    let events = said.events.iter().filter(|e| e.at <= at).cloned();
    let (consents, events): (Vec<_>, Vec<_>) = (consents.collect(), events.collect());
    is_in_force(agreement, (&consents, &events), &said.zone)
}

fn is_in_force(
    agreement: &Agreement,
    (consents, events): (&[Consent], &[StatusEvent]),
    zone: &TimeZone,
) -> bool {
    in_force(agreement, consents, events, agreement.valid.from, zone).is_ok()
}

/// Why a version that was replaced answers nothing.
pub(crate) fn replaced(agreement: &Agreement, by: &Successor) -> Refusal {
    let (id, version, next) = (&agreement.id, agreement.version, by.version);
    let what = Text::new(
        format!("versie {version} is vervangen: versie {next} werd van kracht"),
        format!("version {version} was replaced: version {next} came into force"),
    );
    let lifts = Text::new(
        format!("vraag het aan `{id}`: dat is de versie die van kracht is"),
        format!("ask `{id}`: that is the version in force"),
    );
    Refusal::new(Code::Superseded, what, lifts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::Document;
    use crate::consent::Decision;
    use crate::sample;
    use crate::status::StatusChange;

    fn sample() -> (Agreement, ValidStatements) {
        let document = Document::parse("sample.toml", sample::AGREEMENT).unwrap();
        let said = ValidStatements {
            consents: document.consents,
            ..ValidStatements::default()
        };
        (document.agreement, said)
    }

    fn day(at: Timestamp) -> Date {
        TimeZone::UTC.to_datetime(at).date()
    }

    fn suspended(at: &str) -> StatusEvent {
        StatusEvent {
            party: "corporatie".into(),
            change: StatusChange::Suspended,
            reason: "datalek".into(),
            at: at.parse().unwrap(),
            signature: None,
        }
    }

    fn objects(at: &str) -> Consent {
        Consent {
            party: "universiteit".into(),
            decision: Decision::Object,
            reason: Some("x".into()),
            lifts: Some("y".into()),
            at: at.parse().unwrap(),
            signature: None,
        }
    }

    #[test]
    fn what_was_in_force_once_stays_so_whatever_is_said_later() {
        let (agreement, mut said) = sample();
        let last = said.consents.iter().map(|c| c.at).max().unwrap();
        said.events.push(suspended("2026-06-01T00:00:00Z"));
        assert_eq!(first_day(&agreement, &said), Some(day(last)));
        said.consents.push(objects("2026-07-01T00:00:00Z"));
        assert_eq!(first_day(&agreement, &said), Some(day(last)));
    }

    #[test]
    fn what_was_stopped_before_its_first_day_never_was_in_force() {
        let (mut agreement, mut said) = sample();
        agreement.valid.from = "2026-06-02".parse().unwrap();
        said.events.push(suspended("2026-06-01T00:00:00Z"));
        assert_eq!(first_day(&agreement, &said), None);
        said.events.clear();
        assert_eq!(first_day(&agreement, &said), Some(agreement.valid.from));
    }

    #[test]
    fn an_objection_before_the_last_consent_kept_it_from_coming_into_force() {
        let (agreement, mut said) = sample();
        said.consents.retain(|c| c.party != "universiteit");
        said.consents.push(objects("2025-01-01T00:00:00Z"));
        assert_eq!(first_day(&agreement, &said), None);
    }
}
