//! Keys, checkpoints and cosignatures: C2SP signed-note, tlog-checkpoint and tlog-cosignature.
//!
//! A checkpoint says how many entries the log has and what the root of its tree is, signed with the log's Ed25519 key.
//! A witness is somebody else who saw that the log only grew, and says so with a cosignature and the time.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{SigningKey, VerifyingKey};
use signed_note::{
    Note, Signature, Signer as _, StandardSigner, StandardVerifier, Verifier as _, VerifierList,
};
use thiserror::Error;
use tlog_tiles::checkpoint::Checkpoint as Body;

use crate::tree::Hash;

pub use crate::witness::{LogWitness, WitnessKey};

const ED25519: u8 = 1;

/// Why a key or a checkpoint is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoteError {
    /// No key may have that name.
    #[error("`{0}` cannot name a log; leave out spaces and plus signs")]
    Name(String),
    /// The text is not a key.
    #[error("this is no key of a log: {0}; take the whole line as the log gives it")]
    Key(&'static str),
    /// The bytes are not a signed checkpoint.
    #[error("this is no checkpoint: {0}")]
    Checkpoint(&'static str),
    /// The log's key did not sign the checkpoint.
    #[error("the checkpoint is not signed with the key of `{0}`")]
    NotSigned(String),
    /// A signature by a known key is not a signature of this text.
    #[error("the checkpoint was changed after `{0}` signed it")]
    WrongSignature(String),
    /// The checkpoint is that of another log.
    #[error("the checkpoint is of the log `{found}`, the key is of `{expected}`")]
    OtherLog {
        /// Which log the checkpoint is of.
        found: String,
        /// Which log the key is of.
        expected: String,
    },
}

/// The private key with which a log signs its checkpoints.
#[derive(Clone)]
pub struct LogKey {
    signer: StandardSigner,
    secret: String,
    verifier: LogVerifier,
}

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogKey({})", self.verifier)
    }
}

impl LogKey {
    /// The key of a log of this name, made from 32 random bytes.
    ///
    /// # Errors
    /// The name is empty, or has spaces or plus signs.
    ///
    /// ```
    /// use zwerm_ledger::note::LogKey;
    /// let key = LogKey::from_seed("example.nl/log", &[1; 32])?;
    /// assert!(key.verifier().to_string().starts_with("example.nl/log+"));
    /// assert!(LogKey::from_seed("two words", &[1; 32]).is_err());
    /// # Ok::<(), zwerm_ledger::note::NoteError>(())
    /// ```
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        let public = SigningKey::from_bytes(seed).verifying_key();
        let id = key_id(name, ED25519, &public);
        let typed = [[ED25519].as_slice(), seed].concat();
        let typed = BASE64_STANDARD.encode(typed);
        Self::parse(&format!("PRIVATE+KEY+{name}+{id:08x}+{typed}"))
    }

    /// Reads the key as [`LogKey::secret`] wrote it.
    ///
    /// # Errors
    /// The text is not such a key.
    ///
    /// ```
    /// use zwerm_ledger::note::LogKey;
    /// let key = LogKey::from_seed("a", &[1; 32])?;
    /// assert_eq!(LogKey::parse(key.secret())?.verifier(), key.verifier());
    /// assert!(LogKey::parse("PRIVATE+KEY+a").is_err());
    /// # Ok::<(), zwerm_ledger::note::NoteError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let text = text.trim_end();
        let wrong = NoteError::Key("it is not a private key as signed notes have them");
        let signer = StandardSigner::new(text).map_err(|_| wrong.clone())?;
        // the key itself may have plus signs in it
        let typed = text.splitn(5, '+').nth(4);
        let typed = typed.and_then(|typed| BASE64_STANDARD.decode(typed).ok());
        let seed: Option<[u8; 32]> = typed.and_then(|t| t.get(1..)?.try_into().ok());
        let public = SigningKey::from_bytes(&seed.ok_or(wrong)?).verifying_key();
        let verifier = signed_note::new_ed25519_verifier_key(signer.name(), &public);
        Ok(Self {
            verifier: LogVerifier::parse(&verifier)?,
            secret: text.to_owned(),
            signer,
        })
    }

    /// The private key as text; whoever has this text can sign for the log.
    ///
    /// ```
    /// let key = zwerm_ledger::note::LogKey::from_seed("a", &[1; 32])?;
    /// assert!(key.secret().starts_with("PRIVATE+KEY+a+"));
    /// # Ok::<(), zwerm_ledger::note::NoteError>(())
    /// ```
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The public key, with which anyone can check the log.
    ///
    /// ```
    /// let key = zwerm_ledger::note::LogKey::from_seed("a", &[1; 32])?;
    /// assert_eq!(key.verifier().name(), "a");
    /// # Ok::<(), zwerm_ledger::note::NoteError>(())
    /// ```
    #[must_use]
    pub fn verifier(&self) -> LogVerifier {
        self.verifier.clone()
    }

    /// The signed checkpoint of a tree.
    ///
    /// # Errors
    /// The signature could not be made.
    ///
    /// ```
    /// use zwerm_ledger::{note::{LogKey, open_checkpoint}, tree::EMPTY_HASH};
    /// let key = LogKey::from_seed("a", &[1; 32])?;
    /// let checkpoint = key.checkpoint(0, EMPTY_HASH)?;
    /// assert_eq!(open_checkpoint(checkpoint.as_bytes(), &key.verifier(), &[])?.size, 0);
    /// # Ok::<(), zwerm_ledger::note::NoteError>(())
    /// ```
    pub fn checkpoint(&self, size: u64, root: Hash) -> Result<String, NoteError> {
        let failed = |_| NoteError::Checkpoint("it could not be signed");
        let mut note = Note::new(text(self.signer.name(), size, root).as_bytes(), &[]);
        if let Ok(note) = &mut note {
            note.add_sigs(&[&self.signer]).map_err(failed)?;
        }
        let bytes = note.map_err(failed)?.to_bytes();
        String::from_utf8(bytes).map_err(|_| NoteError::Checkpoint("it is no text"))
    }
}

fn text(origin: &str, size: u64, root: Hash) -> String {
    format!("{origin}\n{size}\n{root}\n")
}

/// The public key of a log: `name+id+key`, as signed notes write it.
#[derive(Clone)]
pub struct LogVerifier {
    verifier: StandardVerifier,
    text: String,
}

impl LogVerifier {
    /// Reads a key.
    ///
    /// # Errors
    /// The text is not such a key.
    ///
    /// ```
    /// use zwerm_ledger::note::LogVerifier;
    /// let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    /// assert_eq!(LogVerifier::parse(text)?.name(), "PeterNeumann");
    /// assert!(LogVerifier::parse(&text.replace("c74f", "c74e")).is_err());
    /// # Ok::<(), zwerm_ledger::note::NoteError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let text = text.trim();
        let verifier = StandardVerifier::new(text).map_err(|error| {
            NoteError::Key(match error {
                signed_note::VerifierError::Format => "it is not written as `name+id+key`",
                signed_note::VerifierError::Alg => "it is not an ed25519 key",
                signed_note::VerifierError::Id => "its id is not that of its name and key",
            })
        })?;
        Ok(Self {
            verifier,
            text: text.to_owned(),
        })
    }

    /// The log's name.
    ///
    /// ```
    /// let key = zwerm_ledger::note::LogKey::from_seed("a", &[1; 32])?;
    /// assert_eq!(key.verifier().name(), "a");
    /// # Ok::<(), zwerm_ledger::note::NoteError>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        self.verifier.name()
    }
}

impl fmt::Display for LogVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for LogVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for LogVerifier {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// A witness's statement that it saw this checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// The name of the witness.
    pub witness: String,
    /// When it saw the checkpoint, in seconds since 1970, by its own clock.
    pub time: u64,
}

/// A checkpoint whose signature was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// How many entries the log had.
    pub size: u64,
    /// The root of its tree.
    pub root: Hash,
    /// The known witnesses that also signed it.
    pub cosigned: Vec<Cosignature>,
}

/// Checks a checkpoint's signature, and the cosignatures of known witnesses.
///
/// # Errors
/// It is not a checkpoint of this log, the log's key did not sign it, or a known signature is not one of its text.
///
/// ```
/// use zwerm_ledger::{note::{LogKey, open_checkpoint}, tree::EMPTY_HASH};
/// let key = LogKey::from_seed("a", &[1; 32])?;
/// let text = key.checkpoint(0, EMPTY_HASH)?.replace("\n0\n", "\n1\n");
/// assert!(open_checkpoint(text.as_bytes(), &key.verifier(), &[]).is_err());
/// # Ok::<(), zwerm_ledger::note::NoteError>(())
/// ```
pub fn open_checkpoint(
    bytes: &[u8],
    key: &LogVerifier,
    witnesses: &[LogWitness],
) -> Result<Checkpoint, NoteError> {
    let note = note(bytes)?;
    let malformed = NoteError::Checkpoint("it does not give an origin, a size and a root");
    let body = Body::from_bytes(note.text()).map_err(|_| malformed.clone())?;
    // the parser is lenient about how numbers are written; what was signed is not
    let written = text(body.origin(), body.size(), *body.hash());
    if !note.text().starts_with(written.as_bytes()) {
        return Err(malformed);
    }
    if body.origin() != key.name() {
        return Err(NoteError::OtherLog {
            found: body.origin().to_owned(),
            expected: key.name().to_owned(),
        });
    }
    let mut known: Vec<Box<dyn signed_note::Verifier>> = vec![Box::new(key.verifier.clone())];
    for witness in witnesses {
        known.push(Box::new(witness.clone()));
    }
    let signatures = match note.verify(&VerifierList::new(known)) {
        Ok((signatures, _)) => signatures,
        Err(signed_note::NoteError::InvalidSignature { name, .. }) => {
            return Err(NoteError::WrongSignature(name));
        }
        Err(signed_note::NoteError::UnverifiedNote) => {
            return Err(NoteError::NotSigned(key.name().to_owned()));
        }
        Err(_) => return Err(NoteError::Checkpoint("its signatures are ambiguous")),
    };
    let by_log = |s: &Signature| s.name() == key.name() && s.id() == key.verifier.key_id();
    if !signatures.iter().any(by_log) {
        return Err(NoteError::NotSigned(key.name().to_owned()));
    }
    let cosigned = signatures.iter().filter(|s| !by_log(s)).filter_map(|s| {
        let (time, _) = s.signature().split_first_chunk::<8>()?;
        Some(Cosignature {
            witness: s.name().to_owned(),
            time: u64::from_be_bytes(*time),
        })
    });
    Ok(Checkpoint {
        origin: body.origin().to_owned(),
        size: body.size(),
        root: *body.hash(),
        cosigned: cosigned.collect(),
    })
}

/// Reads a signed note.
pub(crate) fn note(bytes: &[u8]) -> Result<Note, NoteError> {
    Note::from_bytes(bytes).map_err(|_| NoteError::Checkpoint("it is not written as a signed note"))
}

/// Checks that a key may have this name.
pub(crate) fn check_name(name: &str) -> Result<(), NoteError> {
    if signed_note::is_key_name_valid(name) && !name.contains(char::is_control) {
        Ok(())
    } else {
        Err(NoteError::Name(name.to_owned()))
    }
}

/// The id of a key, by which a signature names the key that made it.
pub(crate) fn key_id(name: &str, algorithm: u8, key: &VerifyingKey) -> u32 {
    signed_note::key_id(name, &[[algorithm].as_slice(), key.as_bytes()].concat())
}
