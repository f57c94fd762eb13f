//! Witnesses: others who saw that the log only grew, and say so (C2SP tlog-cosignature).

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use signed_note::Signature;

use crate::note::{NoteError, check_name, key_id, note};

/// The algorithm of cosignatures, as keys name it.
const COSIGNATURE: u8 = 4;

/// The private key of a witness.
#[derive(Clone)]
pub struct WitnessKey {
    name: String,
    key: SigningKey,
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WitnessKey({})", self.name)
    }
}

impl WitnessKey {
    /// The key of a witness of this name, made from 32 random bytes.
    ///
    /// # Errors
    /// The name is empty, or has spaces or plus signs.
    ///
    /// ```
    /// use zwerm_ledger::note::WitnessKey;
    /// assert_eq!(WitnessKey::from_seed("corporatie", &[2; 32])?.verifier().name(), "corporatie");
    /// # Ok::<(), zwerm_ledger::note::NoteError>(())
    /// ```
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        Ok(Self {
            name: name.to_owned(),
            key: SigningKey::from_bytes(seed),
        })
    }

    /// The public key that belongs to this private key.
    ///
    /// ```
    /// use zwerm_ledger::note::{LogWitness, WitnessKey};
    /// let witness = WitnessKey::from_seed("corporatie", &[2; 32])?.verifier();
    /// assert_eq!(LogWitness::parse(&witness.to_string())?, witness);
    /// # Ok::<(), zwerm_ledger::note::NoteError>(())
    /// ```
    #[must_use]
    pub fn verifier(&self) -> LogWitness {
        LogWitness::of(&self.name, self.key.verifying_key())
    }

    /// The same checkpoint with this witness's cosignature, made at a moment in seconds since 1970.
    ///
    /// By signing, a witness says that it saw the log grow from the last checkpoint that it signed; it must check that
    /// itself.
    ///
    /// # Errors
    /// The bytes are not a signed checkpoint.
    ///
    /// ```
    /// use zwerm_ledger::{note::{LogKey, WitnessKey, open_checkpoint}, tree::EMPTY_HASH};
    /// let log = LogKey::from_seed("a", &[1; 32])?;
    /// let witness = WitnessKey::from_seed("corporatie", &[2; 32])?;
    /// let signed = witness.cosign(log.checkpoint(0, EMPTY_HASH)?.as_bytes(), 1_772_366_400)?;
    /// let opened = open_checkpoint(signed.as_bytes(), &log.verifier(), &[witness.verifier()])?;
    /// assert_eq!(opened.cosigned[0].time, 1_772_366_400);
    /// # Ok::<(), zwerm_ledger::note::NoteError>(())
    /// ```
    pub fn cosign(&self, checkpoint: &[u8], time: u64) -> Result<String, NoteError> {
        let note = note(checkpoint)?;
        let signature = self.key.sign(&cosigned(time, note.text()));
        let bytes = [time.to_be_bytes().as_slice(), &signature.to_bytes()].concat();
        let id = key_id(&self.name, COSIGNATURE, &self.key.verifying_key());
        let no_text = NoteError::Checkpoint("it is no text");
        let signature = Signature::new(self.name.clone(), id, bytes);
        let line = signature
            .map_err(|_| NoteError::Name(self.name.clone()))?
            .to_bytes();
        String::from_utf8([checkpoint, &line].concat()).map_err(|_| no_text)
    }
}

/// The public key of a witness: `name+id+key` with the algorithm of cosignatures.
#[derive(Clone, PartialEq)]
pub struct LogWitness {
    name: String,
    id: u32,
    key: VerifyingKey,
}

impl LogWitness {
    fn of(name: &str, key: VerifyingKey) -> Self {
        Self {
            name: name.to_owned(),
            id: key_id(name, COSIGNATURE, &key),
            key,
        }
    }

    /// Reads a key.
    ///
    /// # Errors
    /// The text is not the key of a witness.
    ///
    /// ```
    /// assert!(zwerm_ledger::note::LogWitness::parse("corporatie").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let wrong = || NoteError::Key("it is not written as `name+id+key`");
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong());
        };
        let key = BASE64_STANDARD.decode(key).map_err(|_| wrong())?;
        let [COSIGNATURE, key @ ..] = key.as_slice() else {
            return Err(NoteError::Key("it is not a witness's key"));
        };
        let key: &[u8; 32] = key.try_into().map_err(|_| wrong())?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| wrong())?;
        let witness = Self::of(name, key);
        check_name(name)?;
        if id == format!("{:08x}", witness.id) {
            Ok(witness)
        } else {
            Err(NoteError::Key("its id is not that of its name and key"))
        }
    }

    /// The witness's name.
    ///
    /// ```
    /// # use zwerm_ledger::note::WitnessKey;
    /// assert_eq!(WitnessKey::from_seed("w", &[2; 32])?.verifier().name(), "w");
    /// # Ok::<(), zwerm_ledger::note::NoteError>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for LogWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let typed = [[COSIGNATURE].as_slice(), self.key.as_bytes()].concat();
        write!(
            f,
            "{}+{:08x}+{}",
            self.name,
            self.id,
            BASE64_STANDARD.encode(typed)
        )
    }
}

impl fmt::Debug for LogWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl signed_note::Verifier for LogWitness {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.id
    }

    fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        let Some((time, signature)) = signature.split_first_chunk::<8>() else {
            return false;
        };
        let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else {
            return false;
        };
        let signed = cosigned(u64::from_be_bytes(*time), text);
        self.key.verify_strict(&signed, &signature).is_ok()
    }
}

/// The text that a witness signs.
fn cosigned(time: u64, text: &[u8]) -> Vec<u8> {
    [format!("cosignature/v1\ntime {time}\n").as_bytes(), text].concat()
}
