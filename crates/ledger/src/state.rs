//! A log as it lies on a disk: read, mended after a crash, appended to, published as tiles, and kept short.
//!
//! Order is everything here. Entries are made durable in the write-ahead file before anybody hears of them. Tiles and
//! the checkpoint are written after that, and need not be durable: whoever opens the log compares them with the
//! write-ahead file and writes them again. Only before the write-ahead file is cut short is everything that it covered
//! made durable. So a crash at any step leaves all that was confirmed, in its order.

use std::io;
use std::sync::Arc;

use tlog_tiles::tile::Tile;

use crate::disk::{Disk, read_all};
use crate::log::{LogError, Mended};
use crate::note::{LogKey, open_checkpoint};
use crate::span::Span;
use crate::tile::{HASH, WIDTH, bundle_path, encode_bundle, hashes, tile_path};
use crate::tree::Hash;
use crate::wal::{self, Head};

/// The folder with the files that everyone may read.
pub const PUBLIC: &str = "public";
const WAL: &str = "wal";
const WAL_NEW: &str = "wal.new";
const TORN: &str = "wal.torn";
/// Entries in the write-ahead file from which on it is cut short.
const LONG: u64 = 2048;

/// What is known of the log on the disk.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) span: Span,
    /// The signed checkpoint of now.
    pub(crate) checkpoint: String,
    /// How many entries the tiles and the checkpoint on the disk cover.
    published: u64,
    /// Length of the write-ahead file.
    length: u64,
    /// Per level of tiles above the lowest, the hashes of its last tile that come before the span.
    upper: Vec<Vec<Hash>>,
}

pub(crate) fn public(path: &str) -> String {
    format!("{PUBLIC}/{path}")
}

pub(crate) fn at(path: &str) -> impl FnOnce(io::Error) -> LogError + use<> {
    let path = path.to_owned();
    move |source| LogError::Disk {
        path,
        source: Arc::new(source),
    }
}

impl State {
    /// Makes an empty log. The write-ahead file comes last: without it there is no log.
    pub(crate) fn create(disk: &dyn Disk, key: &LogKey) -> Result<Self, LogError> {
        let checkpoint = key.checkpoint(0, crate::tree::EMPTY_HASH)?;
        write_checkpoint(disk, &checkpoint)?;
        keep_checkpoint(disk)?;
        let head = Head::empty();
        let length = write_wal(disk, &head, &[])?;
        Ok(Self {
            span: Span::new(head),
            checkpoint,
            published: 0,
            length,
            upper: Vec::new(),
        })
    }

    /// Whether there is a log.
    pub(crate) fn exists(disk: &dyn Disk) -> Result<bool, LogError> {
        Ok(disk.read(WAL, 0, 1).map_err(at(WAL))?.is_some())
    }

    /// Reads the log, and mends what a crash left.
    pub(crate) fn open(disk: &dyn Disk, key: &LogKey) -> Result<(Self, Vec<Mended>), LogError> {
        let (span, torn, length) = read_wal(disk)?;
        let mut mended = Vec::new();
        let path = public("checkpoint");
        let bytes = read_all(disk, &path)
            .map_err(at(&path))?
            .unwrap_or_default();
        let published = match open_checkpoint(&bytes, &key.verifier(), &[]) {
            Ok(checkpoint) => {
                fits(&span, checkpoint.size, checkpoint.root)?;
                checkpoint.size
            }
            Err(_) => {
                mended.push(Mended::Checkpoint);
                span.head.base
            }
        };
        let mut state = Self {
            upper: upper(disk, &span)?,
            checkpoint: String::from_utf8_lossy(&bytes).into_owned(),
            published,
            length,
            span,
        };
        let ahead = state.span.size() - published;
        if ahead > 0 && mended.is_empty() {
            mended.push(Mended::Unpublished(ahead));
        }
        if !torn.is_empty() {
            disk.write(TORN, &torn).map_err(at(TORN))?;
            mended.push(Mended::Torn(torn.len()));
        }
        if !mended.is_empty() {
            // written anew, since what an earlier `fsync` could not keep would not be kept by another
            state.length = write_wal(disk, &state.span.head, &state.span.entries)?;
        }
        let tiles = state.mend_tiles(disk)?;
        if tiles > 0 && mended.is_empty() {
            mended.push(Mended::Tiles(tiles));
        }
        if !mended.is_empty() {
            state.publish(disk, key)?;
        }
        Ok((state, mended))
    }

    /// Takes in what others appended since; `false` if it has to be opened anew.
    pub(crate) fn refresh(&mut self, disk: &dyn Disk, key: &LogKey) -> Result<bool, LogError> {
        let head = disk.read(WAL, 0, wal::HEAD).map_err(at(WAL))?;
        if head.and_then(|head| Head::decode(&head)).as_ref() != Some(&self.span.head) {
            return Ok(false);
        }
        let more = disk.read(WAL, self.length, u64::MAX).map_err(at(WAL))?;
        let more = more.unwrap_or_default();
        if more.is_empty() {
            return Ok(self.published == self.span.size());
        }
        let contents = wal::records(&more);
        if !contents.torn.is_empty() {
            return Ok(false);
        }
        self.length += more.len() as u64;
        for entry in contents.entries {
            self.span.push(entry);
        }
        self.sign(key)?;
        let path = public("checkpoint");
        let bytes = read_all(disk, &path).map_err(at(&path))?;
        self.published = self.span.size();
        Ok(bytes.is_some_and(|bytes| bytes == self.checkpoint.as_bytes()))
    }

    /// Makes entries durable. After an error nobody knows how much of them the disk has: open the log anew.
    pub(crate) fn append(&mut self, disk: &dyn Disk, entries: &[Vec<u8>]) -> Result<(), LogError> {
        let mut records = Vec::new();
        for entry in entries {
            wal::record(entry, &mut records);
        }
        disk.append(WAL, self.length, &records).map_err(at(WAL))?;
        disk.sync(WAL).map_err(at(WAL))?;
        self.length += records.len() as u64;
        for entry in entries {
            self.span.push(entry.clone());
        }
        Ok(())
    }

    /// Signs the tree of now. Its entries are durable.
    pub(crate) fn sign(&mut self, key: &LogKey) -> Result<(), LogError> {
        let size = self.span.size();
        let root = self.span.root(size).ok_or(LogError::Tree)?;
        self.checkpoint = key.checkpoint(size, root)?;
        Ok(())
    }

    /// Writes what the tree of now needs of tiles, then its checkpoint.
    pub(crate) fn publish(&mut self, disk: &dyn Disk, key: &LogKey) -> Result<(), LogError> {
        let size = self.span.size();
        for file in self.files(self.published, size)? {
            let path = public(&file.path);
            disk.write(&path, &file.bytes).map_err(at(&path))?;
            if file.width == WIDTH {
                let partial = format!("{path}.p");
                disk.remove_folder(&partial).map_err(at(&partial))?;
            }
        }
        self.sign(key)?;
        write_checkpoint(disk, &self.checkpoint)?;
        self.published = size;
        Ok(())
    }

    /// Cuts the write-ahead file short once it is long: all that it covered is made durable first.
    pub(crate) fn shorten(&mut self, disk: &dyn Disk) -> Result<(), LogError> {
        let size = self.span.size();
        if size - self.span.head.base < LONG || self.published != size {
            return Ok(());
        }
        let base = size / WIDTH * WIDTH;
        let mut folders: Vec<String> = Vec::new();
        for file in self.files(self.span.head.base, base)? {
            let path = public(&file.path);
            disk.sync(&path).map_err(at(&path))?;
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if !folders.iter().any(|known| known == folder) {
                folders.push(folder.to_owned());
            }
        }
        for folder in folders {
            disk.sync_folder(&folder).map_err(at(&folder))?;
        }
        keep_checkpoint(disk)?;
        let upper = self.upper_at(base)?;
        let head = self.span.head_at(base).ok_or(LogError::Tree)?;
        let kept = usize::try_from(base - self.span.head.base).unwrap_or(usize::MAX);
        let rest = self.span.entries.get(kept..).unwrap_or_default().to_vec();
        self.length = write_wal(disk, &head, &rest)?;
        self.span = Span::new(head);
        for entry in rest {
            self.span.push(entry);
        }
        self.upper = upper;
        Ok(())
    }

    /// Compares the tiles from the span on with what they must be, and writes those that differ.
    fn mend_tiles(&self, disk: &dyn Disk) -> Result<usize, LogError> {
        let mut mended = 0;
        for file in self.files(self.span.head.base, self.span.size())? {
            let path = public(&file.path);
            let found = read_all(disk, &path).map_err(at(&path))?;
            if found.as_ref() != Some(&file.bytes) {
                disk.write(&path, &file.bytes).map_err(at(&path))?;
                mended += 1;
            }
        }
        Ok(mended)
    }

    /// The files that a tree of `size` has beyond those of one of `from`, neither before the span.
    fn files(&self, from: u64, size: u64) -> Result<Vec<TileFile>, LogError> {
        let mut files = Vec::new();
        let base = self.span.head.base;
        for (index, first, width) in tiles(from, size) {
            let start = usize::try_from(first - base).unwrap_or(usize::MAX);
            let entries = self.span.entries.iter().skip(start);
            let entries = entries.take(usize::try_from(width).unwrap_or(0));
            files.push(TileFile {
                path: bundle_path(index, width),
                bytes: encode_bundle(entries.map(Vec::as_slice)),
                width,
            });
        }
        for level in 0..8 {
            let (from, size) = (from >> (8 * level), size >> (8 * level));
            for (index, first, width) in tiles(from, size) {
                let hashes = (first..first + width).map(|place| self.tile_hash(level, place));
                let hashes: Option<Vec<Hash>> = hashes.collect();
                let bytes = hashes.ok_or(LogError::Tree)?;
                files.push(TileFile {
                    path: tile_path(level, index, width),
                    bytes: bytes.iter().flat_map(|hash| hash.0).collect(),
                    width,
                });
            }
        }
        Ok(files)
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

    /// [`State::upper`] for a span that begins later.
    fn upper_at(&self, base: u64) -> Result<Vec<Vec<Hash>>, LogError> {
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
struct TileFile {
    path: String,
    bytes: Vec<u8>,
    width: u64,
}

/// The tiles over places `0..size` that one over `0..from` does not have: index, first place, width.
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

fn read_wal(disk: &dyn Disk) -> Result<(Span, Vec<u8>, u64), LogError> {
    let bytes = read_all(disk, WAL)
        .map_err(at(WAL))?
        .ok_or(LogError::None)?;
    let damaged = || LogError::Damaged("the head of the write-ahead file cannot be read");
    let head = Head::decode(&bytes).ok_or_else(damaged)?;
    let rest = usize::try_from(wal::HEAD).unwrap_or(usize::MAX);
    let contents = wal::records(bytes.get(rest..).unwrap_or_default());
    let mut span = Span::new(head);
    for entry in contents.entries {
        span.push(entry);
    }
    let length = bytes.len() - contents.torn.len();
    Ok((span, contents.torn, length as u64))
}

/// Whether a signed checkpoint is one of this very log.
fn fits(span: &Span, size: u64, root: Hash) -> Result<(), LogError> {
    if size < span.head.base {
        return Err(LogError::Damaged(
            "the checkpoint is older than the log can be",
        ));
    }
    if size > span.size() {
        return Err(LogError::Damaged(
            "the log has fewer entries than its checkpoint, so entries were lost",
        ));
    }
    if span.root(size) != Some(root) {
        return Err(LogError::Damaged(
            "the entries are not those of the checkpoint",
        ));
    }
    Ok(())
}

/// Reads the last tile of each level above the lowest, as far as it comes before the span.
fn upper(disk: &dyn Disk, span: &Span) -> Result<Vec<Vec<Hash>>, LogError> {
    let levels = (1..8u8).map(|level| last_tile(disk, level, &span.head));
    levels.collect()
}

/// The last tile of a level before `head`, which was made durable before the span began; one that is not as it was is
/// made again of the level below.
fn last_tile(disk: &dyn Disk, level: u8, head: &Head) -> Result<Vec<Hash>, LogError> {
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
    let lost = LogError::Damaged("a tile that was complete is gone or was changed");
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
fn is_last(hashes: &[Hash], level: u8, width: u64, head: &Head) -> bool {
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

fn write_checkpoint(disk: &dyn Disk, checkpoint: &str) -> Result<(), LogError> {
    let (path, aside) = (public("checkpoint"), public("checkpoint.new"));
    disk.write(&aside, checkpoint.as_bytes())
        .map_err(at(&aside))?;
    disk.rename(&aside, &path).map_err(at(&path))
}

fn keep_checkpoint(disk: &dyn Disk) -> Result<(), LogError> {
    let path = public("checkpoint");
    disk.sync(&path).map_err(at(&path))?;
    disk.sync_folder(PUBLIC).map_err(at(PUBLIC))
}

/// Writes the write-ahead file anew and makes it durable; returns its length.
fn write_wal(disk: &dyn Disk, head: &Head, entries: &[Vec<u8>]) -> Result<u64, LogError> {
    let mut bytes = head.encode();
    for entry in entries {
        wal::record(entry, &mut bytes);
    }
    disk.write(WAL_NEW, &bytes).map_err(at(WAL_NEW))?;
    disk.sync(WAL_NEW).map_err(at(WAL_NEW))?;
    disk.rename(WAL_NEW, WAL).map_err(at(WAL))?;
    disk.sync_folder("").map_err(at("."))?;
    Ok(bytes.len() as u64)
}
