//! What can come between a person and what they asked of the program.
//!
//! Three kinds stay apart: a condition is in the way (refused), what was given is wrong,
//! or the machine or the program failed (environment, damaged, limit, internal).

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;
use zwerm_agreement::agreement::CanonicalError;
use zwerm_agreement::diagnostic::{Diagnostic, Diagnostics, FaultCode};
use zwerm_agreement::policy::PolicyError;
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::{Text, lines};
use zwerm_example::ExampleError;
use zwerm_home::config::REGISTRY;
use zwerm_home::error::HomeError;
use zwerm_intake::IntakeError;
use zwerm_question::error::QuestionError;
use zwerm_store::{Cause, StoreError};

/// Why a use case did not do its work.
#[derive(Debug, Error)]
pub enum AppError {
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
    /// The registry cannot be reached.
    #[error("the registry cannot be reached; see whether its database runs")]
    Away,
    /// What there was to tell was told as the result: it is not in order.
    #[error("not in order; see the report")]
    Reported,
    /// Somebody stopped it.
    #[error("interrupted; nothing was written")]
    Interrupted,
    /// Our own fault.
    #[error("an internal step failed: {0}; please report this")]
    Internal(String),
}

impl AppError {
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

impl From<Vec<Refusal>> for AppError {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Refused(refusals)
    }
}

impl From<Diagnostic> for AppError {
    fn from(one: Diagnostic) -> Self {
        Self::Wrong(one.into())
    }
}

impl From<Vec<Diagnostic>> for AppError {
    fn from(all: Vec<Diagnostic>) -> Self {
        Self::Wrong(all.into())
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<HomeError> for AppError {
    fn from(error: HomeError) -> Self {
        match error {
            HomeError::Refused(refusals) => Self::Refused(refusals),
            HomeError::Wrong(wrong) => Self::Wrong(wrong),
            HomeError::Environment { path, source } => Self::Environment { path, source },
            HomeError::Damaged { path, what, cure } => Self::Damaged { path, what, cure },
            HomeError::Limit { limit, cure } => Self::Limit { limit, cure },
            HomeError::Internal(what) => Self::Internal(what),
        }
    }
}

impl From<IntakeError> for AppError {
    fn from(error: IntakeError) -> Self {
        HomeError::from(error).into()
    }
}

impl From<QuestionError> for AppError {
    fn from(error: QuestionError) -> Self {
        HomeError::from(error).into()
    }
}

impl From<CanonicalError> for AppError {
    fn from(error: CanonicalError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<PolicyError> for AppError {
    fn from(error: PolicyError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<ExampleError> for AppError {
    fn from(error: ExampleError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        let system = |source: std::io::Error| Self::Environment {
            path: REGISTRY.into(),
            source,
        };
        match error {
            StoreError::Taken { what } => of_registry(
                FaultCode::Exists,
                &what,
                ("is er al", "is there already"),
                ("kies een andere", "choose another"),
            ),
            StoreError::Missing { what } => of_registry(
                FaultCode::NotFound,
                &what,
                ("is er niet, of niet meer", "is not there, or not any more"),
                ("zoek het opnieuw op", "look it up again"),
            ),
            StoreError::Last { what } => of_registry(
                FaultCode::Last,
                &what,
                ("is de laatste", "is the last one"),
                (
                    "zorg eerst dat er nog iemand is",
                    "see that there is somebody else first",
                ),
            ),
            StoreError::Full => system(ErrorKind::StorageFull.into()),
            StoreError::ReadOnly => system(ErrorKind::ReadOnlyFilesystem.into()),
            StoreError::Away(_) => Self::Away,
            StoreError::Busy => Self::Limit {
                limit: "registry".into(),
                cure: Text::new("probeer het zo opnieuw", "try again in a moment"),
            },
            StoreError::Open { url: path, source } | StoreError::Copy { path, source } => {
                Self::Environment {
                    path: path.into(),
                    source: std::io::Error::other(source),
                }
            }
            StoreError::Schema { url, source } => registry_of_other_program(&url, &source),
            StoreError::Damaged { what } => damaged_registry(&what),
            other => Self::Internal(other.to_string()),
        }
    }
}

/// What is wrong with something in the registry, and what to do about it, each in Dutch and in English.
fn of_registry(
    code: FaultCode,
    what: &str,
    (nl, en): (&str, &str),
    cure: (&str, &str),
) -> AppError {
    AppError::usage(
        code,
        Text::new(format!("{what}: {nl}"), format!("{what}: {en}")),
        Text::new(cure.0, cure.1),
    )
}

fn registry_of_other_program(url: &str, source: &Cause) -> AppError {
    AppError::Damaged {
        path: url.into(),
        what: Text::new(
            format!("het register past niet bij dit programma: {source}"),
            format!("the registry does not fit this program: {source}"),
        ),
        cure: Text::new(
            "gebruik de versie van zwerm die het maakte, of een kopie van ervoor",
            "use the version of zwerm that made it, or a copy from before",
        ),
    }
}

fn damaged_registry(what: &str) -> AppError {
    AppError::Damaged {
        path: REGISTRY.into(),
        what: Text::new(
            format!("het register is beschadigd: {what}"),
            format!("the registry is damaged: {what}"),
        ),
        cure: Text::new(
            "zet het terug uit een reservekopie",
            "restore it from a back-up",
        ),
    }
}
