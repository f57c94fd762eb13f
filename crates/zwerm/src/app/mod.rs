//! The use cases: each does one thing that people want done, prints nothing and knows no door.
//!
//! A door (the command line now, the web and the API later) parses, calls one use case, renders.

pub(crate) mod agreement;
pub(crate) mod ask;
pub(crate) mod barrier;
pub(crate) mod data;
pub(crate) mod demo;
pub(crate) mod draft;
pub(crate) mod error;
pub(crate) mod example;
pub(crate) mod files;
pub(crate) mod home;
pub(crate) mod ledger;
pub(crate) mod load;
pub(crate) mod party;
pub(crate) mod protect;
pub(crate) mod release;
pub(crate) mod verify;
pub(crate) mod wire;
