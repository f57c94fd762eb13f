//! The program as people use it: the built binary, run in folders of its own.
//!
//! The day is always 2026-03-01; nothing here depends on the clock.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on should stop"
)]

mod accent;
mod agreements;
mod answers;
mod ask;
mod attacked;
mod bad_input;
mod barriers;
mod data;
mod deliveries;
mod demo;
mod disks;
mod doors;
mod embargo;
mod examples;
mod faults;
mod goals;
mod guide;
mod homes;
mod keeping;
mod ledger;
mod parties;
mod people;
mod place;
mod policy_is_real;
mod postgres;
mod protect;
mod protect_input;
mod public_pages;
mod raw_keys;
mod refusals;
mod releases;
mod search;
mod served;
mod serving;
mod signing;
mod small;
mod status;
mod stopping;
mod users;
mod verifying;
mod versions;
mod word_questions;
