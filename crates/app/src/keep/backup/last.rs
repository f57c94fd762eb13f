//! When a home was last backed up: a line beside it that no copy holds, for whoever looks after the machine.

use std::path::Path;

use jiff::Timestamp;
use zwerm_home::files;

use crate::error::AppError;
use crate::loggable::ToLog as _;

/// The file's name in a home.
pub(crate) const FILE: &str = ".backed-up";

/// Writes down that a back-up was made. One that cannot be written down was made all the same.
pub(super) fn write(root: &Path, now: Timestamp) {
    let written = files::write(&root.join(FILE), format!("{now}\n").as_bytes());
    if let Err(error) = written.map_err(AppError::from) {
        tracing::warn!(error = %error.loggable(), "when this back-up was made is not written down");
    }
}

/// When the last back-up was made that was written down.
pub(crate) fn read(root: &Path) -> Option<Timestamp> {
    let text = std::fs::read_to_string(root.join(FILE)).ok()?;
    text.trim().parse().ok()
}
