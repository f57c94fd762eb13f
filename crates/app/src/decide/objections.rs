//! What parties object to a version, and which change of the next version its proposers say meets that.

use zwerm_agreement::consent::{Decision, latest};

use crate::error::AppError;
use crate::site::Site;
use crate::site::overview::{Dossier, Version};

/// What a party objects to a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// The party.
    pub party: String,
    /// Why.
    pub reason: Option<String>,
    /// What would lift it.
    pub lifts: Option<String>,
}

/// An objection to the version before, with what the proposers of this one say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetObjection {
    /// The objection.
    pub objection: Objection,
    /// Which change meets it.
    pub answer: String,
}

/// The objections to a version that stand.
pub fn of(version: &Version) -> Vec<Objection> {
    let said = &version.stored.document.consents;
    let seats = version.agreement().seats();
    let objections = seats.filter_map(|seat| {
        let last = latest(said, &seat.id)?;
        (last.decision == Decision::Object).then(|| Objection {
            party: seat.id.clone(),
            reason: last.reason.clone(),
            lifts: last.lifts.clone(),
        })
    });
    objections.collect()
}

/// The objections to the version before this one that its proposers answered.
///
/// # Errors
/// When the registry cannot be read.
pub async fn met(
    site: &Site,
    dossier: &Dossier,
    number: u32,
) -> Result<Vec<MetObjection>, AppError> {
    let Some(before) = dossier.before(number) else {
        return Ok(Vec::new());
    };
    let answers = site.store.objection_answers(&dossier.id, number).await?;
    let objections = of(before).into_iter();
    let met = objections.filter_map(|objection| {
        let mut answers = answers.iter();
        let (_, answer) = answers.find(|(party, _)| *party == objection.party)?;
        Some(MetObjection {
            answer: answer.clone(),
            objection,
        })
    });
    Ok(met.collect())
}
