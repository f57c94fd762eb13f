//! Tiles and entry bundles: the static files of C2SP tlog-tiles.
//!
//! A hash tile holds up to 256 hashes of one level of the tree; each eighth level has tiles. A bundle holds the
//! entries below a tile of level 0, each after its length. A tile that is not full yet ends in `.p/<width>`.

use crate::tree::Hash;

/// The number of entries in a full bundle, and of hashes in a full tile.
pub const WIDTH: u64 = 256;
/// The number of bytes of a hash.
pub(crate) const HASH: usize = 32;

/// The path of a hash tile, for a level of tiles (0 holds leaves, 1 what is eight levels above, and so on).
///
/// ```
/// use zwerm_ledger::tile::tile_path;
/// assert_eq!(tile_path(0, 1_234_067, 256), "tile/0/x001/x234/067");
/// assert_eq!(tile_path(1, 0, 3), "tile/1/000.p/3");
/// ```
#[must_use]
pub fn tile_path(level: u8, index: u64, width: u64) -> String {
    path(&level.to_string(), index, width)
}

/// The path of an entry bundle.
///
/// ```
/// assert_eq!(zwerm_ledger::tile::bundle_path(0, 15), "tile/entries/000.p/15");
/// ```
#[must_use]
pub fn bundle_path(index: u64, width: u64) -> String {
    path("entries", index, width)
}

fn path(kind: &str, index: u64, width: u64) -> String {
    let mut number = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        number = format!("x{:03}/{number}", rest % 1000);
        rest /= 1000;
    }
    if width == WIDTH {
        format!("tile/{kind}/{number}")
    } else {
        format!("tile/{kind}/{number}.p/{width}")
    }
}

/// Which tile or bundle a published file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TilePlace {
    /// The level of tiles; `None` for a bundle of entries.
    pub(crate) level: Option<u8>,
    /// Its number within the level.
    pub(crate) index: u64,
    /// How many hashes or entries it holds.
    pub(crate) width: u64,
}

/// The place of a file of a published log; `None` for a path that is not that of a tile or a bundle.
pub(crate) fn place(path: &str) -> Option<TilePlace> {
    let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let (number, width) = match rest.split_once(".p/") {
        Some((number, width)) => (number, width.parse().ok()?),
        None => (rest, WIDTH),
    };
    let mut index: u64 = 0;
    for part in number.split('/') {
        let digits: u64 = part.trim_start_matches('x').parse().ok()?;
        index = index.checked_mul(1000)?.checked_add(digits)?;
    }
    let level = match kind {
        "entries" => None,
        level => Some(level.parse().ok()?),
    };
    let same = match level {
        None => bundle_path(index, width),
        Some(level) => tile_path(level, index, width),
    };
    (same == path && (1..=WIDTH).contains(&width)).then_some(TilePlace {
        level,
        index,
        width,
    })
}

/// The bundle of these entries, each of at most [`crate::entry::LARGEST_ENTRY`] bytes.
///
/// ```
/// use zwerm_ledger::tile::{decode_bundle, encode_bundle};
/// let bundle = encode_bundle([b"a".as_slice(), b"bc"]);
/// assert_eq!(bundle, [0, 1, b'a', 0, 2, b'b', b'c']);
/// assert_eq!(decode_bundle(&bundle), Some(vec![b"a".to_vec(), b"bc".to_vec()]));
/// ```
#[must_use]
pub fn encode_bundle<'e>(entries: impl IntoIterator<Item = &'e [u8]>) -> Vec<u8> {
    let mut bundle = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).unwrap_or(u16::MAX);
        bundle.extend(length.to_be_bytes());
        bundle.extend(entry.iter().take(usize::from(length)));
    }
    bundle
}

/// The entries of a bundle; `None` if the bytes are not a bundle.
///
/// ```
/// assert_eq!(zwerm_ledger::tile::decode_bundle(&[0, 3, b'a']), None);
/// ```
#[must_use]
pub fn decode_bundle(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        entries.push(entry.to_vec());
        bytes = rest;
    }
    Some(entries)
}

/// The hashes of a tile; `None` if the bytes are not a tile.
pub(crate) fn hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<HASH>();
    rest.is_empty()
        .then(|| hashes.iter().copied().map(Hash).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_back_and_other_paths_have_none() {
        for (index, width) in [(0, 1), (7, 255), (999, 256), (1000, 256), (1_234_067, 3)] {
            let at = |level| TilePlace {
                level,
                index,
                width,
            };
            assert_eq!(place(&bundle_path(index, width)), Some(at(None)));
            assert_eq!(place(&tile_path(2, index, width)), Some(at(Some(2))));
        }
        for path in [
            "checkpoint",
            "tile/0",
            "tile/0/1",
            "tile/0/x001/000/",
            "tile/00/000",
            "tile/0/000.p/256",
            "tile/0/000.p/0",
            "tile/0/000.p/01",
            "tile/data/000",
        ] {
            assert_eq!(place(path), None, "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_path_makes_a_place_that_another_path_has(path in "(tile/)?(entries|[0-9]{1,3})?(/x?[0-9]{0,20}){0,4}(\\.p/[0-9]{0,4})?") {
            if let Some(TilePlace { level, index, width }) = place(&path) {
                let same = match level {
                    None => bundle_path(index, width),
                    Some(level) => tile_path(level, index, width),
                };
                proptest::prop_assert_eq!(same, path);
            }
        }

        #[test]
        fn any_text_is_a_path_or_none(path in ".{0,60}") {
            let _ = place(&path);
        }

        #[test]
        fn what_is_read_as_a_tile_is_written_the_same(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let read = hashes(&bytes);
            proptest::prop_assert_eq!(read.is_some(), bytes.len().is_multiple_of(HASH));
            let again = read.map(|hashes| hashes.iter().flat_map(|h| h.0).collect::<Vec<u8>>());
            proptest::prop_assert!(again.is_none_or(|again| again == bytes));
        }
    }
}
