//! SQL under an agreement: from sources to a protected cube, from a question to a protected answer.

mod aggregate;
pub mod error;
mod lineage;
pub mod parse;
pub mod plan;
pub mod session;
pub mod source;

/// Values outside the register.
pub const OTHER: &str = "(other)";
/// Missing values.
pub const UNKNOWN: &str = "(unknown)";
