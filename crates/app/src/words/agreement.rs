//! The words of an agreement's own terms, the same through every door.

use zwerm_agreement::agreement::{MandateBy, Phase, Strategy};
use zwerm_agreement::consent::Decision;
use zwerm_agreement::signature::SignatureState;
use zwerm_agreement::status::{StatusChange, StatusEvent};
use zwerm_agreement::text::Text;

/// What a party did to an agreement in force, and its reason.
pub fn event(event: &StatusEvent) -> Text {
    let (party, reason) = (&event.party, &event.reason);
    match event.change {
        StatusChange::Suspended => Text::new(
            format!("opgeschort door `{party}`: {reason}"),
            format!("suspended by `{party}`: {reason}"),
        ),
        StatusChange::Resumed => Text::new(
            format!("opschorting opgeheven door `{party}`: {reason}"),
            format!("suspension lifted by `{party}`: {reason}"),
        ),
        StatusChange::Ended => Text::new(
            format!("beëindigd door `{party}`: {reason}"),
            format!("ended by `{party}`: {reason}"),
        ),
    }
}

/// What a party did, without who and why.
pub fn status_change(change: StatusChange) -> Text {
    match change {
        StatusChange::Suspended => Text::new("schort de afspraak op", "suspends the agreement"),
        StatusChange::Resumed => Text::new("heft de opschorting op", "lifts the suspension"),
        StatusChange::Ended => Text::new("beëindigt de afspraak", "ends the agreement"),
    }
}

/// How a task moves.
pub fn strategy(strategy: Strategy) -> Text {
    match strategy {
        Strategy::LettingGo => Text::new("loslaten", "letting go"),
        Strategy::SafetyNet => Text::new("meegaan met een vangnet", "safety net"),
        Strategy::Exploring => Text::new("onderzoeken", "exploring"),
    }
}

/// How lasting a project is.
pub fn phase(phase: Phase) -> Text {
    match phase {
        Phase::Experimental => Text::new("proefproject", "experimental"),
        Phase::Structural => Text::new("vast", "structural"),
    }
}

/// What a party decided.
pub fn decision(decision: Decision) -> Text {
    match decision {
        Decision::Consent => Text::new("stemt in", "consents"),
        Decision::Concern => Text::new("stemt in, met een zorg", "consents, with a concern"),
        Decision::Object => Text::new("heeft een overwegend bezwaar", "has a paramount objection"),
    }
}

/// Whether something is signed, and how well.
pub fn signature_state(signed: SignatureState) -> Text {
    match signed {
        SignatureState::Valid => Text::new("ondertekend", "signed"),
        SignatureState::Missing | SignatureState::NoKey => {
            Text::new("niet ondertekend", "not signed")
        }
        SignatureState::Wrong => Text::new("handtekening klopt niet", "wrong signature"),
    }
}

/// Who gave a mandate.
pub fn mandate_by(by: MandateBy) -> Text {
    match by {
        MandateBy::OwnDecision => Text::new("eigen besluit", "own decision"),
        MandateBy::Panel => Text::new("geloot panel", "drawn panel"),
    }
}
