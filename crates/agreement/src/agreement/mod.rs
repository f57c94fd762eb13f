//! The agreement: what parties decided together, as plain data with the names of the document.
//!
//! Canonical JSON (RFC 8785) of these structs is what is signed; its SHA-256 is the agreement's identity.

mod dataset;
mod format;
mod party;
mod protection;
mod view;

pub use dataset::{ColumnType, Dataset, Embargo};
pub use format::{Encoding, Format};
pub use party::{Helix, Mandate, MandateBy, Party, PartyRole, Right};
pub use protection::{Dominance, Noise, Protection, Rhythm};
pub use view::{Dimension, Measure, Mode, View};

pub use crate::document::{BLANKS, Document, LARGEST_DOCUMENT};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::digest::Digest;
use crate::text::Text;
use crate::words;

words! {
    in "zwerm_agreement::agreement";
    /// How a task moves to residents, which also decides which indicators are required.
    pub enum Strategy {
        /// Loslaten: continuity, drop-out, residents' hours.
        LettingGo = "letting-go",
        /// Meegaan met een vangnet: reach, waiting, who falls through.
        SafetyNet = "safety-net",
        /// Onderzoeken: sealed expectations, cost.
        Exploring = "exploring",
    }
}

words! {
    in "zwerm_agreement::agreement";
    /// How lasting a project is.
    pub enum Phase {
        /// Bounded, with sealed expectations.
        Experimental = "experimental",
        /// Lasting, after a consent round that looked at what was learned.
        Structural = "structural",
    }
}

words! {
    in "zwerm_agreement::agreement";
    /// Who may read answers.
    pub enum AnswerReaders {
        /// Everyone.
        Public = "public",
        /// The parties of the agreement.
        Parties = "parties",
    }
}

/// The days on which questions may be asked, both included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// The first day on which questions may be asked.
    pub from: Date,
    /// The last day on which questions may be asked.
    pub until: Date,
}

/// How long answers may be read after the last day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Whole months after `valid.until`.
    pub months: u32,
}

/// The people whom the data is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeopleConcerned {
    /// Their id; a residents' party represents exactly this one.
    pub id: String,
    /// Who they are, in Dutch.
    pub nl: String,
    /// Who they are, in English; the Dutch words when left out.
    pub en: String,
}

/// A condition in words that people agreed on; exactly one of `enforced_by` and `promised_by` is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The condition in words.
    pub text: Text,
    /// The path of the enforced condition, as [`crate::condition::enforced`] lists them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enforced_by: Option<String>,
    /// The party that promises it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_by: Option<String>,
    /// The statement that it was adopted from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_statement: Option<u64>,
}

/// One version of an agreement, without its consents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Its id, the same for all its versions.
    pub id: String,
    /// The number of the version, from 1; parties consent to each version anew.
    pub version: u32,
    /// What people call it.
    pub title: Text,
    /// The id of the goal that it serves.
    pub goal: String,
    /// The one purpose that a question must state.
    pub purpose: String,
    /// How the task moves to residents.
    pub strategy: Strategy,
    /// How lasting the project is.
    pub phase: Phase,
    /// When questions may be asked.
    pub valid: Validity,
    /// How long answers stay readable.
    pub retention: Retention,
    /// Who may read answers.
    pub answers: AnswerReaders,
    /// Whom the data is about.
    pub about: PeopleConcerned,
    /// Who takes part.
    pub party: Vec<Party>,
    /// Whose data, which columns.
    pub dataset: Vec<Dataset>,
    /// The shared views that questions are asked of.
    pub view: Vec<View>,
    /// Outcomes that wait for a sealed plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embargo: Vec<Embargo>,
    /// How answers are protected.
    pub protection: Protection,
    /// The budget of noisy answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<Noise>,
    /// Conditions in people's own words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub condition: Vec<Condition>,
}

/// Why an agreement has no canonical form; one that [`Document::parse`] accepted always has one.
#[derive(Debug, Error)]
pub enum CanonicalError {
    /// A number is infinite or not a number, which JSON cannot express.
    #[error("a number in the agreement is not finite; write an ordinary number")]
    NotFinite,
    /// It cannot be written as JSON.
    #[error(
        "the agreement cannot be written as canonical json; this is our fault, please report it"
    )]
    Json(#[source] serde_json::Error),
}

impl Agreement {
    /// The agreement in canonical JSON (RFC 8785); this is what parties sign.
    ///
    /// # Errors
    /// A number is not finite.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
    /// assert!(agreement.canonical_json()?.starts_with(r#"{"about":{"en":"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn canonical_json(&self) -> Result<String, CanonicalError> {
        if !self.numbers().all(f64::is_finite) {
            return Err(CanonicalError::NotFinite);
        }
        canonical(self).map_err(CanonicalError::Json)
    }

    /// Every number that might not be finite.
    fn numbers(&self) -> impl Iterator<Item = f64> {
        let measures = self.view.iter().flat_map(|view| &view.measure);
        let bounds = measures.flat_map(|measure| [measure.lower, measure.upper]);
        let budgets = self.dataset.iter().filter_map(|dataset| dataset.rho_total);
        let noise = self
            .noise
            .iter()
            .flat_map(|noise| [noise.rho_per_question, noise.delta]);
        let shares = self
            .protection
            .dominance
            .iter()
            .map(|dominance| dominance.percent);
        bounds
            .chain(budgets)
            .chain(noise)
            .chain(shares)
            .chain(self.protection.p_percent)
    }

    /// The agreement's identity: SHA-256 of its canonical JSON.
    ///
    /// # Errors
    /// A number is not finite.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
    /// assert_eq!(agreement.hash()?.to_string().len(), 64);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn hash(&self) -> Result<Digest, CanonicalError> {
        Ok(Digest::of(self.canonical_json()?))
    }

    /// The party with this id.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
    /// assert!(agreement.find_party("gemeente-leiden").is_some());
    /// assert!(agreement.find_party("iemand-anders").is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn find_party(&self, id: &str) -> Option<&Party> {
        self.party.iter().find(|party| party.id == id)
    }

    /// The shared view with this name.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
    /// assert_eq!(agreement.find_view("huishoudens").map(|v| v.key.as_str()), Some("huishouden"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn find_view(&self, name: &str) -> Option<&View> {
        self.view.iter().find(|view| view.name == name)
    }

    /// The ids of the parties that sit at the table (suppliers do not), in the order of the document.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
    /// assert!(!agreement.seats().any(|party| party.role.is_some()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn seats(&self) -> impl Iterator<Item = &Party> {
        self.party.iter().filter(|party| party.role.is_none())
    }

    /// Whether the party provides one of the datasets.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
    /// assert!(agreement.provides("corporatie"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn provides(&self, party: &str) -> bool {
        self.dataset.iter().any(|dataset| dataset.provider == party)
    }

    /// Whether the party sits at residents' side and represents exactly the people whom the data is about.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
    /// assert!(agreement.represents("huurdersvereniging"));
    /// assert!(!agreement.represents("gemeente-leiden"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn represents(&self, party: &str) -> bool {
        self.seats().any(|p| {
            p.id == party
                && p.helix == Some(Helix::Residents)
                && p.represents.as_deref() == Some(self.about.id.as_str())
        })
    }
}

/// Canonical JSON (RFC 8785).
pub(crate) fn canonical(value: &impl Serialize) -> Result<String, serde_json::Error> {
    serde_json_canonicalizer::to_string(value)
}

#[cfg(test)]
mod tests;
