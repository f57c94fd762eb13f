//! The words of the conditions that policies state too, so that both say the same.

use crate::agreement::{Agreement, AnswerReaders, Embargo, Party, Right};
use crate::text::Text;

pub(crate) fn purpose(agreement: &Agreement) -> Text {
    let purpose = &agreement.purpose;
    Text::new(
        format!("een vraag dient het doel `{purpose}`"),
        format!("a question serves the purpose `{purpose}`"),
    )
}

pub(crate) fn valid_from(agreement: &Agreement) -> Text {
    let day = agreement.valid.from;
    Text::new(
        format!("de afspraak geldt vanaf {day}"),
        format!("the agreement is valid from {day} on"),
    )
}

pub(crate) fn valid_until(agreement: &Agreement) -> Text {
    let day = agreement.valid.until;
    Text::new(
        format!("de afspraak geldt tot en met {day}"),
        format!("the agreement is valid up to and including {day}"),
    )
}

pub(crate) fn retention(agreement: &Agreement) -> Text {
    let months = agreement.retention.months;
    let until = agreement.valid.until;
    Text::new(
        format!("antwoorden zijn te lezen tot {months} maanden na {until}"),
        format!("answers may be read until {months} months after {until}"),
    )
}

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

pub(crate) fn supplier(party: &Party) -> Text {
    let (id, principal) = (&party.id, party.for_.as_deref().unwrap_or("?"));
    Text::new(
        format!("`{id}` werkt voor `{principal}` en mag zelf niets vragen of beslissen"),
        format!("`{id}` works for `{principal}` and may itself ask and decide nothing"),
    )
}

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
