//! Exit codes, in one place.

use zwerm_app::error::AppError;

/// The command did what was asked.
pub const OK: u8 = 0;
/// A condition is in the way.
pub const REFUSED: u8 = 1;
/// Wrong usage or input.
pub const WRONG: u8 = 2;
/// Our or the machine's failure.
pub const FAILED: u8 = 3;

/// The exit code of an error.
pub fn code(error: &AppError) -> u8 {
    match error {
        AppError::Refused(_) => REFUSED,
        AppError::Wrong(_) | AppError::Reported => WRONG,
        AppError::Environment { .. }
        | AppError::Damaged { .. }
        | AppError::Limit { .. }
        | AppError::Interrupted
        | AppError::Away
        | AppError::Internal(_) => FAILED,
    }
}
