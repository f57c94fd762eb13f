//! Delen: data on conditions that the engine enforces; questions, answers, refusals, and what is in the way.

pub mod answer_notes;
pub mod answers;
pub mod ask;
pub mod ask_on_page;
pub mod barriers;
pub mod builder;
pub(crate) mod combination;
pub mod counts_as;
pub mod deliver;
pub(crate) mod embargo;
pub mod kept;
pub mod look;
pub mod own;
pub mod questions;
pub(crate) mod refusals;
pub mod release;
pub mod titles;
pub mod waiting;
pub mod what_if;
pub mod wire;
pub mod withdraw;
