//! Forms that somebody began to fill in, kept until they are sent.

use jiff::Timestamp;
use zwerm_store::people::Person;

use crate::error::AppError;
use crate::loggable::ToLog as _;
use crate::site::Site;

/// What somebody kept of a form, as it was given to [`keep`]; nothing when there is none.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find(site: &Site, person: &Person, form: &str) -> Result<Option<String>, AppError> {
    let found = site.store.draft(&person.id, form).await?;
    Ok(found.map(|draft| draft.json))
}

/// When somebody last kept a form; nothing when they did not.
///
/// # Errors
/// When the registry cannot be read.
pub async fn kept_at(
    site: &Site,
    person: &Person,
    form: &str,
) -> Result<Option<Timestamp>, AppError> {
    let found = site.store.draft(&person.id, form).await?;
    Ok(found.map(|draft| draft.at))
}

/// Keeps a form as far as it was filled in.
///
/// # Errors
/// When the registry cannot be written.
pub async fn keep(site: &Site, person: &Person, form: &str, json: &str) -> Result<(), AppError> {
    let now = site.clock.now();
    Ok(site.store.put_draft(&person.id, form, json, now).await?)
}

/// Forgets a form that was sent: what it was for is done, so that a draft that stays is no failure.
pub async fn forget(site: &Site, person: &Person, form: &str) {
    // looking costs nothing, a change waits for the disk
    let dropped = match site.store.draft(&person.id, form).await {
        Ok(Some(_)) => site.store.drop_draft(&person.id, form).await.map(|_| ()),
        found => found.map(|_| ()),
    };
    if let Err(error) = dropped {
        tracing::warn!(error = %error.loggable(), "a draft could not be forgotten");
    }
}
