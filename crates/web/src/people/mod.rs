//! Signing in, one's own account, the parties and their people.

pub(crate) mod account;
mod link;
pub(crate) mod parties;
#[expect(
    clippy::module_inception,
    reason = "the folder is about people too; this is the page of that name"
)]
pub(crate) mod people;
pub(crate) mod person;
mod role_choice;
pub(crate) mod sign_in;
pub(crate) mod todo;
