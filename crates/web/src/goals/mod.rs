//! Goals, their indicators, and who does what.

pub(crate) mod goal;
pub(crate) mod indicators;
pub(crate) mod tasks;
