//! Tasks: the parts of a goal, and which party does each. A task is offered, then accepted or declined with a reason;
//! it can be handed over to another party in the same way. Until the other party accepts, the first stays responsible.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_agreement::text::Text;
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! # let party = zwerm_store::parties::RegisteredParty { id: "brug".into(), name: Text::same("De Brug"),
//! #     helix: None, public_key: None };
//! # store.put_party(&party).await?;
//! # let goal = zwerm_store::goals::Goal { id: "wonen".into(), title: Text::same("Wonen"), about: Text::default() };
//! # store.put_goal(&goal).await?;
//! use zwerm_store::tasks::TaskStatus;
//!
//! let what = Text::new("Aanmelden aan de balie", "Signing up at the desk");
//! let offer = store.offer_task("wonen", "brug", "brug", &what, now).await?;
//! store.accept_task(&offer.id, now).await?;
//! let part = store.task(&offer.id).await?.ok_or("none")?;
//! assert_eq!(part.status, TaskStatus::Accepted);
//! assert!(store.accept_task(&offer.id, now).await.is_err());
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;
use sqlx::Executor;
use sqlx::any::Any;
use zwerm_agreement::text::Text;
use zwerm_agreement::words;

use crate::database::{all, count, one, run};
use crate::error::{NamesConstraint as _, StoreError, must};
use crate::id::fresh_id;
use crate::list::{ListPage, ListPlace, bind_before, one_more};
use crate::open::Store;
use crate::row::{Binds as _, BoundSql, RegistryRow, sql};

words! {
    in "zwerm_store::tasks";
    /// What became of the offer of a part of a goal.
    pub enum TaskStatus {
        /// The task was offered to the party.
        Offered = "offered",
        /// The party does the task.
        Accepted = "accepted",
        /// The party does not do the task, or no longer.
        Declined = "declined",
        /// The party that offered the task withdrew the offer.
        Withdrawn = "withdrawn",
        /// Another party accepted the task instead.
        HandedOver = "handed-over",
    }
}

/// A statement that reads whole tasks, as [`task`] takes them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, goal, party, what_nl, what_en, offered_by, follows, status, reason, at \
             FROM tasks ",
            $rest
        )
    };
}

/// Statuses that a list of tasks is of at most.
const MOST_STATUSES: usize = 3;

/// A part of a goal, and the party that does it or to which it was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Made by the registry.
    pub id: String,
    /// The id of the goal.
    pub goal: String,
    /// The id of the party that is to do the task.
    pub party: String,
    /// What the party is to do for the goal.
    pub what: Text,
    /// The party that offered it; `None` when that was not recorded.
    pub offered_by: Option<String>,
    /// The task that it takes over, once accepted.
    pub follows: Option<String>,
    /// What became of the offer.
    pub status: TaskStatus,
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
    pub async fn offer_task(
        &self,
        goal: &str,
        party: &str,
        by: &str,
        what: &Text,
        now: Timestamp,
    ) -> Result<Task, StoreError> {
        let offer = new(goal, party, by, what, now)?;
        add(&self.pool, &offer).await?;
        Ok(offer)
    }

    /// A party takes a part of a goal upon itself: nobody has to accept that.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such goal or party.
    pub async fn take_task(
        &self,
        goal: &str,
        party: &str,
        what: &Text,
        now: Timestamp,
    ) -> Result<Task, StoreError> {
        let taken = Task {
            status: TaskStatus::Accepted,
            ..new(goal, party, party, what, now)?
        };
        add(&self.pool, &taken).await?;
        Ok(taken)
    }

    /// Offers a task to another party; the party that does the task now does it until the other accepts.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when nobody does the task (any longer) or there is no such party, [`StoreError::Taken`]
    /// when it is already offered to somebody.
    pub async fn hand_over_task(
        &self,
        id: &str,
        party: &str,
        now: Timestamp,
    ) -> Result<Task, StoreError> {
        let mut together = self.together().await?;
        let found = sql(select!("WHERE id = $1 AND status = 'accepted'"));
        let present = one(&mut *together, found.text(id), task).await?;
        let present = present.ok_or_else(|| StoreError::Missing {
            what: "a responsibility that can be handed over".to_owned(),
        })?;
        let offer = Task {
            follows: Some(present.id),
            ..new(&present.goal, party, &present.party, &present.what, now)?
        };
        add(&mut *together, &offer)
            .await
            .taken(|| "an open offer of this responsibility".to_owned())?;
        together.commit().await?;
        Ok(offer)
    }

    /// Accepts what was offered; a party that did the task before has then handed it over.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the task was not offered, or was answered already.
    pub async fn accept_task(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        let accept = sql("UPDATE tasks SET status = 'accepted', at = $1 \
             WHERE id = $2 AND status = 'offered'");
        let changed = run(&mut *together, accept.time(now).text(id)).await?;
        must(changed, || "an open offer".to_owned())?;
        let before = sql("UPDATE tasks SET status = 'handed-over', at = $1 \
             WHERE status = 'accepted' \
             AND id = (SELECT follows FROM tasks WHERE id = $2)");
        run(&mut *together, before.time(now).text(id)).await?;
        Ok(together.commit().await?)
    }

    /// Withdraws an offer that nobody answered yet.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the offer was answered already, or does not exist.
    pub async fn withdraw_task(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let withdraw = sql("UPDATE tasks SET status = 'withdrawn', at = $1 \
             WHERE id = $2 AND status = 'offered'");
        let changed = run(&self.pool, withdraw.time(now).text(id)).await?;
        must(changed, || "an open offer".to_owned())
    }

    /// Declines what was offered, or gives back what was accepted.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the task can no longer be declined, or does not exist.
    pub async fn decline_task(
        &self,
        id: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let decline = sql(
            "UPDATE tasks SET status = 'declined', reason = $1, at = $2 \
             WHERE id = $3 AND status IN ('offered', 'accepted')",
        );
        let changed = run(&self.pool, decline.text(reason).time(now).text(id)).await?;
        must(changed, || "an offer that can be declined".to_owned())
    }

    /// One task, with its status.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn task(&self, id: &str) -> Result<Option<Task>, StoreError> {
        let found = sql(select!("WHERE id = $1"));
        one(&self.pool, found.text(id), task).await
    }

    /// The tasks that were offered to a party and that it has not answered, the oldest first: at most so many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tasks_offered_to(&self, party: &str, most: u32) -> Result<Vec<Task>, StoreError> {
        let found = sql(select!(
            "WHERE party = $1 AND status = 'offered' ORDER BY at, id LIMIT $2"
        ));
        all(&self.pool, found.text(party).number(most), task).await
    }

    /// Who does what for a goal, of the tasks of which became one of these things: what changed last first, at most so many,
    /// before a place.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tasks_of(
        &self,
        goal: &str,
        became: &[TaskStatus],
        before: Option<&ListPlace>,
        most: u32,
    ) -> Result<ListPage<Task>, StoreError> {
        let found = sql(select!(
            "WHERE goal = $1 AND status IN ($2, $3, $4) \
             AND (at, id) < ($5, $6) ORDER BY at DESC, id DESC LIMIT $7"
        ));
        let found = bind_before(any_of(found.text(goal), became), before);
        let rows = all(&self.pool, found.number(one_more(most)), task).await?;
        Ok(ListPage::of(rows, most, |one| ListPlace {
            at: one.at,
            id: one.id.clone(),
        }))
    }

    /// How many tasks of a goal became one of these things.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn task_count(&self, goal: &str, became: &[TaskStatus]) -> Result<u64, StoreError> {
        let found =
            sql("SELECT COUNT(*) AS n FROM tasks WHERE goal = $1 AND status IN ($2, $3, $4)");
        count(&self.pool, any_of(found.text(goal), became)).await
    }

    /// The open offer of a task to another party, if there is one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn task_offered_on(&self, id: &str) -> Result<Option<Task>, StoreError> {
        let found = sql(select!("WHERE follows = $1 AND status = 'offered'"));
        one(&self.pool, found.text(id), task).await
    }

    /// What parties do for any goal, or were asked to do, in the order of the last change.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn standing_tasks(&self) -> Result<Vec<Task>, StoreError> {
        let found = sql(select!(
            "WHERE status IN ('offered', 'accepted') ORDER BY at, id"
        ));
        all(&self.pool, found, task).await
    }
}

/// Binds three statuses, of which some may be the same; without any, none is met.
fn any_of(sql: BoundSql, became: &[TaskStatus]) -> BoundSql {
    (0..MOST_STATUSES).fold(sql, |sql, place| {
        let one = became.get(place).or(became.last());
        sql.text(one.map_or("", |one| one.as_str()))
    })
}

fn new(goal: &str, party: &str, by: &str, what: &Text, now: Timestamp) -> Result<Task, StoreError> {
    Ok(Task {
        id: fresh_id()?,
        goal: goal.to_owned(),
        party: party.to_owned(),
        what: what.clone(),
        offered_by: Some(by.to_owned()),
        follows: None,
        status: TaskStatus::Offered,
        reason: None,
        at: now,
    })
}

async fn add<'e>(on: impl Executor<'e, Database = Any>, new: &Task) -> Result<(), StoreError> {
    let add = sql("INSERT INTO tasks \
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

fn task(row: &RegistryRow) -> Result<Task, StoreError> {
    Ok(Task {
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
