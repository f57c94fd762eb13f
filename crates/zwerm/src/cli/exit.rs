//! Exit codes, in one place.

use crate::app::error::AppError;

/// Done.
pub(crate) const OK: u8 = 0;
/// A condition stands in the way.
pub(crate) const REFUSED: u8 = 1;
/// Wrong usage or input.
pub(crate) const WRONG: u8 = 2;
/// Our or the machine's failure.
pub(crate) const FAILED: u8 = 3;

/// The exit code of an error.
pub(crate) fn code(error: &AppError) -> u8 {
    match error {
        AppError::Refused(_) => REFUSED,
        AppError::Faults(_)
        | AppError::Data(_)
        | AppError::Form(_)
        | AppError::Usage { .. }
        | AppError::Reported => WRONG,
        AppError::Environment { .. }
        | AppError::Damaged { .. }
        | AppError::Limit { .. }
        | AppError::Interrupted
        | AppError::Internal(_) => FAILED,
    }
}
