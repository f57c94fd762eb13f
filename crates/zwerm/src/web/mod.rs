//! The home on the web: pages that read, call one use case, and render.
//!
//! Dutch at `/`, the same in English at `/en`. Every page is whole without scripts; scripts do only what must happen in
//! the visitor's own browser, such as signing.

mod assets;
mod attach;
mod cookie;
mod failure;
mod frame;
mod headers;
mod metrics;
mod page;
mod pages;
mod picture;
mod post;
mod serve;
mod told;
mod upload;
mod visit;

pub(crate) use serve::serve;

use crate::app::config::Config;
use crate::app::site::Site;

/// What every request can reach.
#[derive(Debug)]
pub(crate) struct Web {
    /// The home.
    pub(crate) site: Site,
    /// How it is served.
    pub(crate) config: Config,
    /// What is counted.
    pub(crate) metrics: metrics::Metrics,
}
