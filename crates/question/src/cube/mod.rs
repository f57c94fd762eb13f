//! The protected cube of one view: the only thing that a question is ever run against.
//!
//! It holds published cells, rounded, and nothing about which hidden cells were unsafe themselves.

mod build;
mod linked;
mod sources;
mod table;
mod types;

pub use build::{build, build_linked, unsupported};
pub use linked::Link;
pub use sources::{check_all, check_delivered, fingerprints, source_columns};
pub use table::grain;
pub use types::{BuildStep, CellTally, Cube, CubeDimension, Origin, TableTally};

pub(crate) use sources::frame;
pub(crate) use table::{rules, table};
