//! Delen: asking, answers, barriers, and the data of a party.

pub(crate) mod answer_files;
mod answer_page;
pub(crate) mod answers;
pub(crate) mod ask;
mod ask_fields;
pub(crate) mod barriers;
mod chart;
pub(crate) mod datasets;
pub(crate) mod deliver;
pub(crate) mod map;
pub(crate) mod prepare;
pub(crate) mod questions;
pub(crate) mod table;
pub(crate) mod what_if;
pub(crate) mod withdraw;
