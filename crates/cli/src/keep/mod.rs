//! Back-ups.

pub(crate) mod backup;
