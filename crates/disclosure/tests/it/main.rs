//! The crate through its public face: protected tables, attacked by the independent audit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod attacks;
mod audit_can_fail;
mod brute;
mod garbage;
#[path = "../generate/mod.rs"]
mod generate;
mod limits;
mod linked;
mod random;
mod recheck;
mod shapes;
mod tables;
