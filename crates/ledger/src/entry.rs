//! What is in the log: entries as canonical JSON, of at most 65,535 bytes.
//!
//! Nothing personal enters the log. Names are those that an agreement registers; what must be provable later but may
//! have to be deleted enters as a salted hash ([`commitment`]), whose salt and text stay outside the log.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::canonical;

/// The most bytes of an entry: the largest number that fits in the length before each entry of a C2SP entry bundle.
pub const LARGEST_ENTRY: usize = 65_535;

/// A SHA-256 hash; written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha256Digest(pub [u8; 32]);

impl Sha256Digest {
    /// The hash of bytes.
    ///
    /// ```
    /// use zwerm_ledger::entry::Sha256Digest;
    /// assert!(Sha256Digest::of(b"").to_string().starts_with("e3b0c442"));
    /// ```
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The text is not a hash.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no sha-256 hash; write 64 digits of 0-9 and a-f")]
pub struct NoHashError(String);

impl FromStr for Sha256Digest {
    type Err = NoHashError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NoHashError(text.chars().take(80).collect());
        let proper = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        if text.len() != 64 || !text.bytes().all(proper) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| wrong())?;
        Ok(Self(bytes))
    }
}

impl Serialize for Sha256Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sha256Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Random bytes that keep a hash from being found by trying texts or numbers.
pub type Salt = [u8; 32];

/// SHA-256(salt || bytes).
///
/// ```
/// use zwerm_ledger::entry::{Sha256Digest, commitment};
/// let both = [[1; 32].as_slice(), b"42"].concat();
/// assert_eq!(commitment(&[1; 32], b"42"), Sha256Digest::of(&both));
/// ```
#[must_use]
pub fn commitment(salt: &Salt, bytes: &[u8]) -> Sha256Digest {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(bytes);
    Sha256Digest(hash.finalize().into())
}

/// How what a party said can be checked.
///
/// The bytes that it signed are canonical JSON of `{agreement, party, decision, reason, lifts, at}`. Without words of
/// its own in them, anybody can put them together from the entry; otherwise the words stay outside the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatementProof {
    /// The party's signature, in base64: it said no more than is in the entry.
    Signature(String),
    /// The salted hash of what it signed, signature included.
    Statement(Sha256Digest),
    /// The salted hash of what is said in its name without its signature: it applies, since it restricts, and proves
    /// nothing.
    Unsigned(Sha256Digest),
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The moment at which it was entered, by the clock of whoever keeps the log.
    pub time: Timestamp,
    /// The agreement's identity.
    pub agreement: Sha256Digest,
    /// What happened.
    #[serde(flatten)]
    pub what: EntryKind,
}

/// What happened. The agreement registers all names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum EntryKind {
    /// Everybody whose consent is needed gave it, and nothing is in the way.
    AgreementInForce {
        /// The agreement's id.
        id: String,
        /// The number of the version.
        version: u32,
        /// The first day on which questions may be asked.
        from: Date,
        /// The last day on which questions may be asked.
        until: Date,
        /// The zone whose days these are, by its name in the IANA list; UTC where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<String>,
    },
    /// A party suspended the agreement.
    AgreementSuspended {
        /// The id of the party.
        party: String,
        /// When the party said so.
        at: Timestamp,
        /// How what the party said can be checked.
        said: StatementProof,
    },
    /// A party lifted its own suspension.
    AgreementResumed {
        /// The id of the party.
        party: String,
        /// When the party said so.
        at: Timestamp,
        /// How what the party said can be checked.
        said: StatementProof,
    },
    /// A party ended the agreement, for good.
    AgreementEnded {
        /// The id of the party.
        party: String,
        /// When the party said so.
        at: Timestamp,
        /// How what the party said can be checked.
        said: StatementProof,
    },
    /// A later version came into force, which ends this one for good.
    AgreementSuperseded {
        /// The agreement's id.
        id: String,
        /// The number of the version that ended.
        version: u32,
        /// The identity of the version that takes over.
        by: Sha256Digest,
    },
    /// A party consented, or objected.
    Consent {
        /// The id of the party.
        party: String,
        /// `consent`, `concern` or `object`.
        decision: String,
        /// When the party said so.
        at: Timestamp,
        /// How what the party said can be checked.
        said: StatementProof,
    },
    /// A protected table was made from a shared view.
    DataRelease {
        /// The name of the shared view.
        view: String,
        /// The hash of its published cells.
        release: Sha256Digest,
    },
    /// A question was asked, and may be asked.
    Question {
        /// The party that it was asked as.
        party: String,
        /// The purpose that was stated.
        purpose: String,
        /// The name of the shared view.
        view: String,
        /// The canonical plan: registered names and values, everything else a placeholder.
        plan: String,
    },
    /// A question was answered.
    Answer {
        /// The hash of the question's entry as a leaf of the tree.
        question: Sha256Digest,
        /// The hash of the release that the answer came from.
        release: Sha256Digest,
        /// The conditions that were enforced, as paths in the agreement.
        rules: Vec<String>,
        /// The salted hash of the question in full with its answer.
        answer: Sha256Digest,
    },
    /// A question was refused.
    Refusal {
        /// The party that it was asked as; `?` for somebody who is no party.
        party: String,
        /// The codes of the reasons.
        codes: Vec<String>,
        /// The parties whose conditions were in the way.
        owners: Vec<String>,
        /// The salted hash of the question and the reasons in full.
        text: Sha256Digest,
    },
}

/// Why bytes are not an entry, or an entry cannot be written.
#[derive(Debug, Error)]
pub enum EntryError {
    /// The bytes are not JSON, or do not have the fields of the entry's kind.
    #[error("this is no entry: {0}")]
    Unknown(#[source] serde_json::Error),
    /// The entry is of a kind that this version does not know. It has its place in the tree, and is no fault.
    #[error("an entry of the kind `{kind}`, which only a newer version of zwerm knows")]
    OtherKind {
        /// The name of the kind.
        kind: String,
        /// The moment at which it was entered.
        time: Timestamp,
    },
    /// The bytes are not in canonical form: another order, spaces, or fields that do not belong there.
    #[error("the entry is not in canonical json, or has fields that its kind does not know")]
    NotCanonical,
    /// The entry is larger than [`LARGEST_ENTRY`].
    #[error("the entry takes {0} bytes; no more than {LARGEST_ENTRY} fit")]
    TooLarge(usize),
}

impl Entry {
    /// The entry as it is in the log.
    ///
    /// # Errors
    /// The entry is too large.
    ///
    /// ```
    /// use zwerm_ledger::entry::{Entry, Sha256Digest, EntryKind};
    /// let entry = Entry {
    ///     time: "2026-03-01T12:00:00Z".parse()?,
    ///     agreement: Sha256Digest::of(b"a"),
    ///     what: EntryKind::DataRelease { view: "v".into(), release: Sha256Digest::of(b"r") },
    /// };
    /// let bytes = entry.to_bytes()?;
    /// assert!(bytes.starts_with(br#"{"agreement":"ca97"#));
    /// assert_eq!(Entry::parse(&bytes)?, entry);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_bytes(&self) -> Result<Vec<u8>, EntryError> {
        let bytes = canonical::to_vec(self).map_err(EntryError::Unknown)?;
        if bytes.len() > LARGEST_ENTRY {
            return Err(EntryError::TooLarge(bytes.len()));
        }
        Ok(bytes)
    }

    /// Reads an entry of the log.
    ///
    /// # Errors
    /// The bytes are not an entry, not exactly as an entry is written, or an entry of a kind that is not known.
    ///
    /// ```
    /// use zwerm_ledger::entry::{Entry, EntryError};
    /// assert!(matches!(Entry::parse(b"{}"), Err(EntryError::Unknown(_))));
    /// let later = br#"{"kind":"plan-sealed","project":"proef","time":"2027-03-01T12:00:00Z"}"#;
    /// assert!(matches!(Entry::parse(later), Err(EntryError::OtherKind { .. })));
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        match serde_json::from_slice::<Self>(bytes) {
            Ok(entry) if entry.to_bytes()? == bytes => Ok(entry),
            Ok(_) => Err(EntryError::NotCanonical),
            Err(error) => Err(other_kind(bytes).unwrap_or(EntryError::Unknown(error))),
        }
    }

    /// The name of the entry's kind.
    ///
    /// ```
    /// # use zwerm_ledger::entry::{Entry, Sha256Digest, EntryKind};
    /// # let what = EntryKind::DataRelease { view: "v".into(), release: Sha256Digest::of(b"r") };
    /// # let entry = Entry { time: "2026-03-01T12:00:00Z".parse()?, agreement: Sha256Digest::of(b"a"), what };
    /// assert_eq!(entry.kind(), "data-release");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.what {
            EntryKind::AgreementInForce { .. } => "agreement-in-force",
            EntryKind::AgreementSuspended { .. } => "agreement-suspended",
            EntryKind::AgreementResumed { .. } => "agreement-resumed",
            EntryKind::AgreementEnded { .. } => "agreement-ended",
            EntryKind::AgreementSuperseded { .. } => "agreement-superseded",
            EntryKind::Consent { .. } => "consent",
            EntryKind::DataRelease { .. } => "data-release",
            EntryKind::Question { .. } => "question",
            EntryKind::Answer { .. } => "answer",
            EntryKind::Refusal { .. } => "refusal",
        }
    }
}

/// What bytes are that have all that every entry has: a moment, what it is about, and a kind, which is not a known one.
///
/// A kind is lower-case words with hyphens between them, so that none looks like one that is known.
fn other_kind(bytes: &[u8]) -> Option<EntryError> {
    let (value, canonical) = canonical::parse(bytes).ok()?;
    let text = |key: &str| value.get(key)?.as_str();
    let (kind, time) = (text("kind")?, text("time")?);
    let word = |word: &str| !word.is_empty() && word.bytes().all(|c| c.is_ascii_lowercase());
    let fits = kind.len() <= LONGEST_KIND && kind.split('-').all(word);
    let about = ["agreement", "project", "goal"];
    let about = about.iter().any(|key| text(key).is_some());
    let moment: Timestamp = time.parse().ok()?;
    let new = !KINDS.contains(&kind) && bytes.len() <= LARGEST_ENTRY;
    (canonical && fits && about && new && moment.to_string() == time).then(|| {
        EntryError::OtherKind {
            kind: kind.to_owned(),
            time: moment,
        }
    })
}

/// The longest name of a kind.
const LONGEST_KIND: usize = 40;

/// Every kind of entry that this version writes.
pub const KINDS: [&str; 10] = [
    "agreement-in-force",
    "agreement-suspended",
    "agreement-resumed",
    "agreement-ended",
    "agreement-superseded",
    "consent",
    "data-release",
    "question",
    "answer",
    "refusal",
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn entry() -> Entry {
        Entry {
            time: "2026-03-01T12:00:00Z".parse().unwrap(),
            agreement: Sha256Digest::of(b"a"),
            what: EntryKind::Consent {
                party: "corporatie".into(),
                decision: "consent".into(),
                at: "2026-02-28T09:00:00Z".parse().unwrap(),
                said: StatementProof::Signature("c2ln".into()),
            },
        }
    }

    #[test]
    fn an_entry_is_read_back_and_nothing_may_be_added_to_it() {
        let bytes = entry().to_bytes().unwrap();
        assert_eq!(Entry::parse(&bytes).unwrap(), entry());
        let text = String::from_utf8(bytes).unwrap();
        for changed in [
            text.replace("{\"agreement\"", "{\"aa\":1,\"agreement\""),
            text.replace(",\"kind\"", ", \"kind\""),
            text.replace("2026-03-01T12:00:00Z", "2026-03-01T12:00:00+00:00"),
        ] {
            assert_ne!(changed, text);
            let read = Entry::parse(changed.as_bytes());
            assert!(matches!(read, Err(EntryError::NotCanonical)), "{changed}");
        }
    }

    #[test]
    fn only_what_has_the_form_of_an_entry_is_one_of_another_kind() {
        let other = |kind: &str| {
            let about = "\"agreement\":\"x\"";
            let text = format!("{{{about},\"kind\":\"{kind}\",\"time\":\"2026-03-01T12:00:00Z\"}}");
            let read = Entry::parse(text.as_bytes());
            matches!(read, Err(EntryError::OtherKind { kind: found, .. }) if found == kind)
        };
        assert!(other("plan-sealed") && other("task"));
        for kind in [
            "answer",
            "Answer",
            "answer ",
            "answ\u{435}r",
            "-",
            "a--b",
            "",
            "a1",
            &"x".repeat(41),
        ] {
            assert!(!other(kind), "{kind}");
        }
        for text in [
            r#"{"kind":"task","time":"2026-03-01T12:00:00Z"}"#,
            r#"{"goal":"g","kind":"task"}"#,
            r#"{"goal":"g","kind":"task","time":"2026-03-01"}"#,
            r#"{"kind":"task","goal":"g","time":"2026-03-01T12:00:00Z"}"#,
            r#"{"goal":"g","kind":"task","time":"2026-03-01T12:00:00+00:00"}"#,
        ] {
            let read = Entry::parse(text.as_bytes());
            assert!(matches!(read, Err(EntryError::Unknown(_))), "{text}");
        }
    }

    #[test]
    fn every_kind_is_listed_once_and_named_as_it_is_written() {
        let bytes = entry().to_bytes().unwrap();
        let (value, canonical) = canonical::parse(&bytes).unwrap();
        assert!(canonical);
        assert_eq!(value["kind"], entry().kind());
        assert!(KINDS.contains(&entry().kind()));
    }

    #[test]
    fn an_entry_that_does_not_fit_is_refused() {
        let mut large = entry();
        if let EntryKind::Consent { party, .. } = &mut large.what {
            *party = "x".repeat(LARGEST_ENTRY);
        }
        assert!(matches!(large.to_bytes(), Err(EntryError::TooLarge(_))));
    }

    #[test]
    fn a_hash_is_written_in_one_way_only() {
        let text = Sha256Digest::of(b"a").to_string();
        assert_eq!(text.parse::<Sha256Digest>().unwrap().to_string(), text);
        for wrong in [
            text.to_uppercase(),
            text[1..].to_owned(),
            format!("+{}", &text[1..]),
        ] {
            assert!(wrong.parse::<Sha256Digest>().is_err(), "{wrong}");
        }
    }
}
