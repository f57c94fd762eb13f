//! The crate through its public face: random micro-data and agreements, refusals, bad input.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod answered;
mod answers;
mod attacks;
mod bad_input;
mod bad_views;
mod damaged;
mod delivery;
mod formats;
mod lineage;
mod micro;
mod parquet;
mod people;
mod project;
mod protection;
mod refusals;
mod shapes;
mod unbuildable;
mod workbooks;
