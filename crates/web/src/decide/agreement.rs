//! An agreement in words, as several pages show it.

use zwerm_agreement::agreement::{Agreement, Dataset, Helix, Party, PartyRole, Right, View};
use zwerm_agreement::condition;
use zwerm_agreement::consent::Decision;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::site::overview::Version;
use zwerm_app::words::agreement::{decision, mandate_by, signature_state};

use crate::days::in_words as in_words_of;
use crate::marks::{PartyMark, SIDES, Stands, StateKind};

/// A side of the table with who sits there.
pub(crate) struct HelixSeats {
    pub(crate) helix: Helix,
    pub(crate) name: Text,
    pub(crate) seats: Vec<Seat>,
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

/// A dataset in words: who provides it, and on which grounds.
pub(crate) struct DatasetWords {
    pub(crate) id: String,
    pub(crate) provider: PartyMark,
    pub(crate) legal_basis: String,
    pub(crate) period: Option<String>,
    pub(crate) shared: Vec<String>,
    /// By which sources are laid side by side; nobody sees them.
    pub(crate) keys: Vec<String>,
    pub(crate) withheld: Vec<(String, String)>,
}

/// All of an agreement in words.
pub(crate) struct AgreementWords {
    /// The icon of its standing.
    pub(crate) icon: &'static str,
    pub(crate) sides: Vec<HelixSeats>,
    pub(crate) suppliers: Vec<(Text, String)>,
    /// How the parties put what the computer enforces.
    pub(crate) enforced: Vec<Text>,
    pub(crate) promised: Vec<(Text, PartyMark)>,
    /// What most people ask about first of what the computer enforces.
    pub(crate) main_enforced: Vec<Text>,
    pub(crate) all_enforced: Vec<(Text, String, Option<String>)>,
    pub(crate) sources: Vec<DatasetWords>,
    pub(crate) about: Text,
}

/// An agreement in words.
pub(crate) fn in_words(version: &Version) -> AgreementWords {
    let agreement = version.agreement();
    let sides = SIDES.map(|helix| side(version, helix));
    let suppliers = agreement
        .party
        .iter()
        .filter(|p| p.role == Some(PartyRole::Supplier));
    let own = agreement.condition.iter();
    let enforced = own.filter(|condition| condition.enforced_by.is_some());
    let all_enforced = condition::enforced(agreement);
    AgreementWords {
        sides: sides.into(),
        icon: version.standing.kind().icon(),
        suppliers: suppliers
            .map(|p| (p.display_name(), p.for_.clone().unwrap_or_default()))
            .collect(),
        enforced: enforced.map(|condition| condition.text.clone()).collect(),
        promised: promises(agreement),
        main_enforced: zwerm_app::words::condition::main(agreement),
        all_enforced: all_enforced
            .into_iter()
            .map(|c| (c.words, c.path, c.owner))
            .collect(),
        sources: sources(agreement),
        about: Text::new(&agreement.about.nl, &agreement.about.en),
    }
}

/// What parties promise, each with who does.
pub(crate) fn promises(agreement: &Agreement) -> Vec<(Text, PartyMark)> {
    let promised = condition::promised(agreement).into_iter();
    promised
        .map(|promise| {
            let by = PartyMark::of(agreement, &promise.owner);
            (promise.words, by)
        })
        .collect()
}

fn side(version: &Version, helix: Helix) -> HelixSeats {
    let agreement = version.agreement();
    let seats = agreement.seats().filter(|party| party.helix == Some(helix));
    let seats: Vec<Seat> = seats.map(|party| seat(version, party)).collect();
    HelixSeats {
        helix,
        name: capital(&helix.name()),
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
            let on = |lang| in_words_of(mandate.on, lang);
            let (nl_on, en_on, evidence) = (on(Lang::Nl), on(Lang::En), &mandate.evidence);
            (
                format!(" ({nl} van {nl_on}: {evidence})"),
                format!(" ({en} of {en_on}: {evidence})"),
            )
        });
        Text::new(
            format!("spreekt voor {}{by_nl}", about.nl),
            format!("speaks for {}{by_en}", about.en),
        )
    });
    let said = stored
        .last_said_by(&party.id)
        .map(|(consent, state)| SaidWords {
            decision: decision(consent.decision),
            state: match consent.decision {
                Decision::Object => StateKind::Stop,
                Decision::Consent | Decision::Concern => StateKind::Ok,
            },
            reason: consent.reason.clone(),
            lifts: consent.lifts.clone(),
            at: consent.at,
            signature: signature_state(state),
        });
    Seat {
        name: party.display_name(),
        does,
        represents,
        said,
    }
}

fn sources(agreement: &Agreement) -> Vec<DatasetWords> {
    let sources = agreement.dataset.iter().map(|dataset| DatasetWords {
        id: dataset.id.clone(),
        provider: PartyMark::of(agreement, &dataset.provider),
        legal_basis: dataset.legal_basis.clone(),
        period: dataset.period.clone(),
        shared: columns(dataset, |column| !is_key(agreement, column)),
        keys: columns(dataset, |column| is_key(agreement, column)),
        withheld: dataset
            .withheld
            .iter()
            .map(|(c, why)| (c.clone(), why.clone()))
            .collect(),
    });
    sources.collect()
}

fn columns(dataset: &Dataset, which: impl Fn(&str) -> bool) -> Vec<String> {
    let columns = dataset.columns.keys();
    columns.filter(|column| which(column)).cloned().collect()
}

/// Whether units of a view are known by this column, and it is nothing else in any.
pub(crate) fn is_key(agreement: &Agreement, column: &str) -> bool {
    let shown = |view: &View| {
        let mut measures = view.measure.iter().map(|one| &one.name);
        let mut dimensions = view.dimension.iter().map(|one| &one.name);
        measures.any(|name| name == column) || dimensions.any(|name| name == column)
    };
    let views = &agreement.view;
    views.iter().any(|view| view.key == column) && !views.iter().any(shown)
}

/// With a capital, as a heading has it.
pub(crate) fn capital(text: &Text) -> Text {
    Text::new(
        zwerm_app::words::capital(&text.nl),
        zwerm_app::words::capital(&text.en),
    )
}
