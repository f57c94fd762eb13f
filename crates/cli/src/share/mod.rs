//! Delen: preparing data, asking, answers, releases, barriers.

pub(crate) mod answer;
pub(crate) mod answers;
pub(crate) mod ask;
pub(crate) mod barriers;
pub(crate) mod data;
pub(crate) mod protect;
pub(crate) mod release;
pub(crate) mod sheet;
