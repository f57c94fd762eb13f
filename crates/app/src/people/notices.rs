//! Telling people what was done that concerns their party. It is done by then, so that a notice that cannot be kept is no
//! failure.

use std::collections::BTreeSet;
use std::fmt;

use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;
use zwerm_store::notices::NewNotice;

use crate::error::AppError;
use crate::loggable::ToLog as _;
use crate::site::Site;
use crate::words;

/// What a notice is about: where to read on, which each door has its own way to.
///
/// In the registry it is a word and its parts, such as `goal:wonen`. Homes of before this was so have a path of a page there, which
/// is [`NoticeSubject::Path`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeSubject {
    /// The page of the goal with this id.
    Goal(String),
    /// A version of an agreement.
    Version(String, u32),
    /// The people of a party.
    People,
    /// The questions in words that were put to a project.
    Questions(String),
    /// Data of a party that are wanted.
    Data(String, String),
    /// A party's key.
    Key(String),
    /// A proposal that was not made yet: a new version of this agreement, or a new project.
    Proposal(Option<String>),
    /// What an older program wrote down.
    Path(String),
}

impl fmt::Display for NoticeSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Goal(id) => write!(f, "goal:{id}"),
            Self::Version(id, version) => write!(f, "version:{id}@{version}"),
            Self::People => f.write_str("people:"),
            Self::Questions(project) => write!(f, "questions:{project}"),
            Self::Data(party, dataset) => write!(f, "data:{party}/{dataset}"),
            Self::Key(party) => write!(f, "key:{party}"),
            Self::Proposal(amends) => {
                write!(f, "proposal:{}", amends.as_deref().unwrap_or_default())
            }
            Self::Path(path) => f.write_str(path),
        }
    }
}

impl From<&str> for NoticeSubject {
    fn from(kept: &str) -> Self {
        let path = || Self::Path(kept.to_owned());
        match kept.split_once(':') {
            Some(("goal", id)) => Self::Goal(id.to_owned()),
            Some(("version", name)) => {
                let parts = name.split_once('@');
                let version = parts.and_then(|(id, number)| Some((id, number.parse().ok()?)));
                version.map_or_else(path, |(id, number)| Self::Version(id.to_owned(), number))
            }
            Some(("people", "")) => Self::People,
            Some(("questions", project)) => Self::Questions(project.to_owned()),
            Some(("data", name)) => name.split_once('/').map_or_else(path, |(party, dataset)| {
                Self::Data(party.to_owned(), dataset.to_owned())
            }),
            Some(("key", party)) => Self::Key(party.to_owned()),
            Some(("proposal", id)) => {
                Self::Proposal(Some(id.to_owned()).filter(|id| !id.is_empty()))
            }
            _ => path(),
        }
    }
}

/// What people call a party.
pub(crate) async fn name_of(site: &Site, party: &str) -> Text {
    let known = site.store.party(party).await.unwrap_or_default();
    known.map_or_else(|| Text::same(party), |known| known.name)
}

/// The ids of those who decide for a party and may sign in.
pub(crate) async fn deciders(site: &Site, party: &str) -> Result<BTreeSet<String>, AppError> {
    let found = site.store.people_with(party, Role::Decider).await?;
    Ok(found.into_iter().map(|person| person.id).collect())
}

/// Tells the deciders of parties.
pub(crate) async fn try_to_tell_deciders(
    site: &Site,
    parties: &[&str],
    kind: &str,
    text: &Text,
    about: &NoticeSubject,
) {
    let mut people = BTreeSet::new();
    for party in parties {
        match deciders(site, party).await {
            Ok(found) => people.extend(found),
            Err(error) => warn(Err(error)),
        }
    }
    try_to_notify(site, &people, kind, text, Some(about)).await;
}

/// Gives several people a notice, if it can be kept.
pub(crate) async fn try_to_notify(
    site: &Site,
    people: &BTreeSet<String>,
    kind: &str,
    text: &Text,
    about: Option<&NoticeSubject>,
) {
    let (people, notice) = (ids(people), new_notice(kind, text, about));
    let told = site.store.notify(&people, &notice, site.clock.now());
    warn(told.await.map_err(AppError::from));
}

/// The same, of which nobody who has not read the last one of its kind needs another.
pub(crate) async fn try_to_notify_once(
    site: &Site,
    people: &BTreeSet<String>,
    kind: &str,
    text: &Text,
    about: &NoticeSubject,
) {
    let (people, notice) = (ids(people), new_notice(kind, text, Some(about)));
    let told = site.store.notify_once(&people, &notice, site.clock.now());
    warn(told.await.map_err(AppError::from));
}

fn ids(people: &BTreeSet<String>) -> Vec<&str> {
    people.iter().map(String::as_str).collect()
}

fn new_notice(kind: &str, text: &Text, about: Option<&NoticeSubject>) -> NewNotice {
    NewNotice {
        kind: kind.to_owned(),
        text: text.clone(),
        link: about.map(NoticeSubject::to_string),
    }
}

/// What a notice is about is done by then: that it could not be kept is said in the logs.
pub(crate) fn warn(told: Result<(), AppError>) {
    if let Err(error) = told {
        tracing::warn!(error = %error.loggable(), "a notice could not be kept");
    }
}

/// The ids of those who have one of these roles of a party at the table of an agreement, and may sign in.
pub(crate) async fn at_table(
    site: &Site,
    agreement: &Agreement,
    roles: &[Role],
) -> Result<BTreeSet<String>, AppError> {
    let mut people = BTreeSet::new();
    for seat in agreement.seats() {
        let members = site.store.members_of(&seat.id).await?.into_iter();
        let own = members.filter(|(person, role)| roles.contains(role) && !person.disabled);
        people.extend(own.map(|(person, _)| person.id));
    }
    Ok(people)
}

/// Roles as a list in words.
pub fn listed(roles: &[Role]) -> Text {
    words::listed(roles.iter().map(|role| role.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_notice_is_about_is_read_as_it_was_written() {
        for about in [
            NoticeSubject::Goal("wonen".into()),
            NoticeSubject::Version("leiden".into(), 2),
            NoticeSubject::People,
            NoticeSubject::Questions("leiden".into()),
            NoticeSubject::Data("gemeente".into(), "woningen".into()),
            NoticeSubject::Key("gemeente".into()),
            NoticeSubject::Proposal(None),
            NoticeSubject::Proposal(Some("leiden".into())),
            NoticeSubject::Path("/projects/leiden/versions/2".into()),
        ] {
            assert_eq!(NoticeSubject::from(about.to_string().as_str()), about);
        }
    }
}
