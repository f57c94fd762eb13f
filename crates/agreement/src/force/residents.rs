//! Residents at the table: a party with a mandate of the people concerned must have consented after it got the mandate.

use jiff::tz::TimeZone;

use super::consent_of;
use crate::agreement::{Agreement, Party};
use crate::consent::Consent;
use crate::refusal::{Code, Refusal};
use crate::text::Text;

/// Why a party that could represent the people concerned does not represent them yet.
enum Lack {
    NoMandate,
    NoConsent,
    MandateTooLate,
}

/// Why nobody represents the people concerned; nothing when a party does.
pub(super) fn not_represented(
    agreement: &Agreement,
    consents: &[Consent],
    zone: &TimeZone,
) -> Option<Refusal> {
    let people = &agreement.about.id;
    let candidates: Vec<&Party> = agreement
        .seats()
        .filter(|p| agreement.represents(&p.id))
        .collect();
    if candidates.is_empty() {
        let what = Text::new(
            format!(
                "geen partner van inwoners vertegenwoordigt `{people}`, de mensen om wie het gaat"
            ),
            format!("no residents' party represents `{people}`, the people concerned"),
        );
        let lifts = Text::new(
            format!("een partner van inwoners met `represents = \"{people}\"` en een mandaat"),
            format!("a residents' party with `represents = \"{people}\"` and a mandate"),
        );
        return Some(Refusal::new(Code::NotRepresented, what, lifts).under("about.id"));
    }
    let mut lacking = None;
    for party in candidates {
        let lack = lack(party, consents, zone)?;
        lacking.get_or_insert((party, lack));
    }
    lacking.map(|(party, lack)| unrepresented_by(party, &lack))
}

fn lack(party: &Party, consents: &[Consent], zone: &TimeZone) -> Option<Lack> {
    let Some(mandate) = &party.mandate else {
        return Some(Lack::NoMandate);
    };
    let Some(consent) = consent_of(consents, &party.id) else {
        return Some(Lack::NoConsent);
    };
    let day = zone.to_datetime(consent.at).date();
    (mandate.on > day).then_some(Lack::MandateTooLate)
}

fn unrepresented_by(party: &Party, lack: &Lack) -> Refusal {
    let id = &party.id;
    let (what, lifts, condition) = match lack {
        Lack::NoMandate => (
            Text::new(
                format!("`{id}` heeft geen mandaat van de mensen om wie het gaat"),
                format!("`{id}` has no mandate of the people concerned"),
            ),
            Text::new(
                "een besluit van die mensen zelf, of een geloot panel, dat in de afspraak staat",
                "a decision of these people themselves, or a drawn panel, written in the agreement",
            ),
            format!("party.{id}.represents"),
        ),
        Lack::NoConsent => (
            Text::new(
                format!(
                    "`{id}` vertegenwoordigt de mensen om wie het gaat en heeft niet ingestemd"
                ),
                format!("`{id}` represents the people concerned and has not consented"),
            ),
            Text::new(
                format!("de instemming van `{id}`"),
                format!("the consent of `{id}`"),
            ),
            format!("party.{id}.represents"),
        ),
        Lack::MandateTooLate => (
            Text::new(
                format!("`{id}` stemde in voordat het mandaat er was"),
                format!("`{id}` consented before it had its mandate"),
            ),
            Text::new(
                format!("een nieuwe instemming van `{id}`"),
                format!("a new consent of `{id}`"),
            ),
            format!("party.{id}.mandate"),
        ),
    };
    Refusal::new(Code::NotRepresented, what, lifts)
        .under(condition)
        .owned_by(id)
}
