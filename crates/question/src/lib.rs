//! SQL under an agreement: from sources to a protected cube, from a question to a protected answer.
//!
//! [`parse`] turns SQL into a [`plan::Plan`] or into every reason why not; [`cube::build`] scans the
//! sources (nothing else does), has their statistics protected by `zwerm-disclosure`, and keeps the
//! published cells; [`answer::open`] puts those into a session of their own, and runs plans in it.
//! [`release`] writes a cube down; [`measure`] times how views are added up. Who may ask is decided elsewhere.

mod aggregate;
pub mod answer;
pub mod compare;
pub mod cube;
pub mod delivery;
mod direct;
pub mod error;
mod lineage;
pub mod loss;
pub mod measure;
pub mod parse;
pub mod plan;
pub mod register;
pub mod release;
pub mod session;
mod source;
mod unit;
mod view;

/// The name in a cube of values outside the register.
pub const OTHER: &str = "(other)";
/// The name of missing values in a cube.
pub const UNKNOWN: &str = "(unknown)";
