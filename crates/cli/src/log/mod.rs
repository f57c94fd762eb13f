//! The public log, and checking a receipt.

pub(crate) mod ledger;
pub(crate) mod verify;
