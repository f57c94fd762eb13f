//! Invitations: a link that lets one person make an account, with the roles that the inviter chose.
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
//! # let party = zwerm_store::parties::RegisteredParty { id: "brug".into(), name: Text::same("De Brug"),
//! #     helix: None, public_key: None };
//! # store.put_party(&party).await?;
//! use zwerm_store::StoreError;
//! use zwerm_store::invitations::NewInvitation;
//! use zwerm_store::roles::Role;
//!
//! let invitation = NewInvitation {
//!     party: Some("brug".into()),
//!     roles: vec![Role::Steward],
//!     admin: false,
//!     name: "Otto".into(),
//!     by: Some(samira.id),
//!     expires: "2026-03-08T09:00:00Z".parse()?,
//! };
//! store.add_invitation("hash of a secret", &invitation, now).await?;
//! let otto = NewPerson { login: "otto".into(), ..new };
//! let otto = store.accept_invitation("hash of a secret", &otto, now).await?;
//! assert_eq!(store.roles_of(&otto.id).await?.len(), 1);
//! let again = store.open_invitation("hash of a secret", now).await?;
//! assert_eq!(again, None);
//! # Ok(())
//! # }
//! ```

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::database::{all, one, run};
use crate::error::{NamesConstraint as _, StoreError, must};
use crate::id::fresh_id;
use crate::list::{ListPage, ListPlace, bind_before, one_more};
use crate::open::Store;
use crate::people::{self, NewPerson, Person};
use crate::roles::{self, Role};
use crate::row::{Binds as _, RegistryRow, damaged, sql};

/// A link with which somebody gets an account or a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Made by the registry; not the secret of the link.
    pub id: String,
    /// The party at which the person gets the roles.
    pub party: Option<String>,
    /// The roles that the person gets.
    pub roles: Vec<Role>,
    /// Whether the person will run the machine.
    pub admin: bool,
    /// The name of the person it is for, as the inviter wrote it.
    pub name: String,
    /// The id of the person who invited.
    pub by: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it stops working.
    pub expires: Timestamp,
    /// When it was used.
    pub used: Option<Timestamp>,
}

/// An invitation that is to be made.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The party at which the person gets the roles.
    pub party: Option<String>,
    /// The roles that the person gets.
    pub roles: Vec<Role>,
    /// Whether the person will run the machine.
    pub admin: bool,
    /// The name of the person it is for.
    pub name: String,
    /// The id of the person who invites.
    pub by: Option<String>,
    /// Until when it may be used.
    pub expires: Timestamp,
}

const SELECT_OPEN: &str = "SELECT id, party, roles, admin, name, invited_by, created, expires, used \
                           FROM invitations WHERE token = $1 AND used IS NULL AND expires > $2";
const SELECT_ONE: &str = "SELECT id, party, roles, admin, name, invited_by, created, expires, used \
                          FROM invitations WHERE id = $1";
const LISTED: &str = "SELECT id, party, roles, admin, name, invited_by, created, expires, used \
                      FROM invitations WHERE used IS NULL AND expires > $1 \
                      AND (created, id) < ($2, $3) \
                      ORDER BY created DESC, id DESC LIMIT $4";
const LISTED_OF: &str = "SELECT id, party, roles, admin, name, invited_by, created, expires, used \
                         FROM invitations WHERE used IS NULL AND expires > $1 \
                         AND (created, id) < ($2, $3) AND party = $4 \
                         ORDER BY created DESC, id DESC LIMIT $5";

impl Store {
    /// Makes an invitation, to be found by the hash of its link's secret.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such party, [`StoreError::Unfit`] for roles at no party.
    pub async fn add_invitation(
        &self,
        token_hash: &str,
        new: &NewInvitation,
        now: Timestamp,
    ) -> Result<Invitation, StoreError> {
        if new.party.is_none() && !new.roles.is_empty() {
            let what = "a role is a role at a party; name the party".to_owned();
            return Err(StoreError::Unfit { what });
        }
        let words: Vec<&str> = new.roles.iter().map(|role| role.as_str()).collect();
        let add = sql("INSERT INTO invitations \
             (id, token, party, roles, admin, name, invited_by, created, expires) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             RETURNING id, party, roles, admin, name, invited_by, created, expires, used");
        let add = add.text(&fresh_id()?).text(token_hash);
        let add = add.maybe_text(new.party.as_deref()).text(&words.join(","));
        let add = add.flag(new.admin).text(&new.name);
        let add = add
            .maybe_text(new.by.as_deref())
            .time(now)
            .time(new.expires);
        one(&self.pool, add, invitation)
            .await
            .taken(|| "this invitation".to_owned())
            .missing(|| "the party of the invitation, or who invites,".to_owned())?
            .ok_or_else(|| StoreError::Missing { what: gone() })
    }

    /// The invitation of this link, if it can still be used.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open_invitation(
        &self,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError> {
        let found = sql(SELECT_OPEN).text(token_hash).time(now);
        one(&self.pool, found, invitation).await
    }

    /// Makes the account and gives its roles, all or nothing, once. The invitation decides whether the person runs the
    /// machine, whatever `new` says.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the invitation was used, withdrawn or is too old; [`StoreError::Taken`] when
    /// somebody has that login: the invitation then stays open.
    pub async fn accept_invitation(
        &self,
        token_hash: &str,
        new: &NewPerson,
        now: Timestamp,
    ) -> Result<Person, StoreError> {
        let mut together = self.together().await?;
        let take = sql(
            "UPDATE invitations SET used = $2 WHERE token = $1 AND used IS NULL AND expires > $2 \
             RETURNING id, party, roles, admin, name, invited_by, created, expires, used",
        );
        let invited = one(&mut *together, take.text(token_hash).time(now), invitation)
            .await?
            .ok_or_else(|| StoreError::Missing { what: gone() })?;
        let person = people::insert(&mut *together, new, invited.admin, now).await?;
        if let Some(party) = &invited.party {
            for role in invited.roles {
                roles::insert(&mut *together, &person.id, party, role).await?;
            }
        }
        together.commit().await?;
        Ok(person)
    }

    /// Invitations that can still be used, all or those to these parties, the newest first: at most so many before a place.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open_invitations(
        &self,
        parties: Option<&[&str]>,
        now: Timestamp,
        before: Option<&ListPlace>,
        most: u32,
    ) -> Result<ListPage<Invitation>, StoreError> {
        let mut rows = Vec::new();
        let begun = |text| bind_before(sql(text).time(now), before);
        match parties {
            None => {
                let found = begun(LISTED).number(one_more(most));
                rows = all(&self.pool, found, invitation).await?;
            }
            Some(parties) => {
                for party in BTreeSet::from_iter(parties) {
                    let found = begun(LISTED_OF).text(party).number(one_more(most));
                    rows.extend(all(&self.pool, found, invitation).await?);
                }
                rows.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
            }
        }
        Ok(ListPage::of(rows, most, |one| ListPlace {
            at: one.created,
            id: one.id.clone(),
        }))
    }

    /// The parties to which somebody is invited in a role, by invitations that can still be used.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn parties_invited_to(
        &self,
        role: Role,
        now: Timestamp,
    ) -> Result<BTreeSet<String>, StoreError> {
        let found = sql(
            "SELECT DISTINCT party FROM invitations WHERE used IS NULL AND expires > $1 \
             AND party IS NOT NULL AND (',' || roles || ',') LIKE ('%,' || $2 || ',%')",
        );
        let found = found.time(now).text(role.as_str());
        let parties = all(&self.pool, found, |row| row.text("party")).await?;
        Ok(parties.into_iter().collect())
    }

    /// The invitation with this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn invitation(&self, id: &str) -> Result<Option<Invitation>, StoreError> {
        one(&self.pool, sql(SELECT_ONE).text(id), invitation).await
    }

    /// Withdraws the unused invitations that somebody made for a party, since they could be for themselves; returns
    /// how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn withdraw_invitations_by(
        &self,
        person: &str,
        party: &str,
    ) -> Result<u64, StoreError> {
        let take =
            sql("DELETE FROM invitations WHERE invited_by = $1 AND party = $2 AND used IS NULL");
        run(&self.pool, take.text(person).text(party)).await
    }

    /// Withdraws an invitation that was not used.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it was used, or does not exist.
    pub async fn withdraw_invitation(&self, id: &str) -> Result<(), StoreError> {
        let take = sql("DELETE FROM invitations WHERE id = $1 AND used IS NULL").text(id);
        must(run(&self.pool, take).await?, gone)
    }

    /// Forgets invitations that expired before a moment, used or not, because they name people; returns how many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn prune_invitations(&self, before: Timestamp) -> Result<u64, StoreError> {
        let over = sql("DELETE FROM invitations WHERE expires < $1").time(before);
        run(&self.pool, over).await
    }
}

fn gone() -> String {
    "an open invitation".to_owned()
}

fn invitation(row: &RegistryRow) -> Result<Invitation, StoreError> {
    let words = row.text("roles")?;
    let roles = words.split(',').filter(|word| !word.is_empty());
    Ok(Invitation {
        id: row.text("id")?,
        party: row.maybe_text("party")?,
        roles: roles
            .map(|word| word.parse().map_err(|_| damaged("roles", word)))
            .collect::<Result<_, _>>()?,
        admin: row.flag("admin")?,
        name: row.text("name")?,
        by: row.maybe_text("invited_by")?,
        created: row.time("created")?,
        expires: row.time("expires")?,
        used: row.maybe_time("used")?,
    })
}
