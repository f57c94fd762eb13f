//! What owners of barriers do about them. The barriers themselves follow from refusals and agreements.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_agreement::text::Text;
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! use zwerm_store::barriers::{BarrierRow, BarrierStatus};
//!
//! let barrier = BarrierRow {
//!     key: "wachttijd/min_units".into(),
//!     status: BarrierStatus::Stays,
//!     reason: "Kleinere groepen zijn herkenbaar.".into(),
//!     party: "brug".into(),
//!     at: now,
//! };
//! store.set_barrier(&barrier).await?;
//! assert_eq!(store.barriers().await?, [barrier]);
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;
use zwerm_agreement::words;

use crate::database::{all, run};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, sql};

words! {
    in "zwerm_store::barriers";
    /// The status of a barrier.
    pub enum BarrierStatus {
        /// Nobody did anything about it yet.
        Open = "open",
        /// Its owner is lifting it.
        BeingLifted = "being-lifted",
        /// It is no longer in the way.
        Lifted = "lifted",
        /// Its owner keeps the condition, and says why.
        Stays = "stays",
    }
}

/// What an owner says about a barrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarrierRow {
    /// What the barrier is known by.
    pub key: String,
    /// What its owner does about the barrier.
    pub status: BarrierStatus,
    /// Why the barrier has that status.
    pub reason: String,
    /// The party that says so.
    pub party: String,
    /// When the party said so.
    pub at: Timestamp,
}

impl Store {
    /// Sets the status of a barrier, in the place of an earlier one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_barrier(&self, barrier: &BarrierRow) -> Result<(), StoreError> {
        let put = sql(
            "INSERT INTO barriers (key, status, reason, party, at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (key) DO UPDATE SET status = excluded.status, \
             reason = excluded.reason, party = excluded.party, at = excluded.at",
        );
        let put = put.text(&barrier.key).text(barrier.status.as_str());
        let put = put.text(&barrier.reason).text(&barrier.party);
        run(&self.pool, put.time(barrier.at)).await.map(drop)
    }

    /// Everything that owners said about barriers, by key.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn barriers(&self) -> Result<Vec<BarrierRow>, StoreError> {
        let found = sql("SELECT key, status, reason, party, at FROM barriers");
        let mut barriers = all(&self.pool, found, barrier).await?;
        barriers.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(barriers)
    }
}

fn barrier(row: &RegistryRow) -> Result<BarrierRow, StoreError> {
    Ok(BarrierRow {
        key: row.text("key")?,
        status: row.word("status")?,
        reason: row.text("reason")?,
        party: row.text("party")?,
        at: row.time("at")?,
    })
}
