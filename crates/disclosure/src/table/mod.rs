//! The table to protect and the rules of primary protection: what comes in, what a published cell is, and whether it
//! all fits together.

mod cell;
pub(crate) mod check;
mod contributions;
mod input;
mod quantity;
mod related;
mod release_states;
mod rounding;
mod rules;

pub use cell::Cell;
pub use contributions::Contributions;
pub use input::{
    BaseCell, Earlier, PublishedPart, Straddler, StraddlerPart, Table, TableDimension, TableMeasure,
};
pub use quantity::Quantity;
pub use related::{Related, related};
pub(crate) use release_states::{Ruling, identified, release_states, timeline};
pub use rules::{DominanceRule, Rules};
