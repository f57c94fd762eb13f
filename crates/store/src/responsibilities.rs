//! Who is responsible for which part of a goal: offered, then accepted or declined with a reason; and handed over to
//! another party, of which the same holds. Until the other accepts, the first stays responsible.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_agreement::text::Text;
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
//! let offer = store.offer_responsibility("wonen", "brug", "brug", &what, now).await?;
//! store.accept_responsibility(&offer.id, now).await?;
//! let part = store.responsibility(&offer.id).await?.ok_or("none")?;
//! assert_eq!(part.status, Status::Accepted);
//! assert!(store.accept_responsibility(&offer.id, now).await.is_err());
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;
use sqlx::Executor;
use sqlx::any::Any;
use zwerm_agreement::text::Text;
use zwerm_agreement::words;

use crate::database::{all, one, run};
use crate::error::{Named as _, StoreError, must};
use crate::id::fresh_id;
use crate::open::Store;
use crate::row::{Binds as _, Row, sql};

words! {
    in "zwerm_store::responsibilities";
    /// What became of the offer of a part of a goal.
    pub enum Status {
        /// The party was asked.
        Offered = "offered",
        /// The party does it.
        Accepted = "accepted",
        /// The party does not do it, or no longer.
        Declined = "declined",
        /// Whoever offered it took the offer back.
        Withdrawn = "withdrawn",
        /// Another party accepted it instead.
        HandedOver = "handed-over",
    }
}

/// A part of a goal, and the party that does it or was asked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responsibility {
    /// Made by the registry.
    pub id: String,
    /// The id of the goal.
    pub goal: String,
    /// The id of the party that is to do it.
    pub party: String,
    /// What of the goal the party is to do.
    pub what: Text,
    /// The party that offered it; none where that was not kept.
    pub offered_by: Option<String>,
    /// The responsibility that it takes over, once accepted.
    pub follows: Option<String>,
    /// What became of the offer.
    pub status: Status,
    /// Why it was declined.
    pub reason: Option<String>,
    /// Since when it has this status.
    pub at: Timestamp,
}

impl Store {
    /// One party asks another to do a part of a goal.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such goal or party.
    pub async fn offer_responsibility(
        &self,
        goal: &str,
        party: &str,
        by: &str,
        what: &Text,
        now: Timestamp,
    ) -> Result<Responsibility, StoreError> {
        let offer = new(goal, party, by, what, now)?;
        add(&self.pool, &offer).await?;
        Ok(offer)
    }

    /// A party takes a part of a goal upon itself: nobody has to accept that.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such goal or party.
    pub async fn take_responsibility(
        &self,
        goal: &str,
        party: &str,
        what: &Text,
        now: Timestamp,
    ) -> Result<Responsibility, StoreError> {
        let taken = Responsibility {
            status: Status::Accepted,
            ..new(goal, party, party, what, now)?
        };
        add(&self.pool, &taken).await?;
        Ok(taken)
    }

    /// The party that does a part of a goal offers it to another; it does it until the other accepts.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody (still) does it or there is no such party, [`StoreError::Taken`] when it is
    /// offered to somebody already.
    pub async fn hand_over_responsibility(
        &self,
        id: &str,
        party: &str,
        now: Timestamp,
    ) -> Result<Responsibility, StoreError> {
        let mut together = self.together().await?;
        let found = sql(
            "SELECT id, goal, party, what_nl, what_en, offered_by, follows, status, reason, at \
             FROM responsibilities WHERE id = $1 AND status = 'accepted'",
        );
        let present = one(&mut *together, found.text(id), responsibility).await?;
        let present = present.ok_or_else(|| StoreError::Missing {
            what: "a responsibility that can be handed over".to_owned(),
        })?;
        let offer = Responsibility {
            follows: Some(present.id),
            ..new(&present.goal, party, &present.party, &present.what, now)?
        };
        add(&mut *together, &offer)
            .await
            .taken(|| "an open offer of this responsibility".to_owned())?;
        together.commit().await?;
        Ok(offer)
    }

    /// Accepts what was offered; whoever did it before hands it over by that.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it was not offered, or was answered already.
    pub async fn accept_responsibility(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        let accept = sql("UPDATE responsibilities SET status = 'accepted', at = $1 \
             WHERE id = $2 AND status = 'offered'");
        let changed = run(&mut *together, accept.time(now).text(id)).await?;
        must(changed, || "an open offer".to_owned())?;
        let before = sql(
            "UPDATE responsibilities SET status = 'handed-over', at = $1 \
             WHERE status = 'accepted' \
             AND id = (SELECT follows FROM responsibilities WHERE id = $2)",
        );
        run(&mut *together, before.time(now).text(id)).await?;
        Ok(together.commit().await?)
    }

    /// Takes back an offer that nobody answered yet.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it was answered already, or there is none.
    pub async fn withdraw_responsibility(
        &self,
        id: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let withdraw = sql("UPDATE responsibilities SET status = 'withdrawn', at = $1 \
             WHERE id = $2 AND status = 'offered'");
        let changed = run(&self.pool, withdraw.time(now).text(id)).await?;
        must(changed, || "an open offer".to_owned())
    }

    /// Declines what was offered, or gives back what was accepted.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when it can no longer be declined, or there is none.
    pub async fn decline_responsibility(
        &self,
        id: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let decline = sql(
            "UPDATE responsibilities SET status = 'declined', reason = $1, at = $2 \
             WHERE id = $3 AND status IN ('offered', 'accepted')",
        );
        let changed = run(&self.pool, decline.text(reason).time(now).text(id)).await?;
        must(changed, || "an offer that can be declined".to_owned())
    }

    /// One offer, with its status.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn responsibility(&self, id: &str) -> Result<Option<Responsibility>, StoreError> {
        let found = sql(
            "SELECT id, goal, party, what_nl, what_en, offered_by, follows, status, reason, at \
             FROM responsibilities WHERE id = $1",
        );
        one(&self.pool, found.text(id), responsibility).await
    }

    /// Who does what for a goal, in the order of the last change.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn responsibilities_of(&self, goal: &str) -> Result<Vec<Responsibility>, StoreError> {
        let found = sql(
            "SELECT id, goal, party, what_nl, what_en, offered_by, follows, status, reason, at \
             FROM responsibilities WHERE goal = $1 ORDER BY at, id",
        );
        all(&self.pool, found.text(goal), responsibility).await
    }
}

fn new(
    goal: &str,
    party: &str,
    by: &str,
    what: &Text,
    now: Timestamp,
) -> Result<Responsibility, StoreError> {
    Ok(Responsibility {
        id: fresh_id()?,
        goal: goal.to_owned(),
        party: party.to_owned(),
        what: what.clone(),
        offered_by: Some(by.to_owned()),
        follows: None,
        status: Status::Offered,
        reason: None,
        at: now,
    })
}

async fn add<'e>(
    on: impl Executor<'e, Database = Any>,
    new: &Responsibility,
) -> Result<(), StoreError> {
    let add = sql("INSERT INTO responsibilities \
         (id, goal, party, what_nl, what_en, offered_by, follows, status, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    let add = add.text(&new.id).text(&new.goal).text(&new.party);
    let add = add.pair(&new.what).maybe_text(new.offered_by.as_deref());
    let add = add.maybe_text(new.follows.as_deref());
    run(on, add.text(new.status.as_str()).time(new.at))
        .await
        .missing(|| format!("the goal `{}` or the party `{}`", new.goal, new.party))
        .map(drop)
}

fn responsibility(row: &Row) -> Result<Responsibility, StoreError> {
    Ok(Responsibility {
        id: row.text("id")?,
        goal: row.text("goal")?,
        party: row.text("party")?,
        what: row.pair("what_nl", "what_en")?,
        offered_by: row.maybe_text("offered_by")?,
        follows: row.maybe_text("follows")?,
        status: row.word("status")?,
        reason: row.maybe_text("reason")?,
        at: row.time("at")?,
    })
}
