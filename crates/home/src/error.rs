//! What can keep a home from doing what it was asked.
//!
//! Three kinds stay apart: a condition is in the way (refused), what was given is wrong,
//! or the machine or the program failed (environment, damaged, limit, internal).

use std::path::{Path, PathBuf};

use thiserror::Error;
use zwerm_agreement::agreement::CanonicalError;
use zwerm_agreement::diagnostic::{Diagnostic, Diagnostics, FaultCode};
use zwerm_agreement::policy::PolicyError;
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::{Text, lines};
use zwerm_intake::IntakeError;
use zwerm_question::error::QuestionError;

/// Why a home did not do what it was asked.
#[derive(Debug, Error)]
pub enum HomeError {
    /// One or more conditions are in the way.
    #[error("refused: {}", lines(.0))]
    Refused(Vec<Refusal>),
    /// What was given is not in order: a document, data, a form, or what was asked.
    #[error("{0}")]
    Wrong(#[from] Diagnostics),
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
    pub fn usage(code: FaultCode, what: Text, cure: Text) -> Self {
        Self::Wrong(Diagnostic::new(code, what, cure).into())
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

impl From<Diagnostic> for HomeError {
    fn from(one: Diagnostic) -> Self {
        Self::Wrong(one.into())
    }
}

impl From<Vec<Diagnostic>> for HomeError {
    fn from(all: Vec<Diagnostic>) -> Self {
        Self::Wrong(all.into())
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
            QuestionError::Data(faults) => faults.into(),
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
