//! What every page is built on: the frame of a request, who looks, forms, uploads, headers and failures.

pub(crate) mod address;
pub(crate) mod assets;
pub(crate) mod attach;
pub(crate) mod connection;
pub(crate) mod cookie;
pub(crate) mod csrf;
pub(crate) mod done;
pub(crate) mod failure;
pub(crate) mod form;
pub(crate) mod frame;
pub(crate) mod headers;
pub(crate) mod host;
pub(crate) mod metrics;
pub(crate) mod public_page;
pub(crate) mod serve;
pub(crate) mod upload;
pub(crate) mod visit;
