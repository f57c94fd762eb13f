//! Whether a party has a key to sign with, and where that is known from.
//!
//! A party's key is in the registry: its decider put it there, or an agreement in force named it. What a proposal names is
//! its proposer's word, and is shown as such.

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::signature::PublicKey;
use zwerm_agreement::text::Text;

use crate::error::AppError;
use crate::people::awaited_keys;
use crate::people::notices::{self, NoticeSubject};
use crate::people::people::By;
use crate::site::Site;

/// What is known of a party's key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyState {
    /// The public key in the party's name.
    pub key: Option<String>,
    /// Where there is none: the project whose proposal names a key for the party, with its title and that key.
    pub proposed: Option<(String, Text, String)>,
}

/// What is known of the key of a party.
///
/// # Errors
/// When the registry or an agreement cannot be read.
pub async fn of(site: &Site, party: &str) -> Result<KeyState, AppError> {
    let known = site.store.party(party).await?;
    let key = known.and_then(|known| known.public_key);
    if key.is_some() {
        return Ok(KeyState {
            key,
            proposed: None,
        });
    }
    let overview = site.overview().await?;
    let latest = overview.dossiers.iter().filter_map(|one| one.latest());
    let mut named = latest.filter_map(|version| {
        let agreement = version.agreement();
        let key = agreement.find_party(party)?.public_key.clone()?;
        Some((agreement.id.clone(), agreement.title.clone(), key))
    });
    Ok(KeyState {
        key: None,
        proposed: named.next(),
    })
}

/// Puts another public key in the name of a party. Its deciders are told.
///
/// # Errors
/// When it is no public key, and when the registry cannot be written.
pub async fn put(site: &Site, party: &str, given: &str, by: By<'_>) -> Result<(), AppError> {
    let given = given.trim();
    if given.is_empty() {
        return Err(AppError::usage(
            FaultCode::Empty,
            Text::new("er is nog geen sleutel", "there is no key yet"),
            Text::new(
                "maak er een en sla de kopie op, of laad er een uit een bestand",
                "make one and save its copy, or load one from a file",
            ),
        ));
    }
    if given.parse::<PublicKey>().is_err() {
        return Err(AppError::usage(
            FaultCode::Malformed,
            Text::new("dit is geen publieke sleutel", "this is not a public key"),
            Text::new(
                "neem de regel die begint met `ed25519:`",
                "take the line that begins with `ed25519:`",
            ),
        ));
    }
    let before = site.store.party(party).await?;
    site.store.set_public_key(party, Some(given)).await?;
    let known = before
        .as_ref()
        .and_then(|known| known.public_key.as_deref());
    if known == Some(given) {
        return Ok(());
    }
    awaited_keys::tell_arrival(site, party).await;
    let (by, of) = (by.name(), notices::name_of(site, party).await);
    let first = before.is_none_or(|known| known.public_key.is_none());
    let (nl, en) = if first {
        ("de eerste", "the first")
    } else {
        ("een andere", "another")
    };
    let text = Text::new(
        format!("{} zette {nl} sleutel op naam van {}", by.nl, of.nl),
        format!("{} put {en} key in the name of {}", by.en, of.en),
    );
    let about = NoticeSubject::Key(party.to_owned());
    notices::try_to_tell_deciders(site, &[party], "key", &text, &about).await;
    Ok(())
}
