//! Sessions of people who signed in. A session is known by the hash of its secret, so a copy of the registry opens
//! none.
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
//! use zwerm_store::sessions::Session;
//!
//! let session = Session {
//!     id: "hash of a secret".into(),
//!     person: samira.id.clone(),
//!     csrf: "another secret".into(),
//!     created: now,
//!     seen: now,
//!     expires: "2026-03-01T17:00:00Z".parse()?,
//!     agent: "Firefox".into(),
//! };
//! store.add_session(&session).await?;
//! let found = store.session("hash of a secret", now).await?.ok_or("none")?;
//! assert_eq!((found.person, found.roles.len(), found.unread), (samira, 0, 0));
//! assert!(store.session("hash of a secret", session.expires).await?.is_none());
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;

use crate::database::{all, run};
use crate::error::{NamesConstraint as _, StoreError};
use crate::open::Store;
use crate::people::{Person, nobody, person};
use crate::roles::PersonRole;
use crate::row::{Binds as _, RegistryRow, sql};

/// A browser in which somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The hash of the session's secret.
    pub id: String,
    /// The id of the person whose session it is.
    pub person: String,
    /// The token that forms must send along.
    pub csrf: String,
    /// When they signed in.
    pub created: Timestamp,
    /// When it was last used, as far as that was recorded.
    pub seen: Timestamp,
    /// When the session ends.
    pub expires: Timestamp,
    /// The browser, as it calls itself.
    pub agent: String,
}

/// A session that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// The session that the cookie belongs to.
    pub session: Session,
    /// The person whose session it is.
    pub person: Person,
    /// The roles of that person.
    pub roles: Vec<PersonRole>,
    /// How many of their notices are unread.
    pub unread: u64,
}

impl Store {
    /// Adds a session.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody has that id, [`StoreError::Taken`] when there is such a session.
    pub async fn add_session(&self, session: &Session) -> Result<(), StoreError> {
        let add = sql(
            "INSERT INTO sessions (id, person, csrf, created, seen, expires, agent) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        let add = add.text(&session.id).text(&session.person);
        let add = add.text(&session.csrf).time(session.created);
        let add = add.time(session.seen).time(session.expires);
        run(&self.pool, add.text(&session.agent))
            .await
            .taken(|| "this session".to_owned())
            .missing(nobody)
            .map(drop)
    }

    /// The session with this hash, in one query; `None` when it is over or its person is kept out.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn session(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<OpenSession>, StoreError> {
        let found = sql(
            "SELECT s.id AS session, s.csrf AS csrf, s.created AS since, s.seen AS seen, \
             s.expires AS expires, s.agent AS agent, \
             p.id AS id, p.login AS login, p.name AS name, p.email AS email, p.lang AS lang, \
             p.admin AS admin, p.disabled AS disabled, p.created AS created, \
             m.party AS party, m.role AS role, \
             (SELECT COUNT(*) FROM notices n WHERE n.person = p.id AND n.read_at IS NULL) AS unread \
             FROM sessions s JOIN people p ON p.id = s.person \
             LEFT JOIN roles m ON m.person = p.id \
             WHERE s.id = $1 AND s.expires > $2 AND p.disabled = 0",
        );
        let rows = all(&self.pool, found.text(token_hash).time(now), |row| {
            let person = person(row)?;
            let role = role(row, &person.id)?;
            let found = OpenSession {
                session: session(row, "session", &person.id, "since")?,
                roles: role.into_iter().collect(),
                unread: row.count("unread")?,
                person,
            };
            Ok(found)
        })
        .await?;
        // a row for each role
        let found = rows.into_iter().reduce(|mut found, row| {
            found.roles.extend(row.roles);
            found
        });
        Ok(found.map(|mut found| {
            found.roles.sort();
            found
        }))
    }

    /// Ends a session; whether there was one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_session(&self, token_hash: &str) -> Result<bool, StoreError> {
        let end = sql("DELETE FROM sessions WHERE id = $1").text(token_hash);
        Ok(run(&self.pool, end).await? > 0)
    }

    /// Ends all sessions of a person but one, and returns how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn end_sessions_of(
        &self,
        person: &str,
        except: Option<&str>,
    ) -> Result<u64, StoreError> {
        let end = sql("DELETE FROM sessions WHERE person = $1 AND ($2 IS NULL OR id <> $2)");
        run(&self.pool, end.text(person).maybe_text(except)).await
    }

    /// A person's sessions, the last used first, including those that are over until they are pruned.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn sessions_of(&self, person: &str) -> Result<Vec<Session>, StoreError> {
        let found = sql(
            "SELECT id, csrf, created, seen, expires, agent FROM sessions \
             WHERE person = $1 ORDER BY seen DESC, id",
        );
        let read = |row: &RegistryRow| session(row, "id", person, "created");
        all(&self.pool, found.text(person), read).await
    }

    /// Forgets sessions that are over, and returns how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn prune_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        let over = sql("DELETE FROM sessions WHERE expires <= $1").time(now);
        run(&self.pool, over).await
    }
}

fn session(
    row: &RegistryRow,
    id: &str,
    person: &str,
    created: &str,
) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.text(id)?,
        person: person.to_owned(),
        csrf: row.text("csrf")?,
        created: row.time(created)?,
        seen: row.time("seen")?,
        expires: row.time("expires")?,
        agent: row.text("agent")?,
    })
}

/// The role of a joined row, if the person has any.
fn role(row: &RegistryRow, person: &str) -> Result<Option<PersonRole>, StoreError> {
    let Some(party) = row.maybe_text("party")? else {
        return Ok(None);
    };
    Ok(Some(PersonRole {
        person: person.to_owned(),
        party,
        role: row.word("role")?,
    }))
}
