//! Which statement somebody is asked next: those that matter and that few have seen come more often.

use super::tally::Tally;

/// How much a statement is worth asking: `(importance * (1 + 8 * 2^(-S/5)))^2` with importance
/// `(1 - (P + 1) / (S + 2)) * (E + 1) * (A + 1) / (S + 2)`, passes `P` and extremity `E` of 0 or more. Greater than 0.
///
/// ```
/// use zwerm_voices::opinion::{next::priority, tally::Tally};
/// assert_eq!(priority(&Tally::default(), 0.0), (0.25_f64 * 9.0).powi(2));
/// ```
#[must_use]
pub fn priority(tally: &Tally, extremity: f64) -> f64 {
    let (agree, seen, passed) = (tally.agree as f64, tally.seen as f64, tally.passed() as f64);
    let importance =
        (1.0 - (passed + 1.0) / (seen + 2.0)) * (extremity + 1.0) * (agree + 1.0) / (seen + 2.0);
    (importance * (1.0 + 8.0 * (-seen / 5.0).exp2())).powi(2)
}

/// One of the statements, drawn in proportion to their priorities by a number from 0 up to but not including 1, which the caller
/// draws. A statement with priority 0 is never drawn; of none, none.
///
/// ```
/// use zwerm_voices::opinion::next::draw;
/// assert_eq!(draw(&[1.0, 0.0, 3.0], 0.2), Some(0));
/// assert_eq!(draw(&[1.0, 0.0, 3.0], 0.3), Some(2));
/// assert_eq!(draw(&[0.0], 0.5), None);
/// ```
#[must_use]
pub fn draw(priorities: &[f64], at: f64) -> Option<usize> {
    let whole: f64 = priorities.iter().sum();
    let (mut below, mut last) = (0.0, None);
    for (place, priority) in priorities.iter().enumerate() {
        if *priority > 0.0 {
            below += priority;
            last = Some(place);
            if at * whole < below {
                return last;
            }
        }
    }
    last
}
