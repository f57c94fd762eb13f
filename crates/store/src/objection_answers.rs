//! Which change of a version its proposers say meets an objection to the version before.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let store = zwerm_store::Store::in_memory().await?;
//! let answers = [("huurdersvereniging", "De kleinste groep is nu 20.".to_owned())];
//! store.put_objection_answers("wachttijd", 2, &answers).await?;
//! let found = store.objection_answers("wachttijd", 2).await?;
//! assert_eq!(found[0].1, "De kleinste groep is nu 20.");
//! assert!(store.objection_answers("wachttijd", 3).await?.is_empty());
//! # Ok(())
//! # }
//! ```

use crate::database::{all, run};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, sql};

impl Store {
    /// Keeps what is said of objections in this version, by the party that objects; in the place of what was said before.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_objection_answers(
        &self,
        agreement: &str,
        version: u32,
        answers: &[(&str, String)],
    ) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        for (party, words) in answers {
            let put = sql(
                "INSERT INTO objection_answers (agreement, version, party, words) \
                 VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (agreement, version, party) DO UPDATE SET words = excluded.words",
            );
            let put = put.text(agreement).number(version).text(party).text(words);
            run(&mut *together, put).await?;
        }
        Ok(together.commit().await?)
    }

    /// What is said of objections in this version: the party that objects, and the words.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn objection_answers(
        &self,
        agreement: &str,
        version: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let found = sql(
            "SELECT party, words FROM objection_answers WHERE agreement = $1 AND version = $2 \
             ORDER BY party",
        );
        all(&self.pool, found.text(agreement).number(version), answer).await
    }
}

fn answer(row: &RegistryRow) -> Result<(String, String), StoreError> {
    Ok((row.text("party")?, row.text("words")?))
}
