//! What somebody says of a statement.

/// A vote on a statement; in the order in which the lower one wins when two came at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vote {
    /// Does not agree: -1.
    Disagree,
    /// Saw it and says neither: 0.
    Pass,
    /// Agrees: +1.
    Agree,
}

impl Vote {
    /// The vote as a number: -1, 0 or +1.
    ///
    /// ```
    /// use zwerm_voices::opinion::vote::Vote;
    /// assert_eq!(Vote::Disagree.value(), -1.0);
    /// ```
    #[must_use]
    pub const fn value(self) -> f64 {
        match self {
            Self::Disagree => -1.0,
            Self::Pass => 0.0,
            Self::Agree => 1.0,
        }
    }

    /// The vote that a number stands for; none for a number other than -1, 0 and 1.
    ///
    /// ```
    /// use zwerm_voices::opinion::vote::Vote;
    /// assert_eq!(Vote::of_number(1), Some(Vote::Agree));
    /// assert_eq!(Vote::of_number(2), None);
    /// ```
    #[must_use]
    pub const fn of_number(number: i64) -> Option<Self> {
        match number {
            -1 => Some(Self::Disagree),
            0 => Some(Self::Pass),
            1 => Some(Self::Agree),
            _ => None,
        }
    }
}
