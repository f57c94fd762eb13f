//! Whether an agreement is in force: every reason why not, at once.
//!
//! An agreement needs the consent of every provider of data, of at least one party on each side of the table, and of a
//! residents' party that represents exactly the people concerned, with a mandate. No objection may be open, and the
//! agreement must be neither suspended nor ended, and valid today.

mod residents;

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::agreement::{Agreement, Helix};
use crate::condition::amend;
use crate::consent::{Consent, Decision, latest};
use crate::refusal::{Code, Refusal};
use crate::status::{StatusEvent, ended, suspensions};
use crate::text::Text;

/// Proof that an agreement is in force on a day: only [`in_force`] and
/// [`in_force_signed`](crate::signature::in_force_signed) make one.
///
/// What builds a release or runs a question under an agreement requires it, so that neither can be done without a
/// check.
///
/// ```
/// use zwerm_agreement::{agreement::Document, force::in_force, sample};
/// let document = Document::parse("sample.toml", sample::AGREEMENT)?;
/// let (today, zone) = ("2026-03-01".parse()?, jiff::tz::TimeZone::UTC);
/// let force = in_force(&document.agreement, &document.consents, &[], today, &zone);
/// let force = force.map_err(|refusals| refusals[0].to_string())?;
/// assert_eq!(force.agreement().id, document.agreement.id);
/// assert_eq!(force.day().to_string(), "2026-03-01");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It cannot be made by hand:
///
/// ```compile_fail
/// use zwerm_agreement::{agreement::Document, force::InForce, sample};
/// let agreement = Document::parse("sample.toml", sample::AGREEMENT).unwrap().agreement;
/// let force = InForce { agreement: &agreement, day: "2026-03-01".parse().unwrap() };
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InForce<'a> {
    agreement: &'a Agreement,
    day: Date,
}

impl<'a> InForce<'a> {
    /// The agreement that is in force.
    pub fn agreement(self) -> &'a Agreement {
        self.agreement
    }

    /// The day on which the agreement is in force.
    pub fn day(self) -> Date {
        self.day
    }
}

/// Whether the agreement is in force on a day of a zone. The consents must be consents to this very version.
///
/// A mandate must date from the day of the consent, in that zone, or before.
///
/// # Errors
/// Every reason why the agreement is not in force.
///
/// ```
/// use zwerm_agreement::{agreement::Document, force::in_force, refusal::Code, sample};
/// let document = Document::parse("sample.toml", sample::AGREEMENT)?;
/// let (agreement, consents) = (&document.agreement, &document.consents);
/// let zone = jiff::tz::TimeZone::UTC;
/// assert!(in_force(agreement, consents, &[], "2026-03-01".parse()?, &zone).is_ok());
///
/// let refusals = in_force(agreement, consents, &[], "2030-01-01".parse()?, &zone).unwrap_err();
/// assert_eq!(refusals[0].code, Code::Expired);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn in_force<'a>(
    agreement: &'a Agreement,
    consents: &[Consent],
    events: &[StatusEvent],
    today: Date,
    zone: &TimeZone,
) -> Result<InForce<'a>, Vec<Refusal>> {
    let mut refusals = Vec::new();
    refusals.extend(sides_missing(agreement, consents));
    refusals.extend(providers_missing(agreement, consents));
    refusals.extend(residents::not_represented(agreement, consents, zone));
    refusals.extend(objections(agreement, consents));
    refusals.extend(stopped(agreement, events));
    refusals.extend(outside_validity(agreement, today));
    if refusals.is_empty() {
        Ok(InForce {
            agreement,
            day: today,
        })
    } else {
        Err(refusals)
    }
}

/// The party's latest decision, if that is consent, with or without a concern.
fn consent_of<'c>(consents: &'c [Consent], party: &str) -> Option<&'c Consent> {
    latest(consents, party).filter(|c| c.decision != Decision::Object)
}

fn sides_missing(agreement: &Agreement, consents: &[Consent]) -> Vec<Refusal> {
    let missing = |helix: &&Helix| {
        let mut side = agreement.seats().filter(|p| p.helix == Some(**helix));
        !side.any(|p| consent_of(consents, &p.id).is_some())
    };
    Helix::ALL
        .iter()
        .filter(missing)
        .map(|helix| side_missing(agreement, *helix))
        .collect()
}

fn side_missing(agreement: &Agreement, helix: Helix) -> Refusal {
    let side = helix.name();
    let what = Text::new(
        format!("van de kant {} heeft nog niemand ingestemd", side.nl),
        format!("nobody at the side of {} has consented yet", side.en),
    );
    let seats: Vec<_> = agreement
        .seats()
        .filter(|p| p.helix == Some(helix))
        .map(|p| p.id.as_str())
        .collect();
    let lifts = match seats.as_slice() {
        [] => Text::new(
            format!(
                "een partner van de kant {} die aan tafel komt en instemt",
                side.nl
            ),
            format!(
                "a party at the side of {} that joins the table and consents",
                side.en
            ),
        ),
        [only] => Text::new(
            format!("de instemming van `{only}`"),
            format!("the consent of `{only}`"),
        ),
        several => {
            let any = several.join("`, `");
            Text::new(
                format!("de instemming van een van deze: `{any}`"),
                format!("the consent of one of these: `{any}`"),
            )
        }
    };
    let refusal = Refusal::new(Code::SideMissing, what, lifts);
    match seats.as_slice() {
        [only] => refusal.owned_by(*only),
        _ => refusal,
    }
}

fn providers_missing(agreement: &Agreement, consents: &[Consent]) -> Vec<Refusal> {
    let providers: BTreeSet<&str> = agreement
        .dataset
        .iter()
        .map(|d| d.provider.as_str())
        .collect();
    let missing = providers
        .into_iter()
        .filter(|p| consent_of(consents, p).is_none());
    missing
        .map(|party| provider_missing(agreement, party))
        .collect()
}

fn provider_missing(agreement: &Agreement, party: &str) -> Refusal {
    let provided: Vec<_> = agreement
        .dataset
        .iter()
        .filter(|d| d.provider == party)
        .map(|d| d.id.as_str())
        .collect();
    let listed = provided.join(", ");
    let what = Text::new(
        format!("`{party}` levert {listed} en heeft niet ingestemd"),
        format!("`{party}` provides {listed} and has not consented"),
    );
    let lifts = Text::new(
        format!("de instemming van `{party}`"),
        format!("the consent of `{party}`"),
    );
    let refusal = Refusal::new(Code::ProviderMissing, what, lifts).owned_by(party);
    match provided.first() {
        Some(id) => refusal.under(format!("dataset.{id}.provider")),
        None => refusal,
    }
}

fn objections(agreement: &Agreement, consents: &[Consent]) -> Vec<Refusal> {
    let objecting = agreement
        .seats()
        .filter_map(|party| latest(consents, &party.id).filter(|c| c.decision == Decision::Object));
    objecting.map(objection).collect()
}

fn objection(consent: &Consent) -> Refusal {
    let party = &consent.party;
    let reason = consent.reason.as_deref().unwrap_or("—");
    let what = Text::new(
        format!("`{party}` heeft een overwegend bezwaar: {reason}"),
        format!("`{party}` has an objection that blocks: {reason}"),
    );
    let lifts = match &consent.lifts {
        Some(lifts) => Text::same(lifts),
        None => Text::new(
            format!("`{party}` trekt het bezwaar in"),
            format!("`{party}` withdraws the objection"),
        ),
    };
    Refusal::new(Code::Objection, what, lifts).owned_by(party)
}

fn stopped(agreement: &Agreement, events: &[StatusEvent]) -> Vec<Refusal> {
    let suspended = suspensions(agreement, events).into_iter().map(suspension);
    suspended.chain(ended(agreement, events).map(end)).collect()
}

fn suspension(event: &StatusEvent) -> Refusal {
    let (party, reason) = (&event.party, &event.reason);
    let what = Text::new(
        format!("`{party}` heeft de afspraak opgeschort: {reason}"),
        format!("`{party}` suspended the agreement: {reason}"),
    );
    let lifts = Text::new(
        format!(
            "`{party}` heft de opschorting op, of alle partners stemmen in met een nieuwe versie"
        ),
        format!("`{party}` lifts the suspension, or all parties consent to a new version"),
    );
    Refusal::new(Code::Suspended, what, lifts).owned_by(party)
}

fn end(event: &StatusEvent) -> Refusal {
    let (party, reason) = (&event.party, &event.reason);
    let what = Text::new(
        format!("`{party}` heeft de afspraak beëindigd: {reason}"),
        format!("`{party}` ended the agreement: {reason}"),
    );
    let lifts = Text::new("een nieuwe afspraak", "a new agreement");
    Refusal::new(Code::Ended, what, lifts).owned_by(party)
}

fn outside_validity(agreement: &Agreement, today: Date) -> Option<Refusal> {
    let (from, until) = (agreement.valid.from, agreement.valid.until);
    if today < from {
        let what = Text::new(
            format!("de afspraak geldt pas vanaf {from}"),
            format!("the agreement is only valid from {from} on"),
        );
        let lifts = Text::new(
            format!("wachten tot {from}"),
            format!("waiting until {from}"),
        );
        return Some(Refusal::new(Code::NotYetValid, what, lifts).under("valid.from"));
    }
    if today > until {
        let what = Text::new(
            format!("de afspraak gold tot en met {until}"),
            format!("the agreement was valid up to and including {until}"),
        );
        let lifts = amend(agreement, "valid.until");
        return Some(Refusal::new(Code::Expired, what, lifts).under("valid.until"));
    }
    None
}

#[cfg(test)]
mod tests;
