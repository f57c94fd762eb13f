//! The clock of a long-running program; tests and the demonstration set it to another day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Tells the time, shifted by a fixed span, and the day of a zone.
#[derive(Debug, Clone)]
pub struct Clock {
    shift: SignedDuration,
    zone: TimeZone,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            shift: SignedDuration::ZERO,
            zone: TimeZone::UTC,
        }
    }
}

impl Clock {
    /// A clock by which it is this moment now.
    pub fn from(moment: Timestamp) -> Self {
        Self {
            shift: moment.duration_since(Timestamp::now()),
            ..Self::default()
        }
    }

    /// The same clock, with the days of a zone.
    #[must_use]
    pub fn in_zone(self, zone: TimeZone) -> Self {
        Self { zone, ..self }
    }

    /// The zone whose days it tells.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The moment, no finer than a millisecond: nobody needs to know when somebody signed more exactly.
    pub fn now(&self) -> Timestamp {
        let real = Timestamp::now();
        let now = real.checked_add(self.shift).unwrap_or(real);
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// The day, in the clock's zone.
    pub fn today(&self) -> Date {
        self.day_of(self.now())
    }

    /// The day of a moment, in the clock's zone.
    pub fn day_of(&self, moment: Timestamp) -> Date {
        self.zone.to_datetime(moment).date()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::config::default_zone;

    fn check(moment: &str, day: &str) {
        let clock = Clock::from(moment.parse().unwrap()).in_zone(default_zone());
        assert_eq!(clock.today().to_string(), day, "{moment}");
    }

    #[test]
    fn the_day_is_that_of_the_zone_around_midnight_and_both_changes_of_the_clock() {
        check("2026-01-14T22:30:00Z", "2026-01-14");
        check("2026-01-14T23:30:00Z", "2026-01-15");
        check("2026-07-14T21:30:00Z", "2026-07-14");
        check("2026-07-14T22:30:00Z", "2026-07-15");
        // the last Sunday of March, and of October
        check("2026-03-28T23:30:00Z", "2026-03-29");
        check("2026-03-29T21:30:00Z", "2026-03-29");
        check("2026-03-29T22:30:00Z", "2026-03-30");
        check("2026-10-24T22:30:00Z", "2026-10-25");
        check("2026-10-25T22:30:00Z", "2026-10-25");
        check("2026-10-25T23:30:00Z", "2026-10-26");
        assert_eq!(
            Clock::from("2026-01-14T23:30:00Z".parse().unwrap())
                .today()
                .to_string(),
            "2026-01-14"
        );
    }
}
