//! The home on the web: pages that read, call one use case, and render.
//!
//! Dutch at `/`, the same in English at `/en`. Every page is whole without scripts; scripts do only what must happen in
//! the visitor's own browser, such as signing.

mod days;
mod decide;
mod goals;
mod http;
mod ledger;
mod marks;
mod names;
mod page;
mod people;
mod render;
mod routes;
mod share;
mod site;

pub use http::serve::{ListeningServer, serve};

use zwerm_app::site::Site;
use zwerm_app::types::home::Config;

/// What every request can reach.
#[derive(Debug)]
pub(crate) struct Web {
    /// The home with its registry, which all use cases work on.
    pub(crate) site: Site,
    /// How it is served.
    pub(crate) config: Config,
    /// Whether this is the path of a form that is kept for whoever must sign in again.
    pub(crate) keeps: fn(&str) -> bool,
    /// What is counted.
    pub(crate) metrics: http::metrics::Metrics,
    /// Pages that were made a moment ago for whoever brings no cookie.
    pub(crate) public_pages: http::public_page::PublicPages,
    /// The log as the first page shows it.
    pub(crate) drawn: site::home::DrawnLog,
    /// What maps are drawn with.
    pub(crate) maps: share::map::Maps,
}
