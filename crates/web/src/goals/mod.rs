//! Goals, their indicators, and who does what.

mod drawing;
pub(crate) mod goal;
pub(crate) mod indicators;
mod lines;
pub(crate) mod tasks;
pub(crate) mod words;
