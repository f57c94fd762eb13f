//! Patterns: which cells are hidden so that no secret follows, and the certificates that prove it.

mod certificates;
mod cost;
mod counts;
mod hold;
mod known;
mod measures;
mod memory;
mod open;
mod providers;
mod redundancy;
mod search;
mod singletons;
mod straddled;
mod types;
mod work;

pub(crate) use certificates::Certificate;
pub(crate) use counts::Counts;
pub(crate) use hold::HeldPattern;
pub(crate) use memory::remembered;
pub(crate) use straddled::{straddled, translated};
pub(crate) use types::{Known, Pattern, Provider, Singleton, unprotectable};
pub(crate) use work::{PatternWork, prepared};
