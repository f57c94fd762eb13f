//! Questions that were asked, with what came of them, as pages list them: newest first, page by page.

use zwerm_store::list::{ListPage, ListPlace};
use zwerm_store::people::Person;
use zwerm_store::questions::AskedQuestion;
use zwerm_store::titles::QuestionFilter;

use crate::error::AppError;
use crate::share::titles::titled;
use crate::site::Site;

/// The answers that everybody may read, under one agreement or under all: at most so many before a place.
///
/// # Errors
/// When the registry cannot be read.
pub async fn public(
    site: &Site,
    agreement: Option<&str>,
    before: Option<&ListPlace>,
    most: u32,
) -> Result<ListPage<AskedQuestion>, AppError> {
    let found = site.store.public_questions(agreement, before, most);
    with_titles(site, found.await?).await
}

/// The questions that somebody asked, under one agreement or under all: at most so many before a place.
///
/// # Errors
/// When the registry cannot be read.
pub async fn of_person(
    site: &Site,
    person: &Person,
    agreement: Option<&str>,
    before: Option<&ListPlace>,
    most: u32,
) -> Result<ListPage<AskedQuestion>, AppError> {
    let store = &site.store;
    let found = store.questions_of_person(&person.id, agreement, before, most);
    with_titles(site, found.await?).await
}

/// The questions that were asked under these versions of agreements, by whomever: at most so many before a place.
///
/// # Errors
/// When the registry cannot be read.
pub async fn under(
    site: &Site,
    versions: &[(&str, u32)],
    before: Option<&ListPlace>,
    most: u32,
) -> Result<ListPage<AskedQuestion>, AppError> {
    let versions = versions.iter().map(|(id, version)| (*id, Some(*version)));
    let versions: Vec<_> = versions.collect();
    let found = site.store.uses_of(&versions, before, most);
    with_titles(site, found.await?).await
}

/// Questions by their titles, their SQL, and who asked them: at most so many before a place.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find(
    site: &Site,
    filter: &QuestionFilter,
    before: Option<&ListPlace>,
    most: u32,
) -> Result<ListPage<AskedQuestion>, AppError> {
    let found = site.store.find_questions(filter, before, most);
    with_titles(site, found.await?).await
}

async fn with_titles(
    site: &Site,
    page: ListPage<AskedQuestion>,
) -> Result<ListPage<AskedQuestion>, AppError> {
    Ok(ListPage {
        rows: titled(site, page.rows).await?,
        older: page.older,
    })
}
