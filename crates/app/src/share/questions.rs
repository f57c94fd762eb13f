//! Questions that were asked, with what came of them, as pages list them.

use zwerm_store::people::Person;
use zwerm_store::questions::AskedQuestion;

use crate::error::AppError;
use crate::site::Site;

/// The newest answers that everybody may read, under one agreement or under all.
///
/// # Errors
/// When the registry cannot be read.
pub async fn public(
    site: &Site,
    agreement: Option<&str>,
    most: u32,
) -> Result<Vec<AskedQuestion>, AppError> {
    Ok(site.store.public_questions(agreement, most).await?)
}

/// The newest questions that somebody asked.
///
/// # Errors
/// When the registry cannot be read.
pub async fn of_person(
    site: &Site,
    person: &Person,
    most: u32,
) -> Result<Vec<AskedQuestion>, AppError> {
    Ok(site.store.questions_of_person(&person.id, most).await?)
}

/// The newest questions that were asked under these agreements, by whomever.
///
/// # Errors
/// When the registry cannot be read.
pub async fn under(
    site: &Site,
    agreements: &[&str],
    most: u32,
) -> Result<Vec<AskedQuestion>, AppError> {
    Ok(site.store.uses_of(agreements, most).await?)
}
