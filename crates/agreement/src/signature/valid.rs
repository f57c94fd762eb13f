//! What applies of all that was said: what restricts, and what its party's key signed.

use jiff::tz::TimeZone;

use super::{SignatureState, signed};
use crate::agreement::Agreement;
use crate::consent::{Consent, latest};
use crate::digest::Digest;
use crate::refusal::{Code, Refusal};
use crate::status::StatusEvent;
use crate::succession::Successor;
use crate::text::Text;

/// What applies of what was said, when signatures are required.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidStatements {
    /// The consents that apply.
    pub consents: Vec<Consent>,
    /// The events that apply.
    pub events: Vec<StatusEvent>,
    /// Parties whose latest consent does not apply, and why not.
    pub unsigned: Vec<Refusal>,
    /// Of each consent that was said, in its order, whether it is signed.
    pub consent_states: Vec<SignatureState>,
    /// The same of each event.
    pub event_states: Vec<SignatureState>,
    /// The version that ends this one, where there is one; see [`crate::succession`].
    pub superseded: Option<Successor>,
    /// The zone whose days they are about.
    pub zone: TimeZone,
}

impl Default for ValidStatements {
    /// Nothing that was said, with days in UTC.
    fn default() -> Self {
        Self {
            consents: Vec::new(),
            events: Vec::new(),
            unsigned: Vec::new(),
            consent_states: Vec::new(),
            event_states: Vec::new(),
            superseded: None,
            zone: TimeZone::UTC,
        }
    }
}

/// Which consents and events apply to the agreement with this hash: those that restrict, and those that are signed.
///
/// ```
/// use zwerm_agreement::{agreement::Document, signature::counting};
/// let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?;
/// let hash = document.agreement.hash()?;
/// let zone = jiff::tz::TimeZone::UTC;
/// let counting = counting(&document.agreement, hash, (&document.consents, &[]), zone);
/// assert!(counting.consents.is_empty() && counting.unsigned.len() == 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn counting(
    agreement: &Agreement,
    hash: Digest,
    (consents, events): (&[Consent], &[StatusEvent]),
    zone: TimeZone,
) -> ValidStatements {
    let state = |c: &Consent| signed(agreement, &c.statement(hash), c.signature.as_deref());
    let of_event = |e: &StatusEvent| signed(agreement, &e.statement(hash), e.signature.as_deref());
    // a signature takes longer to check than all else here, so that each is checked once
    let consent_states: Vec<SignatureState> = consents.iter().map(state).collect();
    let event_states: Vec<SignatureState> = events.iter().map(of_event).collect();
    let counts = |(said, state): &(&Consent, SignatureState)| {
        said.restricts() || *state == SignatureState::Valid
    };
    let all = || consents.iter().zip(consent_states.iter().copied());
    let unsigned = agreement.seats().filter_map(|party| {
        let last = latest(consents, &party.id)?;
        let of_last = all().find(|(said, _)| std::ptr::eq(*said, last));
        let (last, state) = of_last.filter(|last| !counts(last))?;
        Some(does_not_count(last, state))
    });
    let happened = events.iter().zip(&event_states);
    let happened =
        happened.filter(|(event, state)| event.restricts() || **state == SignatureState::Valid);
    ValidStatements {
        unsigned: unsigned.collect(),
        consents: all().filter(counts).map(|(said, _)| said.clone()).collect(),
        events: happened.map(|(event, _)| event.clone()).collect(),
        superseded: None,
        zone,
        consent_states,
        event_states,
    }
}

fn does_not_count(consent: &Consent, state: SignatureState) -> Refusal {
    let (party, at) = (&consent.party, consent.at);
    let what = match state {
        SignatureState::NoKey => Text::new(
            format!(
                "de afspraak noemt geen sleutel van `{party}`, dus niemand kan namens deze partner tekenen"
            ),
            format!("the agreement names no key of `{party}`, so nobody can sign on its behalf"),
        ),
        SignatureState::Wrong => Text::new(
            format!(
                "onder wat `{party}` op {at} zei, staat niet de handtekening van deze partner onder deze versie"
            ),
            format!(
                "what `{party}` said at {at} does not bear the party's signature of this version"
            ),
        ),
        SignatureState::Missing | SignatureState::Valid => Text::new(
            format!("de instemming van `{party}` van {at} is niet ondertekend en telt niet"),
            format!("the consent of `{party}` of {at} is not signed and does not count"),
        ),
    };
    let lifts = match state {
        SignatureState::NoKey => Text::new(
            format!(
                "een nieuwe versie met een `public_key` van `{party}`, die deze maakt met `zwerm party key new`"
            ),
            format!(
                "a new version with a `public_key` of `{party}`, which it makes with `zwerm party key new`"
            ),
        ),
        _ => Text::new(
            format!("`{party}` tekent met `zwerm agreement consent`"),
            format!("`{party}` signs with `zwerm agreement consent`"),
        ),
    };
    let refusal = Refusal::new(Code::Unsigned, what, lifts);
    refusal
        .under(format!("party.{party}.public_key"))
        .owned_by(party)
}
