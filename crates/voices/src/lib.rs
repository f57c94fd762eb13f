//! Residents' voices as mathematics: who votes alike on statements, what sets groups apart, and what they share.
//!
//! Everything here is a function of what it is given: the same votes make the same groups, whatever the order in which they came
//! and whatever the number of threads.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp)
)]

pub mod opinion;
