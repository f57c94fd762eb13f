//! Projects in words: their purpose, who gains, who may be harmed, who may fall out.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_agreement::text::Text;
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! # let goal = zwerm_store::goals::Goal { id: "wonen".into(), title: Text::same("Wonen"), about: Text::default() };
//! # store.put_goal(&goal).await?;
//! # let project = zwerm_store::projects::Project { id: "wachttijd".into(), goal: "wonen".into(),
//! #     title: Text::same("Wachttijd"), summary: Text::default(), benefit: Text::default(),
//! #     harm: Text::default(), falls_out: Text::default(), questions: Text::default(),
//! #     proposed_by: None, proposed: now };
//! # store.add_project(&project).await?;
//! use zwerm_store::StoreError;
//!
//! assert_eq!(store.projects().await?, [project.clone()]);
//! let again = store.add_project(&project).await;
//! assert!(matches!(again, Err(StoreError::Taken { .. })));
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;
use zwerm_agreement::text::Text;

use crate::database::{all, one, run};
use crate::error::{NamesConstraint as _, StoreError, must};
use crate::open::Store;
use crate::row::{Binds as _, BoundSql, RegistryRow, sql};

/// A project with what its proposers said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The id of the project, which is also its agreement's.
    pub id: String,
    /// The id of the goal that it serves.
    pub goal: String,
    /// What people call the project.
    pub title: Text,
    /// What the project is.
    pub summary: Text,
    /// Whom it would serve, and how.
    pub benefit: Text,
    /// Whom it could harm, and how.
    pub harm: Text,
    /// Who might fall out.
    pub falls_out: Text,
    /// What it would ask of the data.
    pub questions: Text,
    /// The party that proposed it.
    pub proposed_by: Option<String>,
    /// When it was proposed.
    pub proposed: Timestamp,
}

const COLUMNS_BY_ID: &str = "SELECT id, goal, title_nl, title_en, summary_nl, summary_en, benefit_nl, \
     benefit_en, harm_nl, harm_en, falls_out_nl, falls_out_en, questions_nl, questions_en, \
     proposed_by, proposed FROM projects WHERE id = $1";
/// Lists all projects, or those of one goal.
const SELECT_ALL: &str = "SELECT id, goal, title_nl, title_en, summary_nl, summary_en, benefit_nl, \
     benefit_en, harm_nl, harm_en, falls_out_nl, falls_out_en, questions_nl, questions_en, \
     proposed_by, proposed FROM projects ORDER BY proposed DESC, id";

impl Store {
    /// Adds a project.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when there is a project with this id, [`StoreError::Missing`] when its goal or party does
    /// not exist.
    pub async fn add_project(&self, project: &Project) -> Result<(), StoreError> {
        let add = sql(
            "INSERT INTO projects (id, goal, title_nl, title_en, summary_nl, summary_en, \
             benefit_nl, benefit_en, harm_nl, harm_en, falls_out_nl, falls_out_en, \
             questions_nl, questions_en, proposed_by, proposed) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        );
        run(&self.pool, bound(add, project))
            .await
            .taken(|| format!("the project `{}`", project.id))
            .missing(|| absent(project))
            .map(drop)
    }

    /// Changes a project's words, goal and proposer.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the project, its goal or its party does not exist.
    pub async fn update_project(&self, project: &Project) -> Result<(), StoreError> {
        let change = sql(
            "UPDATE projects SET goal = $2, title_nl = $3, title_en = $4, summary_nl = $5, \
             summary_en = $6, benefit_nl = $7, benefit_en = $8, harm_nl = $9, harm_en = $10, \
             falls_out_nl = $11, falls_out_en = $12, questions_nl = $13, questions_en = $14, \
             proposed_by = $15, proposed = $16 WHERE id = $1",
        );
        let changed = run(&self.pool, bound(change, project))
            .await
            .missing(|| absent(project))?;
        must(changed, || format!("the project `{}`", project.id))
    }

    /// The project with this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn project(&self, id: &str) -> Result<Option<Project>, StoreError> {
        one(&self.pool, sql(COLUMNS_BY_ID).text(id), project).await
    }

    /// All projects, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn projects(&self) -> Result<Vec<Project>, StoreError> {
        all(&self.pool, sql(SELECT_ALL), project).await
    }
}

fn bound(statement: BoundSql, project: &Project) -> BoundSql {
    statement
        .text(&project.id)
        .text(&project.goal)
        .pair(&project.title)
        .pair(&project.summary)
        .pair(&project.benefit)
        .pair(&project.harm)
        .pair(&project.falls_out)
        .pair(&project.questions)
        .maybe_text(project.proposed_by.as_deref())
        .time(project.proposed)
}

fn absent(project: &Project) -> String {
    format!("the goal `{}`, or the party that proposes,", project.goal)
}

fn project(row: &RegistryRow) -> Result<Project, StoreError> {
    Ok(Project {
        id: row.text("id")?,
        goal: row.text("goal")?,
        title: row.pair("title_nl", "title_en")?,
        summary: row.pair("summary_nl", "summary_en")?,
        benefit: row.pair("benefit_nl", "benefit_en")?,
        harm: row.pair("harm_nl", "harm_en")?,
        falls_out: row.pair("falls_out_nl", "falls_out_en")?,
        questions: row.pair("questions_nl", "questions_en")?,
        proposed_by: row.maybe_text("proposed_by")?,
        proposed: row.time("proposed")?,
    })
}
