//! Recovery codes: each lets a person who cannot sign in otherwise in once. They are kept as hashes that the caller
//! makes.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::database::{count, run};
use crate::error::{NamesConstraint as _, StoreError};
use crate::open::Store;
use crate::people::nobody;
use crate::row::{Binds as _, sql};

impl Store {
    /// Gives a person new codes; the old codes stop working.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody has that id.
    pub async fn set_recovery_codes(
        &self,
        person: &str,
        hashes: &[String],
    ) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        let drop_old = sql("DELETE FROM recovery_codes WHERE person = $1").text(person);
        run(&mut *together, drop_old).await?;
        for hash in hashes.iter().collect::<BTreeSet<_>>() {
            let add = sql("INSERT INTO recovery_codes (person, hash) VALUES ($1, $2)");
            run(&mut *together, add.text(person).text(hash))
                .await
                .missing(nobody)?;
        }
        Ok(together.commit().await?)
    }

    /// Uses up a code. Of everybody who tries the same code, one is let in.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use zwerm_agreement::text::Lang;
    /// # use zwerm_store::people::{NewPerson, PasswordHash};
    /// # let store = zwerm_store::Store::in_memory().await?;
    /// # let new = NewPerson { login: "samira".into(), name: "Samira".into(), email: None, lang: Lang::Nl,
    /// #     admin: false, password: PasswordHash::new("…") };
    /// # let now = "2026-03-01T09:00:00Z".parse()?;
    /// let samira = store.add_person(&new, now).await?.id;
    /// store.set_recovery_codes(&samira, &["hash of a code".into()]).await?;
    /// assert!(store.use_recovery_code(&samira, "hash of a code", now).await?);
    /// assert!(!store.use_recovery_code(&samira, "hash of a code", now).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the database.
    pub async fn use_recovery_code(
        &self,
        person: &str,
        hash: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let take = sql("UPDATE recovery_codes SET used = $1 \
                        WHERE person = $2 AND hash = $3 AND used IS NULL");
        let used = run(&self.pool, take.time(now).text(person).text(hash)).await?;
        Ok(used == 1)
    }

    /// How many codes a person has left.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn recovery_codes_left(&self, person: &str) -> Result<u64, StoreError> {
        let left =
            sql("SELECT COUNT(*) AS n FROM recovery_codes WHERE person = $1 AND used IS NULL");
        count(&self.pool, left.text(person)).await
    }
}
