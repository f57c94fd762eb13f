//! Attacking a protected table: code that shares nothing with what protected it.
//!
//! [`derivable`] finds hidden cells that are linear combinations of what is known, exactly (Gaussian
//! elimination modulo the prime 2^61 - 1). With the feature `audit`, [`findings`] checks every rule of
//! [`protect`](crate::protect()) against the true table, with linear and integer programs.

#[cfg(feature = "audit")]
mod attackers;
#[cfg(feature = "audit")]
mod programs;
mod rank;
#[cfg(feature = "audit")]
mod rules;

pub use rank::{Shown, derivable};
#[cfg(feature = "audit")]
pub use rules::findings;

/// Coordinates of a cell: per dimension a value, or `None` where the table is summed over it.
#[cfg(feature = "audit")]
type At = Vec<Option<u32>>;

fn covers(cell: &[Option<u32>], base: &[u32]) -> bool {
    cell.iter()
        .zip(base)
        .all(|(c, b)| c.is_none_or(|value| value == *b))
}

/// The coordinates of every base cell of a table, empty ones included.
fn base_cells(sizes: &[usize]) -> Vec<Vec<u32>> {
    let mut all = vec![Vec::new()];
    for &size in sizes {
        all = all
            .into_iter()
            .flat_map(|at: Vec<u32>| {
                (0..size as u32).map(move |value| {
                    let mut at = at.clone();
                    at.push(value);
                    at
                })
            })
            .collect();
    }
    all
}
