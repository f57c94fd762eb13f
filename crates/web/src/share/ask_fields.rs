//! What can be chosen in the form of a question, and the code book beside its SQL.

use zwerm_agreement::agreement::{Agreement, Dimension, Measure, View};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::share::builder::BuilderChoice;
use zwerm_app::words::unit;

/// Values that the code book lists of one dimension; the agreement has the rest.
const LISTED: usize = 100;

/// The fields of one view.
pub(crate) struct ViewFields {
    pub(crate) name: String,
    pub(crate) units: String,
    pub(crate) dimensions: Vec<DimensionField>,
    pub(crate) measures: Vec<MeasureField>,
    pub(crate) counts_units: bool,
    pub(crate) totals: bool,
    /// Dimensions at once, at most.
    pub(crate) most: usize,
}

pub(crate) struct DimensionField {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
    pub(crate) sensitive: bool,
    pub(crate) values: Vec<ValueField>,
    /// Whether the question is about some of its values only.
    pub(crate) is_open: bool,
}

pub(crate) struct ValueField {
    pub(crate) value: String,
    /// The value as SQL has it.
    pub(crate) quoted: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

pub(crate) struct MeasureField {
    pub(crate) name: String,
    pub(crate) label: String,
    /// *Average* as it is written before the label.
    pub(crate) average: &'static str,
    pub(crate) quantity: String,
    pub(crate) sum: bool,
    pub(crate) avg: bool,
}

impl ViewFields {
    /// The fields of a view, with what is chosen of them.
    pub(crate) fn new(
        agreement: &Agreement,
        view: &View,
        choice: &BuilderChoice,
        lang: Lang,
    ) -> Self {
        let dimensions = view.dimension.iter();
        let measures = view.measure.iter();
        Self {
            name: view.name.clone(),
            units: unit::several(&view.unit, lang),
            dimensions: dimensions
                .map(|one| DimensionField::of(one, choice, lang))
                .collect(),
            measures: measures
                .map(|one| MeasureField::of(one, choice, lang))
                .collect(),
            counts_units: choice.figures.iter().any(|figure| figure == "units"),
            totals: choice.totals,
            most: agreement.protection.max_dimensions,
        }
    }
}

impl DimensionField {
    fn of(one: &Dimension, choice: &BuilderChoice, lang: Lang) -> Self {
        let only = choice.only.iter().find(|(known, _)| *known == one.name);
        let values = one.values.iter().map(|value| ValueField {
            label: in_words(one.labels.get(value), value, lang),
            chosen: only.is_some_and(|(_, values)| values.contains(value)),
            quoted: format!("'{}'", value.replace('\'', "''")),
            value: value.clone(),
        });
        Self {
            label: in_words(one.label.as_ref(), &one.name, lang),
            chosen: choice.by.contains(&one.name),
            sensitive: one.sensitive,
            values: values.collect(),
            is_open: only.is_some(),
            name: one.name.clone(),
        }
    }

    /// The values that the code book lists.
    pub(crate) fn listed(&self) -> &[ValueField] {
        self.values.get(..LISTED).unwrap_or(&self.values)
    }

    /// How many it does not list.
    pub(crate) fn unlisted(&self) -> usize {
        self.values.len() - self.listed().len()
    }
}

impl MeasureField {
    fn of(one: &Measure, choice: &BuilderChoice, lang: Lang) -> Self {
        let has = |kind: &str| choice.figures.contains(&format!("{kind}:{}", one.name));
        let label = in_words(one.label.as_ref(), &one.name, lang);
        Self {
            average: match lang {
                Lang::Nl => unit::average_of(&label),
                Lang::En => "average",
            },
            quantity: unit::quantity(&one.quantity, lang),
            sum: has("sum"),
            avg: has("avg"),
            name: one.name.clone(),
            label,
        }
    }
}

/// The label of a name, or the name itself where it has none.
fn in_words(label: Option<&Text>, name: &str, lang: Lang) -> String {
    label.map_or_else(|| name.to_owned(), |label| label.get(lang).to_owned())
}
