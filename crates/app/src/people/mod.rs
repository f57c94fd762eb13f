//! People: who they are, for which party they do what, and what they are notified of.

pub mod accounts;
pub mod drafts;
pub mod invitations;
pub mod members;
pub mod notices;
pub mod parties;
pub mod party_keys;
pub mod password;
pub mod rights;
