//! The release of a view's protected cube in a home: built by the first question, never twice.

mod rhythm;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zwerm_agreement::agreement::{Agreement, Dataset, View};
use zwerm_agreement::digest::Digest;
use zwerm_agreement::force::InForce;
use zwerm_agreement::policy::{Action, Permit};
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::text::Text;
use zwerm_intake::CheckedDataset;
use zwerm_ledger::entry::{Entry, EntryKind};
use zwerm_question::answer::{self, Answer, Opened};
use zwerm_question::cube::{self, BuildStep, Cube, Link, Origin};
use zwerm_question::parse::Question;
use zwerm_question::release::{ReleaseId, decode, encode, fingerprint};
use zwerm_question::session::BuildLimits;

use crate::error::HomeError;
use crate::{EntryPlace, Home, Stamps, StoredInForce, files, logged};

/// What to tell whoever waits.
pub type Progress<'a> = &'a (dyn Fn(BuildStep) + Send + Sync);

/// What is kept beside a release's cells.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRecord {
    /// The id and the hash by which answers name it.
    pub release: ReleaseId,
    /// Whose it is and what it was made of.
    pub origin: Origin,
    /// Per dataset its file's size and time of change, to know without reading that it is the same.
    files: BTreeMap<String, (u64, u128)>,
    /// Where it is in the public log, once it was entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entry: Option<EntryPlace>,
}

/// A release that is there.
#[derive(Debug)]
pub struct BuiltRelease {
    /// The protected cells, with all totals.
    pub cube: Cube,
    /// The id and the hash by which answers name it.
    pub release: ReleaseId,
    /// Whether it was there already.
    pub existed: bool,
}

fn folder(home: &Home, agreement: &Agreement) -> PathBuf {
    let releases = home.root().join("releases");
    releases
        .join(&agreement.id)
        .join(format!("v{}", agreement.version))
}

fn cells_path(home: &Home, agreement: &Agreement, view: &View) -> PathBuf {
    folder(home, agreement).join(format!("{}.parquet", view.name))
}

fn record_path(home: &Home, agreement: &Agreement, view: &View) -> PathBuf {
    folder(home, agreement).join(format!("{}.json", view.name))
}

/// Whether the release of a view was built.
pub fn is_built(home: &Home, agreement: &Agreement, view: &View) -> bool {
    cells_path(home, agreement, view).is_file()
}

/// What tells whether a release is still the one that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseStamp {
    /// Where its cells lie.
    pub path: PathBuf,
    size: u64,
    changed: Option<SystemTime>,
}

/// The stamp of a view's release, if it was built.
pub fn stamp(home: &Home, agreement: &Agreement, view: &View) -> Option<ReleaseStamp> {
    let path = cells_path(home, agreement, view);
    let found = fs::metadata(&path).ok()?;
    Some(ReleaseStamp {
        path,
        size: found.len(),
        changed: found.modified().ok(),
    })
}

/// The release of a view, if it was built.
pub fn find(
    home: &Home,
    agreement: &Agreement,
    view: &View,
) -> Result<Option<BuiltRelease>, HomeError> {
    let path = cells_path(home, agreement, view);
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = fs::read(&path).map_err(HomeError::at(&path))?;
    let damaged = |nl: &str, en: &str| HomeError::Damaged {
        path: path.clone(),
        what: Text::new(
            format!("de uitgave is beschadigd: {nl}"),
            format!("the release is damaged: {en}"),
        ),
        cure: Text::new(
            "zet een reservekopie terug; antwoorden komen alleen uit de uitgave die er was",
            "restore a back-up; answers come only from the release that was there",
        ),
    };
    let record = read_record(&record_path(home, agreement, view))?;
    if record.release.hash != fingerprint(&bytes) {
        return Err(damaged("SHA-256", "SHA-256"));
    }
    let (cube, release) = decode(bytes)
        .map_err(|_| damaged("de cellen zijn niet te lezen", "its cells cannot be read"))?;
    Ok(Some(BuiltRelease {
        cube,
        release,
        existed: true,
    }))
}

/// A release that questions can be put to, by whoever has a permit.
#[derive(Debug)]
pub struct PublishedRelease {
    opened: Opened,
    /// The agreement's id.
    agreement: String,
}

impl PublishedRelease {
    /// Its identity.
    pub fn release(&self) -> &ReleaseId {
        &self.opened.release
    }

    /// Answers a question; the permit proves that the agreement's policies allow to ask.
    ///
    /// # Errors
    /// Our own faults: a permit of another agreement or for something else; a question that was read has registered names
    /// and values only.
    pub async fn ask(&self, permit: &Permit, question: &Question<'_>) -> Result<Answer, HomeError> {
        if !permit.is_for(&self.agreement, Action::Ask) {
            return Err(HomeError::Internal(
                "the permit is for something else".into(),
            ));
        }
        Ok(self.opened.ask(&question.plan, question.view).await?)
    }
}

/// When a release is asked for.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// The day on which the agreement must be in force.
    pub today: Date,
    /// The moment that the log gives what is entered.
    pub now: Timestamp,
}

/// The release of a view, entered in the public log; builds it when there is none and no other is in the way.
///
/// Nothing is built before the agreement was found to be in force, nor without a permit for this view, which says that no
/// embargo is on what it is made of.
///
/// # Errors
/// A permit for something else, which is our fault. When the agreement is no longer in force once the release is entered, when the data are not as agreed, or when a
/// release of before keeps this one from being protected.
pub async fn ensure(
    home: &Home,
    agreed: StoredInForce<'_>,
    permitted: (&View, &Permit),
    now: Timestamp,
    limits: &BuildLimits,
    progress: Progress<'_>,
) -> Result<BuiltRelease, HomeError> {
    let (stored, force) = (agreed.stored(), agreed.force());
    let (view, permit) = permitted;
    if !permit.covers(&force.agreement().id, &view.name) {
        return Err(HomeError::Internal(
            "the permit is for something else".into(),
        ));
    }
    let built = built(home, force, view, limits, progress).await?;
    let agreement = force.agreement();
    let path = record_path(home, agreement, view);
    if is_entered(home, &read_record(&path)?)? {
        return Ok(built);
    }
    let _lock = home.lock_releases().await?;
    // somebody else may have entered it while we waited
    let mut record = read_record(&path)?;
    if !is_entered(home, &record)? {
        let entry = Entry {
            time: now,
            agreement: logged(stored.hash),
            what: EntryKind::DataRelease {
                view: view.name.clone(),
                release: logged(record.release.hash),
            },
        };
        let appended = home.enter_in_force(stored, force.day(), &[entry])?;
        record.entry = EntryPlace::last(&appended);
        write_record(&path, &record)?;
    }
    Ok(built)
}

/// A release that can be asked, entered in the public log; one that was opened before is not read again.
///
/// # Errors
/// Those of [`ensure`].
pub async fn opened(
    home: &Home,
    agreed: StoredInForce<'_>,
    permitted: (&View, &Permit),
    now: Timestamp,
    limits: &BuildLimits,
    progress: Progress<'_>,
) -> Result<PublishedRelease, HomeError> {
    let (agreement, view) = (agreed.force().agreement(), permitted.0);
    let cells = cells_path(home, agreement, view);
    let released = |opened| PublishedRelease {
        opened,
        agreement: agreement.id.clone(),
    };
    if let Some(opened) = home.opened_before(&cells) {
        return Ok(released(opened));
    }
    // the first reads it for all who come meanwhile
    let turn = home.turn(&cells.display().to_string(), "");
    let _turn = turn.lock().await;
    if let Some(opened) = home.opened_before(&cells) {
        return Ok(released(opened));
    }
    let before = files_of(home, agreement, view);
    let built = ensure(home, agreed, permitted, now, limits, progress).await?;
    let round_to = agreement.protection.round_to;
    let opened = answer::open(&built.cube, view, built.release, round_to)?;
    // one that was just made has other files now than before
    if built.existed {
        home.keep_opened(&cells, before, &opened);
    }
    Ok(released(opened))
}

/// The files that a release depends on, as they are now: its own, and its data.
fn files_of(home: &Home, agreement: &Agreement, view: &View) -> Stamps {
    let own = [
        cells_path(home, agreement, view),
        record_path(home, agreement, view),
    ];
    let data = home.sources(agreement).files.into_values();
    crate::stamps(own.into_iter().chain(data))
}

/// Whether the log has a release, also after an older log was put back.
fn is_entered(home: &Home, record: &ReleaseRecord) -> Result<bool, HomeError> {
    record
        .entry
        .as_ref()
        .map_or(Ok(false), |place| home.still_has(place))
}

async fn built(
    home: &Home,
    force: InForce<'_>,
    view: &View,
    limits: &BuildLimits,
    progress: Progress<'_>,
) -> Result<BuiltRelease, HomeError> {
    let agreement = force.agreement();
    home.require_data(agreement)?;
    if let Some(built) = find(home, agreement, view)? {
        unchanged(home, agreement, view, progress).await?;
        return Ok(built);
    }
    let _lock = home.lock_releases().await?;
    // somebody else may have built it while we waited
    if let Some(built) = find(home, agreement, view)? {
        return Ok(built);
    }
    let sources = home.sources(agreement);
    let refusals = cube::unsupported(agreement, view);
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    // before reading: a change while we read must show later
    let stamps = stamps(home, agreement)?;
    let checked = cube::check_delivered(agreement, &sources, progress).await?;
    let links = links(home, &cube::fingerprints(&checked), progress).await?;
    let refusals = rhythm::too_soon(agreement, &links);
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let cube = cube::build_linked(force, view, &checked, &links, limits, progress).await?;
    let (bytes, release) = encode(&cube)?;
    files::make_folder(&folder(home, agreement))?;
    let record = ReleaseRecord {
        release: release.clone(),
        origin: cube.origin.clone(),
        files: stamps,
        entry: None,
    };
    // the cells last: a release without them is no release
    write_record(&record_path(home, agreement, view), &record)?;
    files::write(&cells_path(home, agreement, view), &bytes)?;
    Ok(BuiltRelease {
        cube,
        release,
        existed: false,
    })
}

fn write_record(path: &Path, record: &ReleaseRecord) -> Result<(), HomeError> {
    let json = serde_json::to_vec_pretty(record).map_err(|e| HomeError::Internal(e.to_string()))?;
    files::write(path, &json)
}

fn read_record(path: &Path) -> Result<ReleaseRecord, HomeError> {
    let text = fs::read_to_string(path).map_err(HomeError::at(path))?;
    serde_json::from_str(&text).map_err(|e| HomeError::Damaged {
        path: path.to_owned(),
        what: Text::new(
            format!(
                "de gegevens van een uitgave zijn niet te lezen, vanaf regel {}",
                e.line()
            ),
            format!(
                "the particulars of a release cannot be read, from line {} on",
                e.line()
            ),
        ),
        cure: Text::new("zet een reservekopie terug", "restore a back-up"),
    })
}

/// Size and time of change of each dataset's file.
fn stamps(home: &Home, agreement: &Agreement) -> Result<BTreeMap<String, (u64, u128)>, HomeError> {
    let mut stamps = BTreeMap::new();
    for (dataset, path) in home.sources(agreement).files {
        let metadata = fs::metadata(&path).map_err(HomeError::at(&path))?;
        let changed = metadata.modified().map_err(HomeError::at(&path))?;
        let since = changed
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        stamps.insert(dataset, (metadata.len(), since.as_nanos()));
    }
    Ok(stamps)
}

/// Refuses when the data are no longer those of the release.
async fn unchanged(
    home: &Home,
    agreement: &Agreement,
    view: &View,
    progress: Progress<'_>,
) -> Result<(), HomeError> {
    let record = read_record(&record_path(home, agreement, view))?;
    if record.files == stamps(home, agreement)? {
        return Ok(());
    }
    as_released(home, agreement, &record.origin, progress).await?;
    Ok(())
}

/// The data of a release, checked; refuses when they have changed since.
async fn as_released(
    home: &Home,
    agreement: &Agreement,
    origin: &Origin,
    progress: Progress<'_>,
) -> Result<Vec<CheckedDataset>, HomeError> {
    let checked = cube::check_delivered(agreement, &home.sources(agreement), progress).await?;
    let now = cube::fingerprints(&checked);
    let data = origin.data.iter();
    let changed = data.filter(|(name, hash)| now.get(*name) != Some(hash));
    let refusals: Vec<Refusal> = changed.map(|(name, _)| data_changed(name)).collect();
    if refusals.is_empty() {
        Ok(checked)
    } else {
        Err(refusals.into())
    }
}

fn data_changed(name: &str) -> Refusal {
    let (provider, dataset) = name.split_once('/').unwrap_or(("", name));
    Refusal::new(
        Code::DataChanged,
        Text::new(
            format!(
                "gegevensbron `{dataset}` is veranderd nadat er cijfers over zijn uitgegeven; oude en nieuwe \
                 cijfers samen kunnen een huishouden of persoon verraden"
            ),
            format!(
                "dataset `{dataset}` changed after figures over it were released; old and new figures \
                 together can give a household or person away"
            ),
        ),
        Text::new(
            "zet de oude gegevens terug, of begin met de nieuwe in een andere map (`--home`)",
            "put the old data back, or start with the new in another folder (`--home`)",
        ),
    )
    .under(format!("dataset.{dataset}.provider"))
    .owned_by(provider)
}

/// Whether any release was built from the data of a dataset for its period, whatever lies there now.
pub(crate) fn is_made_of(home: &Home, dataset: &Dataset) -> Result<bool, HomeError> {
    let name = format!("{}/{}", dataset.provider, dataset.id);
    let place = home.data_path(dataset);
    for record in all(home)? {
        let origin = &record.origin;
        if !origin.data.contains_key(&name) {
            continue;
        }
        let stored = home.stored(&origin.agreement, origin.version)?;
        let mut own = stored.document.agreement.dataset.iter();
        if own.any(|own| home.data_path(own) == place) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The releases that share a dataset with these data, of any agreement, version, view or period.
async fn links(
    home: &Home,
    data: &BTreeMap<String, Digest>,
    progress: Progress<'_>,
) -> Result<Vec<Link>, HomeError> {
    let mut links = Vec::new();
    for record in all(home)? {
        let origin = &record.origin;
        let shares = |(name, hash): (&String, &Digest)| {
            data.contains_key(name) || data.values().any(|own| own == hash)
        };
        if origin.data.iter().any(shares) {
            links.push(link(home, origin, progress).await?);
        }
    }
    Ok(links)
}

/// An earlier release with what it was made of, which must still be there as it was.
async fn link(home: &Home, origin: &Origin, progress: Progress<'_>) -> Result<Link, HomeError> {
    let (id, version) = (&origin.agreement, origin.version);
    let stored = home.newest(&format!("{id}@{version}"))?;
    let agreement = stored.document.agreement.clone();
    let lost = || HomeError::Internal(format!("no release of `{id}` version {version}"));
    let view = agreement
        .find_view(&origin.view)
        .cloned()
        .ok_or_else(lost)?;
    let cube = find(home, &agreement, &view)?.ok_or_else(lost)?.cube;
    home.require_data(&agreement)?;
    let checked = as_released(home, &agreement, origin, progress).await?;
    Ok(Link {
        agreement,
        view,
        cube,
        checked,
    })
}

/// Every release of a home.
fn all(home: &Home) -> Result<Vec<ReleaseRecord>, HomeError> {
    let mut records = Vec::new();
    let mut folders = vec![home.root().join("releases")];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(HomeError::at(&folder))?;
        for entry in entries {
            let path = entry.map_err(HomeError::at(&folder))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "json")
                && path.with_extension("parquet").is_file()
            {
                records.push(read_record(&path)?);
            }
        }
    }
    Ok(records)
}
