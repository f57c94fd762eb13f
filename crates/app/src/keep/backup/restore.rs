//! A home from a back-up: all of it or nothing, and nothing that its list does not name.
//!
//! An archive may come from anybody. Each header must be the very one that the list makes, byte by byte: so there are no
//! links, devices or other paths, and no file has more bytes than the list says.

use std::fs::{self, File};
use std::io::{BufReader, ErrorKind, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use tar::{EntryType, Header};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_home::config::Config;
use zwerm_home::{Home, LAYOUT, access, files};

use crate::error::AppError;
use crate::keep::backup::form::{
    BLOCK, BackupManifest, END, HASH, LIST, ListedFile, SEAL, VERSION, header, leads_inside,
    padding,
};
use crate::keep::backup::make::log_state;
use crate::ledger::show::{CheckedLog, check_all};

/// Bytes of a list at most: some million files.
const LONGEST_LIST: u64 = 256 << 20;
/// What nobody but the owner reads, whatever a list says.
const SECRET: [&str; 2] = ["ledger/log.key", "ledger/salt"];
const CHUNK: usize = 1 << 16;

/// A home that was restored.
#[derive(Debug)]
pub struct RestoredBackup {
    /// What the back-up held.
    pub manifest: BackupManifest,
    /// What the check of the log found.
    pub checked: CheckedLog,
    /// Whether the home's settings name its registry elsewhere than it was put.
    pub registry_elsewhere: bool,
}

/// Makes a home of a back-up, in a folder that is new or empty.
pub fn restore(file: &Path, root: &Path) -> Result<RestoredBackup, AppError> {
    zwerm_home::files::is_there(file)?;
    check_free(root)?;
    let (mut archive, manifest) = BackupArchive::open(file)?;
    let parent = files::parent(root);
    fs::create_dir_all(parent).map_err(AppError::at(parent))?;
    let staging = tempfile::Builder::new()
        .prefix(".zwerm-restore-")
        .tempdir_in(parent);
    let staging = staging.map_err(AppError::at(parent))?;
    let home = staging.path().join("home");
    files::make_folder(&home)?;
    for (place, listed) in manifest.files.iter().enumerate() {
        archive.file(place, listed, &manifest, &home)?;
    }
    archive.end()?;
    // what is empty is in no archive
    zwerm_home::make_folders(&home)?;
    sync_folders(&home)?;
    Home::open(&home)?.require_log()?;
    let log = log_state(&home)?;
    if log.name != manifest.log.name || log.size < manifest.log.size {
        return Err(archive.other_log());
    }
    if log.size == manifest.log.size && log.root != manifest.log.root {
        return Err(archive.other_log());
    }
    let checked = check_all(&home, &mut |_| {})?;
    access::close(&home)?;
    put_in_place(&home, root)?;
    let config = Config::read(root)?;
    let registry_elsewhere = match &manifest.registry {
        crate::keep::backup::BackedUpRegistry::Copied(path) => {
            config.registry_file(root) != Some(root.join(path))
        }
        crate::keep::backup::BackedUpRegistry::Elsewhere
        | crate::keep::backup::BackedUpRegistry::None => false,
    };
    Ok(RestoredBackup {
        manifest,
        checked,
        registry_elsewhere,
    })
}

fn check_free(root: &Path) -> Result<(), AppError> {
    let taken = match fs::read_dir(root) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) if error.kind() == ErrorKind::NotADirectory => true,
        Err(error) => return Err(AppError::at(root)(error)),
    };
    if !taken {
        return Ok(());
    }
    let shown = root.display();
    Err(AppError::usage(
        FaultCode::Exists,
        Text::new(
            format!("`{shown}` is er al en is niet leeg"),
            format!("`{shown}` is there already and is not empty"),
        ),
        Text::new(
            "kies met `--home` een nieuwe of lege map; een huis wordt nooit overschreven",
            "choose a new or empty folder with `--home`; a home is never overwritten",
        ),
    ))
}

/// Gives the home its name, at once.
fn put_in_place(home: &Path, root: &Path) -> Result<(), AppError> {
    let moved = fs::rename(home, root);
    moved.map_err(|error| match error.kind() {
        // another file system begins here, as in a container
        ErrorKind::CrossesDevices | ErrorKind::ResourceBusy => {
            let shown = root.display();
            AppError::usage(
                FaultCode::NotApplicable, Text::new(
                    format!("`{shown}` is een schijf van zichzelf; een huis krijgt er zijn naam niet in één keer"),
                    format!("`{shown}` is a disk of its own; a home cannot get its name there at once"),
                ),
                Text::new(
                    format!("kies een nieuwe map daarin, zoals `{shown}/zwerm-home`"),
                    format!("choose a new folder in it, such as `{shown}/zwerm-home`"),
                ),
            )
        }
        _ => AppError::at(root)(error),
    })?;
    Ok(files::sync_folder(files::parent(root))?)
}

fn sync_folders(folder: &Path) -> Result<(), AppError> {
    for entry in fs::read_dir(folder).map_err(AppError::at(folder))? {
        let path = entry.map_err(AppError::at(folder))?.path();
        if path.is_dir() {
            sync_folders(&path)?;
        }
    }
    Ok(files::sync_folder(folder)?)
}

/// An archive that is read from its beginning to its end.
struct BackupArchive<'a> {
    path: &'a Path,
    bytes: BufReader<File>,
    /// The hash of the list.
    seal: String,
}

impl<'a> BackupArchive<'a> {
    /// Opens an archive and reads its list.
    fn open(path: &'a Path) -> Result<(Self, BackupManifest), AppError> {
        let file = File::open(path).map_err(AppError::at(path))?;
        let length = file.metadata().map_err(AppError::at(path))?.len();
        let mut archive = Self {
            path,
            bytes: BufReader::with_capacity(CHUNK, file),
            seal: String::new(),
        };
        let found = archive.block()?;
        let size = Header::from_byte_slice(&found)
            .entry_size()
            .unwrap_or(u64::MAX);
        if size > LONGEST_LIST || size > length {
            return Err(archive.no_backup());
        }
        archive
            .expect(&found, LIST, 0, size)
            .map_err(|_| archive.no_backup())?;
        let mut list = Vec::new();
        let read = (&mut archive.bytes).take(size).read_to_end(&mut list);
        read.map_err(AppError::at(path))?;
        archive.padding(size)?;
        archive.seal = files::hexadecimal(&Sha256::digest(&list)).to_string();
        let manifest = archive.parse(&list)?;
        if manifest.length(size) != Some(length) {
            return Err(archive.wrong(
                None,
                &Text::new(
                    format!("het bestand heeft {length} bytes, en dat is niet wat de lijst zegt"),
                    format!("the file has {length} bytes, which is not what its list says"),
                ),
            ));
        }
        Ok((archive, manifest))
    }

    fn parse(&self, list: &[u8]) -> Result<BackupManifest, AppError> {
        #[derive(serde::Deserialize)]
        struct Versions {
            version: u32,
            layout: u32,
        }
        let versions: Versions = serde_json::from_slice(list).map_err(|_| self.no_backup())?;
        if versions.version != VERSION || versions.layout != LAYOUT {
            return Err(self.wrong(
                None,
                &Text::new(
                    "een andere versie van zwerm maakte deze kopie",
                    "another version of zwerm made this copy",
                ),
            ));
        }
        let manifest: BackupManifest =
            serde_json::from_slice(list).map_err(|_| self.no_backup())?;
        for listed in &manifest.files {
            if !leads_inside(&listed.path) {
                return Err(self.outside(&listed.path));
            }
        }
        Ok(manifest)
    }

    /// Takes the next file out of the archive.
    fn file(
        &mut self,
        place: usize,
        listed: &ListedFile,
        of: &BackupManifest,
        home: &Path,
    ) -> Result<(), AppError> {
        let found = self.block()?;
        self.expect(&found, &listed.path, place, listed.size)?;
        let to = home.join(&listed.path);
        let folder = files::parent(&to);
        fs::create_dir_all(folder).map_err(AppError::at(folder))?;
        let registry = matches!(&of.registry, crate::keep::backup::BackedUpRegistry::Copied(path) if *path == listed.path);
        let private = listed.private || registry || SECRET.contains(&listed.path.as_str());
        let mut file = create(&to, private).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => self.wrong(
                Some(&listed.path),
                &Text::new("staat twee keer in de lijst", "stands in the list twice"),
            ),
            _ => AppError::at(&to)(error),
        })?;
        let sha256 = self.pour(listed.size, &mut file, &to)?;
        file.sync_all().map_err(AppError::at(&to))?;
        if sha256 != listed.sha256 {
            return Err(self.changed(&listed.path));
        }
        self.padding(listed.size)
    }

    fn pour(&mut self, size: u64, file: &mut File, to: &Path) -> Result<String, AppError> {
        let mut hash = Sha256::new();
        let mut buffer = vec![0; CHUNK];
        let mut left = size;
        while left > 0 {
            let most = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
            let part = buffer.get_mut(..most).unwrap_or_default();
            self.bytes
                .read_exact(part)
                .map_err(|error| self.short(error))?;
            hash.update(&*part);
            file.write_all(part).map_err(AppError::at(to))?;
            left -= most as u64;
        }
        Ok(files::hexadecimal(&hash.finalize()).to_string())
    }

    /// Reads the seal and the end.
    fn end(&mut self) -> Result<(), AppError> {
        let found = self.block()?;
        self.expect(&found, SEAL, 0, HASH)?;
        let found = self.block()?;
        let (seal, rest) = found.split_at(self.seal.len().min(BLOCK));
        let end = [self.block()?, self.block()?].concat();
        if seal != self.seal.as_bytes() || rest.iter().any(|byte| *byte != 0) || end != END {
            return Err(self.changed(LIST));
        }
        Ok(())
    }

    fn block(&mut self) -> Result<[u8; BLOCK], AppError> {
        let mut block = [0; BLOCK];
        self.bytes
            .read_exact(&mut block)
            .map_err(|error| self.short(error))?;
        Ok(block)
    }

    fn padding(&mut self, size: u64) -> Result<(), AppError> {
        let mut filled = [0; BLOCK];
        let filled = filled.get_mut(..padding(size)).unwrap_or_default();
        let read = self.bytes.read_exact(filled);
        read.map_err(|error| self.short(error))?;
        if filled.iter().any(|byte| *byte != 0) {
            return Err(self.changed(LIST));
        }
        Ok(())
    }

    /// Checks that a header is the one that the list makes.
    fn expect(
        &self,
        found: &[u8; BLOCK],
        path: &str,
        place: usize,
        size: u64,
    ) -> Result<(), AppError> {
        if header(path, place, size)?.as_bytes() == found {
            return Ok(());
        }
        let found = Header::from_byte_slice(found);
        let named = String::from_utf8_lossy(&found.path_bytes()).into_owned();
        if !leads_inside(&named) {
            return Err(self.outside(&named));
        }
        if found.entry_type() != EntryType::Regular {
            return Err(self.wrong(
                Some(&named),
                &Text::new(
                    "is geen gewoon bestand, maar een link, een map of iets anders",
                    "is no plain file but a link, a folder or something else",
                ),
            ));
        }
        Err(self.wrong(
            Some(&named),
            &Text::new(
                format!("staat hier niet in de lijst; hier hoort `{path}` met {size} bytes"),
                format!("does not stand here in the list; here belongs `{path}` of {size} bytes"),
            ),
        ))
    }

    fn wrong(&self, within: Option<&str>, what: &Text) -> AppError {
        let place = self.path.display();
        AppError::from(vec![
            Diagnostic::new(
                FaultCode::Unreadable,
                what.clone(),
                Text::new(
                    "er is niets teruggezet; neem een andere reservekopie",
                    "nothing was restored; take another back-up",
                ),
            )
            .at(match within {
                Some(within) => format!("{place}: `{within}`"),
                None => place.to_string(),
            }),
        ])
    }

    fn no_backup(&self) -> AppError {
        let what = Text::new(
            "dit is geen reservekopie van een huis, of het begin ervan is beschadigd",
            "this is no back-up of a home, or its beginning is damaged",
        );
        self.wrong(None, &what)
    }

    fn outside(&self, named: &str) -> AppError {
        let what = Text::new(
            "leidt uit de map van het huis",
            "leads out of the home's folder",
        );
        self.wrong(Some(named), &what)
    }

    fn changed(&self, named: &str) -> AppError {
        let what = Text::new(
            "is niet meer zoals het was toen de kopie werd gemaakt",
            "is not as it was when the copy was made",
        );
        self.wrong(Some(named), &what)
    }

    fn other_log(&self) -> AppError {
        let what = Text::new(
            "het logboek erin is niet het logboek dat de lijst noemt",
            "the log in it is not the log that its list names",
        );
        self.wrong(None, &what)
    }

    fn short(&self, error: std::io::Error) -> AppError {
        match error.kind() {
            ErrorKind::UnexpectedEof => self.wrong(
                None,
                &Text::new("het bestand is afgebroken", "the file breaks off"),
            ),
            _ => AppError::at(self.path)(error),
        }
    }
}

/// Makes a file that is not there yet.
fn create(path: &Path, private: bool) -> std::io::Result<File> {
    let mut options = if private {
        access::private()
    } else {
        File::options()
    };
    options.write(true).create_new(true).open(path)
}
