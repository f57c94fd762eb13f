//! People who may sign in, and the keys of parties.

pub(crate) mod party;
pub(crate) mod user;
