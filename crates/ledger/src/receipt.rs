//! A receipt: one file with which anyone verifies an answer, with the log's public key and nothing else.
//!
//! It is canonical JSON, so that no byte of it can change unnoticed.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

use crate::canonical;
use crate::entry::{Entry, EntryError, EntryKind, Salt, Sha256Digest, commitment};
use crate::log::Appended;
use crate::note::{Checkpoint, LogVerifier, LogWitness, NoteError, open_checkpoint};
use crate::tree::{Hash, ProofError, check_inclusion, leaf_hash};

/// The version of receipts that this program writes and reads.
const VERSION: u32 = 1;

/// A receipt of one answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The version of this form: 1.
    pub receipt: u32,
    /// The question's entry in the log.
    pub question: Entry,
    /// The question in full, as it was understood.
    pub asked: String,
    /// The answer.
    pub answer: Value,
    /// The salt of the hash in the answer's entry, in base64.
    pub salt: String,
    /// The answer's entry in the log.
    pub entry: Entry,
    /// Its index, from 0.
    pub index: u64,
    /// The proof that the log has the entry: hashes in base64, from the leaf up (RFC 6962).
    pub proof: Vec<String>,
    /// The signed checkpoint that the proof leads to.
    pub checkpoint: String,
}

/// The bytes of an answer that are hashed, after a salt: canonical JSON of the question in full with the answer.
///
/// # Errors
/// The answer has no canonical form.
///
/// ```
/// let bytes = zwerm_ledger::receipt::answered("SELECT units() FROM v", &serde_json::json!({"n": 40}))?;
/// assert_eq!(bytes, br#"{"answer":{"n":40},"asked":"SELECT units() FROM v"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn answered(asked: &str, answer: &Value) -> Result<Vec<u8>, serde_json::Error> {
    canonical::to_vec(&json!({ "asked": asked, "answer": answer }))
}

/// The hash of a question's entry, as its answer's entry names it.
///
/// # Errors
/// The entry is too large for the log.
///
/// ```
/// # use zwerm_ledger::entry::{Entry, Sha256Digest, EntryKind};
/// use zwerm_ledger::receipt::question_hash;
/// # let what = EntryKind::DataRelease { view: "v".into(), release: Sha256Digest::of(b"r") };
/// # let entry = Entry { time: "2026-03-01T12:00:00Z".parse()?, agreement: Sha256Digest::of(b"a"), what };
/// assert_eq!(question_hash(&entry)?.0, zwerm_ledger::tree::leaf_hash(&entry.to_bytes()?).0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn question_hash(question: &Entry) -> Result<Sha256Digest, EntryError> {
    Ok(Sha256Digest(leaf_hash(&question.to_bytes()?).0))
}

/// What a receipt is made from, besides the log's proof.
#[derive(Debug, Clone)]
pub struct Content {
    /// The question's entry.
    pub question: Entry,
    /// The answer's entry, the last of those that were appended.
    pub entry: Entry,
    /// The question in full.
    pub asked: String,
    /// The answer.
    pub answer: Value,
    /// The salt of the answer's hash.
    pub salt: Salt,
}

impl Receipt {
    /// The receipt of an answer whose entry was just appended, last.
    ///
    /// `None` when nothing was appended.
    ///
    /// ```
    /// # use zwerm_ledger::{entry::{Entry, Sha256Digest, EntryKind}, log::Appended, receipt::{Content, Receipt}};
    /// # let what = EntryKind::DataRelease { view: "v".into(), release: Sha256Digest::of(b"r") };
    /// # let entry = Entry { time: "2026-03-01T12:00:00Z".parse()?, agreement: Sha256Digest::of(b"a"), what };
    /// # let content = Content {
    /// #     question: entry.clone(), entry, asked: String::new(), answer: serde_json::Value::Null, salt: [0; 32],
    /// # };
    /// let nothing = Appended { proved: Vec::new(), checkpoint: String::new() };
    /// assert_eq!(Receipt::new(content, &nothing), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(content: Content, appended: &Appended) -> Option<Self> {
        let proved = appended.proved.last()?;
        Some(Self {
            receipt: VERSION,
            question: content.question,
            asked: content.asked,
            answer: content.answer,
            salt: BASE64_STANDARD.encode(content.salt),
            entry: content.entry,
            index: proved.index,
            proof: proved.proof.iter().map(Hash::to_string).collect(),
            checkpoint: appended.checkpoint.clone(),
        })
    }

    /// The receipt as a file: canonical JSON and a line end.
    ///
    /// # Errors
    /// The answer has no canonical form.
    ///
    /// [`verify`] reads it.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = canonical::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a receipt.
    ///
    /// # Errors
    /// The bytes are not a receipt, or not exactly as a receipt is written.
    ///
    /// ```
    /// assert!(zwerm_ledger::receipt::Receipt::parse(b"{}").is_err());
    /// ```
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let receipt: Self = serde_json::from_slice(bytes).map_err(ReceiptError::Unknown)?;
        if receipt.receipt != VERSION {
            return Err(ReceiptError::Version(receipt.receipt));
        }
        if receipt.to_bytes().is_ok_and(|written| written == bytes) {
            Ok(receipt)
        } else {
            Err(ReceiptError::NotCanonical)
        }
    }
}

/// Why bytes are not a receipt.
#[derive(Debug, Error)]
pub enum ReceiptError {
    /// The bytes are not JSON, or do not have the fields of a receipt.
    #[error("this is no receipt: {0}; take the file as `zwerm ask --receipt` wrote it")]
    Unknown(#[source] serde_json::Error),
    /// The receipt has a version that this program does not know.
    #[error("this is a receipt of version {0}, which this program does not know; use a newer one")]
    Version(u32),
    /// The bytes differ from those that were written.
    #[error(
        "the receipt is not written as receipts are, so it was changed; take the original file"
    )]
    NotCanonical,
}

/// What is wrong with a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// The log's key did not sign the checkpoint.
    #[error("{0}")]
    Checkpoint(#[from] NoteError),
    /// The answer's entry is not in the log that was signed.
    #[error("the entry is not in the log: {0}")]
    NotInLog(#[from] ProofError),
    /// The proof is not written as hashes.
    #[error("the proof is not written as hashes")]
    Proof,
    /// The entry is not an answer.
    #[error("the entry is not that of an answer")]
    NoAnswer,
    /// The question is not the one that was answered.
    #[error("the question is not the one that was answered")]
    OtherQuestion,
    /// The answer is not the one that was given to this question.
    #[error("the answer, or the question in full, is not the one that was entered")]
    OtherAnswer,
    /// A witness did not sign the checkpoint.
    #[error("the witness `{0}` did not sign this checkpoint")]
    NotWitnessed(String),
}

/// What came of verifying a receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptVerdict {
    /// The receipt.
    pub receipt: Receipt,
    /// The checkpoint, if its signature is valid.
    pub checkpoint: Option<Checkpoint>,
    /// Everything that is wrong; nothing when the receipt is verified.
    pub faults: Vec<Fault>,
}

/// Verifies a receipt: nothing but the log's key is needed, and every fault is reported.
///
/// A verified receipt shows that this answer was given to this question under the agreement and from the release that
/// it names, and that the log has it. It does not show that the data were true, nor that others are shown the same log:
/// for that, compare checkpoints, or name witnesses, who must all have signed.
///
/// # Errors
/// The bytes are not a receipt.
///
/// ```
/// use zwerm_ledger::{note::LogKey, receipt::verify};
/// let key = LogKey::from_seed("a", &[1; 32])?.verifier();
/// assert!(verify(b"no receipt", &key, &[]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify(
    bytes: &[u8],
    key: &LogVerifier,
    witnesses: &[LogWitness],
) -> Result<ReceiptVerdict, ReceiptError> {
    let receipt = Receipt::parse(bytes)?;
    let mut faults = Vec::new();
    let opened = open_checkpoint(receipt.checkpoint.as_bytes(), key, witnesses);
    let checkpoint = opened.map_err(|error| faults.push(error.into())).ok();
    if let Some(checkpoint) = &checkpoint {
        faults.extend(included(&receipt, checkpoint).err());
        let signed = |w: &&LogWitness| checkpoint.cosigned.iter().any(|c| c.witness == w.name());
        let missing = witnesses.iter().filter(|witness| !signed(witness));
        faults.extend(missing.map(|witness| Fault::NotWitnessed(witness.name().to_owned())));
    }
    faults.extend(belongs(&receipt));
    Ok(ReceiptVerdict {
        receipt,
        checkpoint,
        faults,
    })
}

fn included(receipt: &Receipt, checkpoint: &Checkpoint) -> Result<(), Fault> {
    let hashes = receipt.proof.iter().map(|text| Hash::parse_hash(text));
    let proof: Vec<Hash> = hashes.collect::<Result<_, _>>().map_err(|_| Fault::Proof)?;
    let bytes = receipt.entry.to_bytes().map_err(|_| Fault::NoAnswer)?;
    let (size, root) = (checkpoint.size, checkpoint.root);
    Ok(check_inclusion(
        &proof,
        size,
        root,
        receipt.index,
        leaf_hash(&bytes),
    )?)
}

/// Whether the question and the answer match the entry.
fn belongs(receipt: &Receipt) -> Vec<Fault> {
    let EntryKind::Answer {
        question, answer, ..
    } = &receipt.entry.what
    else {
        return vec![Fault::NoAnswer];
    };
    let mut faults = Vec::new();
    let asked = matches!(receipt.question.what, EntryKind::Question { .. });
    let same = question_hash(&receipt.question).is_ok_and(|hash| hash == *question);
    let agreed = receipt.question.agreement == receipt.entry.agreement;
    if !(asked && same && agreed) {
        faults.push(Fault::OtherQuestion);
    }
    let salt = BASE64_STANDARD.decode(&receipt.salt);
    let salt: Option<Salt> = salt.ok().and_then(|salt| salt.try_into().ok());
    let content = answered(&receipt.asked, &receipt.answer).ok();
    let hash = salt
        .zip(content)
        .map(|(salt, content)| commitment(&salt, &content));
    if hash != Some(*answer) {
        faults.push(Fault::OtherAnswer);
    }
    faults
}
