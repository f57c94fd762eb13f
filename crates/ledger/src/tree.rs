//! The Merkle tree of RFC 6962: hashes, and the checks of inclusion and consistency.

use thiserror::Error;
use tlog_tiles::tlog;

pub use tlog_tiles::tlog::{EMPTY_HASH, Hash};

/// Why a proof does not prove what it should.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The proof does not lead to the root.
    #[error("the proof does not lead to the root of the tree")]
    Wrong,
    /// The tree has no such entry.
    #[error("a tree of {size} entries has no entry {index}; entries are counted from 0")]
    NoSuchEntry {
        /// The number of entries in the tree.
        size: u64,
        /// The index of the entry.
        index: u64,
    },
    /// The older tree is larger than the newer one.
    #[error("the log had {old} entries and has {new} now; a log never shrinks")]
    Shrunk {
        /// The number of entries in the older tree.
        old: u64,
        /// The number of entries in the newer tree.
        new: u64,
    },
}

/// The hash of an entry as a leaf: SHA-256 of 0x00 and its bytes.
///
/// ```
/// use zwerm_ledger::tree::leaf_hash;
/// assert_eq!(leaf_hash(b"").to_string(), "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=");
/// ```
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    tlog::record_hash(entry)
}

/// Checks that a tree of `size` entries with this root has an entry with this leaf hash at `index`.
///
/// # Errors
/// The tree has no such entry there, or the proof is for something else.
///
/// ```
/// use zwerm_ledger::tree::{check_inclusion, leaf_hash};
/// let leaf = leaf_hash(b"only");
/// assert!(check_inclusion(&[], 1, leaf, 0, leaf).is_ok());
/// assert!(check_inclusion(&[leaf], 1, leaf, 0, leaf).is_err());
/// ```
pub fn check_inclusion(
    proof: &[Hash],
    size: u64,
    root: Hash,
    index: u64,
    leaf: Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::NoSuchEntry { size, index });
    }
    tlog::check_record(&proof.to_vec(), size, root, index, leaf).map_err(|_| ProofError::Wrong)
}

/// Checks that the newer tree begins with everything in the older tree.
///
/// An empty tree begins every other: no proof is needed then, and none is accepted.
///
/// # Errors
/// It does not begin with that, or the proof is for something else.
///
/// ```
/// use zwerm_ledger::tree::{EMPTY_HASH, check_consistency, leaf_hash};
/// let root = leaf_hash(b"only");
/// assert!(check_consistency(&[], 0, EMPTY_HASH, 1, root).is_ok());
/// assert!(check_consistency(&[], 1, leaf_hash(b"other"), 1, root).is_err());
/// ```
pub fn check_consistency(
    proof: &[Hash],
    old_size: u64,
    old_root: Hash,
    new_size: u64,
    new_root: Hash,
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::Shrunk {
            old: old_size,
            new: new_size,
        });
    }
    if old_size == 0 {
        let whole = new_size > 0 || new_root == old_root;
        let proven = proof.is_empty() && old_root == EMPTY_HASH && whole;
        return if proven {
            Ok(())
        } else {
            Err(ProofError::Wrong)
        };
    }
    tlog::check_tree(&proof.to_vec(), new_size, new_root, old_size, old_root)
        .map_err(|_| ProofError::Wrong)
}
