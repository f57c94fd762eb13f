//! The lattice of tables that are published together, with the figures of every cell in every release state.

mod axis;
mod coupling;
mod fill;
mod leaves;
mod levels;
mod names;
mod publication;
mod space;
mod statistics;
mod straddlers;
mod sums;
mod value_sets;

pub(crate) use axis::Axis;
pub(crate) use coupling::{Coupling, members, only};
pub(crate) use fill::spaces;
pub(crate) use levels::{DIMENSION_LIMIT, Lattice};
pub(crate) use names::Name;
pub(crate) use space::Space;
pub(crate) use statistics::CellStatistics;
pub(crate) use value_sets::ValueSets;
