//! Parties: who takes part, on which side of the table, and the key they sign with.

use zwerm_agreement::agreement::Helix;
use zwerm_agreement::text::Text;

use crate::database::{all, one, run};
use crate::error::{NamesConstraint as _, StoreError, must};
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, sql};

/// An organisation or group at the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredParty {
    /// The id by which agreements name the party.
    pub id: String,
    /// What people call the party.
    pub name: Text,
    /// Its side of the table; `None` for a supplier.
    pub helix: Option<Helix>,
    /// The key that its signatures are checked with.
    pub public_key: Option<String>,
}

/// A statement that reads parties.
macro_rules! parties {
    ($which:literal) => {
        concat!(
            "SELECT id, name_nl, name_en, helix, public_key FROM parties ",
            $which
        )
    };
}

impl Store {
    /// Adds a party, or changes its name and side. Its key is left as it is: [`Store::set_public_key`] changes that.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_party(&self, party: &RegisteredParty) -> Result<(), StoreError> {
        let put = sql(
            "INSERT INTO parties (id, name_nl, name_en, helix, public_key) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET \
             name_nl = excluded.name_nl, name_en = excluded.name_en, helix = excluded.helix, \
             public_key = COALESCE(parties.public_key, excluded.public_key)",
        );
        let put = put.text(&party.id).pair(&party.name);
        let put = put.maybe_text(party.helix.map(Helix::as_str));
        let put = put.maybe_text(party.public_key.as_deref());
        run(&self.pool, put).await.map(drop)
    }

    /// Adds a party that is not there yet.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when there is a party with this id.
    pub async fn add_party(&self, party: &RegisteredParty) -> Result<(), StoreError> {
        let add = sql(
            "INSERT INTO parties (id, name_nl, name_en, helix, public_key) \
                       VALUES ($1, $2, $3, $4, $5)",
        );
        let add = add.text(&party.id).pair(&party.name);
        let add = add.maybe_text(party.helix.map(Helix::as_str));
        run(&self.pool, add.maybe_text(party.public_key.as_deref()))
            .await
            .taken(|| format!("the party `{}`", party.id))
            .map(drop)
    }

    /// Changes what a party is called, and its side of the table.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such party.
    pub async fn set_party_words(
        &self,
        party: &str,
        name: &Text,
        helix: Option<Helix>,
    ) -> Result<(), StoreError> {
        let change = sql("UPDATE parties SET name_nl = $1, name_en = $2, helix = $3 WHERE id = $4");
        let change = change.pair(name).maybe_text(helix.map(Helix::as_str));
        let changed = run(&self.pool, change.text(party)).await?;
        must(changed, || format!("the party `{party}`"))
    }

    /// Removes a party that nothing refers to: nobody has or had a role there or was invited, and no goal, project or
    /// question names it. Returns whether it is removed.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such party.
    pub async fn remove_party(&self, party: &str) -> Result<bool, StoreError> {
        let away = sql("DELETE FROM parties WHERE id = $1").text(party);
        match run(&self.pool, away).await {
            Ok(removed) => must(removed, || format!("the party `{party}`")).map(|()| true),
            // the database says so of a row that others refer to
            Err(StoreError::Missing { .. }) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Parties by id: at most so many after one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn parties_after(
        &self,
        id: &str,
        most: u32,
    ) -> Result<Vec<RegisteredParty>, StoreError> {
        let found = sql(parties!("WHERE id > $1 ORDER BY id LIMIT $2"));
        all(&self.pool, found.text(id).number(most), party).await
    }

    /// Parties without a key that a decider can make, by id: at most so many after one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn parties_without_key(
        &self,
        id: &str,
        most: u32,
    ) -> Result<Vec<RegisteredParty>, StoreError> {
        let found = sql(parties!(
            "WHERE public_key IS NULL AND helix IS NOT NULL AND id > $1 ORDER BY id LIMIT $2"
        ));
        all(&self.pool, found.text(id).number(most), party).await
    }

    /// The sides of the table at which a party is registered.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn sides_with_party(&self) -> Result<Vec<Helix>, StoreError> {
        let found = sql("SELECT DISTINCT helix FROM parties WHERE helix IS NOT NULL");
        all(&self.pool, found, |row| row.word("helix")).await
    }

    /// Parties at the table for which nobody decides who may sign in, by id: so many at most.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn parties_without_decider(
        &self,
        most: u32,
    ) -> Result<Vec<RegisteredParty>, StoreError> {
        let found = sql(parties!(
            "p WHERE helix IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM roles r JOIN people o ON o.id = r.person \
             WHERE r.party = p.id AND r.role = 'decider' AND o.disabled = 0) ORDER BY id LIMIT $1"
        ));
        all(&self.pool, found.number(most), party).await
    }

    /// Gives a party another key, or none.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such party.
    pub async fn set_public_key(&self, party: &str, key: Option<&str>) -> Result<(), StoreError> {
        let change = sql("UPDATE parties SET public_key = $1 WHERE id = $2").maybe_text(key);
        let changed = run(&self.pool, change.text(party)).await?;
        must(changed, || format!("the party `{party}`"))
    }

    /// The party with this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn party(&self, id: &str) -> Result<Option<RegisteredParty>, StoreError> {
        let found = sql(parties!("WHERE id = $1"));
        one(&self.pool, found.text(id), party).await
    }

    /// All parties, by id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn parties(&self) -> Result<Vec<RegisteredParty>, StoreError> {
        let found = sql(parties!(""));
        let mut parties = all(&self.pool, found, party).await?;
        parties.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(parties)
    }
}

pub(crate) fn party(row: &RegistryRow) -> Result<RegisteredParty, StoreError> {
    Ok(RegisteredParty {
        id: row.text("id")?,
        name: row.pair("name_nl", "name_en")?,
        helix: row.maybe_word("helix")?,
        public_key: row.maybe_text("public_key")?,
    })
}
