//! An agreement in words, as several pages show it.

use zwerm_agreement::agreement::{Agreement, Helix, Party, PartyRole, Right};
use zwerm_agreement::condition;
use zwerm_agreement::consent::{Decision, latest};
use zwerm_agreement::signature::{SignatureState, signed};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::site::overview::Version;
use zwerm_app::words::agreement::{decision, mandate_by, signature_state};

use crate::marks::{self, SIDES, Stands, StateKind, side_class};

/// A side of the table with who sits there.
pub(crate) struct HelixSeats {
    pub(crate) helix: Helix,
    pub(crate) name: Text,
    pub(crate) seats: Vec<Seat>,
    /// The class of its colour.
    pub(crate) class: &'static str,
}

/// A party at the table and what it said last.
pub(crate) struct Seat {
    pub(crate) name: Text,
    pub(crate) does: Vec<Text>,
    pub(crate) represents: Option<Text>,
    pub(crate) said: Option<SaidWords>,
}

/// What a party said of a version.
pub(crate) struct SaidWords {
    pub(crate) decision: Text,
    pub(crate) state: StateKind,
    pub(crate) reason: Option<String>,
    pub(crate) lifts: Option<String>,
    pub(crate) at: jiff::Timestamp,
    pub(crate) signature: Text,
}

/// A condition in people's own words.
pub(crate) struct ConditionWords {
    pub(crate) words: Text,
    /// The path of what enforces it, or the name of the party that promises it.
    pub(crate) by: String,
    /// The side of whoever promises it.
    pub(crate) side: Option<Helix>,
}

/// A dataset in words: who provides it, and on which grounds.
pub(crate) struct DatasetWords {
    pub(crate) id: String,
    pub(crate) provider: Text,
    pub(crate) side: Option<Helix>,
    pub(crate) legal_basis: String,
    pub(crate) period: Option<String>,
    pub(crate) shared: Vec<String>,
    pub(crate) withheld: Vec<(String, String)>,
}

/// All of an agreement in words.
pub(crate) struct AgreementWords {
    /// The icon of its standing.
    pub(crate) icon: &'static str,
    pub(crate) sides: Vec<HelixSeats>,
    pub(crate) suppliers: Vec<(Text, String)>,
    pub(crate) enforced: Vec<ConditionWords>,
    pub(crate) promised: Vec<ConditionWords>,
    /// What most people ask about first of what the computer enforces.
    pub(crate) main_enforced: Vec<Text>,
    pub(crate) all_enforced: Vec<(Text, String, Option<String>)>,
    pub(crate) sources: Vec<DatasetWords>,
    pub(crate) about: String,
}

/// An agreement in words.
pub(crate) fn in_words(version: &Version, lang: Lang) -> AgreementWords {
    let agreement = version.agreement();
    let sides = SIDES.map(|helix| side(version, helix));
    let suppliers = agreement
        .party
        .iter()
        .filter(|p| p.role == Some(PartyRole::Supplier));
    let conditions = agreement.condition.iter();
    let enforced = conditions.filter_map(|condition| {
        Some(ConditionWords {
            words: condition.text.clone(),
            by: condition.enforced_by.clone()?,
            side: None,
        })
    });
    let promised = condition::promised(agreement)
        .into_iter()
        .map(|promise| ConditionWords {
            by: name_of(agreement, &promise.owner).get(lang).to_owned(),
            side: side_of(agreement, &promise.owner),
            words: promise.words,
        });
    let all_enforced = condition::enforced(agreement);
    let about = match lang {
        Lang::Nl => agreement.about.nl.clone(),
        Lang::En => agreement.about.en.clone(),
    };
    AgreementWords {
        sides: sides.into(),
        icon: version.standing.kind().icon(),
        suppliers: suppliers
            .map(|p| (p.display_name(), p.for_.clone().unwrap_or_default()))
            .collect(),
        enforced: enforced.collect(),
        promised: promised.collect(),
        main_enforced: zwerm_app::words::condition::main(agreement),
        all_enforced: all_enforced
            .into_iter()
            .map(|c| (c.words, c.path, c.owner))
            .collect(),
        sources: sources(agreement),
        about,
    }
}

/// The name of a party for people.
pub(crate) fn name_of(agreement: &Agreement, party: &str) -> Text {
    let known = agreement.find_party(party);
    known.map_or_else(|| Text::same(party), Party::display_name)
}

/// The side on which a party sits.
pub(crate) fn side_of(agreement: &Agreement, party: &str) -> Option<Helix> {
    agreement.find_party(party)?.helix
}

fn side(version: &Version, helix: Helix) -> HelixSeats {
    let agreement = version.agreement();
    let seats = agreement.seats().filter(|party| party.helix == Some(helix));
    let seats: Vec<Seat> = seats.map(|party| seat(version, party)).collect();
    HelixSeats {
        helix,
        name: capital(&helix.name()),
        class: side_class(helix),
        seats,
    }
}

fn seat(version: &Version, party: &Party) -> Seat {
    let (stored, agreement) = (&version.stored, version.agreement());
    let mut does = Vec::new();
    if party.has(Right::Provide) {
        does.push(Text::new("levert gegevens", "provides data"));
    }
    if party.has(Right::Ask) {
        does.push(Text::new("mag vragen stellen", "may ask questions"));
    }
    let represents = party.represents.as_ref().map(|_| {
        let about = &agreement.about;
        let mandate = party.mandate.as_ref();
        let (by_nl, by_en) = mandate.map_or_else(Default::default, |mandate| {
            let Text { nl, en } = mandate_by(mandate.by);
            let (on, evidence) = (mandate.on, &mandate.evidence);
            (
                format!(" ({nl}, {on}: {evidence})"),
                format!(" ({en}, {on}: {evidence})"),
            )
        });
        Text::new(
            format!("spreekt voor {}{by_nl}", about.nl),
            format!("speaks for {}{by_en}", about.en),
        )
    });
    let said = latest(&stored.document.consents, &party.id).map(|consent| SaidWords {
        decision: decision(consent.decision),
        state: match consent.decision {
            Decision::Object => StateKind::Stop,
            Decision::Consent | Decision::Concern => StateKind::Ok,
        },
        reason: consent.reason.clone(),
        lifts: consent.lifts.clone(),
        at: consent.at,
        signature: signature_state(signed_state(version, consent)),
    });
    Seat {
        name: party.display_name(),
        does,
        represents,
        said,
    }
}

fn signed_state(version: &Version, consent: &zwerm_agreement::consent::Consent) -> SignatureState {
    let statement = consent.statement(version.stored.hash);
    signed(
        version.agreement(),
        &statement,
        consent.signature.as_deref(),
    )
}

fn sources(agreement: &Agreement) -> Vec<DatasetWords> {
    let sources = agreement.dataset.iter().map(|dataset| DatasetWords {
        id: dataset.id.clone(),
        provider: name_of(agreement, &dataset.provider),
        side: side_of(agreement, &dataset.provider),
        legal_basis: dataset.legal_basis.clone(),
        period: dataset.period.clone(),
        shared: dataset.columns.keys().cloned().collect(),
        withheld: dataset
            .withheld
            .iter()
            .map(|(c, why)| (c.clone(), why.clone()))
            .collect(),
    });
    sources.collect()
}

/// With a capital, as a heading has it.
pub(crate) fn capital(text: &Text) -> Text {
    Text::new(marks::capital(&text.nl), marks::capital(&text.en))
}
