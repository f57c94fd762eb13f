//! How fine sums are published: a round number in proportion to what one row can change.

use super::TableMeasure;

impl TableMeasure {
    /// The grain of published sums: `round_to * (upper - lower) / 100`, brought down to 1, 2 or 5
    /// times a power of ten; `None` for a measure without bounds.
    ///
    /// ```
    /// use zwerm_disclosure::TableMeasure;
    /// let income = TableMeasure { name: "income".into(), lower: 0.0, upper: 200_000.0, known_to: vec![] };
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
        let measure = TableMeasure {
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
}
