//! Consent rounds: until when parties may decide about a version of an agreement.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_agreement::text::Text;
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! use zwerm_store::rounds::Round;
//!
//! let round = Round {
//!     agreement: "wachttijd".into(),
//!     version: 1,
//!     opened: now,
//!     closes: "2026-03-15T09:00:00Z".parse()?,
//!     by: "brug".into(),
//! };
//! store.open_round(&round).await?;
//! assert!(store.rounds_open(round.closes).await?.is_empty());
//! assert_eq!(store.rounds_open(now).await?, [round]);
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;

use crate::database::{all, one, run};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, sql};

/// A consent round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The id of the agreement.
    pub agreement: String,
    /// The version that parties decide about.
    pub version: u32,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it closes.
    pub closes: Timestamp,
    /// The party that opened it.
    pub by: String,
}

impl Store {
    /// Opens a round, also when an earlier round is closed.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when a round is open.
    pub async fn open_round(&self, round: &Round) -> Result<(), StoreError> {
        let add = sql(
            "INSERT INTO rounds (agreement, version, opened, closes, opened_by) \
             VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (agreement, version) DO UPDATE SET opened = excluded.opened, \
             closes = excluded.closes, opened_by = excluded.opened_by \
             WHERE rounds.closes <= excluded.opened",
        );
        let add = add.text(&round.agreement).number(round.version);
        let add = add.time(round.opened).time(round.closes);
        if run(&self.pool, add.text(&round.by)).await? > 0 {
            return Ok(());
        }
        Err(StoreError::Taken {
            what: format!(
                "an open round about version {} of `{}`",
                round.version, round.agreement
            ),
        })
    }

    /// The round about a version, open or closed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn round(&self, agreement: &str, version: u32) -> Result<Option<Round>, StoreError> {
        let found = sql(
            "SELECT agreement, version, opened, closes, opened_by FROM rounds \
             WHERE agreement = $1 AND version = $2",
        );
        one(&self.pool, found.text(agreement).number(version), round).await
    }

    /// The rounds that are open now, in the order in which they close.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn rounds_open(&self, now: Timestamp) -> Result<Vec<Round>, StoreError> {
        let found = sql(
            "SELECT agreement, version, opened, closes, opened_by FROM rounds \
             WHERE opened <= $1 AND closes > $1 ORDER BY closes, agreement, version",
        );
        all(&self.pool, found.time(now), round).await
    }
}

fn round(row: &RegistryRow) -> Result<Round, StoreError> {
    Ok(Round {
        agreement: row.text("agreement")?,
        version: row.version("version")?,
        opened: row.time("opened")?,
        closes: row.time("closes")?,
        by: row.text("opened_by")?,
    })
}
