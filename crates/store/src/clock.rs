//! How the machine's clock went while the home was served: readings, each with the seconds that it was served until then.

use jiff::Timestamp;

use crate::database::{all, run};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{Binds as _, sql};

/// What the clock said at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// Seconds that the home was served until then, in all.
    pub ran: i64,
    /// What the clock said.
    pub at: Timestamp,
}

impl Store {
    /// Adds a reading, so many seconds of running after the last one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let store = zwerm_store::Store::in_memory().await?;
    /// store.add_clock_reading(0, "2026-03-01T09:00:00Z".parse()?).await?;
    /// store.add_clock_reading(3600, "2026-03-01T10:00:00Z".parse()?).await?;
    /// let ran: Vec<i64> = store.clock_readings().await?.iter().map(|reading| reading.ran).collect();
    /// assert_eq!(ran, [0, 3600]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_clock_reading(&self, after: i64, at: Timestamp) -> Result<(), StoreError> {
        let add = sql("INSERT INTO clock_readings (ran, at) \
             VALUES (COALESCE((SELECT MAX(ran) FROM clock_readings), 0) + $1, $2) \
             ON CONFLICT (ran) DO UPDATE SET at = excluded.at");
        run(&self.pool, add.number(after).time(at)).await.map(drop)
    }

    /// The readings that are kept, the oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn clock_readings(&self) -> Result<Vec<ClockReading>, StoreError> {
        let found = sql("SELECT ran, at FROM clock_readings ORDER BY ran");
        all(&self.pool, found, |row| {
            Ok(ClockReading {
                ran: row.number("ran")?,
                at: row.time("at")?,
            })
        })
        .await
    }

    /// Forgets readings from before so many seconds of running.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn prune_clock_readings(&self, before: i64) -> Result<(), StoreError> {
        let old = sql("DELETE FROM clock_readings WHERE ran < $1");
        run(&self.pool, old.number(before)).await.map(drop)
    }
}
