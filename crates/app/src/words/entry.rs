//! A line of the public log in words.

use zwerm_agreement::text::Text;
use zwerm_ledger::entry::EntryKind;

/// What happened, in short.
pub fn words(what: &EntryKind) -> Text {
    match what {
        EntryKind::AgreementInForce { id, version, .. } => Text::new(
            format!("van kracht: {id} versie {version}"),
            format!("in force: {id} version {version}"),
        ),
        EntryKind::AgreementSuspended { party, .. } => Text::new(
            format!("opgeschort door {party}"),
            format!("suspended by {party}"),
        ),
        EntryKind::AgreementResumed { party, .. } => Text::new(
            format!("opschorting opgeheven door {party}"),
            format!("suspension lifted by {party}"),
        ),
        EntryKind::AgreementEnded { party, .. } => Text::new(
            format!("beëindigd door {party}"),
            format!("ended by {party}"),
        ),
        EntryKind::AgreementSuperseded { id, version, .. } => Text::new(
            format!("vervangen: {id} versie {version}"),
            format!("replaced: {id} version {version}"),
        ),
        EntryKind::Consent {
            party, decision, ..
        } => decided(party, decision),
        EntryKind::DataRelease { view, release } => {
            let short = short(release);
            Text::new(
                format!("uitgave van {view}: {short}"),
                format!("release of {view}: {short}"),
            )
        }
        EntryKind::Question { party, plan, .. } => Text::new(
            format!("vraag van {party}: {plan}"),
            format!("question of {party}: {plan}"),
        ),
        EntryKind::Answer { answer, .. } => {
            let short = short(answer);
            Text::new(format!("antwoord {short}"), format!("answer {short}"))
        }
        EntryKind::Refusal {
            party,
            codes,
            owners,
            ..
        } => refused(party, codes, owners),
    }
}

/// An entry of a kind that this program does not know.
pub fn words_of_other(kind: &str) -> Text {
    Text::new(
        format!("een soort regel die dit programma niet kent: {kind}"),
        format!("a kind of entry that this program does not know: {kind}"),
    )
}

/// What a party said of an agreement that was put to it.
fn decided(party: &str, decision: &str) -> Text {
    match decision {
        "object" => Text::new(
            format!("overwegend bezwaar van {party}"),
            format!("objection of {party} that blocks"),
        ),
        "concern" => Text::new(
            format!("instemming met een zorg van {party}"),
            format!("consent with a concern of {party}"),
        ),
        _ => Text::new(
            format!("instemming van {party}"),
            format!("consent of {party}"),
        ),
    }
}

/// Why a question was refused, and whose conditions were in the way.
fn refused(party: &str, codes: &[String], owners: &[String]) -> Text {
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

/// As much of a hash as tells it apart.
fn short(hash: &impl ToString) -> String {
    hash.to_string().chars().take(12).collect()
}
