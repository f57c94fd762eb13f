//! Reading a published log: its entries, and proofs that are checked against a checkpoint.

use std::cell::RefCell;
use std::collections::HashMap;

use tlog_tiles::tile::{Tile, TileHashReader, TileReader};
use tlog_tiles::tlog::{Error as TlogError, prove_record, prove_tree};

use crate::disk::{Disk, read_all};
use crate::log::{Damage, LogError};
use crate::note::{Checkpoint, LogVerifier, LogWitness, open_checkpoint};
use crate::state::at;
use crate::tile::{HASH, WIDTH, bundle_path, decode_bundle, tile_path};
use crate::tree::Hash;

/// A published log: a folder with `checkpoint` and `tile/`.
pub struct LogReader<'d> {
    disk: &'d dyn Disk,
    folder: String,
}

impl<'d> LogReader<'d> {
    /// The log that is published in a folder of a disk; `""` is the disk itself.
    ///
    /// ```
    /// use zwerm_ledger::{disk::FileDisk, log::Log, note::LogKey, reader::LogReader};
    /// let folder = std::env::temp_dir().join(format!("zwerm-reader-{}", std::process::id()));
    /// let key = LogKey::from_seed("example.nl/log", &[1; 32])?;
    /// Log::create(FileDisk::new(&folder), key.clone())?;
    /// let disk = FileDisk::new(&folder);
    /// let reader = LogReader::new(&disk, zwerm_ledger::log::PUBLIC);
    /// assert_eq!(reader.checkpoint(&key.verifier(), &[])?.size, 0);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(disk: &'d dyn Disk, folder: &str) -> Self {
        Self {
            disk,
            folder: folder.to_owned(),
        }
    }

    /// The bytes of a file of the log.
    ///
    /// # Errors
    /// The disk failed.
    ///
    /// See [`LogReader::new`] for an example of a reader.
    pub fn file(&self, path: &str) -> Result<Option<Vec<u8>>, LogError> {
        let path = self.path(path);
        read_all(self.disk, &path).map_err(at(&path))
    }

    /// Every file of the log, by its path within it.
    ///
    /// # Errors
    /// The disk failed.
    pub fn files(&self) -> Result<Vec<String>, LogError> {
        let files = self.disk.list(&self.folder).map_err(at(&self.folder))?;
        let before = self.path("");
        let files = files.into_iter();
        Ok(files
            .map(|path| path.strip_prefix(&before).unwrap_or(&path).to_owned())
            .collect())
    }

    /// The checkpoint, with its signatures checked.
    ///
    /// # Errors
    /// There is no checkpoint, this key did not sign it, or the disk failed.
    ///
    /// See [`LogReader::new`] for an example.
    pub fn checkpoint(
        &self,
        key: &LogVerifier,
        witnesses: &[LogWitness],
    ) -> Result<Checkpoint, LogError> {
        let bytes = self.file("checkpoint")?.ok_or(LogError::None)?;
        Ok(open_checkpoint(&bytes, key, witnesses)?)
    }

    /// The bundle `index` of a log of `size` entries, as entries.
    ///
    /// Nothing is checked here: [`crate::check`] checks everything, [`LogReader::prove`] one.
    ///
    /// # Errors
    /// It is missing, or is not a bundle of that many entries.
    pub fn bundle(&self, index: u64, size: u64) -> Result<Vec<Vec<u8>>, LogError> {
        let width = WIDTH.min(size.saturating_sub(index.saturating_mul(WIDTH)));
        let mut found = self.file(&bundle_path(index, width))?;
        if found.is_none() && width < WIDTH {
            found = self.file(&bundle_path(index, WIDTH))?;
        }
        let entries = found.and_then(|bytes| decode_bundle(&bytes));
        let mut entries = entries.ok_or(LogError::Damaged(Damage::Bundle))?;
        if (entries.len() as u64) < width {
            return Err(LogError::Damaged(Damage::ShortBundle));
        }
        entries.truncate(usize::try_from(width).unwrap_or(usize::MAX));
        Ok(entries)
    }

    /// The proof that the tree of a checkpoint has its entry `index`; every hash was checked against its root.
    ///
    /// # Errors
    /// There is no such entry, or the tiles do not match the checkpoint.
    pub fn prove(&self, tree: &Checkpoint, index: u64) -> Result<Vec<Hash>, LogError> {
        if index >= tree.size {
            return Err(LogError::Damaged(Damage::NoEntry));
        }
        possible(tree)?;
        let tiles = TileSource::new(self, tree.size);
        let hashes = TileHashReader::new(tree.size, tree.root, &tiles);
        let proof = prove_record(tree.size, index, &hashes);
        proof.map_err(|_| tiles.failed())
    }

    /// The proof that the tree of a checkpoint begins with an older one's entries.
    ///
    /// # Errors
    /// The older tree is empty or larger, or the tiles do not match the checkpoint.
    pub fn prove_growth(&self, old_size: u64, tree: &Checkpoint) -> Result<Vec<Hash>, LogError> {
        if old_size == 0 || old_size > tree.size {
            return Err(LogError::Damaged(Damage::Shrunk));
        }
        possible(tree)?;
        let tiles = TileSource::new(self, tree.size);
        let hashes = TileHashReader::new(tree.size, tree.root, &tiles);
        let proof = prove_tree(tree.size, old_size, &hashes);
        proof.map_err(|_| tiles.failed())
    }

    fn path(&self, path: &str) -> String {
        if self.folder.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", self.folder)
        }
    }
}

/// Hashes are numbered below 2^64, two for each entry: a signed checkpoint with more entries belongs to no log.
fn possible(tree: &Checkpoint) -> Result<(), LogError> {
    if tree.size >> 62 == 0 {
        Ok(())
    } else {
        Err(LogError::Damaged(Damage::Impossible))
    }
}

/// Tiles of eight levels, as the tree's own reader requests them.
struct TileSource<'r> {
    reader: &'r LogReader<'r>,
    size: u64,
    failure: RefCell<Option<LogError>>,
}

impl<'r> TileSource<'r> {
    fn new(reader: &'r LogReader<'r>, size: u64) -> Self {
        Self {
            reader,
            size,
            failure: RefCell::new(None),
        }
    }

    fn failed(&self) -> LogError {
        let damaged = LogError::Damaged(Damage::OtherTiles);
        self.failure.take().unwrap_or(damaged)
    }

    /// One tile at the width that a log of this size has published it in.
    fn read(&self, tile: &Tile) -> Result<Vec<u8>, LogError> {
        let count = self.size >> (8 * tile.level());
        let whole = WIDTH.min(count.saturating_sub(tile.level_index() * WIDTH));
        for width in [whole, WIDTH] {
            let path = tile_path(tile.level(), tile.level_index(), width);
            if let Some(mut bytes) = self.reader.file(&path)? {
                bytes.truncate(tile.width() as usize * HASH);
                return Ok(bytes);
            }
        }
        Err(LogError::Damaged(Damage::TileGone))
    }
}

impl TileReader for TileSource<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, TlogError> {
        let mut read: HashMap<Tile, Vec<u8>> = HashMap::new();
        let mut all = Vec::new();
        for tile in tiles {
            if !read.contains_key(tile) {
                let bytes = self.read(tile).map_err(|error| {
                    self.failure.replace(Some(error));
                    TlogError::InvalidTile
                })?;
                read.insert(*tile, bytes);
            }
            all.push(read.get(tile).cloned().unwrap_or_default());
        }
        Ok(all)
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}
