//! Roles: what each person does for which party.
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
//! use zwerm_store::roles::Role;
//!
//! store.grant(&samira.id, "brug", Role::Decider).await?;
//! assert_eq!(store.people_with("brug", Role::Decider).await?, [samira]);
//! # Ok(())
//! # }
//! ```

use sqlx::Executor;
use sqlx::any::Any;

use crate::database::{all, count, run};
use crate::error::{NamesConstraint as _, StoreError};
use crate::open::Store;
use crate::people::{Person, person};
use crate::row::{Binds as _, BoundSql, RegistryRow, sql};

pub use zwerm_agreement::role::Role;

/// One role of one person at one party.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonRole {
    /// The person's id.
    pub person: String,
    /// The id of the party.
    pub party: String,
    /// What the person does for the party.
    pub role: Role,
}

impl Store {
    /// Gives somebody a role; giving the same role twice changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such person or party.
    pub async fn grant(&self, person: &str, party: &str, role: Role) -> Result<(), StoreError> {
        insert(&self.pool, person, party, role).await
    }

    /// Takes a role away, and returns whether the person had it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn revoke(&self, person: &str, party: &str, role: Role) -> Result<bool, StoreError> {
        Ok(run(&self.pool, taking(person, party, role)).await? > 0)
    }

    /// Takes a role away from a person when somebody else who may sign in has it too; returns whether the person had
    /// it.
    ///
    /// # Errors
    /// [`StoreError::Last`] when nobody else at the party has it.
    pub async fn revoke_but_last(
        &self,
        person: &str,
        party: &str,
        role: Role,
    ) -> Result<bool, StoreError> {
        let mut together = self.together().await?;
        // two people who end each other's role wait for each other here, and the second finds nobody else
        let hold = sql("UPDATE roles SET role = role WHERE party = $1 AND role = $2");
        run(&mut *together, hold.text(party).text(role.as_str())).await?;
        let others = sql(
            "SELECT COUNT(*) AS n FROM roles m JOIN people p ON p.id = m.person \
             WHERE m.party = $1 AND m.role = $2 AND m.person <> $3 AND p.disabled = 0",
        );
        let others = others.text(party).text(role.as_str()).text(person);
        let others = count(&mut *together, others).await?;
        let taken = run(&mut *together, taking(person, party, role)).await? > 0;
        if taken && others == 0 {
            // not committed, so the role stays
            let what = format!("this {role} of the party `{party}`");
            return Err(StoreError::Last { what });
        }
        together.commit().await?;
        Ok(taken)
    }

    /// A person's roles, by party and role.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn roles_of(&self, person: &str) -> Result<Vec<PersonRole>, StoreError> {
        let found = sql("SELECT person, party, role FROM roles WHERE person = $1");
        let mut roles = all(&self.pool, found.text(person), role).await?;
        roles.sort();
        Ok(roles)
    }

    /// The people of a party with their roles, by name and role, including people who are kept out.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn members_of(&self, party: &str) -> Result<Vec<(Person, Role)>, StoreError> {
        let found = sql(
            "SELECT p.id AS id, p.login AS login, p.name AS name, p.email AS email, p.lang AS lang, \
             p.admin AS admin, p.disabled AS disabled, p.created AS created, m.role AS role \
             FROM roles m JOIN people p ON p.id = m.person WHERE m.party = $1",
        );
        let read = |row: &RegistryRow| Ok((person(row)?, row.word("role")?));
        let mut members: Vec<(Person, Role)> = all(&self.pool, found.text(party), read).await?;
        members.sort_by(|(a, one), (b, other)| (&a.name, &a.id, one).cmp(&(&b.name, &b.id, other)));
        Ok(members)
    }

    /// The people who have this role at a party and may sign in.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn people_with(&self, party: &str, role: Role) -> Result<Vec<Person>, StoreError> {
        let members = self.members_of(party).await?;
        Ok(members
            .into_iter()
            .filter(|(person, has)| *has == role && !person.disabled)
            .map(|(person, _)| person)
            .collect())
    }
}

/// Gives somebody a role, on the pool or within a transaction.
pub(crate) async fn insert<'e>(
    on: impl Executor<'e, Database = Any>,
    person: &str,
    party: &str,
    role: Role,
) -> Result<(), StoreError> {
    let give = sql(
        "INSERT INTO roles (person, party, role) VALUES ($1, $2, $3) \
                    ON CONFLICT DO NOTHING",
    );
    run(on, give.text(person).text(party).text(role.as_str()))
        .await
        .missing(|| format!("this person or the party `{party}`"))
        .map(drop)
}

fn taking(person: &str, party: &str, role: Role) -> BoundSql {
    let take = sql("DELETE FROM roles WHERE person = $1 AND party = $2 AND role = $3");
    take.text(person).text(party).text(role.as_str())
}

fn role(row: &RegistryRow) -> Result<PersonRole, StoreError> {
    Ok(PersonRole {
        person: row.text("person")?,
        party: row.text("party")?,
        role: row.word("role")?,
    })
}
