//! The clock of a long-running program; tests and the demonstration set it to another day.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Tells the time, shifted by a fixed span.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    shift: SignedDuration,
}

impl Clock {
    /// A clock by which it is this moment now.
    pub fn from(moment: Timestamp) -> Self {
        Self {
            shift: moment.duration_since(Timestamp::now()),
        }
    }

    /// The moment, no finer than a millisecond: nobody needs to know when somebody signed more exactly.
    pub fn now(&self) -> Timestamp {
        let real = Timestamp::now();
        let now = real.checked_add(self.shift).unwrap_or(real);
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// The day, in UTC.
    pub fn today(&self) -> Date {
        self.day_of(self.now())
    }

    /// The day of a moment, in UTC.
    pub fn day_of(&self, moment: Timestamp) -> Date {
        Offset::UTC.to_datetime(moment).date()
    }
}
