//! Notices: things that happened that somebody wants to know about or must act on.
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
//! use zwerm_store::notices::NewNotice;
//!
//! let notice = NewNotice {
//!     kind: "objection".into(),
//!     text: Text::new("De Brug maakt bezwaar", "De Brug objects"),
//!     link: Some("/projecten/wachttijd".into()),
//! };
//! store.notify(&[&samira.id], &notice, now).await?;
//! assert_eq!(store.notices_of(&samira.id, None, 9).await?.rows.len(), 1);
//! assert_eq!(store.mark_all_read(&samira.id, now).await?, 1);
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;
use zwerm_agreement::text::Text;

use crate::database::{all, run};
use crate::error::{NamesConstraint as _, StoreError};
use crate::id::fresh_id;
use crate::list::{ListPage, ListPlace, bind_before, one_more};
use crate::open::Store;
use crate::people::nobody;
use crate::row::{Binds as _, RegistryRow, sql};

/// A message to one person about what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Made by the registry.
    pub id: String,
    /// The id of the person it is for.
    pub person: String,
    /// The kind of notice.
    pub kind: String,
    /// What happened, in both languages.
    pub text: Text,
    /// Where to read more.
    pub link: Option<String>,
    /// When it was sent.
    pub at: Timestamp,
    /// When it was read.
    pub read: Option<Timestamp>,
}

/// A notice to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotice {
    /// The kind of notice.
    pub kind: String,
    /// What happened, in both languages.
    pub text: Text,
    /// Where to read more.
    pub link: Option<String>,
}

impl Store {
    /// Sends the same notice to several people, to all of them or none.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody has one of the ids.
    pub async fn notify(
        &self,
        people: &[&str],
        new: &NewNotice,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.send(people, new, now, false).await
    }

    /// Sends the same notice to several people; who has not read one of this kind about the same yet gets no other.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody has one of the ids.
    pub async fn notify_once(
        &self,
        people: &[&str],
        new: &NewNotice,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.send(people, new, now, true).await
    }

    async fn send(
        &self,
        people: &[&str],
        new: &NewNotice,
        now: Timestamp,
        once: bool,
    ) -> Result<(), StoreError> {
        let link = new.link.as_deref();
        let mut together = self.together().await?;
        for person in people {
            let add = sql(match once {
                false => {
                    "INSERT INTO notices (id, person, kind, text_nl, text_en, link, at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7)"
                }
                true => {
                    "INSERT INTO notices (id, person, kind, text_nl, text_en, link, at) \
                     SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT 1 FROM notices \
                     WHERE person = $8 AND kind = $9 AND link = $10 AND read_at IS NULL)"
                }
            });
            let add = add.text(&fresh_id()?).text(person).text(&new.kind);
            let mut add = add.pair(&new.text).maybe_text(link).time(now);
            if once {
                add = add.text(person).text(&new.kind);
                add = add.text(link.unwrap_or_default());
            }
            run(&mut *together, add).await.missing(nobody)?;
        }
        Ok(together.commit().await?)
    }

    /// A person's notices, the latest first: at most so many before a place.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn notices_of(
        &self,
        person: &str,
        before: Option<&ListPlace>,
        most: u32,
    ) -> Result<ListPage<Notice>, StoreError> {
        let found = sql(
            "SELECT id, person, kind, text_nl, text_en, link, at, read_at FROM notices \
             WHERE person = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4",
        );
        let found = bind_before(found.text(person), before).number(one_more(most));
        let rows = all(&self.pool, found, notice).await?;
        Ok(ListPage::of(rows, most, |one| ListPlace {
            at: one.at,
            id: one.id.clone(),
        }))
    }

    /// Forgets notices from before a moment, and returns how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn prune_notices(&self, before: Timestamp) -> Result<u64, StoreError> {
        let old = sql("DELETE FROM notices WHERE at < $1").time(before);
        run(&self.pool, old).await
    }

    /// Marks all of a person's notices as read; how many were not.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn mark_all_read(&self, person: &str, now: Timestamp) -> Result<u64, StoreError> {
        let mark = sql("UPDATE notices SET read_at = $1 WHERE person = $2 AND read_at IS NULL");
        run(&self.pool, mark.time(now).text(person)).await
    }
}

fn notice(row: &RegistryRow) -> Result<Notice, StoreError> {
    Ok(Notice {
        id: row.text("id")?,
        person: row.text("person")?,
        kind: row.text("kind")?,
        text: row.pair("text_nl", "text_en")?,
        link: row.maybe_text("link")?,
        at: row.time("at")?,
        read: row.maybe_time("read_at")?,
    })
}
