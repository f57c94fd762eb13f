//! What the units of a cell contribute to a measure, added up unit by unit or cell by cell.
//!
//! The largest contributions are kept, as the (n, k) and p% rules look at these: Hundepool et al., *Statistical
//! Disclosure Control* (Wiley, 2012), chapter 4.

/// What the units of a cell contribute to one measure (or to the number of rows).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contributions {
    /// Units with at least one value.
    pub units: u64,
    /// Values (non-null rows).
    pub count: u64,
    /// Units with at least one missing value.
    pub missing: u64,
    /// Sum of the values.
    pub total: f64,
    /// Sum over units of the absolute value of what each contributes.
    pub absolute: f64,
    /// The largest absolute contributions of a unit, falling; as many as the rules look at.
    pub largest: Vec<f64>,
}

impl Contributions {
    /// Adds the contribution of one unit: `count` values that sum to `total`, none missing.
    ///
    /// `keep` is how many of the largest contributions are remembered.
    ///
    /// ```
    /// let mut rent = zwerm_disclosure::Contributions::default();
    /// rent.add_unit(1, 700.0, 2);
    /// rent.add_unit(1, 500.0, 2);
    /// rent.add_unit(1, 600.0, 2);
    /// assert_eq!(rent.total, 1800.0);
    /// assert_eq!(rent.largest, [700.0, 600.0]);
    /// ```
    pub fn add_unit(&mut self, count: u64, total: f64, keep: usize) {
        self.units += 1;
        self.count += count;
        self.total += total;
        self.absolute += total.abs();
        self.remember(&[total.abs()], keep);
    }

    /// Adds the contributions of *other* units: the statistics of two cells without a unit in common.
    ///
    /// ```
    /// use zwerm_disclosure::Contributions;
    /// let mut a = Contributions::default();
    /// a.add_unit(1, 10.0, 2);
    /// let mut b = Contributions::default();
    /// b.add_unit(2, 30.0, 2);
    /// a.merge(&b, 2);
    /// assert_eq!((a.units, a.count, a.total), (2, 3, 40.0));
    /// ```
    pub fn merge(&mut self, other: &Contributions, keep: usize) {
        self.units += other.units;
        self.count += other.count;
        self.missing += other.missing;
        self.total += other.total;
        self.absolute += other.absolute;
        self.remember(&other.largest, keep);
    }

    /// Puts values among the largest, each in its place.
    fn remember(&mut self, values: &[f64], keep: usize) {
        self.largest.truncate(keep);
        for value in values {
            let smaller = |known: &&f64| known.total_cmp(value).is_lt();
            let below = self.largest.iter().rev().take_while(smaller).count();
            let place = self.largest.len() - below;
            if place < keep {
                self.largest.truncate(keep - 1);
                self.largest.insert(place, *value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_up_in_parts_is_adding_up() {
        let values = [3.0, -7.0, 2.0, 5.0, -1.0, 4.0];
        let mut whole = Contributions::default();
        let mut parts = [Contributions::default(), Contributions::default()];
        for (i, value) in values.into_iter().enumerate() {
            whole.add_unit(2, value, 3);
            if let Some(part) = parts.get_mut(i % 2) {
                part.add_unit(2, value, 3);
            }
        }
        let [mut left, right] = parts;
        left.merge(&right, 3);
        assert_eq!(left, whole);
        assert_eq!((whole.units, whole.count), (6, 12));
        assert_eq!((whole.total, whole.absolute), (6.0, 22.0));
        assert_eq!(whole.largest, [7.0, 5.0, 4.0]);
    }

    #[test]
    fn the_largest_stay_in_falling_order_whatever_comes() {
        for keep in 0..4 {
            let mut cell = Contributions::default();
            let values = [5.0, 1.0, 5.0, 9.0, 0.0, 7.0, 9.0];
            for value in values {
                cell.add_unit(1, value, keep);
            }
            let mut sorted = values.to_vec();
            sorted.sort_by(|a, b| b.total_cmp(a));
            sorted.truncate(keep);
            assert_eq!(cell.largest, sorted);
        }
    }

    #[test]
    fn missing_values_are_added_and_nothing_changes_nothing() {
        let mut cell = Contributions::default();
        cell.add_unit(1, 2.0, 2);
        cell.missing = 4;
        let before = cell.clone();
        cell.merge(&Contributions::default(), 2);
        assert_eq!(cell, before);
        cell.merge(&before, 2);
        assert_eq!(cell.missing, 8);
    }
}
