//! By what a registry is known again: a home that had one must not be served with another, or with an empty new one.

use crate::database::{one, run};
use crate::error::StoreError;
use crate::id::fresh_id;
use crate::open::Store;
use crate::row::{Binds as _, sql};

impl Store {
    /// The registry's identity, which is drawn when it is asked for the first time and stays the same.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use zwerm_store::Store;
    /// let store = Store::in_memory().await?;
    /// assert_eq!(store.identity().await?, store.identity().await?);
    /// assert_ne!(store.identity().await?, Store::in_memory().await?.identity().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the database.
    pub async fn identity(&self) -> Result<String, StoreError> {
        if let Some(known) = self.known_identity().await? {
            return Ok(known);
        }
        // whoever was first drew it
        let draw = sql("INSERT INTO identity (only_one, id) VALUES (1, $1) ON CONFLICT DO NOTHING");
        run(&self.pool, draw.text(&fresh_id()?)).await?;
        let known = self.known_identity().await?;
        known.ok_or_else(|| StoreError::Damaged {
            what: "it has no identity".to_owned(),
        })
    }

    async fn known_identity(&self) -> Result<Option<String>, StoreError> {
        one(&self.pool, sql("SELECT id FROM identity"), |row| {
            row.text("id")
        })
        .await
    }
}
