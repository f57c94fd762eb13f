//! Keyed pseudonyms: the same key gives the same pseudonym to everyone with the same secret, and tells
//! nothing to anyone without it.
//!
//! The construction, so that partners can make the same ones with other programs:
//!
//! ```text
//! key        the value of the key column as text, without white space around it, in UTF-8
//! message    "zwerm.pseudonym.v1", one zero byte, key
//! pseudonym  the first 32 hexadecimal digits (small letters) of HMAC-SHA-256(secret, message)
//! ```
//!
//! HMAC is that of RFC 2104 with SHA-256. The secret is the bytes of its file without white space at
//! the end. Nothing else is changed of a key: `0123` and `123` are different keys, and so are `a` and `A`.
//! 128 bits of the hash are kept: among a thousand million keys two get the same pseudonym with a chance
//! of less than one in 10^20.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::error::AppError;
use crate::share::own::secret::PseudonymSecret;

/// The name of the construction.
pub const CONSTRUCTION: &str = "zwerm.pseudonym.v1";
/// Keeps the check value apart from all pseudonyms.
const CHECK: &str = "zwerm.pseudonym.check.v1";
/// Hexadecimal digits of a pseudonym.
const DIGITS: usize = 32;
/// Hexadecimal digits of the check value.
const CHECK_DIGITS: usize = 16;

/// Makes pseudonyms under one secret.
pub struct Pseudonyms {
    mac: Hmac<Sha256>,
}

impl Pseudonyms {
    /// Pseudonyms under a secret.
    pub fn new(secret: &PseudonymSecret) -> Result<Self, AppError> {
        let mac = Hmac::new_from_slice(secret.bytes());
        let mac = mac.map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(Self { mac })
    }

    /// The pseudonym of a key.
    pub fn of(&self, key: &str) -> String {
        let mut mac = self.mac.clone();
        mac.update(CONSTRUCTION.as_bytes());
        mac.update(&[0]);
        mac.update(canonical(key).as_bytes());
        digits_of(mac, DIGITS)
    }

    /// A short value by which partners see that they used the same secret; it does not lead back to it.
    pub fn check_value(&self) -> String {
        let mut mac = self.mac.clone();
        mac.update(CHECK.as_bytes());
        digits_of(mac, CHECK_DIGITS)
    }
}

/// A key as it is hashed.
pub fn canonical(key: &str) -> &str {
    key.trim()
}

fn digits_of(mac: Hmac<Sha256>, digits: usize) -> String {
    let mut text = hex::encode(mac.finalize().into_bytes());
    text.truncate(digits);
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const SECRET: &[u8] = b"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    fn pseudonyms() -> Pseudonyms {
        Pseudonyms::new(&PseudonymSecret::of(SECRET)).unwrap()
    }

    /// Computed with Python's `hmac` module; see `docs/guide/pseudonyms.md`.
    #[test]
    fn another_implementation_makes_the_same_pseudonyms() {
        let made = pseudonyms();
        for (key, pseudonym) in [
            ("123456782", "7bdb7e4aa4abb7b12aa9cb0be73dae60"),
            ("0123", "970ff73402ce7562450906066013b2c9"),
            ("Zoë de Vries", "06eeb87e8106f3cd8008c3619a678fe5"),
        ] {
            assert_eq!(made.of(key), pseudonym);
        }
        assert_eq!(made.check_value(), "830f49cf15373644");
    }

    #[test]
    fn only_white_space_around_a_key_is_left_out() {
        let made = pseudonyms();
        assert_eq!(made.of(" 0123\t"), made.of("0123"));
        for other in ["123", "0 123", "O123"] {
            assert_ne!(made.of(other), made.of("0123"), "{other}");
        }
        assert_ne!(made.of("a"), made.of("A"));
    }

    #[test]
    fn another_secret_makes_other_pseudonyms() {
        let other = Pseudonyms::new(&PseudonymSecret::of(&[7; 32])).unwrap();
        assert_ne!(other.of("a"), pseudonyms().of("a"));
        assert_ne!(other.check_value(), pseudonyms().check_value());
    }
}
