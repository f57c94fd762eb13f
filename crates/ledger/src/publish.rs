//! The files that a log publishes: made from the tree in memory, and compared with what a crash left of them.

use tlog_tiles::tile::Tile;

use crate::disk::{Disk, read_all};
use crate::log::{Damage, LogError};
use crate::span::Span;
use crate::state::{LogState, at, public};
use crate::tile::{HASH, WIDTH, bundle_path, encode_bundle, hashes, tile_path};
use crate::tree::Hash;
use crate::wal::WalHead;

/// Levels of tiles that a tree may have.
const LEVELS: u8 = 8;
/// Bytes before each entry of a bundle.
const LENGTH: usize = 2;

impl LogState {
    /// Compares the tiles from the span on with what they must be; writes those that differ, and removes those that
    /// fuller tiles have replaced.
    ///
    /// A power cut may also spoil a tile that was not full and was replaced since, or bring it back: readers with an
    /// older checkpoint, and whoever checks the log, still look at it.
    pub(crate) fn mend_tiles(&self, disk: &dyn Disk) -> Result<usize, LogError> {
        let mut mended = 0;
        for file in self.files_from(self.span.head.base)? {
            let full = public(&file.place(WIDTH));
            let mut widths = vec![file.width];
            let aside = format!("{full}.p");
            let others = disk.list(&aside).map_err(at(&aside))?;
            if file.width == WIDTH {
                if !others.is_empty() {
                    disk.remove_folder(&aside).map_err(at(&aside))?;
                    mended += others.len();
                }
            } else {
                let width = |path: &String| path.rsplit_once('/')?.1.parse::<u64>().ok();
                let narrower = others.iter().filter_map(width);
                let narrower: Vec<u64> = narrower.collect();
                // nothing is published before it is durable, so an older write-ahead file was put back
                if narrower.iter().any(|width| *width > file.width) {
                    return Err(LogError::Damaged(Damage::EntriesLost));
                }
                widths.extend(narrower.into_iter().filter(|w| (1..file.width).contains(w)));
            }
            for width in widths {
                let path = public(&file.place(width));
                let expected = file.first(width);
                let found = read_all(disk, &path).map_err(at(&path))?;
                if found.as_deref() != Some(expected) {
                    disk.write(&path, expected).map_err(at(&path))?;
                    mended += 1;
                }
            }
        }
        Ok(mended)
    }

    /// The files that a tree of `size` entries has beyond those of a tree of `from` entries, neither before the span.
    pub(crate) fn files(&self, from: u64, size: u64) -> Result<Vec<TileFile>, LogError> {
        let mut files = Vec::new();
        for (index, first, width) in tiles(from, size) {
            files.push(self.bundle(index, first, width));
        }
        for level in 0..LEVELS {
            for (index, first, width) in tiles(from >> (8 * level), size >> (8 * level)) {
                files.push(self.tile(level, index, first, width)?);
            }
        }
        Ok(files)
    }

    /// The files of the current tree that hold something of the entries from `from` on, or the last hashes before them.
    fn files_from(&self, from: u64) -> Result<Vec<TileFile>, LogError> {
        let size = self.span.size();
        let mut files = self.files(from, size)?;
        for level in 1..LEVELS {
            let count = size >> (8 * level);
            if count == from >> (8 * level) && !count.is_multiple_of(WIDTH) {
                let index = count / WIDTH;
                files.push(self.tile(level, index, index * WIDTH, count % WIDTH)?);
            }
        }
        Ok(files)
    }

    fn bundle(&self, index: u64, first: u64, width: u64) -> TileFile {
        let start = usize::try_from(first - self.span.head.base).unwrap_or(usize::MAX);
        let entries = self.span.entries.iter().skip(start);
        let entries = entries.take(usize::try_from(width).unwrap_or(0));
        let ends = entries.clone().scan(0, |end, entry| {
            *end += LENGTH + entry.len();
            Some(*end)
        });
        TileFile {
            level: None,
            index,
            width,
            ends: ends.collect(),
            bytes: encode_bundle(entries.map(Vec::as_slice)),
        }
    }

    fn tile(&self, level: u8, index: u64, first: u64, width: u64) -> Result<TileFile, LogError> {
        let hashes = (first..first + width).map(|place| self.tile_hash(level, place));
        let hashes: Option<Vec<Hash>> = hashes.collect();
        let hashes = hashes.ok_or(LogError::Tree)?;
        Ok(TileFile {
            level: Some(level),
            index,
            width,
            ends: (1..=hashes.len()).map(|count| count * HASH).collect(),
            bytes: hashes.iter().flat_map(|hash| hash.0).collect(),
        })
    }

    /// Hash `place` of a level of tiles.
    fn tile_hash(&self, level: u8, place: u64) -> Option<Hash> {
        let before = self.span.head.base >> (8 * level);
        if place >= before || level == 0 {
            return self.span.node(8 * level, place);
        }
        let hashes = self.upper.get(usize::from(level) - 1)?;
        let first = before / WIDTH * WIDTH;
        hashes
            .get(usize::try_from(place.checked_sub(first)?).ok()?)
            .copied()
    }

    /// [`LogState::upper`] for a span that begins later.
    pub(crate) fn upper_at(&self, base: u64) -> Result<Vec<Vec<Hash>>, LogError> {
        let levels = (1..8u8).map(|level| {
            let count = base >> (8 * level);
            let places = count / WIDTH * WIDTH..count;
            places.map(|place| self.tile_hash(level, place)).collect()
        });
        let levels: Option<Vec<Vec<Hash>>> = levels.collect();
        levels.ok_or(LogError::Tree)
    }
}

/// A file of the published log.
pub(crate) struct TileFile {
    /// `None` for a bundle.
    level: Option<u8>,
    index: u64,
    pub(crate) width: u64,
    pub(crate) bytes: Vec<u8>,
    /// Where each entry or hash ends.
    ends: Vec<usize>,
}

impl TileFile {
    /// The path of the file within the log.
    pub(crate) fn path(&self) -> String {
        self.place(self.width)
    }

    /// The path of the same tile or bundle in another width.
    fn place(&self, width: u64) -> String {
        match self.level {
            None => bundle_path(self.index, width),
            Some(level) => tile_path(level, self.index, width),
        }
    }

    /// The file's bytes in a width that is not larger.
    fn first(&self, width: u64) -> &[u8] {
        let last = usize::try_from(width).ok().and_then(|w| w.checked_sub(1));
        let end = last.and_then(|last| self.ends.get(last));
        end.and_then(|end| self.bytes.get(..*end))
            .unwrap_or(&self.bytes)
    }
}

/// The tiles over places `0..size` that are not among those over `0..from`: index, first place, width.
fn tiles(from: u64, size: u64) -> impl Iterator<Item = (u64, u64, u64)> {
    let indexes = if size > from {
        from / WIDTH..size.div_ceil(WIDTH)
    } else {
        0..0
    };
    indexes.map(move |index| {
        let first = index * WIDTH;
        (index, first, WIDTH.min(size - first))
    })
}

/// Reads the last tile of each level above the lowest, as far as that tile comes before the span.
pub(crate) fn upper(disk: &dyn Disk, span: &Span) -> Result<Vec<Vec<Hash>>, LogError> {
    let levels = (1..8u8).map(|level| last_tile(disk, level, &span.head));
    levels.collect()
}

/// The last tile of a level before `head`, which was made durable before the span began; a tile that was changed is
/// made again from the level below.
fn last_tile(disk: &dyn Disk, level: u8, head: &WalHead) -> Result<Vec<Hash>, LogError> {
    let count = head.base >> (8 * level);
    let (index, width) = (count / WIDTH, count % WIDTH);
    if width == 0 {
        return Ok(Vec::new());
    }
    let path = public(&tile_path(level, index, width));
    let found = read_all(disk, &path).map_err(at(&path))?;
    if let Some(hashes) = found.as_deref().and_then(hashes)
        && is_last(&hashes, level, width, head)
    {
        return Ok(hashes);
    }
    let lost = LogError::Damaged(Damage::FullTile);
    let mut hashes = Vec::new();
    for place in index * WIDTH..count {
        let path = public(&tile_path(level - 1, place, WIDTH));
        let tile = read_all(disk, &path).map_err(at(&path))?;
        let tile = tile.filter(|tile| tile.len() as u64 == HASH as u64 * WIDTH);
        hashes.push(Tile::subtree_hash(&tile.ok_or(lost.clone())?));
    }
    if is_last(&hashes, level, width, head) {
        Ok(hashes)
    } else {
        Err(lost)
    }
}

/// Whether a tile's hashes make up the whole subtrees that the head knows.
fn is_last(hashes: &[Hash], level: u8, width: u64, head: &WalHead) -> bool {
    let mut rest = hashes;
    for bit in (0..8u8).rev().filter(|bit| width >> bit & 1 == 1) {
        let Some((these, others)) = rest.split_at_checked(1 << bit) else {
            return false;
        };
        let bytes: Vec<u8> = these.iter().flat_map(|hash| hash.0).collect();
        let known = head
            .whole
            .get(usize::from(8 * level + bit))
            .copied()
            .flatten();
        if known != Some(Tile::subtree_hash(&bytes)) {
            return false;
        }
        rest = others;
    }
    rest.is_empty()
}
