//! Who is responsible for which part of a goal: offered, then accepted or declined with a reason.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_commons::text::Text;
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! # let party = zwerm_store::parties::Party { id: "brug".into(), name: Text::same("De Brug"),
//! #     helix: None, public_key: None };
//! # store.put_party(&party).await?;
//! # let goal = zwerm_store::goals::Goal { id: "wonen".into(), title: Text::same("Wonen"), about: Text::default() };
//! # store.put_goal(&goal).await?;
//! use zwerm_store::responsibilities::Status;
//!
//! let what = Text::new("Aanmelden aan de balie", "Signing up at the desk");
//! let offer = store.offer_responsibility("wonen", "brug", &what, now).await?;
//! store.accept_responsibility(&offer.id, now).await?;
//! let part = store.responsibility(&offer.id).await?.ok_or("none")?;
//! assert_eq!(part.status, Status::Accepted);
//! assert!(store.accept_responsibility(&offer.id, now).await.is_err());
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;
use zwerm_commons::text::Text;

use crate::database::{all, one, run};
use crate::error::{Named as _, StoreError, must};
use crate::id::fresh_id;
use crate::open::Store;
use crate::row::{Binds as _, Row, sql};
use crate::words::words;

words! {
    in "responsibilities";
    /// How it stands.
    pub enum Status {
        /// The party was asked.
        Offered = "offered",
        /// The party does it.
        Accepted = "accepted",
        /// The party does not do it, or no more.
        Declined = "declined",
    }
}

/// A part of a goal, and the party that does it or was asked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responsibility {
    /// Made by the registry.
    pub id: String,
    /// The goal.
    pub goal: String,
    /// The party.
    pub party: String,
    /// Which part.
    pub what: Text,
    /// How it stands.
    pub status: Status,
    /// Why it was declined.
    pub reason: Option<String>,
    /// Since when it stands so.
    pub at: Timestamp,
}

impl Store {
    /// Asks a party to do a part of a goal.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such goal or party.
    pub async fn offer_responsibility(
        &self,
        goal: &str,
        party: &str,
        what: &Text,
        now: Timestamp,
    ) -> Result<Responsibility, StoreError> {
        let offer = Responsibility {
            id: fresh_id()?,
            goal: goal.to_owned(),
            party: party.to_owned(),
            what: what.clone(),
            status: Status::Offered,
            reason: None,
            at: now,
        };
        let add = sql(
            "INSERT INTO responsibilities (id, goal, party, what_nl, what_en, status, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        );
        let add = add.text(&offer.id).text(goal).text(party).pair(what);
        run(&self.pool, add.text(offer.status.as_str()).time(now))
            .await
            .missing(|| format!("the goal `{goal}` or the party `{party}`"))?;
        Ok(offer)
    }

    /// Accepts what was offered.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it was not offered, or was answered already.
    pub async fn accept_responsibility(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let accept = sql("UPDATE responsibilities SET status = 'accepted', at = $1 \
             WHERE id = $2 AND status = 'offered'");
        let changed = run(&self.pool, accept.time(now).text(id)).await?;
        must(changed, || "an open offer".to_owned())
    }

    /// Declines what was offered, or gives back what was accepted.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it was declined already, or there is none.
    pub async fn decline_responsibility(
        &self,
        id: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let decline = sql(
            "UPDATE responsibilities SET status = 'declined', reason = $1, at = $2 \
             WHERE id = $3 AND status <> 'declined'",
        );
        let changed = run(&self.pool, decline.text(reason).time(now).text(id)).await?;
        must(changed, || "an offer that can be declined".to_owned())
    }

    /// One offer, with how it stands.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn responsibility(&self, id: &str) -> Result<Option<Responsibility>, StoreError> {
        let found = sql(
            "SELECT id, goal, party, what_nl, what_en, status, reason, at FROM responsibilities \
             WHERE id = $1",
        );
        one(&self.pool, found.text(id), responsibility).await
    }

    /// Who does what for a goal, in the order of the last change.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn responsibilities_of(&self, goal: &str) -> Result<Vec<Responsibility>, StoreError> {
        let found = sql(
            "SELECT id, goal, party, what_nl, what_en, status, reason, at FROM responsibilities \
             WHERE goal = $1 ORDER BY at, id",
        );
        all(&self.pool, found.text(goal), responsibility).await
    }
}

fn responsibility(row: &Row) -> Result<Responsibility, StoreError> {
    Ok(Responsibility {
        id: row.text("id")?,
        goal: row.text("goal")?,
        party: row.text("party")?,
        what: row.pair("what_nl", "what_en")?,
        status: row.word("status")?,
        reason: row.maybe_text("reason")?,
        at: row.time("at")?,
    })
}
