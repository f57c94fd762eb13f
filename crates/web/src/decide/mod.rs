//! Beslissen: projects, agreements in words, proposing, consenting, questions in words.

pub(crate) mod agreement;
pub(crate) mod card;
pub(crate) mod compose;
pub(crate) mod consent;
mod history;
pub(crate) mod lifting;
pub(crate) mod projects;
pub(crate) mod propose;
pub(crate) mod reword;
mod sign;
pub(crate) mod word_questions;
