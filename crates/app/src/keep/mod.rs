//! Keeping a home: back-ups, and deleting what is past its term.

pub mod backup;
pub mod retention;
pub(crate) mod settled;
