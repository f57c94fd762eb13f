//! What can keep a home from doing what it was asked.
//!
//! Three kinds stay apart: a condition is in the way (refused), what was given is wrong (faults, data, usage),
//! or the machine or the program failed (environment, damaged, limit, internal).

use std::path::{Path, PathBuf};

use thiserror::Error;
use zwerm_agreement::agreement::CanonicalError;
use zwerm_agreement::fault::Faults;
use zwerm_agreement::policy::PolicyError;
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::{Text, lines};
use zwerm_intake::{DataFault, IntakeError};
use zwerm_question::error::QuestionError;

/// Why a home did not do what it was asked.
#[derive(Debug, Error)]
pub enum HomeError {
    /// One or more conditions are in the way.
    #[error("refused: {}", lines(.0))]
    Refused(Vec<Refusal>),
    /// A document is faulty.
    #[error("{0}")]
    Faults(#[from] Faults),
    /// Data, or paths in a document that lead to data, are not as agreed.
    #[error("{}", lines(.0))]
    Data(Vec<DataFault>),
    /// What was asked cannot be asked so.
    #[error("{what}; {cure}")]
    Usage {
        /// What is wrong, the user's own input in backticks.
        what: Text,
        /// What to do about it.
        cure: Text,
    },
    /// A file or folder cannot be read or written.
    #[error("`{}`: {source}", .path.display())]
    Environment {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that only this program writes does not hold what it should.
    #[error("`{}`: {what}; {cure}", .path.display())]
    Damaged {
        /// The file that is damaged.
        path: PathBuf,
        /// What is wrong with it.
        what: Text,
        /// What to do about it.
        cure: Text,
    },
    /// The machine gave out before the work was done.
    #[error("the limit of {limit} was reached; {cure}")]
    Limit {
        /// Which limit, with its value.
        limit: String,
        /// What to do about it.
        cure: Text,
    },
    /// Our own fault.
    #[error("an internal step failed: {0}; please report this")]
    Internal(String),
}

impl HomeError {
    /// What was asked cannot be asked so.
    pub fn usage(what: Text, cure: Text) -> Self {
        Self::Usage { what, cure }
    }

    /// For `map_err`: the file or folder that the system could not do something with.
    pub fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Environment { path, source }
    }
}

impl From<Vec<Refusal>> for HomeError {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Refused(refusals)
    }
}

impl From<Refusal> for HomeError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<IntakeError> for HomeError {
    fn from(error: IntakeError) -> Self {
        QuestionError::from(error).into()
    }
}

impl From<QuestionError> for HomeError {
    fn from(error: QuestionError) -> Self {
        match error {
            QuestionError::Refused(refusals) => Self::Refused(refusals),
            QuestionError::Data(faults) => Self::Data(faults),
            QuestionError::NotBuildable(of) => Self::Refused(vec![of.refusal()]),
            QuestionError::Limit { limit, cure } => Self::Limit { limit, cure },
            QuestionError::File { path, source } => Self::Environment {
                path: path.into(),
                source,
            },
            QuestionError::Internal(what) => Self::Internal(what),
        }
    }
}

impl From<CanonicalError> for HomeError {
    fn from(error: CanonicalError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<PolicyError> for HomeError {
    fn from(error: PolicyError) -> Self {
        Self::Internal(error.to_string())
    }
}
