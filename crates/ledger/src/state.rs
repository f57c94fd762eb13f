//! A log as it is on a disk: read, mended after a crash, appended to, published as tiles, and kept short.
//!
//! The order of the steps matters. Entries are made durable in the write-ahead file before anybody hears of them. Tiles
//! and the checkpoint are written after that, and need not be durable: whoever opens the log compares them with the
//! write-ahead file and writes them again. Only before the write-ahead file is cut short is everything that it covered
//! made durable. So after a crash at any step, everything that was confirmed is there, in order.

use std::io;
use std::sync::Arc;

use crate::disk::{Disk, read_all};
use crate::log::{Damage, LogError, Mended};
use crate::note::{LogKey, NoteError, open_checkpoint};
use crate::publish::upper;
use crate::span::Span;
use crate::tile::WIDTH;
use crate::tree::Hash;
use crate::wal::{self, WalHead};

/// The folder with the files that everyone may read.
pub const PUBLIC: &str = "public";
pub(crate) const WAL: &str = "wal";
const WAL_NEW: &str = "wal.new";
const TORN: &str = "wal.torn";
const TILE_NEW: &str = "tile.new";
/// The number of entries in the write-ahead file at which it is cut short.
pub(crate) const LONG: u64 = 2048;

/// What is known of the log on the disk.
#[derive(Debug)]
pub(crate) struct LogState {
    pub(crate) span: Span,
    /// The current signed checkpoint.
    pub(crate) checkpoint: String,
    /// How many entries the tiles and the checkpoint on the disk cover.
    published: u64,
    /// The length of the write-ahead file.
    length: u64,
    /// Per level of tiles above the lowest, the hashes of its last tile that come before the span.
    pub(crate) upper: Vec<Vec<Hash>>,
}

/// The path of a published file, within the log's folder.
pub(crate) fn public(path: &str) -> String {
    format!("{PUBLIC}/{path}")
}

/// Makes an error of the disk one of the log, with the file that it is about.
pub(crate) fn at(path: &str) -> impl FnOnce(io::Error) -> LogError + use<> {
    let path = path.to_owned();
    move |source| LogError::Disk {
        path,
        source: Arc::new(source),
    }
}

impl LogState {
    /// Makes an empty log. The write-ahead file comes last: without it there is no log.
    pub(crate) fn create(disk: &dyn Disk, key: &LogKey) -> Result<Self, LogError> {
        let checkpoint = key.checkpoint(0, crate::tree::EMPTY_HASH)?;
        write_checkpoint(disk, &checkpoint)?;
        keep_checkpoint(disk)?;
        let mut head = WalHead::empty();
        let length = write_wal(disk, &mut head, &[])?;
        Ok(Self {
            span: Span::new(head),
            checkpoint,
            published: 0,
            length,
            upper: Vec::new(),
        })
    }

    /// Whether there is a log.
    ///
    /// Published entries without a write-ahead file are not what a crash leaves, and no new log may be made there.
    pub(crate) fn exists(disk: &dyn Disk) -> Result<bool, LogError> {
        if disk.read(WAL, 0, 1).map_err(at(WAL))?.is_some() {
            return Ok(true);
        }
        let tiles = public("tile");
        if disk.list(&tiles).map_err(at(&tiles))?.is_empty() {
            return Ok(false);
        }
        Err(LogError::Damaged(Damage::WalGone))
    }

    /// Reads the log, and mends what a crash left.
    pub(crate) fn open(disk: &dyn Disk, key: &LogKey) -> Result<(Self, Vec<Mended>), LogError> {
        // the program that gave the file its name may have stopped before that name was durable
        disk.sync_folder("").map_err(at("."))?;
        let ReadWal { span, torn, length } = read_wal(disk)?;
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
            // what a crash leaves cannot be read; a checkpoint that can be read and is not ours was written by somebody
            Err(NoteError::Checkpoint(_)) => {
                mended.push(Mended::Checkpoint);
                span.head.base
            }
            Err(_) => return Err(LogError::Damaged(Damage::Checkpoint)),
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
            let earlier = read_all(disk, TORN).map_err(at(TORN))?;
            let aside = [earlier.unwrap_or_default(), torn.clone()].concat();
            disk.write(TORN, &aside).map_err(at(TORN))?;
            disk.sync(TORN).map_err(at(TORN))?;
            mended.push(Mended::Torn(torn.len()));
        }
        if !mended.is_empty() {
            // written anew, since bytes that an earlier `fsync` failed to make durable stay so after another
            state.length = write_wal(disk, &mut state.span.head, &state.span.entries)?;
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

    /// Reads what others appended since; `false` if the log has to be opened anew.
    pub(crate) fn refresh(&mut self, disk: &dyn Disk, key: &LogKey) -> Result<bool, LogError> {
        let head = disk.read(WAL, 0, wal::HEAD).map_err(at(WAL))?;
        if head.and_then(|head| WalHead::decode(&head)).as_ref() != Some(&self.span.head) {
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

    /// Makes entries durable. After an error nobody knows how many of them are on the disk: open the log anew.
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

    /// Signs the current tree, whose entries are durable.
    pub(crate) fn sign(&mut self, key: &LogKey) -> Result<(), LogError> {
        let size = self.span.size();
        let root = self.span.root(size).ok_or(LogError::Tree)?;
        self.checkpoint = key.checkpoint(size, root)?;
        Ok(())
    }

    /// Writes the tiles that the current tree needs, then its checkpoint.
    pub(crate) fn publish(&mut self, disk: &dyn Disk, key: &LogKey) -> Result<(), LogError> {
        let size = self.span.size();
        for file in self.files(self.published, size)? {
            let path = public(&file.path());
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

    /// Cuts the write-ahead file short when it is long; everything that it covered is made durable first.
    pub(crate) fn shorten(&mut self, disk: &dyn Disk, long: u64) -> Result<(), LogError> {
        let size = self.span.size();
        if size - self.span.head.base < long || self.published != size {
            return Ok(());
        }
        let base = size / WIDTH * WIDTH;
        let mut folders: Vec<String> = Vec::new();
        for file in self.files(self.span.head.base, base)? {
            let path = public(&file.path());
            // written anew because an earlier `fsync` may have failed, and to another file because people are reading
            // this one
            disk.write(TILE_NEW, &file.bytes).map_err(at(TILE_NEW))?;
            disk.sync(TILE_NEW).map_err(at(TILE_NEW))?;
            disk.rename(TILE_NEW, &path).map_err(at(&path))?;
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
        let mut head = self.span.head_at(base).ok_or(LogError::Tree)?;
        let kept = usize::try_from(base - self.span.head.base).unwrap_or(usize::MAX);
        let rest = self.span.entries.get(kept..).unwrap_or_default().to_vec();
        self.length = write_wal(disk, &mut head, &rest)?;
        self.span = Span::new(head);
        for entry in rest {
            self.span.push(entry);
        }
        self.upper = upper;
        Ok(())
    }
}

/// The write-ahead file, read.
pub(crate) struct ReadWal {
    /// The part of the tree that its entries make up.
    pub(crate) span: Span,
    /// The bytes after the records that are not a record.
    pub(crate) torn: Vec<u8>,
    /// The length of the file without those bytes.
    pub(crate) length: u64,
}

/// Reads the write-ahead file.
pub(crate) fn read_wal(disk: &dyn Disk) -> Result<ReadWal, LogError> {
    let bytes = read_all(disk, WAL)
        .map_err(at(WAL))?
        .ok_or(LogError::None)?;
    let damaged = || LogError::Damaged(Damage::WalHead);
    let head = WalHead::decode(&bytes).ok_or_else(damaged)?;
    let rest = usize::try_from(wal::HEAD).unwrap_or(usize::MAX);
    let contents = wal::records(bytes.get(rest..).unwrap_or_default());
    let mut span = Span::new(head);
    for entry in contents.entries {
        span.push(entry);
    }
    let length = bytes.len() - contents.torn.len();
    Ok(ReadWal {
        span,
        torn: contents.torn,
        length: length as u64,
    })
}

/// Whether a signed checkpoint belongs to this very log.
fn fits(span: &Span, size: u64, root: Hash) -> Result<(), LogError> {
    if size < span.head.base {
        return Err(LogError::Damaged(Damage::OldCheckpoint));
    }
    if size > span.size() {
        return Err(LogError::Damaged(Damage::EntriesLost));
    }
    if span.root(size) != Some(root) {
        return Err(LogError::Damaged(Damage::OtherEntries));
    }
    Ok(())
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

/// Writes the next edition of the write-ahead file, makes it durable and returns its length.
fn write_wal(disk: &dyn Disk, head: &mut WalHead, entries: &[Vec<u8>]) -> Result<u64, LogError> {
    head.edition += 1;
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
