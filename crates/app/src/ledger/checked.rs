//! When the whole log was last checked, and what came of it: a line beside it that no copy holds, for whoever looks after the
//! machine. It says what this machine saw; whoever trusts it less checks the log themselves.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zwerm_home::files;

use crate::error::AppError;
use crate::loggable::ToLog as _;

/// The file's name in a home.
pub(crate) const FILE: &str = ".log-checked";

/// A check of the whole log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogCheck {
    /// When it was.
    pub at: Timestamp,
    /// How many entries the log had.
    pub entries: u64,
    /// Whether all was in order.
    pub in_order: bool,
}

/// Writes down that the log was checked. One that cannot be written down, such as by whoever may only read, was checked all
/// the same.
pub fn write(root: &Path, check: &LogCheck) {
    let line = serde_json::to_vec(check).map_err(|error| AppError::Internal(error.to_string()));
    let written = line.and_then(|line| Ok(files::write(&root.join(FILE), &line)?));
    if let Err(error) = written {
        tracing::debug!(error = %error.loggable(), "when the log was checked is not written down");
    }
}

/// The last check of the whole log that was written down.
pub(crate) fn read(root: &Path) -> Option<LogCheck> {
    let bytes = std::fs::read(root.join(FILE)).ok()?;
    serde_json::from_slice(&bytes).ok()
}
