//! What a home holds, read once for many readers, and again when something in it changed.
//!
//! Pages are read far more often than agreements change. So documents are parsed and signatures checked once; then each
//! reader only asks whether the files are still those that were read.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant, SystemTime};

use jiff::civil::Date;
use zwerm_agreement::agreement::{Agreement, Helix};
use zwerm_agreement::digest::Digest;
use zwerm_agreement::refusal::Refusal;
use zwerm_home::load::Stored;
use zwerm_home::{Home, lacking};

use crate::error::AppError;
use crate::site::standing::Standing;

/// How long the files are not looked at again.
const FRESH: Duration = Duration::from_millis(200);

/// One version of an agreement, seen on a day.
#[derive(Debug, Clone)]
pub struct Version {
    /// The agreement with what was said of it.
    pub stored: Stored,
    /// The document as its authors wrote it.
    pub text: Arc<str>,
    /// Why it is not in force; nothing when it is.
    pub lacking: Vec<Refusal>,
    /// The same in short.
    pub standing: Standing,
}

impl Version {
    /// Whether it came into force and is suspended now. A proposal that somebody suspends decides about nothing.
    pub fn is_suspended_in_force(&self) -> bool {
        self.standing == Standing::Suspended && self.stored.first_day.is_some()
    }

    /// The agreement itself.
    pub fn agreement(&self) -> &Agreement {
        &self.stored.document.agreement
    }

    /// `id@version`, as it goes by.
    pub fn name(&self) -> String {
        let agreement = self.agreement();
        format!("{}@{}", agreement.id, agreement.version)
    }
}

/// All versions of one agreement.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// Its id, which is also that of its project.
    pub id: String,
    /// Its versions, oldest first; never empty.
    versions: Vec<Version>,
}

impl Dossier {
    /// Its versions, oldest first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version of this number.
    pub fn version(&self, number: u32) -> Option<&Version> {
        let mut versions = self.versions.iter();
        versions.find(|version| version.agreement().version == number)
    }

    /// The newest version.
    pub fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// The newest version that is in force.
    pub fn in_force(&self) -> Option<&Version> {
        let mut versions = self.versions.iter().rev();
        versions.find(|version| version.standing == Standing::InForce)
    }

    /// The version whose table decides about the project: the newest that is in force, or was and is suspended; none before
    /// the first.
    pub fn table(&self) -> Option<&Version> {
        let decided = |version: &&Version| {
            version.standing == Standing::InForce || version.is_suspended_in_force()
        };
        self.versions.iter().rev().find(decided)
    }

    /// The version that a reader wants first: the one in force, else the newest that was suspended, else the newest.
    pub fn current(&self) -> Option<&Version> {
        let mut versions = self.versions.iter().rev();
        let suspended = versions.find(|version| version.is_suspended_in_force());
        self.in_force().or(suspended).or_else(|| self.latest())
    }

    /// The version before this one.
    pub fn before(&self, number: u32) -> Option<&Version> {
        let mut versions = self.versions.iter().rev();
        versions.find(|version| version.agreement().version < number)
    }
}

/// What a home holds.
#[derive(Debug, Clone, Default)]
pub struct Overview {
    /// Every agreement, by id.
    pub dossiers: Vec<Dossier>,
}

impl Overview {
    /// Reads a home.
    pub fn read(home: &Home, today: Date) -> Result<Self, AppError> {
        Self::default().again(home, today)
    }

    /// Reads it again: the documents that are still those that were read are not read from the disk.
    fn again(&self, home: &Home, today: Date) -> Result<Self, AppError> {
        let mut dossiers = Vec::new();
        for id in home.ids()? {
            let mut versions = Vec::new();
            for stored in home.every_version(&id)? {
                let number = stored.document.agreement.version;
                let text = match self.text_of(&id, number, &stored) {
                    Some(text) => text,
                    None => fs::read_to_string(&stored.path)
                        .map_err(AppError::at(&stored.path))?
                        .into(),
                };
                let lacking = lacking(&stored, today);
                versions.push(Version {
                    standing: Standing::of(&lacking),
                    text,
                    lacking,
                    stored,
                });
            }
            dossiers.push(Dossier { id, versions });
        }
        Ok(Self { dossiers })
    }

    /// The text of a version that was read, if it is still that.
    fn text_of(&self, id: &str, number: u32, stored: &Stored) -> Option<Arc<str>> {
        let known = self.dossier(id)?.version(number)?;
        Arc::ptr_eq(&known.stored.document, &stored.document).then(|| Arc::clone(&known.text))
    }

    /// The agreement of this id.
    pub fn dossier(&self, id: &str) -> Option<&Dossier> {
        self.dossiers.iter().find(|dossier| dossier.id == id)
    }

    /// The version of which this is the hash.
    pub(crate) fn by_hash(&self, hash: Digest) -> Option<&Version> {
        let mut all = self.all();
        all.find(|version| version.stored.hash == hash)
    }

    /// The parties that sat on this side of a table, by id.
    pub fn parties_of(&self, side: Helix) -> Vec<String> {
        let parties = self.all().flat_map(|version| &version.agreement().party);
        let of_side = parties.filter(|party| party.helix == Some(side));
        let ids: BTreeSet<&String> = of_side.map(|party| &party.id).collect();
        ids.into_iter().cloned().collect()
    }

    /// Every version of every agreement.
    pub fn all(&self) -> impl Iterator<Item = &Version> {
        self.dossiers.iter().flat_map(|dossier| &dossier.versions)
    }
}

/// What tells whether files are still those that were read.
type HomeStamp = Vec<(PathBuf, u64, Option<SystemTime>)>;

#[derive(Debug)]
struct CachedOverview {
    overview: Arc<Overview>,
    day: Date,
    stamp: HomeStamp,
    looked: Instant,
}

/// An overview that is read again when the home changed.
#[derive(Debug, Default)]
pub struct OverviewCache(RwLock<Option<CachedOverview>>);

impl OverviewCache {
    /// What the home held a moment ago; none when it is to be looked at again.
    pub fn fresh(&self, today: Date) -> Option<Arc<Overview>> {
        // whoever reads the home anew keeps nobody else waiting here
        let read = self.0.try_read().ok()?;
        let read = read.as_ref()?;
        let fresh = read.day == today && read.looked.elapsed() < FRESH;
        fresh.then(|| Arc::clone(&read.overview))
    }

    /// What the home holds now; this may wait for its disk.
    pub fn get(&self, home: &Home, today: Date) -> Result<Arc<Overview>, AppError> {
        let poisoned = || AppError::Internal("the overview of the home is poisoned".into());
        if let Some(fresh) = self.fresh(today) {
            return Ok(fresh);
        }
        let mut kept = self.0.write().map_err(|_| poisoned())?;
        // stamped before it is read: what changes meanwhile is seen the next time
        let stamp = stamp(home)?;
        if let Some(read) = kept.as_mut()
            && read.day == today
            && read.stamp == stamp
        {
            read.looked = Instant::now();
            return Ok(Arc::clone(&read.overview));
        }
        let known = kept.as_ref().map(|read| Arc::clone(&read.overview));
        let overview = Arc::new(known.unwrap_or_default().again(home, today)?);
        *kept = Some(CachedOverview {
            overview: Arc::clone(&overview),
            day: today,
            stamp,
            looked: Instant::now(),
        });
        Ok(overview)
    }

    /// Has the home looked at again by the next reader: something was just changed.
    pub fn forget(&self) {
        if let Ok(mut kept) = self.0.write() {
            *kept = None;
        }
    }
}

/// Length and time of change of all that an overview is read from.
fn stamp(home: &Home) -> Result<HomeStamp, AppError> {
    let mut files = Vec::new();
    for id in home.ids()? {
        for number in home.versions(&id)? {
            files.extend(home.version_files(&id, number));
        }
    }
    Ok(files.into_iter().map(stamped).collect())
}

fn stamped(path: PathBuf) -> (PathBuf, u64, Option<SystemTime>) {
    let look = |path: &Path| {
        let found = fs::metadata(path).ok()?;
        Some((found.len(), found.modified().ok()))
    };
    let (length, changed) = look(&path).unwrap_or_default();
    (path, length, changed)
}
