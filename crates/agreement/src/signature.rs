//! Signatures: what a party said applies in its name when its key signed it.
//!
//! A party signs, with Ed25519, canonical JSON of `{agreement, party, decision, reason, lifts, at}`; `agreement` is the
//! agreement's hash, and what was not said is `null`. The party's public key is in the agreement; its private key stays
//! with the party.
//!
//! What restricts applies at once, signed or not: an objection, a suspension, an end. What permits must be signed:
//! consent, and lifting a suspension. So whoever keeps the files can stop an agreement, but never bring one into force.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use thiserror::Error;

use crate::agreement::{Agreement, canonical};
use crate::consent::{Consent, Decision};
use crate::digest::Digest;
use crate::force::{InForce, in_force};
use crate::refusal::Refusal;
use crate::status::{StatusChange, StatusEvent};
use crate::succession::replaced;

mod said;
mod valid;

pub use said::{SaidError, SignedStatement};
pub use valid::{ValidStatements, counting};

/// How a public key begins, as an agreement writes it.
const PUBLIC: &str = "ed25519:";
/// How a private key begins, in the file that its party keeps.
const SECRET: &str = "zwerm-private-key:ed25519:";

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// It is not a public key.
    #[error(
        "this is not a public key; write `ed25519:` and the key as `zwerm party key show` gives it"
    )]
    Public,
    /// It is not a private key.
    #[error("this is not a private key; make one with `zwerm party key new`")]
    Private,
}

/// The public key of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl FromStr for PublicKey {
    type Err = KeyError;

    /// ```
    /// use zwerm_agreement::signature::{PartyKey, PublicKey};
    /// let public = PartyKey::from_seed(&[1; 32]).public();
    /// assert_eq!(public.to_string().parse::<PublicKey>()?, public);
    /// assert!("rsa:AAAA".parse::<PublicKey>().is_err());
    /// # Ok::<(), zwerm_agreement::signature::KeyError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let encoded = text.strip_prefix(PUBLIC).ok_or(KeyError::Public)?;
        let bytes = BASE64_STANDARD
            .decode(encoded)
            .map_err(|_| KeyError::Public)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| KeyError::Public)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Public)?;
        // a weak key has signatures that fit any text
        if key.is_weak() {
            Err(KeyError::Public)
        } else {
            Ok(Self(key))
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC}{}", BASE64_STANDARD.encode(self.0.as_bytes()))
    }
}

/// The private key of a party; it is wiped from memory when it is dropped.
#[derive(Clone)]
pub struct PartyKey(SigningKey);

impl fmt::Debug for PartyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PartyKey(of {})", self.public())
    }
}

impl PartyKey {
    /// The key that 32 random bytes make.
    ///
    /// ```
    /// use zwerm_agreement::signature::PartyKey;
    /// assert_ne!(PartyKey::from_seed(&[1; 32]).public(), PartyKey::from_seed(&[2; 32]).public());
    /// ```
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Reads a key as [`PartyKey::secret`] writes it.
    ///
    /// # Errors
    /// The text is not a private key.
    ///
    /// ```
    /// use zwerm_agreement::signature::PartyKey;
    /// let key = PartyKey::from_seed(&[1; 32]);
    /// assert_eq!(PartyKey::parse(&key.secret())?.public(), key.public());
    /// assert!(PartyKey::parse(&key.public().to_string()).is_err());
    /// # Ok::<(), zwerm_agreement::signature::KeyError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let encoded = text.trim().strip_prefix(SECRET).ok_or(KeyError::Private)?;
        let bytes = BASE64_STANDARD
            .decode(encoded)
            .map_err(|_| KeyError::Private)?;
        let seed: [u8; 32] = bytes.try_into().map_err(|_| KeyError::Private)?;
        Ok(Self::from_seed(&seed))
    }

    /// The key as text. Whoever has it can speak for the party.
    ///
    /// ```
    /// let secret = zwerm_agreement::signature::PartyKey::from_seed(&[1; 32]).secret();
    /// assert!(secret.starts_with("zwerm-private-key:ed25519:"));
    /// ```
    #[must_use]
    pub fn secret(&self) -> String {
        format!("{SECRET}{}", BASE64_STANDARD.encode(self.0.as_bytes()))
    }

    /// The public key that belongs to this private key.
    ///
    /// ```
    /// let public = zwerm_agreement::signature::PartyKey::from_seed(&[1; 32]).public();
    /// assert!(public.to_string().starts_with("ed25519:"));
    /// ```
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs what the party says, and returns the signature in base64.
    ///
    /// # Errors
    /// The statement has no canonical form, which is our fault.
    ///
    /// ```
    /// use zwerm_agreement::{digest::Digest, signature::{PartyKey, Statement}};
    /// let key = PartyKey::from_seed(&[1; 32]);
    /// let statement = Statement {
    ///     agreement: Digest::of("a"), party: "corporatie", decision: "consent", reason: None, lifts: None,
    ///     at: "2026-01-05T10:00:00Z".parse()?,
    /// };
    /// let signature = key.sign(&statement)?;
    /// assert!(statement.is_signed_by(&key.public(), &signature));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sign(&self, statement: &Statement<'_>) -> Result<String, serde_json::Error> {
        let signature = self.0.sign(statement.to_canonical()?.as_bytes());
        Ok(BASE64_STANDARD.encode(signature.to_bytes()))
    }
}

/// What a party said of an agreement: the fields that it signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Statement<'a> {
    /// The agreement's hash.
    pub agreement: Digest,
    /// The id of the party that said it.
    pub party: &'a str,
    /// `consent`, `concern`, `object`, `suspended`, `resumed` or `ended`.
    pub decision: &'a str,
    /// The reason that the party gave.
    pub reason: Option<&'a str>,
    /// What would lift an objection.
    pub lifts: Option<&'a str>,
    /// The moment that the party named.
    pub at: Timestamp,
}

impl Statement<'_> {
    /// The bytes that are signed, which are text.
    ///
    /// # Errors
    /// The statement has no canonical form, which is our fault.
    ///
    /// ```
    /// # use zwerm_agreement::{digest::Digest, signature::Statement};
    /// # let at = "2026-01-05T10:00:00Z".parse()?;
    /// let agreement = Digest::from_bytes([0; 32]);
    /// let statement = Statement { agreement, party: "a", decision: "consent", reason: None, lifts: None, at };
    /// assert_eq!(
    ///     statement.to_canonical()?,
    ///     format!(
    ///         r#"{{"agreement":"{agreement}","at":"2026-01-05T10:00:00Z","decision":"consent","lifts":null,"party":"a","reason":null}}"#
    ///     )
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_canonical(&self) -> Result<String, serde_json::Error> {
        canonical(self)
    }

    /// Whether this key made this signature of the statement.
    ///
    /// See [`PartyKey::sign`] for an example.
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey, signature: &str) -> bool {
        let bytes = BASE64_STANDARD.decode(signature).ok();
        let signature = bytes.and_then(|bytes| Signature::from_slice(&bytes).ok());
        let text = self.to_canonical().ok();
        let both = text.zip(signature);
        both.is_some_and(|(text, signature)| {
            key.0.verify_strict(text.as_bytes(), &signature).is_ok()
        })
    }
}

impl Consent {
    /// Whether it stops something, and so applies at once, signed or not.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?;
    /// assert!(!document.consents[0].restricts());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn restricts(&self) -> bool {
        self.decision == Decision::Object
    }

    /// What is signed of it, for the agreement with this hash.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?;
    /// let hash = document.agreement.hash()?;
    /// assert_eq!(document.consents[0].statement(hash).decision, "consent");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn statement(&self, agreement: Digest) -> Statement<'_> {
        Statement {
            agreement,
            party: &self.party,
            decision: self.decision.as_str(),
            reason: self.reason.as_deref(),
            lifts: self.lifts.as_deref(),
            at: self.at,
        }
    }
}

impl StatusEvent {
    /// Whether it stops something, and so applies at once, signed or not.
    ///
    /// ```
    /// # use zwerm_agreement::status::{StatusChange, StatusEvent};
    /// # let event = StatusEvent {
    /// #     party: "corporatie".into(), change: StatusChange::Suspended, reason: "datalek".into(),
    /// #     at: "2026-02-01T00:00:00Z".parse()?, signature: None,
    /// # };
    /// assert!(event.restricts());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn restricts(&self) -> bool {
        self.change != StatusChange::Resumed
    }

    /// What is signed of it, for the agreement with this hash.
    ///
    /// ```
    /// use zwerm_agreement::{digest::Digest, status::{StatusChange, StatusEvent}};
    /// let event = StatusEvent {
    ///     party: "corporatie".into(), change: StatusChange::Ended, reason: "klaar".into(),
    ///     at: "2026-02-01T00:00:00Z".parse()?, signature: None,
    /// };
    /// assert_eq!(event.statement(Digest::of("a")).decision, "ended");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn statement(&self, agreement: Digest) -> Statement<'_> {
        Statement {
            agreement,
            party: &self.party,
            decision: self.change.as_str(),
            reason: Some(&self.reason),
            lifts: None,
            at: self.at,
        }
    }
}

/// Whether something that was said is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureState {
    /// The party's key signed it.
    Valid,
    /// There is no signature.
    Missing,
    /// There is a signature, but not of this text or not by this party's key.
    Wrong,
    /// The agreement has no key for the party.
    NoKey,
}

/// Checks a signature with the party's key in `agreement`.
///
/// ```
/// use zwerm_agreement::{agreement::Document, signature::{SignatureState, signed}};
/// let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?;
/// let consent = &document.consents[0];
/// let statement = consent.statement(document.agreement.hash()?);
/// assert_ne!(signed(&document.agreement, &statement, None), SignatureState::Valid);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn signed(
    agreement: &Agreement,
    statement: &Statement<'_>,
    signature: Option<&str>,
) -> SignatureState {
    let party = agreement.find_party(statement.party);
    let key = party.and_then(|party| party.public_key.as_deref()?.parse().ok());
    match (key, signature) {
        (None, _) => SignatureState::NoKey,
        (Some(_), None) => SignatureState::Missing,
        (Some(key), Some(signature)) if statement.is_signed_by(&key, signature) => {
            SignatureState::Valid
        }
        (Some(_), Some(_)) => SignatureState::Wrong,
    }
}

/// Whether the agreement is in force on a day, by the consents and events that apply.
///
/// # Errors
/// Every reason why it is not in force, and which consents do not apply.
///
/// ```
/// use zwerm_agreement::{agreement::Document, refusal::Code, signature::{counting, in_force_signed}};
/// let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?;
/// let (hash, zone) = (document.agreement.hash()?, jiff::tz::TimeZone::UTC);
/// let counting = counting(&document.agreement, hash, (&document.consents, &[]), zone);
/// let refusals = in_force_signed(&document.agreement, &counting, "2026-03-01".parse()?).unwrap_err();
/// assert!(refusals.iter().any(|refusal| refusal.code == Code::Unsigned));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn in_force_signed<'a>(
    agreement: &'a Agreement,
    counting: &ValidStatements,
    today: Date,
) -> Result<InForce<'a>, Vec<Refusal>> {
    let (consents, events) = (&counting.consents, &counting.events);
    let force = in_force(agreement, consents, events, today, &counting.zone);
    let by = counting.superseded.filter(|by| by.from <= today);
    let replaced = by.map(|by| replaced(agreement, &by));
    match (force, replaced) {
        (Ok(force), None) => Ok(force),
        (force, replaced) => {
            let lacking = force.err().unwrap_or_default().into_iter();
            let unsigned = counting.unsigned.iter().cloned();
            Err(lacking.chain(unsigned).chain(replaced).collect())
        }
    }
}

#[cfg(test)]
mod tests;
