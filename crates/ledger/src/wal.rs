//! The write-ahead file: entries that are durable and may not be in durable tiles yet.
//!
//! It begins with a head: how often it was written anew, the number of entries before it (a multiple of 256) and the
//! hashes of the whole subtrees that they make up, so that the tree continues from there without reading any tile. Then
//! come records: length, entry, and the entry's leaf hash. Reading ends at a record that is cut off or whose hash does
//! not match.

use crate::entry::{LARGEST_ENTRY, Sha256Digest};
use crate::tile::HASH;
use crate::tree::{Hash, leaf_hash};

const MAGIC: &[u8; 16] = b"zwerm-ledger-01\n";
const LEVELS: usize = 64;
/// The number of bytes of a head.
pub(crate) const HEAD: u64 = (MAGIC.len() + 8 + 8 + LEVELS * HASH + HASH) as u64;

/// The head of a write-ahead file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WalHead {
    /// How often the file was written anew, by which processes that share the log see that the file was replaced.
    pub(crate) edition: u64,
    /// The number of entries before the file.
    pub(crate) base: u64,
    /// Per bit that is set in `base`, the hash of the whole subtree of that level.
    pub(crate) whole: Vec<Option<Hash>>,
}

/// What a write-ahead file holds.
#[derive(Debug)]
pub(crate) struct Contents {
    /// Its records, as far as they can be read.
    pub(crate) entries: Vec<Vec<u8>>,
    /// The bytes after the records that are not a record.
    pub(crate) torn: Vec<u8>,
}

impl WalHead {
    /// The head of a log without entries.
    pub(crate) fn empty() -> Self {
        Self {
            edition: 0,
            base: 0,
            whole: vec![None; LEVELS],
        }
    }

    /// The bytes of the head, as the file begins with them.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.edition.to_be_bytes());
        bytes.extend(self.base.to_be_bytes());
        for level in 0..LEVELS {
            let hash = self.whole.get(level).copied().flatten();
            bytes.extend(hash.unwrap_or_default().0);
        }
        let check = Sha256Digest::of(&bytes);
        bytes.extend(check.0);
        bytes
    }

    /// Reads a head; `None` if the bytes do not begin with one.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let head = bytes.get(..usize::try_from(HEAD).ok()?)?;
        let (content, check) = head.split_at_checked(head.len() - HASH)?;
        if Sha256Digest::of(content).0 != check {
            return None;
        }
        let (edition, rest) = content.strip_prefix(MAGIC)?.split_first_chunk::<8>()?;
        let (base, hashes) = rest.split_first_chunk::<8>()?;
        let (edition, base) = (u64::from_be_bytes(*edition), u64::from_be_bytes(*base));
        let hashes = hashes.chunks_exact(HASH).enumerate().map(|(level, hash)| {
            let set = base.checked_shr(u32::try_from(level).ok()?)? & 1 == 1;
            set.then_some(Hash(hash.try_into().ok()?))
        });
        let whole: Vec<Option<Hash>> = hashes.collect();
        (whole.len() == LEVELS && base % crate::tile::WIDTH == 0).then_some(Self {
            edition,
            base,
            whole,
        })
    }
}

/// The record of an entry.
pub(crate) fn record(entry: &[u8], into: &mut Vec<u8>) {
    let length = u32::try_from(entry.len()).unwrap_or(u32::MAX);
    into.extend(length.to_be_bytes());
    into.extend(entry);
    into.extend(leaf_hash(entry).0);
}

/// Reads the records that follow a head.
pub(crate) fn records(mut bytes: &[u8]) -> Contents {
    let mut entries = Vec::new();
    while let Some((entry, rest)) = first(bytes) {
        entries.push(entry.to_vec());
        bytes = rest;
    }
    Contents {
        entries,
        torn: bytes.to_vec(),
    }
}

fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    if length > LARGEST_ENTRY {
        return None;
    }
    let (entry, rest) = rest.split_at_checked(length)?;
    let (hash, rest) = rest.split_first_chunk::<HASH>()?;
    (leaf_hash(entry).0 == *hash).then_some((entry, rest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn head() -> impl Strategy<Value = WalHead> {
        (any::<u64>(), any::<u64>(), any::<[u8; 32]>()).prop_map(|(edition, base, hash)| {
            let base = base & !0xff;
            let whole = (0..LEVELS).map(|level| (base >> level & 1 == 1).then_some(Hash(hash)));
            WalHead {
                edition,
                base,
                whole: whole.collect(),
            }
        })
    }

    proptest! {
        #[test]
        fn records_are_read_back_and_what_follows_them_is_set_aside(
            entries in vec(vec(any::<u8>(), 0..300), 0..20),
            torn in vec(any::<u8>(), 0..30),
        ) {
            let mut bytes = Vec::new();
            entries.iter().for_each(|entry| record(entry, &mut bytes));
            bytes.extend(&torn);
            let contents = records(&bytes);
            prop_assert_eq!(&contents.entries, &entries);
            prop_assert_eq!(&contents.torn, &torn);
        }

        #[test]
        fn a_cut_or_a_flipped_byte_leaves_the_records_before_it(
            entries in vec(vec(any::<u8>(), 0..50), 1..8),
            at in any::<prop::sample::Index>(),
            bit in 0..8,
            cut in any::<bool>(),
        ) {
            let mut bytes = Vec::new();
            let mut ends = Vec::new();
            for entry in &entries {
                record(entry, &mut bytes);
                ends.push(bytes.len());
            }
            let at = at.index(bytes.len());
            if cut {
                bytes.truncate(at);
            } else {
                bytes[at] ^= 1_u8 << bit;
            }
            let before = ends.iter().filter(|end| **end <= at).count();
            let contents = records(&bytes);
            prop_assert_eq!(&contents.entries, &entries[..before]);
        }

        #[test]
        fn garbage_is_no_head_and_no_panic(bytes in vec(any::<u8>(), 0..4000)) {
            prop_assert_eq!(WalHead::decode(&bytes), None);
            let contents = records(&bytes);
            prop_assert!(contents.torn.len() <= bytes.len());
        }

        #[test]
        fn a_head_is_read_back_and_no_other_byte_of_it_may_be_another(
            head in head(),
            at in any::<prop::sample::Index>(),
            bit in 0..8,
        ) {
            let mut bytes = head.encode();
            prop_assert_eq!(bytes.len() as u64, HEAD);
            prop_assert_eq!(WalHead::decode(&bytes), Some(head));
            let at = at.index(bytes.len());
            bytes[at] ^= 1_u8 << bit;
            prop_assert_eq!(WalHead::decode(&bytes), None);
        }
    }
}
