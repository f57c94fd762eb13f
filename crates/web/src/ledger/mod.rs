//! The public log.

pub(crate) mod entries;
mod receipt_names;
