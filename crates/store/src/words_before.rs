//! What a project or a goal said of itself before somebody reworded it, and in which order a goal shows what it has.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! use zwerm_store::words_before::{OfWhat, WordsBefore};
//!
//! let before = WordsBefore { at: now, party: "brug".into(), json: "{\"summary\":\"Eerst\"}".into() };
//! store.put_words_before(OfWhat::Project, "wachttijd", &before).await?;
//! assert_eq!(store.words_before(OfWhat::Project, "wachttijd", None, 9).await?.rows, [before]);
//! assert!(store.words_before(OfWhat::Goal, "wachttijd", None, 9).await?.rows.is_empty());
//! store.put_goal_order("wonen", &["b".to_owned(), "a".to_owned()]).await?;
//! assert_eq!(store.goal_order("wonen").await?, ["b", "a"]);
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;
use zwerm_agreement::words;

use crate::database::{all, run};
use crate::error::StoreError;
use crate::list::{ListPage, ListPlace, bind_before, one_more};
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, sql};

words! {
    in "zwerm_store::words_before";
    /// What words are of.
    pub enum OfWhat {
        /// A project.
        Project = "project",
        /// A goal.
        Goal = "goal",
    }
}

/// Words of before, with who wrote other words in their place, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordsBefore {
    /// When other words came.
    pub at: Timestamp,
    /// The party that wrote those.
    pub party: String,
    /// The words as they were.
    pub json: String,
}

impl Store {
    /// Keeps words as they were.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_words_before(
        &self,
        what: OfWhat,
        id: &str,
        before: &WordsBefore,
    ) -> Result<(), StoreError> {
        let put = sql(
            "INSERT INTO words_before (kind, of_id, at, party, json) VALUES ($1, $2, $3, $4, $5)",
        );
        let put = put.text(what.as_str()).text(id).time(before.at);
        run(&self.pool, put.text(&before.party).text(&before.json))
            .await
            .map(drop)
    }

    /// The words as they were, the latest first: at most so many, before a place.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn words_before(
        &self,
        what: OfWhat,
        id: &str,
        before: Option<&ListPlace>,
        most: u32,
    ) -> Result<ListPage<WordsBefore>, StoreError> {
        let found = sql("SELECT at, party, json FROM words_before \
             WHERE kind = $1 AND of_id = $2 AND (at, party) < ($3, $4) \
             ORDER BY at DESC, party DESC LIMIT $5");
        let found = bind_before(found.text(what.as_str()).text(id), before);
        let rows = all(&self.pool, found.number(one_more(most)), words_before).await?;
        Ok(ListPage::of(rows, most, |one| ListPlace {
            at: one.at,
            id: one.party.clone(),
        }))
    }

    /// Keeps in which order a goal shows these.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_goal_order(&self, goal: &str, items: &[String]) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        let old = sql("DELETE FROM goal_order WHERE goal = $1");
        run(&mut *together, old.text(goal)).await?;
        for (place, item) in items.iter().enumerate() {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            let put = sql(
                "INSERT INTO goal_order (goal, item, place) VALUES ($1, $2, $3) \
                 ON CONFLICT (goal, item) DO NOTHING",
            );
            run(&mut *together, put.text(goal).text(item).number(place)).await?;
        }
        Ok(together.commit().await?)
    }

    /// What a goal shows first, in this order.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn goal_order(&self, goal: &str) -> Result<Vec<String>, StoreError> {
        let found = sql("SELECT item FROM goal_order WHERE goal = $1 ORDER BY place");
        all(&self.pool, found.text(goal), |row| row.text("item")).await
    }
}

fn words_before(row: &RegistryRow) -> Result<WordsBefore, StoreError> {
    Ok(WordsBefore {
        at: row.time("at")?,
        party: row.text("party")?,
        json: row.text("json")?,
    })
}
