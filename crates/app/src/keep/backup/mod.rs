//! A copy of a whole home in one file, and a home from such a copy.

mod form;
pub(crate) mod last;
mod make;
mod restore;
mod survey;

pub use form::{BackedUpRegistry, BackupManifest};
pub use make::{MadeBackup, back_up};
pub use restore::{RestoredBackup, restore};
