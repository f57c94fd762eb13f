//! Which files of a home belong in a copy of it, and which of them may change meanwhile.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;

use crate::error::AppError;
use crate::keep::backup::form::leads_inside;
use crate::keep::backup::last;
use crate::ledger::checked;

/// Nothing but locks, and what the log writes aside: worth nothing to anybody.
const LEFT_OUT: [&str; 9] = [
    last::FILE,
    checked::FILE,
    "lock",
    "turn",
    "releases/lock",
    "ledger/lock",
    "ledger/wal.new",
    "ledger/tile.new",
    "ledger/public/checkpoint.new",
];
/// Folders below folders at most: more is a folder that leads to itself.
const DEEPEST: usize = 32;

/// How a file may change while a home is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileStability {
    /// It refers to the log, or is part of it: all of these are of one moment.
    Bound,
    /// It never changes once it is there.
    Fixed,
    /// It may change or go at any time, and nothing else depends on it.
    Loose,
}

/// A file with its path in the home.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HomeFile {
    pub(super) path: String,
    pub(super) kind: FileStability,
    pub(super) file: PathBuf,
}

/// Every file of a home but its registry, which is copied by itself; sorted by path.
pub(super) fn files(root: &Path, registry: Option<&Path>) -> Result<Vec<HomeFile>, AppError> {
    let mut all = Vec::new();
    let mut folders = vec![(String::new(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let at = root.join(&folder);
        let entries = match fs::read_dir(&at) {
            Ok(entries) => entries,
            // what was written aside got its name meanwhile
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(AppError::at(&at)(error)),
        };
        for entry in entries {
            let file = entry.map_err(AppError::at(&at))?.path();
            let path = name(&folder, &file)?;
            if left_out(&path) || is_registry(&file, registry) {
                continue;
            }
            // a link is taken for what it leads to
            let found = match fs::metadata(&file) {
                Ok(found) => found,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(AppError::at(&file)(error)),
            };
            match (found.is_file(), found.is_dir()) {
                (true, _) => all.push(HomeFile {
                    kind: kind(&path),
                    path,
                    file,
                }),
                (_, true) if depth < DEEPEST => folders.push((path, depth + 1)),
                _ => return Err(unfit(&file)),
            }
        }
    }
    all.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(all)
}

fn name(folder: &str, file: &Path) -> Result<String, AppError> {
    let own = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let path = if folder.is_empty() {
        own.to_owned()
    } else {
        format!("{folder}/{own}")
    };
    if leads_inside(&path) {
        Ok(path)
    } else {
        Err(unfit(file))
    }
}

fn left_out(path: &str) -> bool {
    let aside = |part: &str| {
        part.ends_with(".part") || part.starts_with(".incoming-") || part == ".waiting"
    };
    LEFT_OUT.contains(&path) || path.split('/').any(aside)
}

/// The registry's file and what SQLite keeps beside it.
fn is_registry(file: &Path, registry: Option<&Path>) -> bool {
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let Some(registry) = registry.filter(|registry| registry.parent() == file.parent()) else {
        return false;
    };
    let (Some(own), Some(known)) = (name(file), name(registry)) else {
        return false;
    };
    let rest = own.strip_prefix(known.as_str());
    rest.is_some_and(|rest| ["", "-wal", "-shm", "-journal"].contains(&rest))
}

fn kind(path: &str) -> FileStability {
    let in_part = path.split('/').any(|part| part.ends_with(".p"));
    if path.starts_with("data/") {
        FileStability::Fixed
    } else if path.starts_with("releases/") {
        if path.ends_with(".parquet") {
            FileStability::Fixed
        } else {
            FileStability::Bound
        }
    } else if path.starts_with("ledger/public/tile/") && !in_part {
        FileStability::Fixed
    } else if path.starts_with("ledger/") || path.starts_with("agreements/") {
        FileStability::Bound
    } else {
        FileStability::Loose
    }
}

fn unfit(file: &Path) -> AppError {
    let shown = file.display();
    AppError::usage(
        FaultCode::Unsupported,
        Text::new(
            format!(
                "`{shown}` kan niet in een reservekopie: het is geen gewoon bestand met een gewone naam"
            ),
            format!("`{shown}` cannot be in a back-up: it is no plain file with a plain name"),
        ),
        Text::new(
            "haal het uit het huis; zwerm heeft het daar niet neergezet",
            "take it out of the home; zwerm did not put it there",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refers_to_the_log_is_of_one_moment_with_it() {
        for (path, expected) in [
            ("agreements/a/v1/agreement.toml", FileStability::Bound),
            ("agreements/a/v1/entered.json", FileStability::Bound),
            ("releases/a/v1/v.json", FileStability::Bound),
            ("releases/a/v1/v.parquet", FileStability::Fixed),
            ("data/a/b.csv", FileStability::Fixed),
            ("ledger/wal", FileStability::Bound),
            ("ledger/public/checkpoint", FileStability::Bound),
            ("ledger/public/tile/entries/000.p/7", FileStability::Bound),
            ("ledger/public/tile/entries/000", FileStability::Fixed),
            ("refusals/00.json", FileStability::Loose),
            ("zwerm.toml", FileStability::Loose),
        ] {
            assert_eq!(kind(path), expected, "{path}");
        }
    }

    #[test]
    fn locks_and_what_was_written_aside_stay_out() {
        for path in [
            "lock",
            "turn",
            "releases/lock",
            "agreements/a/v2.part/agreement.toml",
            ".incoming-x.csv",
            ".waiting/x.csv",
        ] {
            assert!(left_out(path), "{path}");
        }
        for path in [
            "agreements/lock/v1/agreement.toml",
            "data/a/lock",
            "ledger/wal",
            "ledger/wal.torn",
        ] {
            assert!(!left_out(path), "{path}");
        }
    }

    #[test]
    fn the_registry_is_known_by_its_place() {
        let registry = Path::new("/h/registry.db");
        for name in ["registry.db", "registry.db-wal", "registry.db-shm"] {
            assert!(
                is_registry(&Path::new("/h").join(name), Some(registry)),
                "{name}"
            );
        }
        for name in ["registry.dbx", "data/registry.db"] {
            assert!(
                !is_registry(&Path::new("/h").join(name), Some(registry)),
                "{name}"
            );
        }
    }
}
