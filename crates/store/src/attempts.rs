//! Attempts to sign in, counted to slow down guessing. A key is what the caller counts by.

use jiff::Timestamp;

use crate::database::{count, run};
use crate::error::StoreError;
use crate::id::fresh_id;
use crate::open::Store;
use crate::row::{Binds as _, sql};

impl Store {
    /// Notes an attempt.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let store = zwerm_store::Store::in_memory().await?;
    /// let nine = "2026-03-01T09:00:00Z".parse()?;
    /// let ten = "2026-03-01T10:00:00Z".parse()?;
    /// store.note_attempt("login:samira", nine).await?;
    /// store.note_attempt("login:samira", ten).await?;
    /// assert_eq!(store.attempts_since("login:samira", nine).await?, 2);
    /// assert_eq!(store.attempts_since("login:samira", ten).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_attempt(&self, key: &str, now: Timestamp) -> Result<(), StoreError> {
        let add = sql("INSERT INTO attempts (id, key, at) VALUES ($1, $2, $3)");
        let add = add.text(&fresh_id()?).text(key).time(now);
        run(&self.pool, add).await.map(drop)
    }

    /// How many attempts there were from a moment on.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn attempts_since(&self, key: &str, since: Timestamp) -> Result<u64, StoreError> {
        let found = sql("SELECT COUNT(*) AS n FROM attempts WHERE key = $1 AND at >= $2");
        count(&self.pool, found.text(key).time(since)).await
    }

    /// Forgets the attempts of a key, for instance when somebody got in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_attempts(&self, key: &str) -> Result<(), StoreError> {
        let drop_all = sql("DELETE FROM attempts WHERE key = $1").text(key);
        run(&self.pool, drop_all).await.map(drop)
    }

    /// Forgets the latest attempt of a key, which was none after all.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let store = zwerm_store::Store::in_memory().await?;
    /// let nine = "2026-03-01T09:00:00Z".parse()?;
    /// store.note_attempt("office", nine).await?;
    /// store.note_attempt("office", nine).await?;
    /// store.forget_one_attempt("office").await?;
    /// assert_eq!(store.attempts_since("office", nine).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_one_attempt(&self, key: &str) -> Result<(), StoreError> {
        let drop_one = sql("DELETE FROM attempts WHERE id = \
             (SELECT id FROM attempts WHERE key = $1 ORDER BY at DESC, id LIMIT 1)");
        run(&self.pool, drop_one.text(key)).await.map(drop)
    }

    /// Forgets attempts from before a moment, and returns how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn prune_attempts(&self, before: Timestamp) -> Result<u64, StoreError> {
        run(
            &self.pool,
            sql("DELETE FROM attempts WHERE at < $1").time(before),
        )
        .await
    }
}
