//! The use cases: each does one thing that people want done, prints nothing and knows no door.
//!
//! A door (the command line, the pages, later the API) parses, calls one use case, renders. A use case is a free
//! function in a file of its name, in the folder of its pillar, over a small context: a [`site::Site`] that is served,
//! or a home.

pub mod decide;
pub mod demo;
pub mod error;
pub mod form;
pub mod goals;
pub mod keep;
pub mod ledger;
pub mod loggable;
pub mod people;
pub mod share;
pub mod site;
mod slug;
pub mod types;
pub mod words;
