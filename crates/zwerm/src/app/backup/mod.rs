//! A copy of a whole home in one file, and a home from such a copy.

mod form;
mod make;
mod restore;
mod survey;

pub(crate) use form::{Manifest, Registry};
pub(crate) use make::{Made, back_up};
pub(crate) use restore::{Restored, restore};
