//! A cell as it leaves this crate, and its figures rounded.

/// A cell of a published table; `None` stands for a protected figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Per dimension a value (`0..size`) or a union of values (from `size` on), or `None` where the
    /// table is summed over it.
    pub coordinates: Vec<Option<u32>>,
    /// How many distinct units it has.
    pub units: Option<u64>,
    /// How many rows it has.
    pub rows: Option<u64>,
    /// Per measure how many rows have a value.
    pub counts: Vec<Option<u64>>,
    /// Per measure the sum of its values.
    pub sums: Vec<Option<f64>>,
}

impl Cell {
    /// The cell with its counts rounded to a multiple of `round_to` and its sums to each measure's
    /// grain (`None`: not rounded).
    ///
    /// ```
    /// use zwerm_disclosure::Cell;
    /// let cell = Cell { coordinates: vec![], units: Some(1233), rows: Some(1233),
    ///     counts: vec![Some(1230)], sums: vec![Some(46_123_456.0)] };
    /// let rounded = cell.rounded(5, &[Some(10_000.0)]);
    /// assert_eq!((rounded.units, rounded.sums[0]), (Some(1235), Some(46_120_000.0)));
    /// ```
    #[must_use]
    pub fn rounded(mut self, round_to: u64, grains: &[Option<f64>]) -> Cell {
        let counts = [&mut self.units, &mut self.rows];
        for count in counts.into_iter().chain(&mut self.counts) {
            *count = count.map(|n| nearest(n, round_to));
        }
        for (sum, grain) in self.sums.iter_mut().zip(grains) {
            if let (Some(value), Some(grain)) = (sum.as_mut(), grain) {
                // no `-0`
                *value = (*value / grain).round() * grain + 0.0;
            }
        }
        self
    }
}

/// The nearest multiple of `to`; halfway goes up, and what is not empty does not become 0.
fn nearest(n: u64, to: u64) -> u64 {
    let to = to.max(1);
    if n > 0 && n < to {
        return to;
    }
    let below = n - n % to;
    if (n - below) * 2 >= to {
        below.saturating_add(to)
    } else {
        below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_go_to_the_nearest_multiple() {
        for (n, to, expected) in [
            (7, 5, 5),
            (8, 5, 10),
            (3, 2, 4),
            (9, 0, 9),
            (u64::MAX, 1, u64::MAX),
        ] {
            assert_eq!(nearest(n, to), expected);
        }
    }
}
