//! The public log: showing it, and checking what it proves.

pub mod checked;
pub mod entries;
pub mod rolled_back;
pub mod show;
pub mod tally;
pub mod verify;
