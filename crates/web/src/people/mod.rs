//! Signing in, one's own account, and the people of a party.

pub(crate) mod account;
pub(crate) mod members;
pub(crate) mod sign_in;
