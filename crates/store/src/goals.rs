//! Goals that parties share responsibility for.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_agreement::text::Text;
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! use zwerm_store::goals::Goal;
//!
//! let goal = Goal {
//!     id: "wonen".into(),
//!     title: Text::new("Een huis voor iedereen", "A home for everybody"),
//!     about: Text::new("Wie zoekt, vindt.", "Who looks will find."),
//! };
//! store.put_goal(&goal).await?;
//! assert_eq!(store.goals().await?, [goal]);
//! # Ok(())
//! # }
//! ```

use zwerm_agreement::text::Text;

use crate::database::{all, one, run};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, sql};

/// What parties want to reach together, which projects serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// The id by which agreements name the goal.
    pub id: String,
    /// What people call the goal.
    pub title: Text,
    /// What the goal is about.
    pub about: Text,
}

impl Store {
    /// Adds a goal, or changes its words.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_goal(&self, goal: &Goal) -> Result<(), StoreError> {
        let put = sql(
            "INSERT INTO goals (id, title_nl, title_en, about_nl, about_en) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET \
             title_nl = excluded.title_nl, title_en = excluded.title_en, \
             about_nl = excluded.about_nl, about_en = excluded.about_en",
        );
        let put = put.text(&goal.id).pair(&goal.title).pair(&goal.about);
        run(&self.pool, put).await.map(drop)
    }

    /// The goal with this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn goal(&self, id: &str) -> Result<Option<Goal>, StoreError> {
        let found =
            sql("SELECT id, title_nl, title_en, about_nl, about_en FROM goals WHERE id = $1");
        one(&self.pool, found.text(id), goal).await
    }

    /// All goals, by id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn goals(&self) -> Result<Vec<Goal>, StoreError> {
        let found = sql("SELECT id, title_nl, title_en, about_nl, about_en FROM goals");
        let mut goals = all(&self.pool, found, goal).await?;
        goals.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(goals)
    }
}

fn goal(row: &RegistryRow) -> Result<Goal, StoreError> {
    Ok(Goal {
        id: row.text("id")?,
        title: row.pair("title_nl", "title_en")?,
        about: row.pair("about_nl", "about_en")?,
    })
}
