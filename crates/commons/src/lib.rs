//! Agreements about data, for a computer to enforce.

pub mod fault;
pub mod name;
pub mod period;
pub mod refusal;
pub mod suggest;
pub mod text;
mod words;

pub use words::UnknownWordError;
