//! What can keep a question from its answer: a refusal, the data, or the machine.

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{
    agreement::View,
    refusal::{Code, Refusal},
    text::{Text, lines},
};
use zwerm_disclosure::{DisclosureError, Knowledge};
use zwerm_intake::IntakeError;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// A condition forbids it: the asker's to mend, or the agreement's.
    #[error("refused: {}", lines(.0))]
    Refused(Vec<Refusal>),
    /// The data or the view are not as agreed: the providers' to mend.
    #[error("{}", lines(.0))]
    Data(Vec<Diagnostic>),
    /// The data let no cube be built: their providers' to mend, and nobody else's to know why.
    #[error("{}: {}", Code::DataNotBuildable, .0.fault())]
    NotBuildable(NotBuildable),
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
        /// The file, as it was named.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Our own fault.
    #[error("an internal step failed: {0}; please report this")]
    Internal(String),
}

/// That the data let no cube be built. What is shown of it is the same whatever the data are; the reasons stay
/// inside, for providers who build from their own files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotBuildable {
    place: String,
    reasons: Vec<Diagnostic>,
}

impl NotBuildable {
    pub(crate) fn because(place: String, reasons: Vec<Diagnostic>) -> Self {
        Self { place, reasons }
    }

    /// It as a refusal, for whoever asks.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        let Diagnostic { what, cure, .. } = self.fault();
        Refusal::new(Code::DataNotBuildable, what, cure)
    }

    /// What is shown of it.
    #[must_use]
    pub fn fault(&self) -> Diagnostic {
        let fault = Diagnostic::new(
            FaultCode::NotProtectable,
            Text::new(
                "met deze gegevens zijn er geen cijfers te maken die veilig zijn",
                "no figures that are safe to show can be made from these data",
            ),
            Text::new(
                "wie de gegevens levert, vindt de reden in de eigen bestanden met `zwerm agreement check`; kijk ook of alle partners hun sleutels op dezelfde manier maakten",
                "whoever provides the data finds the reason in their own files with `zwerm agreement check`; see also whether all parties made their keys in the same way",
            ),
        );
        fault.at(self.place.clone())
    }
}

impl QuestionError {
    /// The same for providers who look at their own files: with the reasons, where there are any.
    pub(crate) fn with_reasons(self) -> Self {
        match self {
            Self::NotBuildable(of) if !of.reasons.is_empty() => Self::Data(of.reasons),
            other => other,
        }
    }

    /// The same for everybody else: without them.
    pub(crate) fn without_reasons(self) -> Self {
        match self {
            Self::NotBuildable(of) => {
                Self::NotBuildable(NotBuildable::because(of.place, Vec::new()))
            }
            other => other,
        }
    }
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

/// That the time ran out before a build was done.
pub(crate) fn too_late(time: std::time::Duration) -> QuestionError {
    QuestionError::Limit {
        limit: format!("{} s", time.as_secs()),
        cure: Text::new(
            "geef meer met `--time`, of maak de basis kleiner",
            "give it more with `--time`, or make the view smaller",
        ),
    }
}

/// Why a view cannot be protected.
///
/// What its shape alone decides is a fault of the view; what the data decide says nothing of them to others.
pub(crate) fn undisclosed(view: &View, error: &DisclosureError) -> QuestionError {
    let place = format!("view.{}", view.name);
    let known = match error {
        // of releases together: nobody has all of their data to look for the reason in
        DisclosureError::Unprotectable {
            known: Knowledge::Earlier,
            ..
        } => return not_buildable(view),
        DisclosureError::Unprotectable { known, .. } => Some(*known),
        _ => None,
    };
    let message = error.to_string();
    let fault = Diagnostic::new(
        FaultCode::NotProtectable,
        Text::new(
            format!(
                "de basis kan niet worden beschermd: {}",
                in_dutch(error, known)
            ),
            format!("the view cannot be protected: {message}"),
        ),
        Text::new(
            "neem minder kenmerken of kortere waardelijsten in de basis op",
            "take fewer dimensions or shorter value lists into the view",
        ),
    )
    .at(place.clone());
    match known {
        Some(_) => QuestionError::NotBuildable(NotBuildable::because(place, vec![fault])),
        None => QuestionError::Data(vec![fault]),
    }
}

fn in_dutch(error: &DisclosureError, known: Option<Knowledge>) -> String {
    let known = match known {
        Some(Knowledge::Provider) => "de eigen kolommen van een leverancier",
        Some(Knowledge::Contributor) => "een eigen bijdrage",
        Some(Knowledge::Earlier) => "wat eerder is uitgegeven",
        _ => "de uitgegeven cellen",
    };
    match error {
        DisclosureError::TooLarge { cells, limit } => format!(
            "de kenmerken geven samen {cells} combinaties, meer dan {limit}; neem minder kenmerken of kortere lijsten"
        ),
        DisclosureError::TooManyDimensions { dimensions, limit } => {
            format!("{dimensions} kenmerken, terwijl er hoogstens {limit} samen kunnen")
        }
        DisclosureError::TooManyUnions { grains, limit } => format!(
            "de groepen van een kenmerk overlappen op {grains} manieren, hoogstens {limit} kunnen; leg er minder vast"
        ),
        DisclosureError::Unprotectable { dimensions, .. } => format!(
            "een cel van {dimensions:?} is niet te beschermen: wie {known} kent, kan haar afleiden"
        ),
        _ => "de tabel past niet bij de regels".into(),
    }
}

/// That the data let no cube of a view be built, for a reason that nobody can look up in one file.
pub(crate) fn not_buildable(view: &View) -> QuestionError {
    let place = format!("view.{}", view.name);
    QuestionError::NotBuildable(NotBuildable::because(place, Vec::new()))
}
