//! Making a back-up while others go on using the home.
//!
//! The order decides what can be trusted. What refers to the log must not be newer than the log in the copy:
//!
//! 1. The registry, by SQLite's own copy of one moment. Its answers and receipts name entries that are in the log already;
//!    what the log has more is taken over again when the home is opened.
//! 2. Under the home's lock and the log's: agreements, records of releases, and what of the log still changes. Whoever
//!    holds the home's lock keeps statements and answers out of the log, so that both say the same. Only small files are
//!    read here, and whoever asks waits no longer than that takes.
//! 3. Without a lock: what may go at any time (refusals), and what never changes (data, cells of releases, full tiles),
//!    of which step 2 made the list. The log in the copy names none of them that is not on it.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;
use zwerm_home::config::{Config, REGISTRY};
use zwerm_home::{Home, LAYOUT, LogFiles, failed, files};
use zwerm_ledger::disk::{Disk, FileDisk};
use zwerm_ledger::reader::LogReader;

use crate::error::AppError;
use crate::keep::backup::form::{
    BLOCK, BackedUpLog, BackedUpRegistry, BackupManifest, END, LIST, ListedFile, SEAL, VERSION,
    header, padding,
};
use crate::keep::backup::last;
use crate::keep::backup::survey::{self, FileStability, HomeFile};
use crate::site::blocking;
use crate::site::identity::{is_known, open_registry};

const CHUNK: usize = 1 << 16;

/// A back-up that was made.
#[derive(Debug)]
pub struct MadeBackup {
    /// What it holds.
    pub manifest: BackupManifest,
    /// The size of the archive, in bytes.
    pub size: u64,
}

/// Makes a back-up of a home in a new file, which its owner only may read.
pub async fn back_up(
    home: Home,
    config: &Config,
    to: &Path,
    now: Timestamp,
) -> Result<MadeBackup, AppError> {
    home.require_log()?;
    check_place(to)?;
    let folder = files::parent(to).to_owned();
    let scratch = tempfile::Builder::new()
        .prefix(".zwerm-backup-")
        .tempdir_in(&folder);
    let scratch = scratch.map_err(AppError::at(&folder))?;
    let copy = copy_registry(home.root(), config, scratch.path()).await?;
    let to = to.to_owned();
    blocking(move || {
        let gathered = gather(&home, copy, scratch.path(), now)?;
        let size = gathered.write(&to, &folder)?;
        last::write(home.root(), now);
        Ok(MadeBackup {
            manifest: gathered.manifest,
            size,
        })
    })
    .await
}

fn check_place(to: &Path) -> Result<(), AppError> {
    let shown = to.display();
    if to.symlink_metadata().is_ok() {
        return Err(taken(to));
    }
    if Home::holds(to) {
        return Err(AppError::usage(
            FaultCode::NotPermitted,
            Text::new(
                format!("`{shown}` ligt in een huis, en zou zichzelf bevatten"),
                format!("`{shown}` lies in a home, and would hold itself"),
            ),
            Text::new(
                "kies een plek op een andere schijf",
                "choose a place on another disk",
            ),
        ));
    }
    Ok(())
}

fn taken(to: &Path) -> AppError {
    let shown = to.display();
    AppError::usage(
        FaultCode::Exists,
        Text::new(
            format!("`{shown}` is er al; een reservekopie wordt nooit overschreven"),
            format!("`{shown}` is there already; a back-up is never overwritten"),
        ),
        Text::new("kies een andere naam", "choose another name"),
    )
}

/// The copy of the registry: where it lies now, and its path in the archive.
struct RegistryCopy {
    state: BackedUpRegistry,
    original: Option<PathBuf>,
    copy: Option<PathBuf>,
}

async fn copy_registry(
    root: &Path,
    config: &Config,
    scratch: &Path,
) -> Result<RegistryCopy, AppError> {
    let none = |state, original| RegistryCopy {
        state,
        original,
        copy: None,
    };
    let Some(file) = config.registry_file(root) else {
        return Ok(none(BackedUpRegistry::Elsewhere, None));
    };
    if !file.is_file() && !is_known(root) {
        return Ok(none(BackedUpRegistry::None, Some(file)));
    }
    let copy = scratch.join(REGISTRY);
    let store = open_registry(root, config).await?;
    let copied = store.backup(&copy).await;
    store.close().await;
    copied.map_err(|error| registry_words(error, &copy))?;
    let inside = file.strip_prefix(root).ok().and_then(Path::to_str);
    let path = inside.unwrap_or(REGISTRY).replace('\\', "/");
    Ok(RegistryCopy {
        state: BackedUpRegistry::Copied(path),
        original: Some(file),
        copy: Some(copy),
    })
}

/// That there is no room for the copy is a fault of its place, not of the registry.
fn registry_words(error: zwerm_store::StoreError, copy: &Path) -> AppError {
    match error {
        zwerm_store::StoreError::Full => AppError::at(copy)(ErrorKind::StorageFull.into()),
        other => other.into(),
    }
}

/// Where the bytes of a listed file are.
enum FileBytes {
    /// In the spool, from here on.
    Spooled(u64),
    /// In a file that never changes.
    File(PathBuf),
}

/// All that is written into an archive.
struct Gathered {
    manifest: BackupManifest,
    /// For each file of the list where it is.
    sources: Vec<FileBytes>,
    spool: Spool,
}

fn gather(
    home: &Home,
    registry: RegistryCopy,
    scratch: &Path,
    now: Timestamp,
) -> Result<Gathered, AppError> {
    let root = home.root();
    let mut spool = Spool::new(scratch)?;
    let mut all: Vec<(ListedFile, FileBytes)> = Vec::new();
    let held = home.lock()?;
    let log_folder = LogFiles::of(root).folder;
    let log_held = FileDisk::new(&log_folder)
        .lock()
        .map_err(AppError::at(&log_folder))?;
    let log = log_state(root)?;
    let found = survey::files(root, registry.original.as_deref())?;
    let (bound, others): (Vec<HomeFile>, Vec<HomeFile>) = found
        .into_iter()
        .partition(|found| found.kind == FileStability::Bound);
    for found in bound {
        let taken = spool
            .take(&found.file)?
            .ok_or_else(|| changed(&found.file))?;
        all.push(listed(found.path, &found.file, taken)?);
    }
    drop((log_held, held));
    for found in others {
        all.extend(unbound(found, &mut spool)?);
    }
    if let (BackedUpRegistry::Copied(path), Some(copy)) = (&registry.state, registry.copy) {
        all.push(fixed(path.clone(), copy)?);
    }
    all.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    let (files, sources) = all.into_iter().unzip();
    Ok(Gathered {
        manifest: BackupManifest {
            version: VERSION,
            made: now,
            layout: LAYOUT,
            log,
            registry: registry.state,
            files,
        },
        sources,
        spool,
    })
}

/// A file that may change or go while the back-up is made; none when it is gone.
fn unbound(
    found: HomeFile,
    spool: &mut Spool,
) -> Result<Option<(ListedFile, FileBytes)>, AppError> {
    if found.kind == FileStability::Fixed {
        return fixed(found.path, found.file).map(Some);
    }
    // whoever may delete a refusal did
    let taken = spool.take(&found.file)?;
    taken
        .map(|taken| listed(found.path, &found.file, taken))
        .transpose()
}

/// How far the log of a home is, by its checkpoint.
pub(super) fn log_state(root: &Path) -> Result<BackedUpLog, AppError> {
    let log_files = LogFiles::of(root);
    let disk = FileDisk::new(&log_files.public);
    let key = log_files.key()?.verifier();
    let tree = LogReader::new(&disk, "").checkpoint(&key, &[]);
    let tree = tree.map_err(|error| failed(root, error))?;
    Ok(BackedUpLog {
        name: key.name().to_owned(),
        size: tree.size,
        root: tree.root.to_string(),
    })
}

/// A file that was copied into the spool.
struct SpooledFile {
    /// Where in the spool it begins.
    from: u64,
    size: u64,
    sha256: String,
}

fn listed(
    path: String,
    file: &Path,
    spooled: SpooledFile,
) -> Result<(ListedFile, FileBytes), AppError> {
    let listed = ListedFile {
        private: is_private(file)?,
        path,
        size: spooled.size,
        sha256: spooled.sha256,
    };
    Ok((listed, FileBytes::Spooled(spooled.from)))
}

fn fixed(path: String, file: PathBuf) -> Result<(ListedFile, FileBytes), AppError> {
    let mut opened = File::open(&file).map_err(AppError::at(&file))?;
    let (size, sha256) = pour(&mut opened, &mut std::io::sink()).map_err(AppError::at(&file))?;
    let listed = ListedFile {
        private: is_private(&file)?,
        path,
        size,
        sha256,
    };
    Ok((listed, FileBytes::File(file)))
}

#[cfg(unix)]
fn is_private(file: &Path) -> Result<bool, AppError> {
    use std::os::unix::fs::PermissionsExt;
    match fs::metadata(file) {
        Ok(found) => Ok(found.permissions().mode() & 0o077 == 0),
        // it was read, and removed since
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(AppError::at(file)(error)),
    }
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> Result<bool, AppError> {
    Ok(false)
}

/// Copies of files that may change: one after the other in a file without a name, which is gone when this is.
struct Spool {
    file: File,
    folder: PathBuf,
    length: u64,
}

impl Spool {
    fn new(folder: &Path) -> Result<Self, AppError> {
        Ok(Self {
            file: tempfile::tempfile_in(folder).map_err(AppError::at(folder))?,
            folder: folder.to_owned(),
            length: 0,
        })
    }

    /// Takes a copy of a file. Nothing if the file is gone.
    fn take(&mut self, from: &Path) -> Result<Option<SpooledFile>, AppError> {
        let mut file = match File::open(from) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(AppError::at(from)(error)),
        };
        let from_here = self.length;
        let poured = pour(&mut file, &mut self.file);
        let (size, sha256) = poured.map_err(AppError::at(&self.folder))?;
        self.length += size;
        Ok(Some(SpooledFile {
            from: from_here,
            size,
            sha256,
        }))
    }
}

/// Copies all of it; how much it was, and its hash.
fn pour(from: &mut dyn Read, to: &mut dyn Write) -> std::io::Result<(u64, String)> {
    let mut buffer = vec![0; CHUNK];
    let mut hash = Sha256::new();
    let mut size = 0;
    loop {
        let read = from.read(&mut buffer)?;
        let chunk = buffer.get(..read).unwrap_or_default();
        if chunk.is_empty() {
            return Ok((size, files::hexadecimal(&hash.finalize()).to_string()));
        }
        hash.update(chunk);
        to.write_all(chunk)?;
        size += chunk.len() as u64;
    }
}

impl Gathered {
    /// Writes the archive aside, makes the disk keep it, and gives it its name; how long it is.
    fn write(&self, to: &Path, folder: &Path) -> Result<u64, AppError> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".zwerm-backup-").suffix(".part");
        let part = builder.tempfile_in(folder).map_err(AppError::at(folder))?;
        let mut out = BufWriter::with_capacity(CHUNK, part.as_file());
        self.write_to(&mut out, to)?;
        out.flush().map_err(AppError::at(to))?;
        drop(out);
        part.as_file().sync_all().map_err(AppError::at(to))?;
        let kept = part
            .persist_noclobber(to)
            .map_err(|error| match error.error.kind() {
                ErrorKind::AlreadyExists => taken(to),
                _ => AppError::at(to)(error.error),
            })?;
        files::sync_folder(folder)?;
        Ok(kept.metadata().map_err(AppError::at(to))?.len())
    }

    fn write_to(&self, out: &mut dyn Write, to: &Path) -> Result<(), AppError> {
        let list = self.manifest.to_bytes()?;
        let seal = files::hexadecimal(&Sha256::digest(&list));
        write_entry(out, to, LIST, 0, &mut list.as_slice(), list.len() as u64)?;
        for (place, (listed, source)) in self.manifest.files.iter().zip(&self.sources).enumerate() {
            let (path, size) = (listed.path.as_str(), listed.size);
            let sha256 = match source {
                FileBytes::Spooled(from) => {
                    let mut spool = &self.spool.file;
                    let moved = spool.seek(SeekFrom::Start(*from));
                    moved.map_err(AppError::at(&self.spool.folder))?;
                    write_entry(out, to, path, place, &mut spool.take(size), size)?
                }
                FileBytes::File(file) => {
                    let opened = File::open(file).map_err(AppError::at(file))?;
                    let mut opened = BufReader::with_capacity(CHUNK, opened);
                    write_entry(out, to, path, place, &mut opened, size)?
                }
            };
            if sha256 != listed.sha256 {
                return Err(changed(Path::new(path)));
            }
        }
        write_entry(out, to, SEAL, 0, &mut seal.as_bytes(), seal.len() as u64)?;
        out.write_all(&END).map_err(AppError::at(to))
    }
}

/// Writes an entry of a known size; its hash.
fn write_entry(
    out: &mut dyn Write,
    to: &Path,
    path: &str,
    place: usize,
    from: &mut dyn Read,
    size: u64,
) -> Result<String, AppError> {
    let header = header(path, place, size)?;
    out.write_all(header.as_bytes()).map_err(AppError::at(to))?;
    let (written, sha256) = pour(from, out).map_err(AppError::at(to))?;
    if written != size {
        return Err(changed(Path::new(path)));
    }
    let filled = [0; BLOCK];
    let filled = filled.get(..padding(size)).unwrap_or_default();
    out.write_all(filled).map_err(AppError::at(to))?;
    Ok(sha256)
}

fn changed(file: &Path) -> AppError {
    let shown = file.display();
    AppError::usage(
        FaultCode::Stale,
        Text::new(
            format!("`{shown}` veranderde terwijl het werd gekopieerd"),
            format!("`{shown}` changed while it was copied"),
        ),
        Text::new(
            "probeer het opnieuw; zegt het dit weer, kijk dan met `zwerm ledger check`",
            "try again; if it says so again, look with `zwerm ledger check`",
        ),
    )
}
