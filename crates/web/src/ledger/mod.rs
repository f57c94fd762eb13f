//! The public log.

pub(crate) mod entries;
