//! Proposals that wait for the key of a party: whose they are, so that they hear when it is there.

use jiff::Timestamp;

use crate::database::{all, count, run};
use crate::error::{NamesConstraint as _, StoreError};
use crate::open::Store;
use crate::row::{Binds as _, sql};

/// A proposal that waited for a key that is there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyArrival {
    /// The id of the person whose proposal it is.
    pub person: String,
    /// Which proposal, as a notice says what it is about.
    pub about: String,
    /// For how many other keys it still waits.
    pub still: u64,
}

impl Store {
    /// Notes that somebody's proposal waits for the key of a party, and returns whether that is new.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such party or person.
    pub async fn await_key(
        &self,
        party: &str,
        person: &str,
        about: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let add = sql(
            "INSERT INTO awaited_keys (party, person, about, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT DO NOTHING",
        );
        let add = add.text(party).text(person).text(about).time(now);
        let added = run(&self.pool, add).await;
        Ok(added.missing(|| format!("this person or the party `{party}`"))? > 0)
    }

    /// The key of a party is there: nobody waits for it any more. Returns whose proposals did.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn key_arrived(&self, party: &str) -> Result<Vec<KeyArrival>, StoreError> {
        let mut together = self.together().await?;
        let waited = sql("DELETE FROM awaited_keys WHERE party = $1 RETURNING person, about");
        let waited = all(&mut *together, waited.text(party), |row| {
            Ok((row.text("person")?, row.text("about")?))
        });
        let mut arrived = Vec::new();
        for (person, about) in waited.await? {
            let others =
                sql("SELECT COUNT(*) AS n FROM awaited_keys WHERE person = $1 AND about = $2");
            let others = others.text(&person).text(&about);
            let still = count(&mut *together, others).await?;
            arrived.push(KeyArrival {
                person,
                about,
                still,
            });
        }
        together.commit().await?;
        Ok(arrived)
    }

    /// A proposal waits for nothing any more, since it was made or changed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn await_no_key(&self, person: &str, about: &str) -> Result<(), StoreError> {
        let away = sql("DELETE FROM awaited_keys WHERE person = $1 AND about = $2");
        run(&self.pool, away.text(person).text(about))
            .await
            .map(drop)
    }

    /// Forgets what waits since before a moment, and returns how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn prune_awaited_keys(&self, before: Timestamp) -> Result<u64, StoreError> {
        let old = sql("DELETE FROM awaited_keys WHERE at < $1").time(before);
        run(&self.pool, old).await
    }
}
