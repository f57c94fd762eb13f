//! The registry of a home, known again: a home that had one is not served with another, and not with an empty new one because
//! a disk was not mounted or a path is wrong.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use zwerm_agreement::text::Text;
use zwerm_home::config::Config;
use zwerm_home::files;
use zwerm_store::Store;

use crate::error::AppError;
use crate::loggable::ToLog as _;

/// The file in a home that says which registry it has.
const FILE: &str = "registry.id";

/// Opens the registry of a home: the file in it, or the database that its settings name. It is made where the home never
/// had one.
pub(crate) async fn open_registry(root: &Path, config: &Config) -> Result<Store, AppError> {
    let known = known(root)?;
    let file = config.registry_file(root);
    if let Some(file) = file
        .as_ref()
        .filter(|file| known.is_some() && !file.exists())
    {
        return Err(gone(file));
    }
    let file = file.map(|file| file.display().to_string());
    let url = config.registry.clone().unwrap_or_default();
    let place = file.unwrap_or(url);
    // another home's is not opened, which would bring its tables up to date
    if known.is_some() && known != Store::identity_at(&place).await? {
        return Err(another(root));
    }
    let store = Store::open(&place).await?;
    if known.is_none() {
        remember(root, &store).await;
    }
    Ok(store)
}

/// Whether it was written down which registry a home has.
pub(crate) fn is_known(root: &Path) -> bool {
    root.join(FILE).is_file()
}

fn known(root: &Path) -> Result<Option<String>, AppError> {
    let path = root.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(AppError::at(&path)(error)),
    }
}

/// Writes down which registry it is. On a disk that cannot be written that is done the next time.
async fn remember(root: &Path, store: &Store) {
    let written = match store.identity().await {
        Ok(id) => {
            files::write(&root.join(FILE), format!("{id}\n").as_bytes()).map_err(AppError::from)
        }
        Err(error) => Err(error.into()),
    };
    if let Err(error) = written {
        tracing::warn!(error = %error.loggable(), "it could not be written down which registry this is");
    }
}

fn gone(file: &Path) -> AppError {
    AppError::Damaged {
        path: file.to_owned(),
        what: Text::new(
            "het register van dit huis is weg",
            "the registry of this home is gone",
        ),
        cure: cure(),
    }
}

fn another(root: &Path) -> AppError {
    AppError::Damaged {
        path: root.join(FILE),
        what: Text::new(
            "dit is het register van een ander huis, of een nieuw",
            "this is the registry of another home, or a new one",
        ),
        cure: cure(),
    }
}

fn cure() -> Text {
    Text::new(
        format!(
            "kijk of de schijf er is en of `registry` in `zwerm.toml` klopt, of zet een reservekopie terug; wie met een leeg register wil beginnen, haalt `{FILE}` weg"
        ),
        format!(
            "see whether the disk is there and whether `registry` in `zwerm.toml` is right, or restore a back-up; to begin with an empty registry, remove `{FILE}`"
        ),
    )
}
