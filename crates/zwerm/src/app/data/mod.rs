//! Data before they enter: looking a file through, and preparing it so that nobody is recognised by its keys.
//!
//! A partner does this on its own machine, with its own file: nothing here needs a home.

pub(crate) mod apart;
pub(crate) mod check;
mod exclusion;
pub(crate) mod prepare;
pub(crate) mod pseudonym;
pub(crate) mod secret;
