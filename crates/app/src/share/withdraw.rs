//! Withdrawing a dataset: every version that could still answer from it is suspended.

use zwerm_agreement::role::Act;
use zwerm_agreement::status::{StatusChange, suspensions};
use zwerm_home::Pen;

use crate::decide::consent::{self, Deed};
use crate::error::AppError;
use crate::people::accounts::SignedIn;
use crate::people::rights;
use crate::share::deliver::ProvidedDataset;
use crate::site::Site;
use crate::site::standing::Standing;

/// The versions that withdrawing suspends: all that could still answer, now or later.
pub fn affected<'u>(uses: &'u [ProvidedDataset], party: &str) -> Vec<&'u ProvidedDataset> {
    let open = uses.iter().filter(|use_| {
        let over = matches!(
            use_.version.standing,
            Standing::Ended | Standing::Expired | Standing::Superseded
        );
        let events = &use_.version.stored.counting.events;
        let standing = suspensions(use_.version.agreement(), events);
        !over && !standing.iter().any(|event| event.party == party)
    });
    open.collect()
}

/// Withdraws a dataset of a party by suspending the versions that use it. One that cannot be suspended keeps no other one
/// going.
///
/// # Errors
/// When the person may not withdraw data of the party; the first reason why a version could not be suspended.
pub async fn withdraw(
    site: &Site,
    signed: &SignedIn,
    uses: &[ProvidedDataset],
    party: &str,
    reason: &str,
) -> Result<(), AppError> {
    rights::must(signed, Act::Withdraw, party)?;
    let deed = Deed {
        party: party.to_owned(),
        change: StatusChange::Suspended,
        reason: reason.to_owned(),
    };
    let mut wrong = None;
    for use_ in affected(uses, party) {
        let done = consent::carry_out(site, signed, &use_.version, &deed, Pen::Nothing).await;
        wrong = wrong.or(done.err());
    }
    wrong.map_or(Ok(()), Err)
}
