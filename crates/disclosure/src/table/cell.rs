//! A cell as it leaves this crate, and the rounding of its figures.

use super::Measure;

/// A cell of a published table; `None` stands for a protected figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Per dimension a value (`0..size`) or a union of values (from `size` on), or `None` where the
    /// table is summed over it.
    pub coordinates: Vec<Option<u32>>,
    /// Distinct units.
    pub units: Option<u64>,
    /// Rows.
    pub rows: Option<u64>,
    /// Values per measure.
    pub counts: Vec<Option<u64>>,
    /// Sum per measure.
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

impl Measure {
    /// The grain of published sums: `round_to * (upper - lower) / 100`, brought down to 1, 2 or 5
    /// times a power of ten; `None` for a measure without bounds.
    ///
    /// ```
    /// use zwerm_disclosure::Measure;
    /// let income = Measure { name: "income".into(), lower: 0.0, upper: 200_000.0, known_to: vec![] };
    /// assert_eq!(income.grain(5), Some(10_000.0));
    /// assert_eq!(income.grain(3), Some(5_000.0)); // 6,000 brought down
    /// ```
    #[must_use]
    pub fn grain(&self, round_to: u64) -> Option<f64> {
        let raw = round_to as f64 * (self.upper - self.lower) / 100.0;
        if !raw.is_finite() || raw <= 0.0 {
            return None;
        }
        let power = 10_f64.powi((raw.log10() + 1e-9).floor() as i32);
        let factor = [5.0, 2.0]
            .into_iter()
            .find(|f| f * power <= raw * (1.0 + 1e-9));
        Some(factor.unwrap_or(1.0) * power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lower: f64, upper: f64, round_to: u64, expected: Option<f64>) {
        let measure = Measure {
            name: "m".into(),
            lower,
            upper,
            known_to: vec![],
        };
        assert_eq!(measure.grain(round_to), expected);
    }

    #[test]
    fn grains_are_one_two_or_five() {
        check(0.0, 100.0, 1, Some(1.0));
        check(0.0, 100.0, 4, Some(2.0));
        check(0.0, 1_000.0, 5, Some(50.0));
        check(-500.0, 500.0, 9, Some(50.0));
        check(0.0, 1.0, 5, Some(0.05));
        check(0.0, 3_000.0, 5, Some(100.0));
    }

    #[test]
    fn no_range_no_grain() {
        check(f64::NEG_INFINITY, f64::INFINITY, 5, None);
        check(0.0, f64::INFINITY, 5, None);
        check(7.0, 7.0, 5, None);
    }

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
