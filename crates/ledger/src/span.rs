//! The part of the tree that is held in memory: everything from a multiple of 256 entries on.
//!
//! What comes before is known by the hashes of the whole subtrees that it consists of (Crosby and Wallach 2009), which
//! is enough for the root, for proofs of later entries, and for appending.

use tlog_tiles::tlog::{
    Error, HashReader, node_hash, prove_record, split_stored_hash_index, tree_hash,
};

use crate::tree::{Hash, leaf_hash};
use crate::wal::WalHead;

/// A tree of which the entries from `head.base` on are in memory.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) head: WalHead,
    /// The entries from `head.base` on.
    pub(crate) entries: Vec<Vec<u8>>,
    /// Per level the hashes of whole subtrees that were completed since then.
    levels: Vec<Vec<Hash>>,
}

impl Span {
    /// A span that begins after a head, without entries.
    pub(crate) fn new(head: WalHead) -> Self {
        Self {
            head,
            entries: Vec::new(),
            levels: Vec::new(),
        }
    }

    /// The number of entries of the whole tree.
    pub(crate) fn size(&self) -> u64 {
        self.head.base + self.entries.len() as u64
    }

    /// Adds an entry at the end.
    pub(crate) fn push(&mut self, entry: Vec<u8>) {
        let mut index = self.size();
        let mut hash = leaf_hash(&entry);
        let mut level = 0;
        self.entries.push(entry);
        loop {
            self.put(level, hash);
            if index & 1 == 0 {
                return;
            }
            let Some(left) = self.node(level, index - 1) else {
                return;
            };
            hash = node_hash(left, hash);
            index >>= 1;
            level += 1;
        }
    }

    fn put(&mut self, level: u8, hash: Hash) {
        let level = usize::from(level);
        while self.levels.len() <= level {
            self.levels.push(Vec::new());
        }
        if let Some(hashes) = self.levels.get_mut(level) {
            hashes.push(hash);
        }
    }

    /// The hash of a whole subtree: number `index` of its level; `None` if it is not in memory or not whole.
    pub(crate) fn node(&self, level: u8, index: u64) -> Option<Hash> {
        let before = self.head.base.checked_shr(level.into()).unwrap_or(0);
        match index.checked_sub(before) {
            Some(place) => {
                let hashes = self.levels.get(usize::from(level))?;
                hashes.get(usize::try_from(place).ok()?).copied()
            }
            None if index + 1 == before => {
                self.head.whole.get(usize::from(level))?.as_ref().copied()
            }
            None => None,
        }
    }

    /// The root of the tree when it had this many entries, at least as many as the head.
    pub(crate) fn root(&self, size: u64) -> Option<Hash> {
        tree_hash(size, self).ok()
    }

    /// The proof that entry `index`, which is in memory, is in the current tree.
    pub(crate) fn prove(&self, index: u64) -> Option<Vec<Hash>> {
        prove_record(self.size(), index, self).ok()
    }

    /// The head of a write-ahead file that begins at a later multiple of 256.
    pub(crate) fn head_at(&self, base: u64) -> Option<WalHead> {
        let mut head = WalHead {
            edition: self.head.edition,
            base,
            ..WalHead::empty()
        };
        for (level, whole) in head.whole.iter_mut().enumerate() {
            let level = u8::try_from(level).ok()?;
            if base >> level & 1 == 1 {
                *whole = Some(self.node(level, (base >> level) - 1)?);
            }
        }
        Some(head)
    }
}

impl HashReader for Span {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        let found = indexes.iter().map(|index| {
            let (level, number) = split_stored_hash_index(*index);
            self.node(level, number).ok_or(Error::IndexesNotInTree)
        });
        found.collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::entry::Sha256Digest;
    use crate::tree::{EMPTY_HASH, check_inclusion};

    const LARGEST: u64 = 1500;

    fn entry(number: u64) -> Vec<u8> {
        format!("entry {number}").into_bytes()
    }

    /// RFC 6962, section 2.1, word for word, over leaves.
    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => EMPTY_HASH,
            [leaf] => *leaf,
            _ => {
                let left = leaves.len().next_power_of_two() / 2;
                let (left, right) = leaves.split_at(left);
                let node = [[1].as_slice(), &root(left).0, &root(right).0].concat();
                Hash(Sha256Digest::of(&node).0)
            }
        }
    }

    #[test]
    fn the_root_is_that_of_rfc_6962_for_every_size() {
        let mut span = Span::new(WalHead::empty());
        let mut leaves = Vec::new();
        assert_eq!(span.root(0), Some(EMPTY_HASH));
        for size in 1..=LARGEST {
            let entry = entry(size - 1);
            leaves.push(Hash(Sha256Digest::of(&[[0].as_slice(), &entry].concat()).0));
            span.push(entry);
            assert_eq!(span.size(), size);
            assert_eq!(span.root(size), Some(root(&leaves)), "{size}");
        }
        for old in (0..=LARGEST).step_by(7) {
            let leaves = &leaves[..usize::try_from(old).unwrap()];
            assert_eq!(span.root(old), Some(root(leaves)), "{old} of {LARGEST}");
        }
        assert_eq!(span.root(LARGEST + 1), None);
    }

    #[test]
    fn a_span_that_begins_later_has_the_same_roots_and_proves_its_entries() {
        let mut whole = Span::new(WalHead::empty());
        (0..LARGEST).for_each(|number| whole.push(entry(number)));
        for base in (0..=LARGEST).step_by(256) {
            let mut late = Span::new(whole.head_at(base).unwrap());
            for number in base..LARGEST {
                assert_eq!(late.root(number), whole.root(number), "{base}, {number}");
                late.push(entry(number));
            }
            let root = whole.root(LARGEST).unwrap();
            assert_eq!(late.root(LARGEST), Some(root));
            for number in (base..LARGEST).step_by(5) {
                let proof = late.prove(number).unwrap();
                let leaf = leaf_hash(&entry(number));
                check_inclusion(&proof, LARGEST, root, number, leaf).unwrap();
            }
            for later in (base..=LARGEST).step_by(256) {
                assert_eq!(late.head_at(later), whole.head_at(later));
            }
        }
    }
}
