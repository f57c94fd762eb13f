//! Links with which somebody chooses a new password.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_agreement::text::{Lang, Text};
//! # use zwerm_store::people::{NewPerson, PasswordHash};
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! # let new = NewPerson { login: "samira".into(), name: "Samira".into(), email: None, lang: Lang::Nl,
//! #     admin: false, password: PasswordHash::new("…") };
//! # let samira = store.add_person(&new, now).await?;
//! let tomorrow = "2026-03-02T09:00:00Z".parse()?;
//! store.add_reset(&samira.id, "hash of a secret", tomorrow, now).await?;
//! let new = PasswordHash::new("$argon2id$…");
//! store.use_reset("hash of a secret", &new, now).await?;
//! assert!(store.use_reset("hash of a secret", &new, now).await.is_err());
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;

use crate::database::{one, run};
use crate::error::{NamesConstraint as _, StoreError};
use crate::open::Store;
use crate::people::{OTHER_WAYS_IN, PasswordHash, Person, nobody, person};
use crate::row::{Binds as _, sql};

impl Store {
    /// Makes a link for a person, to be found by the hash of its secret.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody has that id.
    pub async fn add_reset(
        &self,
        person: &str,
        token_hash: &str,
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let add =
            sql("INSERT INTO resets (token, person, created, expires) VALUES ($1, $2, $3, $4)");
        let add = add.text(token_hash).text(person).time(now).time(expires);
        run(&self.pool, add)
            .await
            .taken(|| "this link".to_owned())
            .missing(nobody)
            .map(drop)
    }

    /// The person for whom this link is, if it can still be used.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open_reset(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<Person>, StoreError> {
        let found = sql(
            "SELECT p.id AS id, p.login AS login, p.name AS name, p.email AS email, p.lang AS lang, \
             p.admin AS admin, p.disabled AS disabled, p.created AS created \
             FROM resets r JOIN people p ON p.id = r.person \
             WHERE r.token = $1 AND r.used IS NULL AND r.expires > $2 AND p.disabled = 0",
        );
        one(&self.pool, found.text(token_hash).time(now), person).await
    }

    /// Changes the password, once; all sessions of the person end, and their other links and recovery codes are void.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the link was used, is too old, or its person is kept out.
    pub async fn use_reset(
        &self,
        token_hash: &str,
        password: &PasswordHash,
        now: Timestamp,
    ) -> Result<Person, StoreError> {
        let mut together = self.together().await?;
        let take = sql(
            "UPDATE resets SET used = $2 WHERE token = $1 AND used IS NULL AND expires > $2 \
             RETURNING person",
        );
        let missing = || StoreError::Missing {
            what: "an open link for a new password".to_owned(),
        };
        let id = one(&mut *together, take.text(token_hash).time(now), |row| {
            row.text("person")
        })
        .await?
        .ok_or_else(missing)?;
        let change = sql(
            "UPDATE people SET password = $1 WHERE id = $2 AND disabled = 0 \
             RETURNING id, login, name, email, lang, admin, disabled, created",
        );
        let change = change.text(password.as_str()).text(&id);
        let changed = one(&mut *together, change, person)
            .await?
            .ok_or_else(missing)?;
        for void in OTHER_WAYS_IN {
            run(&mut *together, sql(void).text(&id)).await?;
        }
        let end = sql("DELETE FROM sessions WHERE person = $1").text(&id);
        run(&mut *together, end).await?;
        together.commit().await?;
        Ok(changed)
    }

    /// Forgets links that expired before a moment, used or not, and returns how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn prune_resets(&self, before: Timestamp) -> Result<u64, StoreError> {
        let over = sql("DELETE FROM resets WHERE expires < $1").time(before);
        run(&self.pool, over).await
    }
}
