//! Whether a party has a key to sign with, and where that is known from.
//!
//! A party's key is in the registry: its decider put it there, or an agreement in force named it. What a proposal names is
//! its proposer's word, and is shown as such.

use zwerm_agreement::text::Text;

use crate::error::AppError;
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
