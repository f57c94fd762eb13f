//! What the log needs of a disk; small, so that a test can imitate a disk that fails or loses power.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Result, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::state::PUBLIC;

/// A lock that is held while somebody changes a log; others wait until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// A lock that keeps nobody waiting, for a disk that has only one user.
    ///
    /// ```
    /// let _lock = zwerm_ledger::disk::Lock::alone();
    /// ```
    #[must_use]
    pub fn alone() -> Self {
        Self { _file: None }
    }
}

/// Files in a folder, by paths relative to it with `/` between their parts.
///
/// What was written survives a power cut only after [`Disk::sync`] returned, and a name only after
/// [`Disk::sync_folder`] returned for its folder. The log relies on nothing else.
pub trait Disk: Send + Sync {
    /// The bytes of a file from an offset on, at most so many; `None` if there is no such file.
    ///
    /// # Errors
    /// Those of the system, as for all of these.
    fn read(&self, path: &str, from: u64, most: u64) -> Result<Option<Vec<u8>>>;
    /// Creates or overwrites a whole file. Folders above it are made.
    ///
    /// # Errors
    /// Those of the system; part of the bytes may have been written then.
    fn write(&self, path: &str, bytes: &[u8]) -> Result<()>;
    /// Writes at the end of a file that must have this length.
    ///
    /// # Errors
    /// Those of the system, or the file has another length; part of the bytes may have been written then.
    fn append(&self, path: &str, length: u64, bytes: &[u8]) -> Result<()>;
    /// Makes a file's bytes durable.
    ///
    /// # Errors
    /// Those of the system; nobody knows then what is on the disk.
    fn sync(&self, path: &str) -> Result<()>;
    /// Makes the names in a folder durable, and the names of the folders above it.
    ///
    /// # Errors
    /// Those of the system.
    fn sync_folder(&self, path: &str) -> Result<()>;
    /// Renames a file in one step, replacing whatever has that name.
    ///
    /// # Errors
    /// Those of the system.
    fn rename(&self, from: &str, to: &str) -> Result<()>;
    /// Removes a folder with everything in it; nothing happens if there is none.
    ///
    /// # Errors
    /// Those of the system.
    fn remove_folder(&self, path: &str) -> Result<()>;
    /// Every file in a folder and below, sorted.
    ///
    /// # Errors
    /// Those of the system.
    fn list(&self, folder: &str) -> Result<Vec<String>>;
    /// Waits until nobody else has the log's lock.
    ///
    /// # Errors
    /// Those of the system.
    fn lock(&self) -> Result<Lock>;
}

/// The whole file, or `None` if there is none.
pub(crate) fn read_all(disk: &dyn Disk, path: &str) -> Result<Option<Vec<u8>>> {
    disk.read(path, 0, u64::MAX)
}

/// What others may do with a folder and a file that are published, and with a file that is not.
const FOLDER: u32 = 0o755;
const FILE: u32 = 0o644;
#[cfg(unix)]
const PRIVATE: u32 = 0o600;

/// Whether a path is of what the log publishes.
fn is_published(path: &str) -> bool {
    path.split('/').next() == Some(PUBLIC)
}

/// Lets others read what is published.
fn open_to_others(path: &Path, mode: u32) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let is = fs::metadata(path)?.permissions().mode() & 0o777;
        if is != mode {
            return fs::set_permissions(path, fs::Permissions::from_mode(mode));
        }
    }
    // elsewhere files inherit from their folder who may read them
    let _ = (path, mode);
    Ok(())
}

/// A folder of the file system.
#[derive(Debug, Clone)]
pub struct FileDisk {
    root: PathBuf,
}

impl FileDisk {
    /// The disk of one folder, which is made by the first write.
    ///
    /// ```
    /// use zwerm_ledger::disk::{Disk, FileDisk};
    /// let disk = FileDisk::new(std::env::temp_dir().join("no-such-folder-of-zwerm"));
    /// assert_eq!(disk.read("checkpoint", 0, 10)?, None);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new(root: impl AsRef<Path>) -> Self {
        Self {
            root: root.as_ref().to_owned(),
        }
    }

    /// The path of a file of this disk.
    ///
    /// ```
    /// use zwerm_ledger::disk::FileDisk;
    /// assert!(FileDisk::new("a").path("tile/0/000").ends_with("a/tile/0/000"));
    /// ```
    #[must_use]
    pub fn path(&self, path: &str) -> PathBuf {
        let mut whole = self.root.clone();
        whole.extend(path.split('/').filter(|part| !part.is_empty()));
        whole
    }

    fn open_to_write(&self, path: &str, options: &mut OpenOptions) -> Result<File> {
        let whole = self.path(path);
        // what is not published is for its owner alone
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(options, PRIVATE);
        let file = match options.open(&whole) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.make_root()?;
                self.make_folder(path.rsplit_once('/').map_or("", |(folder, _)| folder))?;
                options.open(&whole)
            }
            opened => opened,
        }?;
        if is_published(path) {
            open_to_others(&whole, FILE)?;
        }
        Ok(file)
    }

    /// Makes a folder of the disk and those above it; others may read what is published, whatever the process would give
    /// its files.
    fn make_folder(&self, folder: &str) -> Result<()> {
        fs::create_dir_all(self.path(folder))?;
        let mut folder = folder;
        while is_published(folder) {
            open_to_others(&self.path(folder), FOLDER)?;
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
        Ok(())
    }

    /// Makes the folder itself and makes its name durable: [`Disk::sync_folder`] does that only for what is in the
    /// folder.
    fn make_root(&self) -> Result<()> {
        let made = self.root.ancestors();
        let made = made.take_while(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
        let made: Vec<&Path> = made.collect();
        fs::create_dir_all(&self.root)?;
        let above = made.into_iter().filter_map(Path::parent);
        above.into_iter().try_for_each(keep_names)
    }
}

impl Disk for FileDisk {
    fn read(&self, path: &str, from: u64, most: u64) -> Result<Option<Vec<u8>>> {
        let mut file = match File::open(self.path(path)) {
            Ok(file) => file,
            Err(error) if missing(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        if from > 0 {
            file.seek(SeekFrom::Start(from))?;
        }
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        self.open_to_write(path, &mut options)?.write_all(bytes)
    }

    fn append(&self, path: &str, length: u64, bytes: &[u8]) -> Result<()> {
        let mut file = self.open_to_write(path, OpenOptions::new().write(true))?;
        if file.seek(SeekFrom::End(0))? != length {
            return Err(std::io::Error::other(
                "the file has another length than it had",
            ));
        }
        file.write_all(bytes)
    }

    fn sync(&self, path: &str) -> Result<()> {
        OpenOptions::new()
            .write(true)
            .open(self.path(path))?
            .sync_data()
    }

    fn sync_folder(&self, path: &str) -> Result<()> {
        let mut folder = self.path(path);
        loop {
            keep_names(&folder)?;
            if folder == self.root || !folder.pop() {
                return Ok(());
            }
        }
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        let from = self.path(from);
        if is_published(to) {
            open_to_others(&from, FILE)?;
        }
        fs::rename(from, self.path(to))
    }

    fn remove_folder(&self, path: &str) -> Result<()> {
        match fs::remove_dir_all(self.path(path)) {
            Err(error) if !missing(&error) => Err(error),
            _ => Ok(()),
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        let mut files = Vec::new();
        let mut folders = vec![folder.trim_end_matches('/').to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(self.path(&folder)) {
                Ok(entries) => entries,
                Err(error) if missing(&error) => continue,
                Err(error) => return Err(error),
            };
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = if folder.is_empty() {
                    name
                } else {
                    format!("{folder}/{name}")
                };
                if entry.file_type()?.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path);
                }
            }
        }
        files.sort_unstable();
        Ok(files)
    }

    fn lock(&self) -> Result<Lock> {
        let mut options = OpenOptions::new();
        let opened = self.open_to_write("lock", options.create(true).truncate(false).write(true));
        let file = match opened {
            // somebody who may only read can still check the log, and the lock needs no more than reading
            Err(error) if error.kind() == ErrorKind::ReadOnlyFilesystem => {
                File::open(self.path("lock"))?
            }
            opened => opened?,
        };
        file.lock()?;
        Ok(Lock { _file: Some(file) })
    }
}

/// Makes the names in a folder durable.
fn keep_names(folder: &Path) -> Result<()> {
    // Only Unix lets a program open a folder; elsewhere the file system makes names durable by itself.
    if !cfg!(unix) {
        return Ok(());
    }
    let here = Path::new(".");
    let folder = if folder == Path::new("") {
        here
    } else {
        folder
    };
    File::open(folder)?.sync_all()
}

fn missing(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
