//! Beslissen: agreements.

pub(crate) mod agreement;
