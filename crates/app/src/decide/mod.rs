//! Beslissen: proposing an agreement, consenting to it, changing it, and asking about it in words.

pub mod agreement;
pub mod amend;
pub mod compose;
pub mod consent;
pub mod objections;
pub mod projects;
pub mod propose;
pub mod reword;
pub mod rounds;
pub mod succession;
pub mod word_questions;
