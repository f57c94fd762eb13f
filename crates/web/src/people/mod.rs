//! Signing in, one's own account, and the people of a party.

pub(crate) mod account;
#[expect(
    clippy::module_inception,
    reason = "the folder is about people too; this is the page of that name"
)]
pub(crate) mod people;
pub(crate) mod sign_in;
