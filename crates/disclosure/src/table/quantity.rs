//! The quantities that a table holds.

/// What a second table has other amounts of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Distinct units.
    Units,
    /// Units with a value of this measure.
    Present(usize),
    /// Units that lack a value of this measure.
    Missing(usize),
    /// Rows of the units.
    Rows,
    /// The sum of this measure.
    Sum(usize),
}
