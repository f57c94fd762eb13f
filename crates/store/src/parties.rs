//! Parties: who takes part, on which side of the table, and the key they sign with.

use zwerm_agreement::agreement::Helix;
use zwerm_agreement::text::Text;

use crate::database::{all, one, run};
use crate::error::{StoreError, must};
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
        let found =
            sql("SELECT id, name_nl, name_en, helix, public_key FROM parties WHERE id = $1");
        one(&self.pool, found.text(id), party).await
    }

    /// All parties, by id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn parties(&self) -> Result<Vec<RegisteredParty>, StoreError> {
        let found = sql("SELECT id, name_nl, name_en, helix, public_key FROM parties");
        let mut parties = all(&self.pool, found, party).await?;
        parties.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(parties)
    }
}

fn party(row: &RegistryRow) -> Result<RegisteredParty, StoreError> {
    Ok(RegisteredParty {
        id: row.text("id")?,
        name: row.pair("name_nl", "name_en")?,
        helix: row.maybe_word("helix")?,
        public_key: row.maybe_text("public_key")?,
    })
}
