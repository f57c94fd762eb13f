//! The public log: showing it, and checking what it proves.

pub mod entries;
pub mod show;
pub mod verify;
