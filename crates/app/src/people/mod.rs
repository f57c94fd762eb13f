//! People: who they are, for which party they do what, and what they are notified of.

pub mod accounts;
pub(crate) mod awaited_keys;
pub mod drafts;
pub mod grants;
pub mod invitations;
pub mod known_keys;
pub mod notices;
pub mod parties;
pub mod party_keys;
pub mod password;
pub mod password_links;
#[expect(
    clippy::module_inception,
    reason = "the folder is about people too; this is the use case behind the page `people`"
)]
pub mod people;
pub mod rights;
pub mod todo;
