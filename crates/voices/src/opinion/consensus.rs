//! What all groups share: agreement that counts for as much as the group that agrees least lets it.

use super::tally::Tally;

/// Group-informed consensus of Polis: the product over groups of `(A + 1) / (S + 2)`, between 0 and 1. It shrinks with the number of
/// groups.
///
/// ```
/// use zwerm_voices::opinion::{consensus::group_informed, tally::Tally};
/// let tally = |agree, seen| Tally { agree, disagree: seen - agree, seen };
/// assert_eq!(group_informed([&tally(2, 2), &tally(0, 2)]), 0.75 * 0.25);
/// ```
#[must_use]
pub fn group_informed<'t>(groups: impl IntoIterator<Item = &'t Tally>) -> f64 {
    let shares = groups.into_iter().map(super::representative::share);
    shares.product()
}

/// The geometric mean over groups of `(A + 1/2) / (S + 1)`, between 0 and 1, which conversations with different numbers of groups
/// can be compared by; a half where there is no group.
///
/// ```
/// use zwerm_voices::opinion::{consensus::mean_consensus, tally::Tally};
/// let tally = |agree, seen| Tally { agree, disagree: seen - agree, seen };
/// assert!((mean_consensus([&tally(3, 3), &tally(3, 3)]) - 0.875).abs() < 1e-12);
/// assert_eq!(mean_consensus([]), 0.5);
/// ```
#[must_use]
pub fn mean_consensus<'t>(groups: impl IntoIterator<Item = &'t Tally>) -> f64 {
    let (mut sum, mut many) = (0.0, 0.0);
    for tally in groups {
        sum += ((tally.agree as f64 + 0.5) / (tally.seen as f64 + 1.0)).ln();
        many += 1.0;
    }
    if many > 0.0 { (sum / many).exp() } else { 0.5 }
}
