//! The rules of primary protection and their ranges.
//!
//! Hundepool et al., *Statistical Disclosure Control* (Wiley, 2012), chapter 4.

use super::Contributions;
use crate::DisclosureError;

/// The (n, k) rule: a cell is unsafe when its `largest` units hold more than `percent` of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DominanceRule {
    /// How many of the largest units are looked at; at least 1.
    pub largest: usize,
    /// The share they may hold, in percent, above 0 and at most 100.
    pub percent: f64,
}

/// When a cell is unsafe by itself, and how published figures are rounded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// A figure is about at least this many units; at least 1.
    pub minimum_units: u64,
    /// The (n, k) rule, if any.
    pub dominance: Option<DominanceRule>,
    /// The p% rule, if any: nobody may estimate another's contribution to within p percent.
    pub p_percent: Option<f64>,
    /// Whether an empty cell is hidden too.
    pub protect_zeros: bool,
    /// Counts are rounded to a multiple of this; at least 1.
    pub round_to: u64,
}

/// A larger minimum would not fit the whole numbers that moves are counted in.
const MOST: u64 = 1_000_000_000_000;

impl Rules {
    /// A minimum number of units and nothing else.
    ///
    /// ```
    /// let rules = zwerm_disclosure::Rules::minimum(10);
    /// assert_eq!((rules.minimum_units, rules.round_to), (10, 1));
    /// ```
    #[must_use]
    pub const fn minimum(minimum_units: u64) -> Rules {
        Rules {
            minimum_units,
            dominance: None,
            p_percent: None,
            protect_zeros: false,
            round_to: 1,
        }
    }

    /// How many of the largest contributions per cell the rules need: max(n, 2).
    ///
    /// ```
    /// assert_eq!(zwerm_disclosure::Rules::minimum(10).keep(), 2);
    /// ```
    #[must_use]
    pub fn keep(&self) -> usize {
        self.dominance.map_or(2, |d| d.largest.max(2))
    }

    /// How far a sum must be able to move both ways to be safe, or `None` when it is safe as it is.
    ///
    /// With T the total of absolute contributions and x1 >= x2 the largest two: p% asks for
    /// p/100 * x1 - (T - x1 - x2), (n, k) for 100/k * (sum of the largest n) - T.
    ///
    /// ```
    /// use zwerm_disclosure::{Contributions, Rules};
    /// let rules = Rules { p_percent: Some(10.0), ..Rules::minimum(3) };
    /// let mut cell = Contributions::default();
    /// for value in [100.0, 50.0, 4.0] {
    ///     cell.add_unit(1, value, rules.keep());
    /// }
    /// assert_eq!(rules.required_move(&cell), Some(6.0)); // 10% of 100, less the 4 of the others
    /// ```
    #[must_use]
    pub fn required_move(&self, cell: &Contributions) -> Option<f64> {
        let total = cell.absolute;
        let by_share = self.dominance.and_then(|rule| {
            let top: f64 = cell.largest.iter().take(rule.largest).sum();
            (top > rule.percent / 100.0 * total).then(|| 100.0 / rule.percent * top - total)
        });
        let by_estimate = self.p_percent.and_then(|p| {
            let first = cell.largest.first().copied().unwrap_or(0.0);
            let second = cell.largest.get(1).copied().unwrap_or(0.0);
            let rest = (total - first - second).max(0.0);
            let wanted = p / 100.0 * first;
            (rest < wanted * (1.0 - 1e-12)).then_some(wanted - rest)
        });
        match (by_share, by_estimate) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (one, other) => one.or(other),
        }
    }

    /// Checks that every rule is in its range.
    ///
    /// # Errors
    /// [`DisclosureError::BadRule`] names the first rule out of range.
    ///
    /// ```
    /// use zwerm_disclosure::Rules;
    /// assert!(Rules::minimum(10).check().is_ok());
    /// assert!(Rules { round_to: 0, ..Rules::minimum(10) }.check().is_err());
    /// ```
    pub fn check(&self) -> Result<(), DisclosureError> {
        let bad = |rule, reason| Err(DisclosureError::BadRule { rule, reason });
        if self.minimum_units == 0 {
            return bad("minimum_units", "at least 1");
        }
        if self.minimum_units > MOST {
            return bad("minimum_units", "at most a thousand billion");
        }
        if self.round_to == 0 {
            return bad("round_to", "at least 1");
        }
        if let Some(d) = self.dominance
            && (d.largest == 0 || !(d.percent > 0.0 && d.percent <= 100.0))
        {
            return bad(
                "dominance",
                "largest at least 1, percent above 0 and at most 100",
            );
        }
        if self.p_percent.is_some_and(|p| !(p > 0.0 && p.is_finite())) {
            return bad("p_percent", "above 0 and finite");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(values: &[f64], rules: &Rules) -> Contributions {
        let mut cell = Contributions::default();
        for &value in values {
            cell.add_unit(1, value, rules.keep());
        }
        cell
    }

    fn check(rules: Rules, values: &[f64], expected: Option<f64>) {
        let far = rules.required_move(&cell(values, &rules));
        let close = match (far, expected) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-9,
            (a, b) => a == b,
        };
        assert!(close, "{far:?} instead of {expected:?}");
    }

    #[test]
    fn p_percent() {
        let rules = Rules {
            p_percent: Some(10.0),
            ..Rules::minimum(3)
        };
        check(rules, &[], None);
        check(rules, &[100.0], Some(10.0));
        check(rules, &[100.0, 100.0], Some(10.0));
        check(rules, &[100.0, 50.0, 10.0], None); // exactly enough
        check(rules, &[100.0, 50.0, 9.0], Some(1.0));
        check(rules, &[-100.0, 50.0, -9.0], Some(1.0));
        check(rules, &[0.0, 0.0], None); // nothing to estimate
    }

    #[test]
    fn dominance() {
        let rules = Rules {
            dominance: Some(DominanceRule {
                largest: 2,
                percent: 80.0,
            }),
            ..Rules::minimum(3)
        };
        check(rules, &[50.0, 30.0, 20.0], None); // exactly 80%
        check(rules, &[50.0, 40.0, 10.0], Some(90.0 / 0.8 - 100.0));
        check(rules, &[50.0, -40.0, 10.0], Some(90.0 / 0.8 - 100.0));
    }

    #[test]
    fn the_stricter_of_two_rules_counts() {
        let rules = Rules {
            dominance: Some(DominanceRule {
                largest: 1,
                percent: 50.0,
            }),
            p_percent: Some(10.0),
            ..Rules::minimum(3)
        };
        check(rules, &[90.0, 10.0], Some(80.0));
        assert_eq!(Rules::minimum(3).required_move(&cell(&[9.0], &rules)), None);
    }
}
