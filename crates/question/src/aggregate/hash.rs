//! Hashes of keys and values: the same in every run and on every machine, because the order in which units are
//! added up depends on them.
//!
//! Folded multiplication, as in wyhash (Wang Yi) and foldhash. Of keys, a collision costs time and nothing else; of two
//! values outside the list that one unit has, it would leave a fault of the data untold, once in 2^63.

const WHOLE: u64 = 0x9e37_79b9_7f4a_7c15;
const TEXT: u64 = 0xd6e8_feb8_6659_fd93;

/// Of a whole number.
pub(super) fn whole(key: i64) -> u64 {
    fold(fold(key.cast_unsigned() ^ WHOLE) ^ TEXT)
}

/// Of a text.
pub(super) fn text(bytes: &[u8]) -> u64 {
    let mut hash = TEXT ^ bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash = fold(hash ^ u64::from_le_bytes(*word));
    }
    let mut last = 0;
    for &byte in rest {
        last = last << 8 | u64::from(byte);
    }
    fold(fold(hash ^ last) ^ WHOLE)
}

/// Two hashes as one; which comes first matters.
pub(super) fn both(first: u64, second: u64) -> u64 {
    fold(first ^ WHOLE).wrapping_add(second)
}

fn fold(word: u64) -> u64 {
    let product = u128::from(word) * u128::from(0xa076_1d64_78bd_642f_u64);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn hashes_spread_and_stay_what_they_are() {
        let all: HashSet<u64> = (0..10_000).map(whole).collect();
        assert_eq!(all.len(), 10_000);
        let high: HashSet<u64> = (0..10_000).map(|n| whole(n) >> 56).collect();
        assert_eq!(high.len(), 256);
        let texts: HashSet<u64> = (0..10_000)
            .map(|n| text(format!("k{n}").as_bytes()))
            .collect();
        assert_eq!(texts.len(), 10_000);
        assert_ne!(text(b"a\0"), text(b"a"));
        assert_ne!(both(1, 2), both(2, 1));
    }
}
