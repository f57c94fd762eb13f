//! Opinion groups through the crate's public face.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::float_cmp,
    clippy::panic
)]

mod input;
mod invariant;
mod published;
