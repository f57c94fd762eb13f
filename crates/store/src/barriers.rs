//! Barriers: what keeps questions from being answered, whose it is, what its owner says of it and what became of it.
//!
//! Which questions met a barrier is in [`refusals`](crate::refusals). No word of a question is in either.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_agreement::refusal::{Code, Refusal};
//! # use zwerm_agreement::text::Text;
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! use zwerm_agreement::barrier::BarrierName;
//! use zwerm_store::barriers::{BarrierRow, BarrierStatus};
//! use zwerm_store::refusals::RefusedQuestion;
//!
//! let refusal = Refusal::new(Code::TooManyDimensions, Text::default(), Text::default());
//! let name = BarrierName::of("wachttijd", &refusal);
//! let refused = RefusedQuestion {
//!     hash: "9f".into(),
//!     agreement: "wachttijd".into(),
//!     at: now,
//!     question: "a0".into(),
//!     judged: "77".into(),
//!     met: vec![name.clone()],
//! };
//! store.add_refusals(&[refused]).await?;
//! let said = BarrierRow {
//!     key: name.key(),
//!     status: BarrierStatus::Stays,
//!     reason: "Kleinere groepen zijn herkenbaar.".into(),
//!     party: "brug".into(),
//!     at: now,
//! };
//! store.set_barrier(&said).await?;
//! let barriers = store.barriers(Some("wachttijd")).await?;
//! assert_eq!(barriers.first().and_then(|one| one.said.clone()), Some(said));
//! assert_eq!(store.barrier_history(&name.key(), None, 10).await?.rows.len(), 2);
//! # Ok(())
//! # }
//! ```

use std::collections::BTreeMap;

use jiff::Timestamp;
use zwerm_agreement::barrier::{Barrier, BarrierName};
use zwerm_agreement::words;

use crate::database::{RegistryTransaction, all, one, run};
use crate::error::{StoreError, must};
use crate::id::fresh_id;
use crate::list::{ListPage, ListPlace, bind_before, one_more};
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, damaged, sql};

words! {
    in "zwerm_store::barriers";
    /// The status of a barrier.
    pub enum BarrierStatus {
        /// Nobody did anything about it yet.
        Open = "open",
        /// Its owner is lifting it.
        BeingLifted = "being-lifted",
        /// It is no longer in the way.
        Lifted = "lifted",
        /// Its owner keeps the condition, and says why.
        Stays = "stays",
    }
}

/// What an owner says about a barrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarrierRow {
    /// What the barrier is known by.
    pub key: String,
    /// What its owner does about the barrier.
    pub status: BarrierStatus,
    /// Why the barrier has that status.
    pub reason: String,
    /// The party that says so.
    pub party: String,
    /// When the party said so.
    pub at: Timestamp,
}

/// A barrier as the registry has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredBarrier {
    /// The barrier itself.
    pub barrier: Barrier,
    /// Whether it was in the way when that was last looked at.
    pub in_the_way: bool,
    /// What its owner last said of it.
    pub said: Option<BarrierRow>,
}

/// Something that became of a barrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarrierEvent {
    /// Made by the registry.
    pub id: String,
    /// When it was.
    pub at: Timestamp,
    /// How it was with the barrier from then on.
    pub status: BarrierStatus,
    /// What its owner said of it.
    pub reason: String,
    /// The owner who said so; nobody when a question met it, or what is agreed changed.
    pub party: Option<String>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT key, kind, agreement, code, condition_path, owner, questions, held, first_at, last_at, \
             in_the_way, status, reason, said_by, said_at FROM barriers ",
            $rest
        )
    };
}

impl Store {
    /// Keeps what an owner says of a barrier, and adds it to its history.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such barrier.
    pub async fn set_barrier(&self, said: &BarrierRow) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        let found = put_said(&mut together, said).await?;
        must(found, || "this barrier".to_owned())?;
        Ok(together.commit().await?)
    }

    /// The barriers of one agreement or of all, by key. How many there are depends on what is agreed, not on what was
    /// asked.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn barriers(
        &self,
        agreement: Option<&str>,
    ) -> Result<Vec<RegisteredBarrier>, StoreError> {
        let found = match agreement {
            Some(agreement) => sql(select!("WHERE agreement = $1")).text(agreement),
            None => sql(select!("")),
        };
        let keyed = |row: &RegistryRow| Ok((row.text("key")?, barrier(row)?));
        let barriers: BTreeMap<String, RegisteredBarrier> =
            all(&self.pool, found, keyed).await?.into_iter().collect();
        Ok(barriers.into_values().collect())
    }

    /// The barrier with this key.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn barrier(&self, key: &str) -> Result<Option<RegisteredBarrier>, StoreError> {
        one(
            &self.pool,
            sql(select!("WHERE key = $1")).text(key),
            barrier,
        )
        .await
    }

    /// What became of a barrier, the latest first: at most so many before a place.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn barrier_history(
        &self,
        key: &str,
        before: Option<&ListPlace>,
        most: u32,
    ) -> Result<ListPage<BarrierEvent>, StoreError> {
        let found = sql("SELECT id, at, status, reason, party FROM barrier_history \
                         WHERE barrier = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4");
        let found = bind_before(found.text(key), before).number(one_more(most));
        let events = all(&self.pool, found, event).await?;
        Ok(ListPage::of(events, most, |event| ListPlace {
            at: event.at,
            id: event.id.clone(),
        }))
    }

    /// Notes whether a barrier is in the way, if that changed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_barrier(
        &self,
        key: &str,
        in_the_way: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        note(&mut together, key, in_the_way, now).await?;
        Ok(together.commit().await?)
    }
}

/// Notes whether a barrier is in the way, with a line in its history if that changed.
pub(crate) async fn note(
    on: &mut RegistryTransaction,
    key: &str,
    in_the_way: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let change = sql("UPDATE barriers SET in_the_way = $1 WHERE key = $2 AND in_the_way <> $1");
    if run(&mut **on, change.flag(in_the_way).text(key)).await? == 0 {
        return Ok(());
    }
    let status = match in_the_way {
        true => BarrierStatus::Open,
        false => BarrierStatus::Lifted,
    };
    add_event(on, key, now, status, "", None).await
}

/// Makes the row of a barrier that a question meets, unless there is one; what its owner said of it before comes along.
pub(crate) async fn meet(
    on: &mut RegistryTransaction,
    name: &BarrierName,
    at: Timestamp,
) -> Result<(), StoreError> {
    let key = name.key();
    let add = sql(
        "INSERT INTO barriers (key, kind, agreement, code, condition_path, owner, \
                   questions, held, first_at, last_at, in_the_way) \
                   VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $7, 1) ON CONFLICT (key) DO NOTHING",
    );
    let add = add
        .text(&key)
        .text(name.kind.as_str())
        .text(&name.agreement);
    let add = add
        .text(name.code.as_str())
        .maybe_text(name.condition.as_deref());
    let added = run(&mut **on, add.maybe_text(name.owner.as_deref()).time(at)).await?;
    if added == 0 {
        return note(on, &key, true, at).await;
    }
    add_event(on, &key, at, BarrierStatus::Open, "", None).await?;
    let before = sql("SELECT key, status, reason, party, at FROM barriers_before WHERE key = $1");
    if let Some(said) = one(&mut **on, before.text(&key), said_before).await? {
        put_said(on, &said).await?;
        let taken = sql("DELETE FROM barriers_before WHERE key = $1").text(&key);
        run(&mut **on, taken).await?;
    }
    Ok(())
}

/// Keeps what an owner says of a barrier, with a line in its history; to how many barriers it was added.
async fn put_said(on: &mut RegistryTransaction, said: &BarrierRow) -> Result<u64, StoreError> {
    let put = sql(
        "UPDATE barriers SET status = $1, reason = $2, said_by = $3, said_at = $4 WHERE key = $5",
    );
    let put = put.text(said.status.as_str()).text(&said.reason);
    let put = put.text(&said.party).time(said.at).text(&said.key);
    let found = run(&mut **on, put).await?;
    if found > 0 {
        let party = Some(said.party.as_str());
        add_event(on, &said.key, said.at, said.status, &said.reason, party).await?;
    }
    Ok(found)
}

async fn add_event(
    on: &mut RegistryTransaction,
    key: &str,
    at: Timestamp,
    status: BarrierStatus,
    reason: &str,
    party: Option<&str>,
) -> Result<(), StoreError> {
    let add = sql(
        "INSERT INTO barrier_history (id, barrier, at, status, reason, party) \
                   VALUES ($1, $2, $3, $4, $5, $6)",
    );
    let add = add.text(&fresh_id()?).text(key).time(at);
    let add = add.text(status.as_str()).text(reason).maybe_text(party);
    run(&mut **on, add).await.map(drop)
}

fn said_before(row: &RegistryRow) -> Result<BarrierRow, StoreError> {
    Ok(BarrierRow {
        key: row.text("key")?,
        status: row.word("status")?,
        reason: row.text("reason")?,
        party: row.text("party")?,
        at: row.time("at")?,
    })
}

fn said(row: &RegistryRow) -> Result<Option<BarrierRow>, StoreError> {
    let Some(party) = row.maybe_text("said_by")? else {
        return Ok(None);
    };
    let status = row.maybe_word("status")?;
    let at = row.maybe_time("said_at")?;
    let (Some(status), Some(at)) = (status, at) else {
        return Err(damaged("said_by", &party));
    };
    Ok(Some(BarrierRow {
        key: row.text("key")?,
        reason: row.maybe_text("reason")?.unwrap_or_default(),
        status,
        party,
        at,
    }))
}

fn barrier(row: &RegistryRow) -> Result<RegisteredBarrier, StoreError> {
    Ok(RegisteredBarrier {
        barrier: Barrier {
            name: BarrierName {
                kind: row.word("kind")?,
                agreement: row.text("agreement")?,
                code: row.word("code")?,
                condition: row.maybe_text("condition_path")?,
                owner: row.maybe_text("owner")?,
            },
            questions: row.count("questions")?,
            held: row.count("held")?,
            first: row.time("first_at")?,
            last: row.time("last_at")?,
        },
        in_the_way: row.flag("in_the_way")?,
        said: said(row)?,
    })
}

fn event(row: &RegistryRow) -> Result<BarrierEvent, StoreError> {
    Ok(BarrierEvent {
        id: row.text("id")?,
        at: row.time("at")?,
        status: row.word("status")?,
        reason: row.text("reason")?,
        party: row.maybe_text("party")?,
    })
}
