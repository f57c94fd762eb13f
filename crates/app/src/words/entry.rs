//! A line of the public log in words.

use zwerm_agreement::text::Text;
use zwerm_ledger::entry::What;

/// What happened, in short.
pub fn words(what: &What) -> Text {
    match what {
        What::AgreementInForce { id, version, .. } => Text::new(
            format!("van kracht: {id} versie {version}"),
            format!("in force: {id} version {version}"),
        ),
        What::AgreementSuspended { party, .. } => Text::new(
            format!("opgeschort door {party}"),
            format!("suspended by {party}"),
        ),
        What::AgreementResumed { party, .. } => Text::new(
            format!("opschorting opgeheven door {party}"),
            format!("suspension lifted by {party}"),
        ),
        What::AgreementEnded { party, .. } => Text::new(
            format!("beëindigd door {party}"),
            format!("ended by {party}"),
        ),
        What::Consent {
            party, decision, ..
        } => match decision.as_str() {
            "object" => Text::new(
                format!("overwegend bezwaar van {party}"),
                format!("paramount objection of {party}"),
            ),
            "concern" => Text::new(
                format!("instemming met een zorg van {party}"),
                format!("consent with a concern of {party}"),
            ),
            _ => Text::new(
                format!("instemming van {party}"),
                format!("consent of {party}"),
            ),
        },
        What::DataRelease { view, release } => {
            let short: String = release.to_string().chars().take(12).collect();
            Text::new(
                format!("uitgave van {view}: {short}"),
                format!("release of {view}: {short}"),
            )
        }
        What::Question { party, plan, .. } => Text::new(
            format!("vraag van {party}: {plan}"),
            format!("question of {party}: {plan}"),
        ),
        What::Answer { answer, .. } => {
            let short: String = answer.to_string().chars().take(12).collect();
            Text::new(format!("antwoord {short}"), format!("answer {short}"))
        }
        What::Refusal {
            party,
            codes,
            owners,
            ..
        } => {
            let (codes, owners) = (codes.join(", "), owners.join(", "));
            let of = |word: &str| {
                if owners.is_empty() {
                    String::new()
                } else {
                    format!(" ({word} {owners})")
                }
            };
            Text::new(
                format!("weigering aan {party}: {codes}{}", of("van")),
                format!("refusal to {party}: {codes}{}", of("of")),
            )
        }
    }
}
