//! Who on the machine may read a home: nobody but its owner, and everybody what the log publishes.
//!
//! Prepared data, refused questions and the registry name people or what is known of them, so other accounts of the machine
//! read none of it. Only the way to `ledger/public` is open, so that any web server may serve the public log from there.

use std::fs::{File, OpenOptions};
use std::path::Path;

use crate::error::HomeError;

#[cfg(unix)]
mod unix {
    use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
    use std::io::{Error, ErrorKind};
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
    use std::path::{Path, PathBuf};

    use crate::error::HomeError;
    use crate::ledger;

    /// A folder on the way to what is public: others go through it, and see nothing of it.
    const WAY: u32 = 0o711;
    const PUBLIC_FOLDER: u32 = 0o755;
    const PUBLIC_FILE: u32 = 0o644;
    const FOLDER: u32 = 0o700;
    const FILE: u32 = 0o600;

    fn mode(path: &Path) -> Option<u32> {
        let found = fs::symlink_metadata(path).ok()?;
        // a link is not followed: what it leads to is somewhere else
        (!found.is_symlink()).then(|| found.permissions().mode() & 0o777)
    }

    /// Whether others can list a folder. One that does not exist is asked of the folder it would lie in.
    pub(super) fn is_closed(folder: &Path) -> bool {
        let mut known = folder.ancestors().filter_map(mode);
        known.next().is_some_and(|mode| mode & 0o044 == 0)
    }

    fn set(path: &Path, wanted: u32) -> Result<bool, HomeError> {
        if mode(path).is_none_or(|found| found == wanted) {
            return Ok(false);
        }
        match fs::set_permissions(path, Permissions::from_mode(wanted)) {
            Ok(()) => Ok(true),
            Err(error) if is_not_ours(&error) => Ok(false),
            Err(error) => Err(HomeError::at(path)(error)),
        }
    }

    /// Whoever may only read a home can look at it, and its owner mends it.
    fn is_not_ours(error: &Error) -> bool {
        let kinds = [
            ErrorKind::PermissionDenied,
            ErrorKind::ReadOnlyFilesystem,
            ErrorKind::NotFound,
        ];
        kinds.contains(&error.kind())
    }

    /// What lies in a folder, with whether it is a folder itself.
    fn entries(folder: &Path) -> Result<Vec<(PathBuf, bool)>, HomeError> {
        let found = match fs::read_dir(folder) {
            Err(error) if is_not_ours(&error) => return Ok(Vec::new()),
            found => found.map_err(HomeError::at(folder))?,
        };
        let mut all = Vec::new();
        for entry in found {
            let entry = entry.map_err(HomeError::at(folder))?;
            let kind = entry.file_type().map_err(HomeError::at(folder))?;
            all.push((entry.path(), kind.is_dir()));
        }
        Ok(all)
    }

    /// Gives a file, or a folder and all in it, its mode; what is in a folder that has its mode already was made so.
    fn mend(path: &Path, is_folder: bool, folders: u32, files: u32) -> Result<bool, HomeError> {
        if !is_folder {
            return set(path, files);
        }
        if !set(path, folders)? {
            return Ok(false);
        }
        for (inner, is_folder) in entries(path)? {
            mend(&inner, is_folder, folders, files)?;
        }
        Ok(true)
    }

    pub(super) fn close(root: &Path) -> Result<bool, HomeError> {
        let log = root.join(ledger::FOLDER);
        let public = log.join(zwerm_ledger::log::PUBLIC);
        let mut mended = set(root, WAY)? | set(&log, WAY)? | set(&public, PUBLIC_FOLDER)?;
        for (path, is_folder) in entries(&public)? {
            mended |= mend(&path, is_folder, PUBLIC_FOLDER, PUBLIC_FILE)?;
        }
        for (path, is_folder) in [entries(root)?, entries(&log)?].concat() {
            if path != log && path != public {
                mended |= mend(&path, is_folder, FOLDER, FILE)?;
            }
        }
        Ok(mended)
    }

    pub(super) fn private() -> OpenOptions {
        let mut options = File::options();
        options.mode(FILE);
        options
    }

    pub(super) fn make_folder(folder: &Path) -> std::io::Result<()> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        if is_closed(folder) {
            builder.mode(FOLDER);
        }
        builder.create(folder)
    }
}

/// Closes a home to other accounts of the machine, but for what the log publishes; says whether anything was open. What is
/// not the caller's own to close stays as it is.
///
/// # Errors
/// When the system says why it cannot, and it is neither somebody else's home nor a disk that cannot be written.
#[cfg(unix)]
pub fn close(root: &Path) -> Result<bool, HomeError> {
    unix::close(root)
}

/// Other systems inherit who may read from the folder above.
#[cfg(not(unix))]
pub fn close(_root: &Path) -> Result<bool, HomeError> {
    Ok(false)
}

/// Opens files that are for their owner alone when this makes them.
pub fn private() -> OpenOptions {
    #[cfg(unix)]
    return unix::private();
    #[cfg(not(unix))]
    File::options()
}

/// Makes a file anew in a folder; for its owner alone where the folder is closed.
pub(crate) fn create(path: &Path, folder: &Path) -> std::io::Result<File> {
    #[cfg(unix)]
    let mut options = if unix::is_closed(folder) {
        private()
    } else {
        File::options()
    };
    #[cfg(not(unix))]
    let (mut options, _) = (File::options(), folder);
    options.write(true).create(true).truncate(true).open(path)
}

/// Makes a folder and those above it; closed where they lie in one that is.
pub(crate) fn make_folder(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    return unix::make_folder(folder);
    #[cfg(not(unix))]
    std::fs::create_dir_all(folder)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn an_open_home_is_closed_but_for_what_the_log_publishes() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("home");
        for folder in ["data/ggd", "refusals", "ledger/public/tile/0"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        for file in [
            "zwerm.toml",
            "data/ggd/inkomens.csv",
            "refusals/a.json",
            "ledger/wal",
            "ledger/public/checkpoint",
            "ledger/public/tile/0/000",
        ] {
            fs::write(root.join(file), "x").unwrap();
            fs::set_permissions(root.join(file), Permissions::from_mode(0o664)).unwrap();
        }
        for folder in [
            "",
            "data",
            "data/ggd",
            "refusals",
            "ledger",
            "ledger/public",
            "ledger/public/tile",
            "ledger/public/tile/0",
        ] {
            fs::set_permissions(root.join(folder), Permissions::from_mode(0o775)).unwrap();
        }
        assert!(close(&root).unwrap());
        for (path, wanted) in [
            ("", 0o711),
            ("zwerm.toml", 0o600),
            ("data", 0o700),
            ("data/ggd", 0o700),
            ("data/ggd/inkomens.csv", 0o600),
            ("refusals/a.json", 0o600),
            ("ledger", 0o711),
            ("ledger/wal", 0o600),
            ("ledger/public", 0o755),
            ("ledger/public/checkpoint", 0o644),
            ("ledger/public/tile/0/000", 0o644),
        ] {
            assert_eq!(mode(&root.join(path)), wanted, "{path}");
        }
        assert!(!close(&root).unwrap(), "nothing is open any more");
    }

    #[test]
    fn what_is_made_in_a_closed_folder_is_closed() {
        let place = tempfile::tempdir().unwrap();
        let closed = place.path().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, Permissions::from_mode(0o711)).unwrap();
        make_folder(&closed.join("a/b")).unwrap();
        create(&closed.join("a/b/c"), &closed.join("a/b")).unwrap();
        create(&closed.join("d"), &closed).unwrap();
        assert_eq!(mode(&closed.join("a")), 0o700);
        assert_eq!(mode(&closed.join("a/b/c")), 0o600);
        assert_eq!(mode(&closed.join("d")), 0o600);
    }
}
