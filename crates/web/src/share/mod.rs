//! Delen: asking, answers, barriers, and the data of a party.

pub(crate) mod answers;
pub(crate) mod ask;
pub(crate) mod barriers;
pub(crate) mod datasets;
pub(crate) mod deliver;
pub(crate) mod questions;
pub(crate) mod table;
pub(crate) mod what_if;
pub(crate) mod withdraw;
