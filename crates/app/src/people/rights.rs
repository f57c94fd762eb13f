//! Whether somebody who is signed in may do something in the name of a party: decided by the policies on roles.

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::role::{self, Act, Role};
use zwerm_agreement::text::Text;

use crate::error::AppError;
use crate::people::accounts::SignedIn;

/// Whether the person may do this for this party; the reason in words when not.
pub fn may(signed: &SignedIn, act: Act, party: &str) -> Result<(), Text> {
    let roles = signed.roles.iter();
    let roles: Vec<(String, Role)> = roles.map(|m| (m.party.clone(), m.role)).collect();
    let person = role::ActingPerson {
        administrator: signed.person.admin,
        roles: &roles,
    };
    role::may(&person, act, party)
}

/// Refuses what the policies on roles do not permit.
pub fn must(signed: &SignedIn, act: Act, party: &str) -> Result<(), AppError> {
    may(signed, act, party).map_err(refused)
}

/// What is told of something that the policies on roles do not permit.
pub fn refused(what: Text) -> AppError {
    AppError::usage(
        FaultCode::NotPermitted,
        what,
        Text::new(
            "vraag wie uw partner beheert om de rol",
            "ask whoever manages your party for the role",
        ),
    )
}

/// Whether the person runs the machine: invites to any party, and keeps people out.
pub fn may_run(signed: &SignedIn) -> Result<(), Text> {
    // the machine is no party's
    may(signed, Act::RunMachine, "machine")
}

/// Whether the person may say who does what for a party: its deciders, and whoever runs the machine.
pub fn may_manage(signed: &SignedIn, party: &str) -> Result<(), Text> {
    may_run(signed).or_else(|_| may(signed, Act::Invite, party))
}
