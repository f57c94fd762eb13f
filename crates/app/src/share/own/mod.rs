//! Data before they enter: looking a file through, and preparing it so that nobody is recognised by its keys.
//!
//! A partner does this on its own machine, with its own file: nothing here needs a home.

pub mod apart;
pub mod check;
pub mod draft;
mod exclusion;
mod notation;
pub mod prepare;
pub mod protect;
pub mod pseudonym;
mod raw_keys;
pub mod secret;
