//! The page of the form of a proposal: one of its steps, with what the others hold.

use askama::Template;
use zwerm_agreement::agreement::Helix;
use zwerm_agreement::condition::changes::ChangedCondition;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::text::Text;
use zwerm_app::decide::compose::{is_gone, rows, step_of};
use zwerm_app::decide::objections::Objection;
use zwerm_app::share::ask_on_page::KeptReason;

use crate::decide::agreement::AgreementWords;
use crate::decide::compose::choices::{Choices, ComposeLists, StepWords};
use crate::http::form::FormFields;
use crate::marks::{Markup, PartyMark};
use crate::page::Page;
use crate::render::Beside;

#[derive(Template)]
#[template(path = "decide/compose.html")]
pub(super) struct ComposePage {
    pub(super) page: Page,
    pub(super) action: String,
    /// The project that a version is added to; none for a new one.
    pub(super) project: Option<Text>,
    /// What somebody objects to it as it is.
    pub(super) objections: Vec<AnsweredObjection>,
    pub(super) step: usize,
    pub(super) steps: Vec<StepWords>,
    pub(super) parties: Choices,
    pub(super) goals: Choices,
    /// The sides of the parties that are registered, by id.
    pub(super) sides: Vec<(String, Option<Helix>)>,
    /// Parties that may be named without their particulars.
    pub(super) known: Choices,
    /// The parties of this form, by their rows, who may provide a dataset.
    pub(super) providers: Choices,
    pub(super) party_rows: Vec<FormRow>,
    pub(super) dataset_rows: Vec<FormRow>,
    pub(super) condition_rows: Vec<FormRow>,
    /// Who may promise something.
    pub(super) promisers: Choices,
    pub(super) choose: ComposeLists,
    /// What other steps ask for.
    pub(super) hidden: Vec<(String, String)>,
    /// The document that the form writes.
    pub(super) text: String,
    /// The same in words, once it is complete, and what it changes.
    pub(super) words: Option<AgreementWords>,
    pub(super) changes: Vec<ChangedCondition>,
    /// Whether the document has parts that the form does not show.
    pub(super) more_in_document: bool,
    pub(super) own_document: bool,
    pub(super) days: i64,
    pub(super) table: Markup,
    pub(super) kept_at: Option<jiff::Timestamp>,
    pub(super) fields: FormFields,
    pub(super) beside: Beside,
    pub(super) told: Vec<Diagnostic>,
    pub(super) reasons: Vec<KeptReason>,
}

/// An objection, and the field in which it is answered.
pub(super) struct AnsweredObjection {
    pub(super) party: PartyMark,
    pub(super) field: String,
    pub(super) objection: Objection,
}

/// A row of the form.
pub(super) struct FormRow {
    pub(super) kind: &'static str,
    pub(super) row: usize,
    /// As people count those that are there.
    pub(super) number: usize,
}

impl FormRow {
    /// The name of a field in it.
    pub(super) fn at(&self, part: &str) -> String {
        format!("{}{}_{part}", self.kind, self.row)
    }
}

impl ComposePage {
    pub(super) fn is(&self, step: usize) -> bool {
        self.step == step
    }

    /// Where a field is asked for: on this page, or in another step.
    pub(super) fn place_of(&self, field: &str) -> String {
        match step_of(field) {
            Some(step) if step != self.step => {
                format!("{}?step={step}#{field}", self.page.link(&self.action))
            }
            _ => format!("#{field}"),
        }
    }

    /// The columns of a dataset.
    pub(super) fn columns(&self, dataset: &FormRow) -> Vec<FormRow> {
        let all = numbered("column", &self.fields).into_iter();
        let of = all.filter(|row| {
            let of = self.fields.get(&row.at("of"));
            of.parse().unwrap_or(0) == dataset.row
        });
        of.collect()
    }

    /// A value that several fields of the form may have.
    pub(super) fn has(&self, field: String, value: &str) -> bool {
        self.fields.get(&field) == value
    }

    /// Whether a party of the form sits on the side of the residents, for whom it may speak.
    pub(super) fn speaks(&self, row: &FormRow) -> bool {
        let chosen = self.fields.get(&row.at("known"));
        let known = self.sides.iter().find(|(id, _)| id == chosen);
        match known {
            Some((_, side)) => *side == Some(Helix::Residents),
            None => self.fields.get(&row.at("helix")) == Helix::Residents.as_str(),
        }
    }

    /// Whether a condition is how the parties put what the computer keeps.
    pub(super) fn is_kept(&self, row: &FormRow) -> bool {
        let by = self.fields.get(&row.at("by"));
        !by.is_empty() && by.parse::<usize>().is_err()
    }

    /// Whether there is such a condition.
    pub(super) fn keeps(&self) -> bool {
        self.condition_rows.iter().any(|row| self.is_kept(row))
    }

    /// Whether anything is filled in.
    pub(super) fn filled(&self, field: impl AsRef<str>) -> bool {
        !self.fields.get(field.as_ref()).is_empty()
    }
}

pub(super) fn numbered(kind: &'static str, fields: &FormFields) -> Vec<FormRow> {
    let get = |name: &str| fields.get(name).to_owned();
    let all = (0..rows(kind, &get)).filter(|row| !is_gone(kind, *row, &get));
    let all = all.enumerate();
    all.map(|(place, row)| FormRow {
        kind,
        row,
        number: place + 1,
    })
    .collect()
}

/// What the rows of a step hold besides what they ask for: which are gone, and what a file said of them.
pub(super) fn kept_in_rows(fields: &FormFields, step: usize) -> Vec<(String, String)> {
    let parts = ["_gone", "_read", "_lines", "_few", "_of", "_id"];
    let mut kept = fields.to_keep();
    kept.retain(|(name, value)| {
        let own = step_of(name) == Some(step) && parts.iter().any(|part| name.ends_with(part));
        own && !value.is_empty()
    });
    kept
}
