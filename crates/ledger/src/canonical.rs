//! Canonical JSON (RFC 8785): the one form of a value that is hashed, signed and logged.

use serde::Serialize;
use serde_json::Value;

/// The value in canonical JSON.
///
/// # Errors
/// The value has no form in JSON, such as a map whose keys are not text, or holds a number that is not finite.
///
/// ```
/// use zwerm_ledger::canonical::to_vec;
/// assert_eq!(to_vec(&serde_json::json!({"b": 1.0, "a": "é"}))?, "{\"a\":\"é\",\"b\":1}".as_bytes());
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn to_vec(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    serde_json_canonicalizer::to_vec(value)
}

/// Reads JSON, and says whether these bytes are exactly its canonical form.
///
/// # Errors
/// The bytes are not JSON.
///
/// ```
/// use zwerm_ledger::canonical::parse;
/// assert!(parse(br#"{"a":1}"#)?.1);
/// assert!(!parse(br#"{ "a": 1 }"#)?.1);
/// assert!(parse(b"{").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn parse(bytes: &[u8]) -> Result<(Value, bool), serde_json::Error> {
    let value: Value = serde_json::from_slice(bytes)?;
    let canonical = to_vec(&value).is_ok_and(|form| form == bytes);
    Ok((value, canonical))
}
