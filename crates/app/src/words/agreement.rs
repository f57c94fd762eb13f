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

/// How a task moves, in a sentence for who knows none of the words.
pub fn strategy_sentence(strategy: Strategy) -> Text {
    match strategy {
        Strategy::LettingGo => Text::new(
            "inwoners doen deze taak zelf",
            "residents do this task themselves",
        ),
        Strategy::SafetyNet => Text::new(
            "inwoners doen deze taak zelf, en wie dat niet lukt, krijgt hulp",
            "residents do this task themselves, and who cannot is helped",
        ),
        Strategy::Exploring => Text::new(
            "de partners zoeken eerst uit wat werkt",
            "the parties first find out what works",
        ),
    }
}

/// How lasting a project is, in a sentence.
pub fn phase_sentence(phase: Phase) -> Text {
    match phase {
        Phase::Experimental => Text::new("het project is een proef", "the project is a trial"),
        Phase::Structural => Text::new("het project is geen proef", "the project is no trial"),
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
        Decision::Object => Text::new(
            "heeft een overwegend bezwaar",
            "has an objection that blocks",
        ),
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
