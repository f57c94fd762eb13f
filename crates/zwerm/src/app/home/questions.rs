//! `questions.jsonl`: every question and every refusal, durable before the answer leaves.
//!
//! A refused question is recorded by its reasons only. Its SQL may name a person and is never written.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zwerm_commons::refusal::Code;
use zwerm_commons::text::Text;

use super::Home;
use crate::app::error::AppError;

/// Which agreement a question was asked under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The agreement's id.
    pub(crate) id: String,
    /// Its version.
    pub(crate) version: u32,
    /// Its hash.
    pub(crate) hash: String,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Outcome {
    /// It was answered.
    Answered {
        /// The question in canonical SQL.
        plan: String,
        /// The release that it was answered from.
        release: String,
        /// The hash of the answer.
        answer_hash: String,
    },
    /// It was refused.
    Refused {
        /// Why.
        codes: Vec<Code>,
        /// Whose conditions stood in the way.
        owners: Vec<String>,
    },
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// When it was asked.
    pub(crate) at: Timestamp,
    /// Under which agreement.
    pub(crate) agreement: Asked,
    /// As whom.
    pub(crate) party: String,
    /// For which purpose, as stated.
    pub(crate) purpose: String,
    /// What came of it.
    pub(crate) outcome: Outcome,
}

/// An entry was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// Said when a line that a crash tore was set aside first.
    pub(crate) notice: Option<Text>,
}

impl Home {
    /// Appends an entry to `questions.jsonl`; when this returns, the disk has it.
    pub(crate) fn record(&self, entry: &Entry) -> Result<Recorded, AppError> {
        let notice = self.questions_journal().append(entry)?;
        Ok(Recorded { notice })
    }

    /// Every entry, oldest first.
    #[cfg(test)]
    pub(crate) fn questions(&self) -> Result<Vec<Entry>, AppError> {
        self.questions_journal().read()
    }
}
