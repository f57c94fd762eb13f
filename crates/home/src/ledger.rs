//! `ledger/`: the home's public log, its key, and entering what happens while an agreement is in force.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::digest::Digest;
use zwerm_agreement::text::Text;
use zwerm_ledger::disk::FileDisk;
use zwerm_ledger::entry::{Entry, Salt, Sha256Digest};
use zwerm_ledger::log::{Appended, Damage, Log, LogError, Mended, PUBLIC};
use zwerm_ledger::note::{LogKey, LogVerifier, LogWitness, NoteError};
use zwerm_ledger::reader::LogReader;
use zwerm_ledger::tile::WIDTH;
use zwerm_ledger::tree::leaf_hash;

use crate::error::HomeError;
use crate::load::Stored;
use crate::{Home, files, in_force};

pub(crate) const FOLDER: &str = "ledger";
const KEY: &str = "log.key";
const SALT: &str = "salt";
const PUBLIC_KEY: &str = "log.pub";

/// Where the parts of a home's log lie.
#[derive(Debug, Clone)]
pub struct LogFiles {
    /// The folder of the log.
    pub folder: PathBuf,
    /// The folder in it that everyone may read.
    pub public: PathBuf,
    /// The public key in that.
    pub public_key: PathBuf,
}

impl LogFiles {
    /// Those of a home.
    pub fn of(root: &Path) -> Self {
        let folder = root.join(FOLDER);
        let public = folder.join(PUBLIC);
        Self {
            public_key: public.join(PUBLIC_KEY),
            public,
            folder,
        }
    }

    /// The key with which the log signs.
    pub fn key(&self) -> Result<LogKey, HomeError> {
        let path = self.folder.join(KEY);
        let text = fs::read_to_string(&path).map_err(HomeError::at(&path))?;
        LogKey::parse(&text).map_err(|error| damaged_key(&path, &error))
    }
}

/// Where an entry is in the log, so that it can be seen that it still is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryPlace {
    /// The place of the entry in the log, counted from 0.
    index: u64,
    /// Its hash as a leaf of the tree.
    leaf: Sha256Digest,
}

impl EntryPlace {
    /// The place of an entry of these bytes.
    pub fn of_entry(index: u64, bytes: &[u8]) -> Self {
        Self {
            index,
            leaf: Sha256Digest(leaf_hash(bytes).0),
        }
    }

    /// The place of the last of these entries.
    pub fn last(appended: &Appended) -> Option<Self> {
        Self::of(appended, appended.proved.len().checked_sub(1)?)
    }

    /// The place of one of these entries, counted from 0.
    pub(crate) fn of(appended: &Appended, number: usize) -> Option<Self> {
        let entry = appended.proved.get(number)?;
        Some(Self::of_entry(entry.index, &entry.bytes))
    }
}

/// Makes the log with its key, as far as they are not there yet: a first try may have broken off.
pub(super) fn make(root: &Path, name: Option<&str>) -> Result<(), HomeError> {
    let log_files = LogFiles::of(root);
    files::make_folder(&log_files.folder)?;
    let path = log_files.folder.join(KEY);
    if !path.is_file() {
        let name = match name {
            Some(name) => name.to_owned(),
            None => format!(
                "zwerm-{}",
                files::hexadecimal(files::random::<8>(&path)?.as_ref()).as_str()
            ),
        };
        let key = LogKey::from_seed(&name, &*files::random(&path)?);
        let key = key.map_err(|error| match error {
            NoteError::Name(name) => unfit_name(&name),
            other => HomeError::Internal(other.to_string()),
        })?;
        let text = format!("{}\n", key.secret());
        files::write_private(&path, text.as_bytes(), || taken(&path))?;
    }
    let salt = log_files.folder.join(SALT);
    if !salt.is_file() {
        files::write_private(&salt, files::random::<32>(&salt)?.as_ref(), || taken(&salt))?;
    }
    let key = log_files.key()?;
    let text = format!("{}\n", key.verifier());
    match Log::create(FileDisk::new(&log_files.folder), key) {
        Ok(_) | Err(LogError::Exists) => {}
        Err(error) => return Err(failed(root, error)),
    }
    files::write(&log_files.public_key, text.as_bytes())
}

/// Opens the log, and mends what a crash left.
pub(super) fn open(root: &Path) -> Result<Log, LogError> {
    let log_files = LogFiles::of(root);
    let unfit = |_| LogError::Damaged(Damage::Key);
    let key = log_files.key().map_err(unfit)?;
    // a log that signed with another key than it publishes could not be verified by anybody
    if read_public_key(&log_files.public_key).map_err(unfit)? != key.verifier() {
        return Err(LogError::Damaged(Damage::Key));
    }
    Log::open(FileDisk::new(&log_files.folder), key)
}

/// The log of a home that was opened; one that the disk did not let be opened is tried again each time it is needed.
#[derive(Debug)]
pub(super) struct HomeLog {
    opened: OnceLock<Log>,
    failed: Mutex<LogError>,
}

impl HomeLog {
    /// Opens it.
    pub(super) fn open(root: &Path) -> Self {
        match open(root) {
            Ok(log) => Self {
                opened: OnceLock::from(log),
                ..Self::unopened()
            },
            Err(error) => Self {
                failed: Mutex::new(error),
                ..Self::unopened()
            },
        }
    }

    /// One that is not opened, and will not be.
    pub(super) fn unopened() -> Self {
        Self {
            opened: OnceLock::new(),
            failed: Mutex::new(LogError::None),
        }
    }

    /// The log, once it was opened.
    pub(super) fn opened(&self) -> Option<&Log> {
        self.opened.get()
    }

    fn get(&self, root: &Path) -> Result<&Log, LogError> {
        if let Some(log) = self.opened.get() {
            return Ok(log);
        }
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        match *failed {
            // somebody else may have opened it meanwhile
            LogError::Disk { .. } if self.opened.get().is_none() => match open(root) {
                Ok(log) => return Ok(self.opened.get_or_init(|| log)),
                Err(error) => *failed = error,
            },
            _ => {}
        }
        self.opened.get().ok_or_else(|| failed.clone())
    }
}

impl Home {
    /// The public log.
    fn log(&self) -> Result<&Log, HomeError> {
        let log = self.log.get(&self.root);
        log.map_err(|error| failed(&self.root, error))
    }

    /// Fails when the public log cannot be used: without it nothing is answered.
    pub fn require_log(&self) -> Result<(), HomeError> {
        self.log().map(|_| ())
    }

    /// The same for a log that somebody may have spoiled since it was opened: its checkpoint must be its key's.
    pub fn require_readable_log(&self) -> Result<(), HomeError> {
        self.require_log()?;
        let log_files = LogFiles::of(&self.root);
        let disk = FileDisk::new(&log_files.public);
        let tree = LogReader::new(&disk, "").checkpoint(&log_files.key()?.verifier(), &[]);
        tree.map_err(|error| failed(&self.root, error)).map(drop)
    }

    /// Whether the log still has an entry where it was entered; not so once an older log was put back.
    pub fn still_has(&self, place: &EntryPlace) -> Result<bool, HomeError> {
        if self.log.opened().is_some() && self.memory.has_seen(place) {
            return Ok(true);
        }
        let log_files = LogFiles::of(&self.root);
        let disk = FileDisk::new(&log_files.public);
        let reader = LogReader::new(&disk, "");
        let tree = reader.checkpoint(&log_files.key()?.verifier(), &[]);
        let tree = tree.map_err(|error| failed(&self.root, error))?;
        if place.index >= tree.size {
            return Ok(false);
        }
        let bundle = reader.bundle(place.index / WIDTH, tree.size);
        let bundle = bundle.map_err(|error| failed(&self.root, error))?;
        let entry = usize::try_from(place.index % WIDTH)
            .ok()
            .and_then(|at| bundle.get(at));
        let has = entry.is_some_and(|entry| leaf_hash(entry).0 == place.leaf.0);
        if has {
            self.memory.keep_seen(*place);
        }
        Ok(has)
    }

    /// Enters something. When this returns, the disk has it.
    pub fn enter(&self, entries: &[Entry]) -> Result<Appended, HomeError> {
        let appended = self.log()?.append(entries);
        appended.map_err(|error| failed(&self.root, error))
    }

    /// Enters something that may only happen while the agreement is in force; refused otherwise. What was said of it
    /// comes first.
    ///
    /// Whoever suspends the agreement waits meanwhile, so that no such entry comes after the suspension.
    pub fn enter_in_force(
        &self,
        stored: &Stored,
        today: Date,
        entries: &[Entry],
    ) -> Result<Appended, HomeError> {
        let agreement = &stored.document.agreement;
        let time = entries
            .first()
            .map_or(Timestamp::UNIX_EPOCH, |entry| entry.time);
        self.enter_statements(&agreement.id, agreement.version, time)?;
        let _shared = self.share()?;
        let now = self.stored(&agreement.id, agreement.version)?;
        in_force(&now, today)?;
        // the log reckons in the zone that it has of the agreement, whatever the home's zone is now
        let day = now.counting.zone.to_datetime(time).date();
        in_force(&now, day)?;
        if let Some(by) = &now.counting.superseded {
            // and in that of the version that takes over
            let zone = self
                .stored(&agreement.id, by.version)?
                .counting
                .zone
                .clone();
            in_force(&now, zone.to_datetime(time).date())?;
        }
        self.enter(entries)
    }

    /// The secret of which the salts of parties' words are made.
    pub(super) fn salt_secret(&self) -> Result<Vec<u8>, HomeError> {
        let path = LogFiles::of(&self.root).folder.join(SALT);
        fs::read(&path).map_err(HomeError::at(&path))
    }

    /// A salt that nobody had before.
    pub fn new_salt(&self) -> Result<Salt, HomeError> {
        Ok(*files::random(&self.root)?)
    }
}

/// A digest as the log has it.
pub fn logged(digest: Digest) -> Sha256Digest {
    Sha256Digest(digest.to_bytes())
}

/// What went wrong with the log of a home.
pub fn failed(root: &Path, error: LogError) -> HomeError {
    failed_at(&LogFiles::of(root).folder, error)
}

/// What went wrong with the log in a folder.
pub fn failed_at(folder: &Path, error: LogError) -> HomeError {
    match error {
        LogError::Disk { path, source } => HomeError::Environment {
            path: folder.join(path),
            source: std::io::Error::new(source.kind(), source.to_string()),
        },
        LogError::None => damaged(
            folder.to_owned(),
            &Text::new("het is er niet", "it is not there"),
        ),
        LogError::Damaged(what) => damaged(
            folder.to_owned(),
            &Text::new(damage(what), what.to_string()),
        ),
        LogError::Note(error) => damaged(folder.to_owned(), &note_words(&error)),
        LogError::Exists | LogError::Entry(_) | LogError::Tree => {
            HomeError::Internal(error.to_string())
        }
    }
}

/// What is damaged, in Dutch.
fn damage(what: Damage) -> &'static str {
    match what {
        Damage::WalGone => "het bestand `wal` van het logboek is weg",
        Damage::WalHead => "het begin van het bestand `wal` is niet te lezen",
        Damage::OldCheckpoint => "het controlepunt is ouder dan het logboek kan zijn",
        Damage::EntriesLost => {
            "het logboek heeft minder regels dan zijn controlepunt, er zijn dus regels weg"
        }
        Damage::OtherEntries => "de regels zijn niet die van het controlepunt",
        Damage::Bundle => "een bundel regels is niet te lezen",
        Damage::ShortBundle => "een bundel heeft te weinig regels",
        Damage::NoEntry => "het logboek heeft geen regel met dat nummer",
        Damage::Shrunk => "het logboek is kleiner dan het was",
        Damage::Impossible => "geen logboek heeft zoveel regels als het controlepunt zegt",
        Damage::OtherTiles => "de bestanden zijn niet die van het controlepunt",
        Damage::TileGone => "een bestand van het logboek is er niet",
        Damage::FullTile => "een bestand van het logboek dat af was, is weg of veranderd",
        Damage::Checkpoint => {
            "het controlepunt is met een andere sleutel ondertekend, of daarna veranderd"
        }
        Damage::Key => "de sleutel van het logboek is niet te lezen, of hoort niet bij `log.pub`",
    }
}

/// What is wrong with a log's files, in words.
pub fn log_words(error: &LogError) -> Text {
    match error {
        LogError::Damaged(what) => Text::new(damage(*what), what.to_string()),
        LogError::Note(error) => note_words(error),
        other => Text::same(other.to_string()),
    }
}

/// What is wrong with a checkpoint or a key, in words.
pub fn note_words(error: &NoteError) -> Text {
    let en = error.to_string();
    match error {
        NoteError::NotSigned(name) => Text::new(
            format!("het controlepunt is niet met de sleutel van `{name}` ondertekend"),
            en,
        ),
        NoteError::WrongSignature(name) => Text::new(
            format!("het controlepunt is veranderd nadat `{name}` tekende"),
            en,
        ),
        NoteError::OtherLog { found, expected } => Text::new(
            format!("het controlepunt is van het logboek `{found}`, de sleutel van `{expected}`"),
            en,
        ),
        NoteError::Name(_) | NoteError::Key(_) | NoteError::Checkpoint(_) => {
            Text::new("dit is geen ondertekend controlepunt", en)
        }
    }
}

fn damaged(path: PathBuf, what: &Text) -> HomeError {
    HomeError::Damaged {
        path,
        what: Text::new(
            format!("het openbare logboek is beschadigd: {}", what.nl),
            format!("the public log is damaged: {}", what.en),
        ),
        cure: Text::new(
            "`zwerm ledger check` zoekt alles na; zet een reservekopie terug. Zonder logboek is er geen antwoord",
            "`zwerm ledger check` looks at all of it; restore a back-up. Without the log there is no answer",
        ),
    }
}

fn damaged_key(path: &Path, error: &NoteError) -> HomeError {
    HomeError::Damaged {
        path: path.to_owned(),
        what: Text::new(
            format!("de sleutel van het logboek is niet te lezen: {error}"),
            format!("the key of the log cannot be read: {error}"),
        ),
        cure: Text::new("zet een reservekopie terug", "restore a back-up"),
    }
}

fn unfit_name(name: &str) -> HomeError {
    HomeError::usage(
        FaultCode::Malformed,
        Text::new(
            format!("`{name}` kan geen naam van een logboek zijn"),
            format!("`{name}` cannot name a log"),
        ),
        Text::new(
            "laat spaties en plustekens weg, zoals in `leiden.nl/zwerm`",
            "leave out spaces and plus signs, as in `leiden.nl/zwerm`",
        ),
    )
}

fn taken(path: &Path) -> HomeError {
    HomeError::at(path)(ErrorKind::AlreadyExists.into())
}

/// What was mended, for a person.
pub(super) fn notice(mended: &Mended) -> Text {
    match mended {
        Mended::Checkpoint => Text::new(
            "het laatste controlepunt van het logboek was niet te lezen, door een storing of doordat iemand het wijzigde; het is opnieuw ondertekend",
            "the last checkpoint of the log could not be read, by a crash or because somebody changed it; it was signed anew",
        ),
        Mended::Unpublished(entries) => Text::new(
            format!(
                "het logboek had {entries} regels die nog niet waren uitgegeven; dat is nu gebeurd"
            ),
            format!("the log had {entries} entries that were not published yet; now they are"),
        ),
        Mended::Torn(bytes) => Text::new(
            format!(
                "de laatste regel van het logboek was niet af, waarschijnlijk door een storing; {bytes} bytes staan apart in `ledger/wal.torn`"
            ),
            format!(
                "the last entry of the log was unfinished, probably by a crash; {bytes} bytes are set aside in `ledger/wal.torn`"
            ),
        ),
        Mended::Tiles(tiles) => Text::new(
            format!(
                "{tiles} bestanden van het logboek waren niet zoals ze moeten zijn en zijn opnieuw geschreven"
            ),
            format!("{tiles} files of the log were not as they must be and were written anew"),
        ),
    }
}

/// Reads a log's public key from a file.
pub fn read_public_key(path: &Path) -> Result<LogVerifier, HomeError> {
    let said = Text::new("publieke sleutel van een logboek", "public key of a log");
    read_note_key(path, &said, LogVerifier::parse)
}

/// Reads a witness's public key from a file.
pub fn read_witness(path: &Path) -> Result<LogWitness, HomeError> {
    let said = Text::new(
        "publieke sleutel van een getuige",
        "public key of a witness",
    );
    read_note_key(path, &said, LogWitness::parse)
}

fn read_note_key<K>(
    path: &Path,
    said: &Text,
    parse: impl FnOnce(&str) -> Result<K, NoteError>,
) -> Result<K, HomeError> {
    crate::files::is_there(path)?;
    let bytes = fs::read(path).map_err(HomeError::at(path))?;
    parse(&String::from_utf8_lossy(&bytes)).map_err(|error| {
        let (shown, Text { nl, en }) = (path.display(), said);
        HomeError::usage(
            FaultCode::Unreadable,
            Text::new(
                format!("`{shown}` is geen {nl}"),
                format!("`{shown}` is no {en}: {error}"),
            ),
            Text::new(
                "neem het bestand met de hele regel, zoals `log.pub` van een logboek",
                "such a file is `log.pub` of a log",
            ),
        )
    })
}
