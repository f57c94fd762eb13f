//! Agreements about data, for a computer to enforce.

pub mod agreement;
pub mod condition;
pub mod consent;
mod document;
pub mod fault;
pub mod force;
pub mod name;
pub mod period;
pub mod refusal;
pub mod sample;
pub mod status;
pub mod suggest;
pub mod text;
mod words;

pub use words::UnknownWordError;
