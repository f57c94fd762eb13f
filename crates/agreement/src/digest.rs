//! A SHA-256 digest: what an agreement, a release and a file of data are known by.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// A SHA-256 digest; written as 64 digits of 0-9 and a-f.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Digits that tell one digest from others, where all of them would be too many to read.
    const FEW: usize = 12;

    /// The digest of bytes.
    ///
    /// ```
    /// use zwerm_agreement::digest::Digest;
    /// assert!(Digest::of(b"").to_string().starts_with("e3b0c442"));
    /// ```
    #[must_use]
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest that these bytes are.
    ///
    /// ```
    /// use zwerm_agreement::digest::Digest;
    /// assert_eq!(Digest::from_bytes([0; 32]).to_string(), "0".repeat(64));
    /// ```
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    ///
    /// ```
    /// use zwerm_agreement::digest::Digest;
    /// assert_eq!(Digest::from_bytes([7; 32]).to_bytes(), [7; 32]);
    /// ```
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// Its first twelve digits, which tell it from others that one meets.
    ///
    /// ```
    /// use zwerm_agreement::digest::Digest;
    /// assert_eq!(Digest::of(b"").short(), "e3b0c44298fc");
    /// ```
    #[must_use]
    pub fn short(self) -> String {
        self.to_string().chars().take(Self::FEW).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Text that is no digest.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no sha-256 hash; write 64 digits of 0-9 and a-f")]
pub struct NoDigestError(String);

impl FromStr for Digest {
    type Err = NoDigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NoDigestError(text.chars().take(80).collect());
        let proper = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        if !text.bytes().all(proper) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| wrong())?;
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_is_written_and_in_no_other_way() {
        let digest = Digest::of(b"zwerm");
        let text = digest.to_string();
        assert_eq!(text.parse(), Ok(digest));
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), digest);
        for wrong in [&text[1..], &text.to_uppercase(), &format!("{text}0"), ""] {
            assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
        }
    }
}
