//! Whether somebody who is signed in may do something in the name of a party: decided by the policies on roles.

use zwerm_commons::role::{self, Act, Role};
use zwerm_commons::text::Text;

use super::people::SignedIn;

/// Whether the person may do this for this party; the reason in words when not.
pub(crate) fn may(signed: &SignedIn, act: Act, party: &str) -> Result<(), Text> {
    let roles = signed.memberships.iter();
    let roles: Vec<(String, Role)> = roles.map(|m| (m.party.clone(), m.role)).collect();
    let person = role::Person {
        administrator: signed.person.admin,
        roles: &roles,
    };
    role::may(&person, act, party)
}
