//! What can be chosen in the form of a proposal, and its steps.

use zwerm_agreement::agreement::{
    AnswerReaders, ColumnType, Helix, MandateBy, Phase, Rhythm, Strategy,
};
use zwerm_agreement::text::Text;
use zwerm_app::decide::compose::STEPS;
use zwerm_app::types::store::parties::RegisteredParty;
use zwerm_app::words::agreement::{phase, strategy};

use crate::decide::compose::page::numbered;
use crate::http::form::FormFields;

pub(super) type Choices = Vec<(String, Text)>;

/// A step of the form.
pub(super) struct StepWords {
    pub(super) number: usize,
    pub(super) words: Text,
}

/// The closed lists to choose from.
pub(super) struct ComposeLists {
    pub(super) strategies: Choices,
    pub(super) phases: Choices,
    pub(super) answers: Choices,
    pub(super) sides: Choices,
    pub(super) mandates: Choices,
    pub(super) rhythms: Choices,
    pub(super) kinds: Choices,
}

pub(super) fn steps() -> Vec<StepWords> {
    let all = [
        ("Waarvoor", "What for"),
        ("Wie aan tafel", "Who at the table"),
        ("Gegevens", "Data"),
        ("Bescherming", "Protection"),
        ("Beloften", "Promises"),
        ("Nakijken", "Check"),
    ];
    let numbered = all.into_iter().enumerate();
    numbered
        .map(|(place, (nl, en))| StepWords {
            number: place + 1,
            words: Text::new(nl, en),
        })
        .collect()
}

/// The title of a step's page.
pub(super) fn stepped(step: usize) -> Text {
    let (nl, en) = match step {
        1 => ("waarvoor", "what for"),
        2 => ("wie aan tafel zit", "who sits at the table"),
        3 => ("de gegevens", "the data"),
        4 => ("de bescherming", "the protection"),
        5 => ("de beloften", "the promises"),
        _ => ("nakijken", "check"),
    };
    Text::new(
        format!("Stap {step} van {STEPS}: {nl}"),
        format!("Step {step} of {STEPS}: {en}"),
    )
}

/// Parties to choose from, none of them chosen beforehand.
pub(super) fn chosen_of(seats: &Choices, nl: &str, en: &str) -> Choices {
    let none = (String::new(), Text::new(nl, en));
    [none].into_iter().chain(seats.iter().cloned()).collect()
}

/// The parties of the form, by their rows.
pub(super) fn seats(fields: &FormFields, known: &[RegisteredParty]) -> Choices {
    let all = numbered("party", fields).into_iter();
    all.filter_map(|row| {
        let chosen = fields.get(&row.at("known"));
        let known = known.iter().find(|party| party.id == chosen);
        let name = known.map_or_else(
            || Text::same(fields.get(&row.at("nl"))),
            |party| party.name.clone(),
        );
        (!name.nl.is_empty()).then(|| (row.row.to_string(), name))
    })
    .collect()
}

pub(super) fn choose() -> ComposeLists {
    ComposeLists {
        strategies: Strategy::ALL
            .iter()
            .map(|one| (one.as_str().to_owned(), strategy(*one)))
            .collect(),
        phases: Phase::ALL
            .iter()
            .map(|one| (one.as_str().to_owned(), phase(*one)))
            .collect(),
        answers: list(&ANSWERS),
        sides: Helix::ALL
            .iter()
            .map(|side| (side.as_str().to_owned(), side.name()))
            .collect(),
        mandates: list(&MANDATES),
        rhythms: list(&RHYTHMS),
        kinds: list(&KINDS),
    }
}

/// A word of the document, with what people call it in Dutch and in English.
pub(super) type Choosing = (&'static str, &'static str, &'static str);

pub(super) const ANSWERS: [Choosing; 2] = [
    (AnswerReaders::Public.as_str(), "iedereen", "everyone"),
    (
        AnswerReaders::Parties.as_str(),
        "alleen de partners",
        "the parties only",
    ),
];
pub(super) const MANDATES: [Choosing; 2] = [
    (
        MandateBy::OwnDecision.as_str(),
        "een eigen besluit",
        "a decision of their own",
    ),
    (
        MandateBy::Panel.as_str(),
        "een geloot panel",
        "a panel that was drawn",
    ),
];
pub(super) const RHYTHMS: [Choosing; 4] = [
    (Rhythm::Once.as_str(), "een keer", "once"),
    (Rhythm::Yearly.as_str(), "elk jaar", "every year"),
    (Rhythm::Quarterly.as_str(), "elk kwartaal", "every quarter"),
    (Rhythm::Monthly.as_str(), "elke maand", "every month"),
];

pub(super) const KINDS: [Choosing; 5] = [
    (ColumnType::Utf8.as_str(), "tekst", "text"),
    (ColumnType::Int64.as_str(), "geheel getal", "whole number"),
    (ColumnType::Float64.as_str(), "getal", "number"),
    (ColumnType::Boolean.as_str(), "ja of nee", "yes or no"),
    (ColumnType::Date.as_str(), "datum", "date"),
];

pub(super) fn list(all: &[Choosing]) -> Choices {
    let all = all.iter();
    all.map(|(value, nl, en)| ((*value).to_owned(), Text::new(*nl, *en)))
        .collect()
}
