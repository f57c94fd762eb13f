//! What is deleted because its time is over is deleted by a moment that is settled: one that the clock was past for a whole
//! day in which the home was served. A clock that jumped ahead deletes nothing, as long as somebody puts it right within that
//! day; one that is behind the log is wrong, and deletes nothing either.

use std::time::Instant;

use jiff::Timestamp;
use zwerm_store::clock::ClockReading;

use crate::error::AppError;
use crate::site::Site;

/// Seconds of running in which the clock must have been past a moment.
const A_DAY: i64 = 86_400;

/// Two moments that say what is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settled {
    /// What was over by this moment may be deleted; nothing may when there is none.
    pub(crate) moment: Option<Timestamp>,
    /// What the clock said at the reading before: what was not over then, and is now, is told. None at the first reading.
    pub(crate) before: Option<Timestamp>,
}

/// Reads the clock once more.
///
/// # Errors
/// When the registry cannot be read or written.
pub(crate) async fn read(site: &Site) -> Result<Settled, AppError> {
    let now = site.clock.now();
    let mut last = site.last_reading.lock().await;
    let ran = last.map_or(0, |last| last.elapsed().as_secs());
    let before = site
        .store
        .clock_readings()
        .await?
        .last()
        .map(|reading| reading.at);
    let ran = i64::try_from(ran).unwrap_or(A_DAY);
    site.store.add_clock_reading(ran, now).await?;
    *last = Some(Instant::now());
    let readings = site.store.clock_readings().await?;
    if let Some(oldest) = oldest_needed(&readings) {
        site.store.prune_clock_readings(oldest).await?;
    }
    let logged = site.store.last_entry().await?.map(|entry| entry.at);
    let is_behind = logged.is_some_and(|logged| now < logged);
    if is_behind {
        tracing::warn!(
            "the clock is behind the log's last entry; nothing is deleted until it is right"
        );
    }
    Ok(Settled {
        moment: moment(&readings).filter(|_| !is_behind),
        before,
    })
}

/// The reading of a day of running ago.
fn a_day_ago(readings: &[ClockReading]) -> Option<&ClockReading> {
    let until = readings.last()?.ran - A_DAY;
    readings.iter().rev().find(|reading| reading.ran <= until)
}

fn oldest_needed(readings: &[ClockReading]) -> Option<i64> {
    a_day_ago(readings).map(|reading| reading.ran)
}

/// The latest moment that the clock was past in all that day.
fn moment(readings: &[ClockReading]) -> Option<Timestamp> {
    let since = a_day_ago(readings)?.ran;
    let in_it = readings.iter().filter(|reading| reading.ran >= since);
    in_it.map(|reading| reading.at).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    /// Readings of every hour, by what the clock said in days since 1970.
    fn readings(days: &[i64]) -> Vec<ClockReading> {
        let hours = days.iter().enumerate();
        let read = hours.map(|(hour, day)| ClockReading {
            ran: i64::try_from(hour).expect("few") * HOUR,
            at: Timestamp::from_second(day * A_DAY).expect("a moment"),
        });
        read.collect()
    }

    fn settled(days: &[i64]) -> Option<i64> {
        moment(&readings(days)).map(|at| at.as_second() / A_DAY)
    }

    #[test]
    fn a_moment_is_settled_after_a_day_of_running_in_which_the_clock_was_past_it() {
        assert_eq!(settled(&[]), None);
        assert_eq!(settled(&[7; 24]), None);
        assert_eq!(settled(&[7; 25]), Some(7));
        // ahead for 24 hours and put right: it was past no later moment in all of a day
        assert_eq!(
            settled(&[[7].as_slice(), &[5000; 23], &[8]].concat()),
            Some(7)
        );
        let jumped = [[7].as_slice(), &[5000; 24], &[8]].concat();
        assert_eq!(settled(&jumped), Some(8));
        // behind for an hour: what was past then only is settled
        let behind = [[7; 20].as_slice(), &[2], &[7; 10]].concat();
        assert_eq!(settled(&behind), Some(2));
        // a weekend in which nobody served it is not a day of running
        let weekend = [[7; 20].as_slice(), &[10; 5]].concat();
        assert_eq!(settled(&weekend), Some(7));
        assert_eq!(settled(&[[7; 20].as_slice(), &[10; 25]].concat()), Some(10));
    }

    #[test]
    fn readings_that_no_moment_needs_are_forgotten() {
        assert_eq!(oldest_needed(&readings(&[7; 10])), None);
        assert_eq!(oldest_needed(&readings(&[7; 40])), Some(15 * HOUR));
    }
}
