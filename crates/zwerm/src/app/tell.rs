//! Telling people what was done that concerns their party. It is done by then, so that a notice that cannot be kept is no
//! failure.

use std::collections::BTreeSet;

use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;
use zwerm_store::notices::NewNotice;

use super::error::AppError;
use super::site::Site;

/// What people call a party.
pub(super) async fn name_of(site: &Site, party: &str) -> Text {
    let known = site.store.party(party).await.unwrap_or_default();
    known.map_or_else(|| Text::same(party), |known| known.name)
}

/// The ids of those who decide for a party and may sign in.
pub(super) async fn deciders(site: &Site, party: &str) -> Result<BTreeSet<String>, AppError> {
    let found = site.store.people_with(party, Role::Decider).await?;
    Ok(found.into_iter().map(|person| person.id).collect())
}

/// Tells the deciders of parties.
pub(super) async fn try_to_tell_deciders(
    site: &Site,
    parties: &[&str],
    kind: &str,
    text: &Text,
    link: &str,
) {
    let mut people = BTreeSet::new();
    for party in parties {
        match deciders(site, party).await {
            Ok(found) => people.extend(found),
            Err(error) => tracing::warn!(%error, "a notice could not be kept"),
        }
    }
    try_to_notify(site, &people, kind, text, Some(link)).await;
}

/// Gives several people a notice, if it can be kept.
pub(super) async fn try_to_notify(
    site: &Site,
    people: &BTreeSet<String>,
    kind: &str,
    text: &Text,
    link: Option<&str>,
) {
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let notice = NewNotice {
        kind: kind.to_owned(),
        text: text.clone(),
        link: link.map(str::to_owned),
    };
    let told = site.store.notify(&people, &notice, site.clock.now()).await;
    if let Err(error) = told {
        tracing::warn!(%error, "a notice could not be kept");
    }
}

/// Roles as a list in words.
pub(crate) fn listed(roles: &[Role]) -> Text {
    let names = roles.iter().map(|role| role.name());
    let (nl, en): (Vec<String>, Vec<String>) = names.map(|t| (t.nl, t.en)).unzip();
    Text::new(nl.join(", "), en.join(", "))
}
