//! What can stand between a question and its answer: a refusal, the data, or the machine.

use zwerm_agreement::{refusal::Refusal, text::Text};
use zwerm_intake::IntakeError;

pub use zwerm_intake::DataFault;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// A condition stands in the way: the asker's to mend, or the agreement's.
    #[error("refused: {}", join(.0))]
    Refused(Vec<Refusal>),
    /// The data or the view are not as agreed: the providers' to mend.
    #[error("{}", join(.0))]
    Data(Vec<DataFault>),
    /// The machine gave out before the work was done.
    #[error("the limit of {limit} was reached; {cure}")]
    Limit {
        /// Which limit, with its value.
        limit: String,
        /// What to do.
        cure: Text,
    },
    /// A file cannot be read or written.
    #[error("`{path}`: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Our own fault.
    #[error("an internal step failed: {0}; please report this")]
    Internal(String),
}

fn join<T: std::fmt::Display>(all: &[T]) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    all.join("\n")
}

impl From<IntakeError> for QuestionError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Data(faults) => Self::Data(faults),
            IntakeError::File { path, source } => Self::File { path, source },
            IntakeError::Internal(what) => Self::Internal(what),
        }
    }
}

impl From<datafusion::error::DataFusionError> for QuestionError {
    fn from(error: datafusion::error::DataFusionError) -> Self {
        use datafusion::error::DataFusionError as E;
        match error.find_root() {
            E::ResourcesExhausted(_) => QuestionError::Limit {
                limit: "memory".into(),
                cure: Text::new(
                    "geef meer met `--memory`, of maak de basis kleiner",
                    "give it more with `--memory`, or make the view smaller",
                ),
            },
            E::IoError(e) => QuestionError::File {
                path: "temporary folder".into(),
                source: std::io::Error::new(e.kind(), e.to_string()),
            },
            other => QuestionError::Internal(other.to_string()),
        }
    }
}
