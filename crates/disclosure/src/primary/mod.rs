//! Primary protection: which cells are unsafe by themselves, and what must be able to differ.
//!
//! The rules are those of Hundepool et al., *Statistical Disclosure Control* (Wiley, 2012), chapter 4: a minimum number
//! of units, dominance and p%, and group disclosure.

mod counts;
mod groups;
mod rows;
mod ruled_table;
mod sensitive;

pub(crate) use counts::counts;
pub(crate) use rows::rows;
pub(crate) use ruled_table::RuledTable;
pub(crate) use sensitive::{Need, Primary};
