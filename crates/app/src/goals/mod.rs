//! Goals that parties share responsibility for: their indicators, and who does what.

pub mod figures;
pub mod goal;
pub mod indicators;
pub mod tasks;
pub mod words;
