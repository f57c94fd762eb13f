//! Why a file cannot be used: what its owner can mend, what the machine refused, or our own fault.

use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::text::lines;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The file is not as agreed: the provider's to mend.
    #[error("{}", lines(.0))]
    Data(Vec<Diagnostic>),
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
