//! Forms that somebody has not finished. Nobody else sees them.
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
//! store.put_draft(&samira.id, "project", "{\"title\":\"W\"}", now).await?;
//! store.put_draft(&samira.id, "project", "{\"title\":\"Wonen\"}", now).await?;
//! let draft = store.draft(&samira.id, "project").await?.ok_or("none")?;
//! assert_eq!(draft.json, "{\"title\":\"Wonen\"}");
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;

use crate::database::{all, one, run};
use crate::error::{NamesConstraint as _, StoreError};
use crate::open::Store;
use crate::people::nobody;
use crate::row::{Binds as _, RegistryRow, sql};

/// How many drafts of one person are kept.
const MOST: u32 = 50;

/// A form as far as somebody filled it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The id of the person whose draft it is.
    pub person: String,
    /// The path of the form, which also says what it is about.
    pub form: String,
    /// What was filled in.
    pub json: String,
    /// When it was last kept.
    pub at: Timestamp,
}

impl Store {
    /// Keeps a draft, in the place of an earlier one of the same form. Of a person's drafts the latest 50 are kept.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody has that id.
    pub async fn put_draft(
        &self,
        person: &str,
        form: &str,
        json: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let put = sql(
            "INSERT INTO drafts (person, form, json, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (person, form) DO UPDATE SET json = excluded.json, at = excluded.at",
        );
        let put = put.text(person).text(form).text(json).time(now);
        let mut together = self.together().await?;
        run(&mut *together, put).await.missing(nobody)?;
        let old = sql("DELETE FROM drafts WHERE person = $1 AND form NOT IN \
             (SELECT form FROM drafts WHERE person = $1 ORDER BY at DESC, form LIMIT $2)");
        run(&mut *together, old.text(person).number(MOST)).await?;
        Ok(together.commit().await?)
    }

    /// A person's draft of a form.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn draft(&self, person: &str, form: &str) -> Result<Option<Draft>, StoreError> {
        let found =
            sql("SELECT person, form, json, at FROM drafts WHERE person = $1 AND form = $2");
        one(&self.pool, found.text(person).text(form), draft).await
    }

    /// A person's drafts, the latest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn drafts_of(&self, person: &str) -> Result<Vec<Draft>, StoreError> {
        let found = sql(
            "SELECT person, form, json, at FROM drafts WHERE person = $1 \
                         ORDER BY at DESC, form",
        );
        all(&self.pool, found.text(person), draft).await
    }

    /// Deletes a draft, and returns whether there was one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn drop_draft(&self, person: &str, form: &str) -> Result<bool, StoreError> {
        let away = sql("DELETE FROM drafts WHERE person = $1 AND form = $2");
        Ok(run(&self.pool, away.text(person).text(form)).await? > 0)
    }

    /// Forgets drafts that were last kept before a moment, and returns how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn prune_drafts(&self, before: Timestamp) -> Result<u64, StoreError> {
        let old = sql("DELETE FROM drafts WHERE at < $1").time(before);
        run(&self.pool, old).await
    }

    /// Deletes everybody's drafts of a form, when what the form was about no longer exists; returns how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn drop_drafts_of(&self, form: &str) -> Result<u64, StoreError> {
        let away = sql("DELETE FROM drafts WHERE form = $1");
        run(&self.pool, away.text(form)).await
    }
}

fn draft(row: &RegistryRow) -> Result<Draft, StoreError> {
    Ok(Draft {
        person: row.text("person")?,
        form: row.text("form")?,
        json: row.text("json")?,
        at: row.time("at")?,
    })
}
