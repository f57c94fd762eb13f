//! A delivery that was looked through and waits to be delivered: the file is kept, so that nobody sends it twice.
//!
//! One for each account and dataset, for a day; nobody else can see that it is there.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use zwerm_home::files;

use crate::error::AppError;
use crate::people::accounts::SignedIn;
use crate::site::{Site, blocking};

/// The folder in a home; no back-up takes it along.
pub const FOLDER: &str = ".waiting";
/// How long a file waits.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A file that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingDelivery {
    /// The name that whoever sent it knows it by.
    pub name: String,
    /// The version, `id@version`, that it is to be delivered for.
    pub version: String,
    /// Where it lies.
    #[serde(skip)]
    pub file: PathBuf,
    /// How its name ends.
    kind: String,
}

/// Keeps a file in place of the one that waited.
///
/// # Errors
/// When it cannot be kept.
pub async fn keep(
    site: &Site,
    signed: &SignedIn,
    dataset: (&str, &str),
    file: NamedTempFile,
    (name, version): (&str, &str),
) -> Result<(), AppError> {
    let place = place(site, signed, dataset);
    let kind = file.path().extension().and_then(|kind| kind.to_str());
    let waiting = WaitingDelivery {
        name: name.to_owned(),
        version: version.to_owned(),
        file: PathBuf::new(),
        kind: kind.unwrap_or("csv").to_owned(),
    };
    blocking(move || {
        if let Some(folder) = place.parent() {
            files::make_folder(folder)?;
        }
        forget_at(&place);
        let to = place.with_extension(&waiting.kind);
        let kept = file.persist(&to);
        kept.map_err(|failed| AppError::at(&to)(failed.error))?;
        let json = serde_json::to_vec(&waiting);
        let json = json.map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(files::write(&place.with_extension("json"), &json)?)
    })
    .await
}

/// The file of somebody that waits for a dataset.
///
/// # Errors
/// When the home cannot be read.
pub async fn find(
    site: &Site,
    signed: &SignedIn,
    dataset: (&str, &str),
) -> Result<Option<WaitingDelivery>, AppError> {
    let place = place(site, signed, dataset);
    blocking(move || {
        let Ok(text) = fs::read(place.with_extension("json")) else {
            return Ok(None);
        };
        let Ok(found) = serde_json::from_slice::<WaitingDelivery>(&text) else {
            return Ok(None);
        };
        let file = place.with_extension(&found.kind);
        Ok(file.is_file().then_some(WaitingDelivery { file, ..found }))
    })
    .await
}

/// Forgets it.
///
/// # Errors
/// When the home cannot be reached.
pub async fn forget(site: &Site, signed: &SignedIn, dataset: (&str, &str)) -> Result<(), AppError> {
    let place = place(site, signed, dataset);
    blocking(move || {
        forget_at(&place);
        Ok(())
    })
    .await
}

fn forget_at(place: &Path) {
    for kind in ["json", "csv", "parquet", "xlsx"] {
        // what is not there is forgotten already
        let _ = fs::remove_file(place.with_extension(kind));
    }
}

/// Forgets what waited for a day.
///
/// # Errors
/// When the home cannot be reached.
pub async fn forget_old(site: &Site) -> Result<(), AppError> {
    let folder = site.home.root().join(FOLDER);
    blocking(move || {
        let Ok(found) = fs::read_dir(&folder) else {
            return Ok(());
        };
        for file in found.flatten() {
            let changed = file.metadata().and_then(|known| known.modified());
            let age = changed.map(|at| SystemTime::now().duration_since(at).unwrap_or_default());
            if age.is_ok_and(|age| age > A_DAY) {
                let _ = fs::remove_file(file.path());
            }
        }
        Ok(())
    })
    .await
}

/// Where the file of somebody waits; its name tells nothing of who or what.
fn place(site: &Site, signed: &SignedIn, (provider, dataset): (&str, &str)) -> PathBuf {
    let named = format!("{}\n{provider}\n{dataset}", signed.person.id);
    let name = zwerm_agreement::digest::Digest::of(named.as_bytes());
    site.home.root().join(FOLDER).join(name.to_string())
}
