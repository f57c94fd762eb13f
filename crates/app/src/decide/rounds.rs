//! Consent rounds: which are open, and until when. One in which all consented is over, whatever day it was to close.

use zwerm_agreement::consent::latest;
use zwerm_store::rounds::Round;

use crate::error::AppError;
use crate::site::Site;
use crate::site::overview::{Overview, Version};

/// The round of a version of an agreement, if there was one.
///
/// # Errors
/// When the registry cannot be read.
pub async fn of_version(
    site: &Site,
    agreement: &str,
    version: u32,
) -> Result<Option<Round>, AppError> {
    Ok(site.store.round(agreement, version).await?)
}

/// The rounds that are open now.
///
/// # Errors
/// When the registry cannot be read.
pub async fn open(site: &Site, overview: &Overview) -> Result<Vec<Round>, AppError> {
    let mut rounds = site.store.rounds_open(site.clock.now()).await?;
    rounds.retain(|round| {
        let dossier = overview.dossier(&round.agreement);
        let version = dossier.and_then(|dossier| dossier.version(round.version));
        version.is_some_and(|version| is_open(site, round, version))
    });
    Ok(rounds)
}

/// Whether parties still decide about a version in its round: until it closes, or all consented in it.
pub fn is_open(site: &Site, round: &Round, version: &Version) -> bool {
    let consents = &version.stored.document.consents;
    let mut seats = version.agreement().seats();
    let decides = |id: &str| latest(consents, id).is_none_or(|said| said.at < round.opened);
    let waits = version.standing.is_open() || seats.any(|seat| decides(&seat.id));
    waits && site.clock.now() < round.closes
}
