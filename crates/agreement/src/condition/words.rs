//! The words of the conditions that policies state too, so that both say the same.

use crate::agreement::{Agreement, AnswerReaders, Embargo, Party, Right};
use crate::text::Text;

/// Which purpose a question must state.
pub(crate) fn purpose(agreement: &Agreement) -> Text {
    let purpose = &agreement.purpose;
    Text::new(
        format!("een vraag dient het doel `{purpose}`"),
        format!("a question serves the purpose `{purpose}`"),
    )
}

/// From which day on questions may be asked.
pub(crate) fn valid_from(agreement: &Agreement) -> Text {
    let day = agreement.valid.from;
    Text::new(
        format!("de afspraak geldt vanaf {day}"),
        format!("the agreement is valid from {day} on"),
    )
}

/// Until which day questions may be asked.
pub(crate) fn valid_until(agreement: &Agreement) -> Text {
    let day = agreement.valid.until;
    Text::new(
        format!("de afspraak geldt tot en met {day}"),
        format!("the agreement is valid up to and including {day}"),
    )
}

/// How long answers may be read.
pub(crate) fn retention(agreement: &Agreement) -> Text {
    let months = agreement.retention.months;
    let until = agreement.valid.until;
    Text::new(
        format!("antwoorden zijn te lezen tot {months} maanden na {until}"),
        format!("answers may be read until {months} months after {until}"),
    )
}

/// Who may read answers.
pub(crate) fn answers(agreement: &Agreement) -> Text {
    match agreement.answers {
        AnswerReaders::Public => Text::new(
            "iedereen mag de antwoorden lezen",
            "everyone may read the answers",
        ),
        AnswerReaders::Parties => Text::new(
            "alleen partners van de afspraak mogen de antwoorden lezen",
            "only parties to the agreement may read the answers",
        ),
    }
}

/// Whom the data is about, and that a residents' party must represent exactly those people.
pub(crate) fn about(agreement: &Agreement) -> Text {
    let about = &agreement.about;
    let id = &about.id;
    Text::new(
        format!(
            "het gaat over {}; een partner van inwoners vertegenwoordigt precies `{id}`",
            about.nl
        ),
        format!(
            "it is about {}; a residents' party represents exactly `{id}`",
            about.en
        ),
    )
}

/// What a party may do, for one of its rights.
pub(crate) fn right(party: &Party, right: Right) -> Text {
    let id = &party.id;
    match right {
        Right::Ask => Text::new(
            format!("`{id}` mag vragen stellen"),
            format!("`{id}` may ask questions"),
        ),
        Right::Provide => Text::new(
            format!("`{id}` mag gegevens leveren"),
            format!("`{id}` may provide data"),
        ),
    }
}

/// For whom a supplier works, and that it decides nothing itself.
pub(crate) fn supplier(party: &Party) -> Text {
    let (id, principal) = (&party.id, party.for_.as_deref().unwrap_or("?"));
    Text::new(
        format!("`{id}` werkt voor `{principal}` en mag zelf niets vragen of beslissen"),
        format!("`{id}` works for `{principal}` and may itself ask and decide nothing"),
    )
}

/// Which columns nobody sees before a plan is sealed.
pub(crate) fn embargo(embargo: &Embargo) -> Text {
    let (columns, from, plan) = (
        embargo.columns.join(", "),
        &embargo.from,
        &embargo.until_sealed,
    );
    Text::new(
        format!("niemand ziet {columns} vanaf {from} voordat het plan van `{plan}` verzegeld is"),
        format!("nobody sees {columns} from {from} on before the plan of `{plan}` is sealed"),
    )
}

/// Which shared views a question may be about.
pub(crate) fn views(agreement: &Agreement) -> Text {
    let names: Vec<_> = agreement
        .view
        .iter()
        .map(|v| format!("`{}`", v.name))
        .collect();
    let names = names.join(", ");
    Text::new(
        format!("een vraag gaat over een gezamenlijke basis van de afspraak: {names}"),
        format!("a question is about a shared view of the agreement: {names}"),
    )
}
