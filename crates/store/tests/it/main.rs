//! The registry through its public face: one set of tests, run against SQLite and against PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod access;
mod backend;
mod barriers;
mod behind;
mod cluster;
mod files;
mod goals;
mod make;
mod mirror;
mod older;
mod people;
mod personal;
mod projects;
mod questions;
mod rights;
mod text;
mod word_questions;
