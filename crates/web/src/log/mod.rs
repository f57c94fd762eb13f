//! The public log.

pub(crate) mod ledger;
