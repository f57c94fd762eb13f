//! Signatures: what applies, whose key it takes, and that nothing signed can be changed.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::agreement::Document;
use crate::refusal::Code;

const TODAY: &str = "2026-03-01";

/// The sample, in which each party has a key of its own and signed what it said.
struct Case {
    agreement: Agreement,
    hash: Digest,
    consents: Vec<Consent>,
    events: Vec<StatusEvent>,
}

fn key(party: &str) -> PartyKey {
    let mut seed = [0; 32];
    for (place, byte) in party.bytes().take(32).enumerate() {
        seed[place] = byte;
    }
    PartyKey::from_seed(&seed)
}

impl Case {
    fn new() -> Self {
        let document = Document::parse("sample.toml", crate::sample::AGREEMENT).unwrap();
        let mut agreement = document.agreement;
        for party in agreement.party.iter_mut().filter(|p| p.role.is_none()) {
            party.public_key = Some(key(&party.id).public().to_string());
        }
        let mut case = Self {
            hash: agreement.hash().unwrap(),
            agreement,
            consents: document.consents,
            events: Vec::new(),
        };
        for place in 0..case.consents.len() {
            let party = case.consents[place].party.clone();
            case.sign(place, &key(&party));
        }
        case
    }

    /// Where in the document the consent of a party is.
    fn of(&self, party: &str) -> usize {
        self.consents.iter().position(|c| c.party == party).unwrap()
    }

    fn sign(&mut self, place: usize, key: &PartyKey) {
        let signature = key
            .sign(&self.consents[place].statement(self.hash))
            .unwrap();
        self.consents[place].signature = Some(signature);
    }

    fn event(&mut self, party: &str, change: StatusChange, at: &str, signed: bool) {
        let mut event = StatusEvent {
            party: party.into(),
            change,
            reason: "datalek".into(),
            at: at.parse().unwrap(),
            signature: None,
        };
        if signed {
            event.signature = Some(key(party).sign(&event.statement(self.hash)).unwrap());
        }
        self.events.push(event);
    }

    fn codes(&self) -> Vec<Code> {
        let counting = counting(
            &self.agreement,
            self.hash,
            (&self.consents, &self.events),
            jiff::tz::TimeZone::UTC,
        );
        let force = in_force_signed(&self.agreement, &counting, TODAY.parse().unwrap());
        let refusals = force.err().unwrap_or_default();
        refusals.into_iter().map(|refusal| refusal.code).collect()
    }
}

#[test]
fn signed_consents_bring_an_agreement_into_force() {
    assert_eq!(Case::new().codes(), []);
}

#[test]
fn without_a_signature_or_with_anothers_a_consent_does_not_count() {
    for signature in [0, 1, 2] {
        let mut case = Case::new();
        let place = case.of("corporatie");
        match signature {
            0 => case.consents[place].signature = None,
            1 => case.sign(place, &key("gemeente-leiden")),
            _ => case.consents[place].signature = Some("no base64".into()),
        }
        let codes = case.codes();
        assert!(codes.contains(&Code::ProviderMissing), "{codes:?}");
        assert!(codes.contains(&Code::Unsigned), "{codes:?}");
    }
}

#[test]
fn no_field_of_what_was_signed_can_be_changed() {
    let changes: [fn(&mut Consent); 4] = [
        |c| c.at = "2026-01-04T09:00:00Z".parse().unwrap(),
        |c| c.decision = Decision::Concern,
        |c| c.reason = Some("x".into()),
        |c| c.lifts = Some("x".into()),
    ];
    for change in changes {
        let mut case = Case::new();
        let place = case.of("corporatie");
        change(&mut case.consents[place]);
        assert!(case.codes().contains(&Code::Unsigned));
    }
    let mut other = Case::new();
    other.agreement.version = 2;
    other.hash = other.agreement.hash().unwrap();
    assert!(
        other.codes().contains(&Code::Unsigned),
        "a consent is to one version"
    );
}

#[test]
fn an_objection_and_a_suspension_count_without_a_signature_and_lifting_does_not() {
    let mut case = Case::new();
    case.consents.push(Consent {
        party: "corporatie".into(),
        decision: Decision::Object,
        reason: Some("x".into()),
        lifts: Some("y".into()),
        at: "2026-02-01T00:00:00Z".parse().unwrap(),
        signature: None,
    });
    assert!(case.codes().contains(&Code::Objection));

    let mut case = Case::new();
    case.event(
        "corporatie",
        StatusChange::Suspended,
        "2026-02-01T00:00:00Z",
        false,
    );
    assert_eq!(case.codes(), [Code::Suspended]);
    case.event(
        "corporatie",
        StatusChange::Resumed,
        "2026-02-02T00:00:00Z",
        false,
    );
    assert_eq!(case.codes(), [Code::Suspended]);
    case.event(
        "corporatie",
        StatusChange::Resumed,
        "2026-02-03T00:00:00Z",
        true,
    );
    assert_eq!(case.codes(), []);
}

#[test]
fn without_a_key_in_the_agreement_nobody_can_sign() {
    let mut case = Case::new();
    for party in &mut case.agreement.party {
        party.public_key = None;
    }
    let codes = case.codes();
    assert_eq!(codes.iter().filter(|c| **c == Code::Unsigned).count(), 4);
}

#[test]
fn a_weak_key_is_no_key() {
    let identity = format!(
        "ed25519:{}",
        BASE64_STANDARD.encode([&[1][..], &[0; 31]].concat())
    );
    assert_eq!(identity.parse::<PublicKey>(), Err(KeyError::Public));
}
