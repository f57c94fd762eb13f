//! An answer that was given before, as it is kept on disk.

use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize};
use zwerm_agreement::text::Text;

use super::types::{Answer, AnswerColumn, AnswerTable, AnswerValue};

/// An answer that was given before: the only form in which one can be read back, and written as it was given.
///
/// ```
/// use zwerm_question::answer::KeptAnswer;
/// let written = r#"{"columns":[],"rows":[],"notes":[]}"#;
/// let kept: KeptAnswer = serde_json::from_str(written)?;
/// assert_eq!(serde_json::to_string(&kept)?, written);
/// assert!(serde_json::from_str::<KeptAnswer>(r#"{"columns":[]}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct KeptAnswer(AnswerTable);

impl From<Answer> for KeptAnswer {
    fn from(answer: Answer) -> Self {
        Self(answer.0)
    }
}

impl Deref for KeptAnswer {
    type Target = AnswerTable;

    fn deref(&self) -> &AnswerTable {
        &self.0
    }
}

/// An answer as it is written.
#[derive(Deserialize)]
struct WrittenAnswer {
    columns: Vec<AnswerColumn>,
    rows: Vec<Vec<AnswerValue>>,
    notes: Vec<Text>,
}

impl<'de> Deserialize<'de> for KeptAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let WrittenAnswer {
            columns,
            rows,
            notes,
        } = WrittenAnswer::deserialize(deserializer)?;
        Ok(Self(AnswerTable {
            columns,
            rows,
            notes,
        }))
    }
}
