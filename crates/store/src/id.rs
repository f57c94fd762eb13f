//! Ids that nobody can guess: 128 bits of the system's randomness, as 32 hexadecimal digits.

use crate::error::StoreError;

/// A new id, which nobody can guess.
///
/// ```
/// let id = zwerm_store::fresh_id()?;
/// assert_eq!(id.len(), 32);
/// assert_ne!(id, zwerm_store::fresh_id()?);
/// # Ok::<(), zwerm_store::StoreError>(())
/// ```
///
/// # Errors
/// [`StoreError::Random`] when the system gives no randomness.
pub fn fresh_id() -> Result<String, StoreError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::Random)?;
    Ok(hex::encode(bytes))
}
