//! Making a home, and serving it.

pub(crate) mod init;
pub(crate) mod serve;
