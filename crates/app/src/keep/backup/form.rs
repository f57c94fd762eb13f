//! The form of a back-up: a tar archive (POSIX ustar). Its first entry lists all others with their sizes and hashes, its
//! last one has the hash of that list. Every byte follows from the list and the files, so that a changed one shows.

use std::path::{Component, Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tar::{EntryType, Header};

use crate::error::AppError;

/// The first entry.
pub(super) const LIST: &str = "zwerm-backup.json";
/// The last entry.
pub(super) const SEAL: &str = "zwerm-backup.sha256";
/// The version of this form.
pub(super) const VERSION: u32 = 1;
/// Everything in a tar archive takes whole blocks of so many bytes.
pub(super) const BLOCK: usize = 512;
/// What ends an archive.
pub(super) const END: [u8; 2 * BLOCK] = [0; 2 * BLOCK];
/// Bytes of a SHA-256 in hexadecimal.
pub(super) const HASH: u64 = 64;

/// What a back-up holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupManifest {
    /// The version of the archive's form.
    pub version: u32,
    /// When it was made.
    pub made: Timestamp,
    /// The version of the home's layout.
    pub layout: u32,
    /// The log as it was.
    pub log: BackedUpLog,
    /// What became of the registry.
    pub registry: BackedUpRegistry,
    /// All files, in the order in which they come.
    pub files: Vec<ListedFile>,
}

/// How far a log was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackedUpLog {
    /// The name of the log, which is also that of its key.
    pub name: String,
    /// How many entries it had.
    pub size: u64,
    /// The root over them, in base64 as a checkpoint has it.
    pub root: String,
}

/// Where the registry is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackedUpRegistry {
    /// In the archive, under this path.
    Copied(String),
    /// In a database that this program does not copy.
    Elsewhere,
    /// There was none: the home was never served.
    None,
}

/// A file of the home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedFile {
    /// Its path in the home, with `/` between its parts.
    pub path: String,
    /// The size of the file, in bytes.
    pub size: u64,
    /// Their hash, in hexadecimal.
    pub sha256: String,
    /// Whether its owner only may read it.
    pub private: bool,
}

impl BackupManifest {
    /// The bytes of the first entry.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, AppError> {
        let bytes = serde_json::to_vec_pretty(self);
        bytes.map_err(|error| AppError::Internal(error.to_string()))
    }

    /// How long the archive is whose list has so many bytes; nothing if no archive can be that long.
    pub(super) fn length(&self, list: u64) -> Option<u64> {
        let mut length = entry_length(list)?.checked_add(entry_length(HASH)?)?;
        for file in &self.files {
            length = length.checked_add(entry_length(file.size)?)?;
        }
        length.checked_add(END.len() as u64)
    }
}

fn entry_length(size: u64) -> Option<u64> {
    let block = BLOCK as u64;
    size.checked_next_multiple_of(block)?.checked_add(block)
}

/// How many bytes fill up the last block of a file.
pub(super) fn padding(size: u64) -> usize {
    let block = BLOCK as u64;
    usize::try_from(size.next_multiple_of(block) - size).unwrap_or(0)
}

/// The header of an entry.
///
/// A name that is too long for the format is replaced by one that is made of the entry's place in the list.
pub(super) fn header(path: &str, place: usize, size: u64) -> Result<Header, AppError> {
    let mut header = Header::new_ustar();
    if header.set_path(path).is_err() {
        // what did not fit left a part of itself
        header = Header::new_ustar();
        let named = header.set_path(format!("zwerm-long-names/{place:08}"));
        named.map_err(|error| AppError::Internal(error.to_string()))?;
    }
    header.set_entry_type(EntryType::Regular);
    header.set_size(size);
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_cksum();
    Ok(header)
}

/// Whether a path leads to a file in the folder that it starts from, and nowhere else.
pub(super) fn leads_inside(path: &str) -> bool {
    let proper = |part: &str| !part.is_empty() && part != "." && part != "..";
    let normal = |part: Component<'_>| matches!(part, Component::Normal(_));
    path.split('/').all(proper)
        && !path.contains(['\\', '\0'])
        && Path::new(path).components().all(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_in_its_folder() {
        for path in [
            "zwerm-home.toml",
            "ledger/public/tile/0/x001/000",
            "data/a/b..csv",
        ] {
            assert!(leads_inside(path), "{path}");
        }
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../x",
            "a//b",
            "a/",
            "./a",
            "a\\b",
            "a\0",
        ] {
            assert!(!leads_inside(path), "{path}");
        }
    }

    #[test]
    fn a_header_names_the_file_or_its_place() -> Result<(), Box<dyn std::error::Error>> {
        let name = |header: &Header| header.path().map(|path| path.display().to_string());
        assert_eq!(name(&header("data/a.csv", 3, 5)?)?, "data/a.csv");
        let long = format!("data/{}.csv", "a".repeat(300));
        assert_eq!(name(&header(&long, 3, 5)?)?, "zwerm-long-names/00000003");
        assert_eq!(header("a", 0, 1 << 40)?.entry_size()?, 1 << 40);
        Ok(())
    }

    #[test]
    fn no_archive_is_longer_than_can_be_counted() {
        let file = |size| ListedFile {
            path: "a".into(),
            size,
            sha256: String::new(),
            private: false,
        };
        let manifest = |size| BackupManifest {
            version: VERSION,
            made: Timestamp::UNIX_EPOCH,
            layout: 2,
            log: BackedUpLog {
                name: "a".into(),
                size: 0,
                root: String::new(),
            },
            registry: BackedUpRegistry::None,
            files: vec![file(size), file(size)],
        };
        assert_eq!(manifest(1).length(10), Some(512 * 10));
        assert_eq!(manifest(u64::MAX).length(10), None);
        assert_eq!(manifest(u64::MAX / 2).length(10), None);
    }
}
