//! Who can lift a suspension: whoever suspended, and nobody in their place.

use zwerm_agreement::role::Act;
use zwerm_agreement::status::suspensions;
use zwerm_agreement::text::Text;
use zwerm_app::site::overview::{Overview, Version};
use zwerm_app::site::standing::Standing;

use crate::http::visit::Visit;
use crate::marks::PartyMark;

/// A suspension that stands, and who can lift it.
pub(crate) struct Lifting {
    /// The agreement, and the number of its version.
    pub(crate) id: String,
    pub(crate) number: u32,
    pub(crate) title: Text,
    pub(crate) party: PartyMark,
    pub(crate) reason: String,
    /// Whether whoever looks decides for that party, and the page where they decide is about this version.
    pub(crate) may: bool,
}

/// The suspensions of a version that stand, each with who can lift it. A steward may suspend by withdrawing data; lifting
/// needs the signature of a decider of the same party.
pub(crate) fn liftings(visit: &Visit, overview: &Overview, version: &Version) -> Vec<Lifting> {
    // what is over stays so, whoever suspended it before
    if version.standing != Standing::Suspended {
        return Vec::new();
    }
    let agreement = version.agreement();
    let number = agreement.version;
    let dossier = overview.dossier(&agreement.id);
    let current = dossier.and_then(|dossier| dossier.current());
    let decided = current.is_some_and(|current| current.agreement().version == number);
    let standing = suspensions(agreement, &version.stored.counting.events);
    let all = standing.into_iter().map(|event| Lifting {
        id: agreement.id.clone(),
        number,
        title: agreement.title.clone(),
        party: PartyMark::of(agreement, &event.party),
        reason: event.reason.clone(),
        may: decided && visit.may(Act::Suspend, &event.party),
    });
    all.collect()
}
