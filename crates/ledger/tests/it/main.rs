//! The log through its public face: data of others, crashes, tampering, sharing, and a verifier that is not ours.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[cfg(unix)]
mod access;
mod crash;
mod garbage;
mod go;
mod killed;
mod make;
mod order;
mod plug;
mod reference;
mod shared;
mod tamper;
