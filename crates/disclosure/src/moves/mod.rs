//! Moves: second tables that nobody can tell from the true one, and how they are found.

mod augment;
mod branch_and_bound;
mod delta;
mod hypercube;
mod instance;
mod layer;
mod recall;
mod target;
mod tie;
mod transfer;
mod types;
mod weigh;

pub(crate) use delta::Delta;
pub(crate) use instance::Instance;
pub(crate) use layer::{Bounds, Layer};
pub(crate) use recall::Remembered;
pub(crate) use tie::{MoveRow, Tie, tied, unties};
pub(crate) use types::{Functional, Move, MoveGoal};
