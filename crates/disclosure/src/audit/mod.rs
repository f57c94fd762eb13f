//! Attacking a protected table: code that shares nothing with what protected it.
//!
//! [`derivable`] finds hidden cells that are linear combinations of what is known, exactly (Gaussian
//! elimination modulo the prime 2^61 - 1). [`recheck`] checks the proofs that a pattern comes with, on tables of
//! any size. With the feature `audit`, [`findings`] checks every rule of [`protect`](crate::protect()) against the
//! true table, with linear and integer programs, together with all that was published of it before.

#[cfg(feature = "audit")]
mod attackers;
#[cfg(feature = "audit")]
mod counts;
mod frame;
#[cfg(feature = "audit")]
mod linked;
#[cfg(feature = "audit")]
mod programs;
mod rank;
mod recheck;
#[cfg(feature = "audit")]
mod rules;
#[cfg(feature = "audit")]
mod sums;

pub use rank::{SeenCell, derivable};
pub use recheck::recheck;
#[cfg(feature = "audit")]
pub use rules::findings;
