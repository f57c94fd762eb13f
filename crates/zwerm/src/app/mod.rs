//! The use cases: each does one thing that people want done, prints nothing and knows no door.
//!
//! A door (the command line now, the web and the API later) parses, calls one use case, renders.

pub(crate) mod agreement;
pub(crate) mod amend;
pub(crate) mod ask;
pub(crate) mod backup;
pub(crate) mod barrier;
pub(crate) mod builder;
pub(crate) mod clock;
pub(crate) mod compose;
pub(crate) mod config;
pub(crate) mod data;
pub(crate) mod decide;
pub(crate) mod deliver;
pub(crate) mod demo;
pub(crate) mod demo_site;
pub(crate) mod draft;
pub(crate) mod error;
pub(crate) mod example;
pub(crate) mod figures;
pub(crate) mod files;
pub(crate) mod form;
pub(crate) mod home;
pub(crate) mod indicator;
pub(crate) mod inquiry;
pub(crate) mod ledger;
pub(crate) mod load;
pub(crate) mod overview;
pub(crate) mod party;
pub(crate) mod password;
pub(crate) mod people;
pub(crate) mod places;
mod policies;
pub(crate) mod propose;
pub(crate) mod protect;
mod registry;
pub(crate) mod release;
pub(crate) mod responsibility;
pub(crate) mod rights;
pub(crate) mod site;
pub(crate) mod standing;
pub(crate) mod verify;
pub(crate) mod wire;
