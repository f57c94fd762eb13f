//! People who may sign in. The hash of a password is kept apart from everything that is shown.

use std::fmt;

use jiff::Timestamp;
use sqlx::Executor;
use sqlx::any::Any;
use zwerm_agreement::text::Lang;

use crate::database::{RegistryTransaction, all, count, one, run};
use crate::error::{NamesConstraint as _, StoreError, must};
use crate::id::fresh_id;
use crate::open::Store;
use crate::row::{Binds as _, BoundSql, RegistryRow, sql};

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Made by the registry.
    pub id: String,
    /// The name to sign in with: small letters, no space around it.
    pub login: String,
    /// The name that others see.
    pub name: String,
    /// The address to write to, if they gave one.
    pub email: Option<String>,
    /// The language of pages and notices.
    pub lang: Lang,
    /// Whether they run the machine, which gives no rights to data or consent.
    pub admin: bool,
    /// Whether they are kept from signing in.
    pub disabled: bool,
    /// When the account was made.
    pub created: Timestamp,
}

/// The hash of a password as a PHC string, made by the caller. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a PHC string.
    ///
    /// ```
    /// use zwerm_store::people::PasswordHash;
    /// let hash = PasswordHash::new("$argon2id$v=19$…");
    /// assert_eq!(hash.as_str(), "$argon2id$v=19$…");
    /// assert!(!format!("{hash:?}").contains("argon2id"));
    /// ```
    pub fn new(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }

    /// The PHC string that a password is checked against.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The name to sign in with, in any capitals.
    pub login: String,
    /// The name that others will see.
    pub name: String,
    /// The address to write to.
    pub email: Option<String>,
    /// The language of pages and notices.
    pub lang: Lang,
    /// Whether they will run the machine.
    pub admin: bool,
    /// What the password is checked against.
    pub password: PasswordHash,
}

/// Reads a person by id, with the hash of their password.
const SELECT_BY_ID: &str = "SELECT id, login, name, email, lang, admin, disabled, created, password \
                            FROM people WHERE id = $1";
const SELECT_BY_LOGIN: &str = "SELECT id, login, name, email, lang, admin, disabled, created, password \
                               FROM people WHERE login = $1";
const SELECT_ALL: &str =
    "SELECT id, login, name, email, lang, admin, disabled, created FROM people";

const SELECT_AFTER: &str = "SELECT id, login, name, email, lang, admin, disabled, created FROM people \
                            WHERE login > $1 ORDER BY login LIMIT $2";

/// What lets somebody in beside the password: none of it outlives a new password or being shut out.
pub(crate) const OTHER_WAYS_IN: [&str; 2] = [
    "DELETE FROM recovery_codes WHERE person = $1",
    "DELETE FROM resets WHERE person = $1 AND used IS NULL",
];

/// An invitation in the hands of whoever made it would let them in again.
const VOID_INVITATIONS: &str = "DELETE FROM invitations WHERE invited_by = $1 AND used IS NULL";

impl Store {
    /// Adds a person.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use zwerm_agreement::text::Lang;
    /// use zwerm_store::people::{NewPerson, PasswordHash};
    /// use zwerm_store::{Store, StoreError};
    ///
    /// let store = Store::in_memory().await?;
    /// let new = NewPerson {
    ///     login: " Samira ".into(),
    ///     name: "Samira de Wit".into(),
    ///     email: None,
    ///     lang: Lang::Nl,
    ///     admin: false,
    ///     password: PasswordHash::new("$argon2id$…"),
    /// };
    /// let now = "2026-03-01T09:00:00Z".parse()?;
    /// let samira = store.add_person(&new, now).await?;
    /// assert_eq!(samira.login, "samira");
    /// assert_eq!(store.person_by_login("SAMIRA").await?, Some(samira));
    /// assert!(matches!(store.add_person(&new, now).await, Err(StoreError::Taken { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Taken`] when somebody has that login, [`StoreError::Unfit`] when it is empty.
    pub async fn add_person(&self, new: &NewPerson, now: Timestamp) -> Result<Person, StoreError> {
        insert(&self.pool, new, new.admin, now).await
    }

    /// The person with this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn person(&self, id: &str) -> Result<Option<Person>, StoreError> {
        one(&self.pool, sql(SELECT_BY_ID).text(id), person).await
    }

    /// The person who signs in with this name, in any capitals.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn person_by_login(&self, login: &str) -> Result<Option<Person>, StoreError> {
        let found = sql(SELECT_BY_LOGIN).text(&folded(login));
        one(&self.pool, found, person).await
    }

    /// All people, by the name they sign in with.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let mut people = all(&self.pool, sql(SELECT_ALL), person).await?;
        people.sort_by(|a, b| a.login.cmp(&b.login));
        Ok(people)
    }

    /// People by the name they sign in with: at most so many after a name.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn people_after(&self, login: &str, most: u32) -> Result<Vec<Person>, StoreError> {
        let found = sql(SELECT_AFTER).text(login).number(most);
        all(&self.pool, found, person).await
    }

    /// The person who signs in with this name, with what their password is checked against.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn credentials(
        &self,
        login: &str,
    ) -> Result<Option<(Person, PasswordHash)>, StoreError> {
        let found = sql(SELECT_BY_LOGIN).text(&folded(login));
        let read = |row: &RegistryRow| Ok((person(row)?, PasswordHash(row.text("password")?)));
        one(&self.pool, found, read).await
    }

    /// Changes a password; recovery codes and open links of before are void. Sessions continue; see
    /// [`Store::end_sessions_of`].
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody has that id.
    pub async fn set_password(&self, id: &str, password: &PasswordHash) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        let change = sql("UPDATE people SET password = $1 WHERE id = $2").text(&password.0);
        must(run(&mut *together, change.text(id)).await?, nobody)?;
        for void in OTHER_WAYS_IN {
            run(&mut *together, sql(void).text(id)).await?;
        }
        Ok(together.commit().await?)
    }

    /// Changes the name that others see.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody has that id.
    pub async fn set_name(&self, id: &str, name: &str) -> Result<(), StoreError> {
        let change = sql("UPDATE people SET name = $1 WHERE id = $2").text(name);
        self.change_person(change, id).await
    }

    /// Keeps somebody out, or lets them in again. Who is kept out has no session from that moment, no link for a new
    /// password, and no invitation that they made is open: it could be for themselves.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody has that id, [`StoreError::Last`] when nobody else could run the machine.
    pub async fn set_disabled(&self, id: &str, disabled: bool) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        if disabled {
            must_not_be_last(&mut together, id).await?;
        }
        let change = sql("UPDATE people SET disabled = $1 WHERE id = $2").flag(disabled);
        let changed = run(&mut *together, change.text(id)).await?;
        must(changed, nobody)?;
        if disabled {
            let ends = ["DELETE FROM sessions WHERE person = $1", VOID_INVITATIONS];
            for end in ends.into_iter().chain(OTHER_WAYS_IN) {
                run(&mut *together, sql(end).text(id)).await?;
            }
        }
        Ok(together.commit().await?)
    }

    /// Has somebody run the machine, or run it no longer: then no invitation that they made is open, since it could be for
    /// themselves.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody has that id, [`StoreError::Last`] when nobody else could run the machine.
    pub async fn set_admin(&self, id: &str, admin: bool) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        if !admin {
            must_not_be_last(&mut together, id).await?;
        }
        let change = sql("UPDATE people SET admin = $1 WHERE id = $2").flag(admin);
        must(run(&mut *together, change.text(id)).await?, nobody)?;
        if !admin {
            let void = sql(VOID_INVITATIONS).text(id);
            run(&mut *together, void).await?;
        }
        Ok(together.commit().await?)
    }

    /// Removes a person with everything that is only theirs. Their questions are kept, as nobody's.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody has that id.
    pub async fn remove_person(&self, id: &str) -> Result<(), StoreError> {
        self.change_person(sql("DELETE FROM people WHERE id = $1"), id)
            .await
    }

    async fn change_person(&self, change: BoundSql, id: &str) -> Result<(), StoreError> {
        must(run(&self.pool, change.text(id)).await?, nobody)
    }
}

/// Refuses to go on when this is the last one who can run the machine.
async fn must_not_be_last(together: &mut RegistryTransaction, id: &str) -> Result<(), StoreError> {
    // two people who do this to each other wait for each other here, and the second finds nobody else
    let hold = sql("UPDATE people SET admin = admin WHERE admin = 1");
    run(&mut **together, hold).await?;
    let found = sql(
        "SELECT COUNT(*) AS n FROM people WHERE id = $1 AND admin = 1 \
         AND NOT EXISTS (SELECT 1 FROM people WHERE admin = 1 AND disabled = 0 AND id <> $1)",
    );
    if count(&mut **together, found.text(id)).await? > 0 {
        let what = "this administrator".to_owned();
        return Err(StoreError::Last { what });
    }
    Ok(())
}

/// Adds a person, on the pool or within a transaction.
pub(crate) async fn insert<'e>(
    on: impl Executor<'e, Database = Any>,
    new: &NewPerson,
    admin: bool,
    now: Timestamp,
) -> Result<Person, StoreError> {
    let login = folded(&new.login);
    if login.is_empty() {
        let what = "a person needs a name to sign in with; give one".to_owned();
        return Err(StoreError::Unfit { what });
    }
    let id = fresh_id()?;
    let add = sql(
        "INSERT INTO people (id, login, name, email, lang, admin, disabled, created, password) \
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8) \
         RETURNING id, login, name, email, lang, admin, disabled, created",
    );
    let add = add.text(&id).text(&login).text(&new.name);
    let add = add.maybe_text(new.email.as_deref());
    let add = add.text(new.lang.as_str()).flag(admin).time(now);
    one(on, add.text(&new.password.0), person)
        .await
        .taken(|| format!("the name `{login}` to sign in with"))?
        .ok_or_else(|| StoreError::Missing { what: nobody() })
}

/// A name to sign in with, in the form in which it is kept and compared.
fn folded(login: &str) -> String {
    login.trim().to_lowercase()
}

pub(crate) fn nobody() -> String {
    "this person".to_owned()
}

/// Reads a person from the columns of a row.
pub(crate) fn person(row: &RegistryRow) -> Result<Person, StoreError> {
    Ok(Person {
        id: row.text("id")?,
        login: row.text("login")?,
        name: row.text("name")?,
        email: row.maybe_text("email")?,
        lang: row.word("lang")?,
        admin: row.flag("admin")?,
        disabled: row.flag("disabled")?,
        created: row.time("created")?,
    })
}
