//! Questions in words: what a resident wants to know about a project, and which party takes each question up.
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
//! # let project = zwerm_store::projects::Project { id: "wachttijd".into(), goal: "wonen".into(),
//! #     title: Text::same("Wachttijd"), summary: Text::default(), benefit: Text::default(),
//! #     harm: Text::default(), falls_out: Text::default(), questions: Text::default(),
//! #     proposed_by: None, proposed: now };
//! # store.add_project(&project).await?;
//! use zwerm_store::word_questions::WordQuestionStatus;
//!
//! let asked = store.add_word_question("wachttijd", "Wie kijkt er mee?", now).await?;
//! store.take_up_word_question(&asked.id, "brug").await?;
//! let reply = "Niemand: u ziet alleen tabellen.";
//! store.reply_to_word_question(&asked.id, "brug", WordQuestionStatus::Answered, reply).await?;
//! let found = store.word_questions_of("wachttijd", None, 10).await?;
//! assert_eq!(found.rows.first().map(|one| one.status), Some(WordQuestionStatus::Answered));
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;
use zwerm_agreement::words;

use crate::database::{all, count, one, run};
use crate::error::{NamesConstraint as _, StoreError, must};
use crate::id::fresh_id;
use crate::list::{ListPage, ListPlace, bind_before, one_more};
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, sql};
use crate::search::SearchWords;

/// Questions that a search looks at in one step, and the steps that it takes at most.
const STEP: i64 = 500;
const STEPS: usize = 4;

words! {
    in "zwerm_store::word_questions";
    /// What became of a question in words.
    pub enum WordQuestionStatus {
        /// Nobody took the question up yet.
        Open = "open",
        /// A party is looking into the question.
        TakenUp = "taken-up",
        /// A party answered the question.
        Answered = "answered",
        /// A party will not answer the question, and says why.
        Declined = "declined",
        /// A party took the question away, and says why; its words were deleted.
        TakenAway = "taken-away",
    }
}

/// A question in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordQuestion {
    /// Made by the registry.
    pub id: String,
    /// The id of the project that it is about.
    pub project: String,
    /// The question; nothing when it was removed.
    pub text: String,
    /// When it was asked.
    pub at: Timestamp,
    /// What became of the question so far.
    pub status: WordQuestionStatus,
    /// The party that took it up, or away.
    pub party: Option<String>,
    /// What that party replied.
    pub reply: Option<String>,
}

impl Store {
    /// Keeps a question. Nothing about who asked is kept.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such project.
    pub async fn add_word_question(
        &self,
        project: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<WordQuestion, StoreError> {
        let add = sql(
            "INSERT INTO word_questions (id, project, words, at, status) \
             VALUES ($1, $2, $3, $4, 'open') \
             RETURNING id, project, words, at, status, party, reply",
        );
        let add = add.text(&fresh_id()?).text(project).text(text).time(now);
        let missing = || format!("the project `{project}`");
        one(&self.pool, add, question)
            .await
            .missing(missing)?
            .ok_or_else(|| StoreError::Missing { what: missing() })
    }

    /// The question with this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn word_question(&self, id: &str) -> Result<Option<WordQuestion>, StoreError> {
        let found = sql("SELECT id, project, words, at, status, party, reply \
                         FROM word_questions WHERE id = $1");
        one(&self.pool, found.text(id), question).await
    }

    /// The questions about a project, the latest first: at most so many before a place.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn word_questions_of(
        &self,
        project: &str,
        before: Option<&ListPlace>,
        most: u32,
    ) -> Result<ListPage<WordQuestion>, StoreError> {
        let found = sql("SELECT id, project, words, at, status, party, reply \
             FROM word_questions WHERE project = $1 AND (at, id) < ($2, $3) \
             ORDER BY at DESC, id DESC LIMIT $4");
        let found = bind_before(found.text(project), before).number(one_more(most));
        let rows = all(&self.pool, found, question).await?;
        Ok(ListPage::of(rows, most, place))
    }

    /// Questions that hold these words, about any project, the latest first: at most so many before a place. A page looks
    /// back at so many questions and no more; where it ended, the next one begins.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn find_word_questions(
        &self,
        words: &SearchWords,
        before: Option<&ListPlace>,
        most: u32,
    ) -> Result<ListPage<WordQuestion>, StoreError> {
        let mut rows = Vec::new();
        let mut last = before.cloned();
        for _ in 0..STEPS {
            let found = sql("SELECT id, project, words, at, status, party, reply \
                 FROM word_questions WHERE (at, id) < ($1, $2) AND status <> 'taken-away' \
                 ORDER BY at DESC, id DESC LIMIT $3");
            let found = bind_before(found, last.as_ref()).number(STEP);
            let step = all(&self.pool, found, question).await?;
            let ended = i64::try_from(step.len()).is_ok_and(|n| n < STEP);
            last = step.last().map(place).or(last);
            rows.extend(step.into_iter().filter(|one| words.are_in(&one.text)));
            let enough = u64::try_from(rows.len()).unwrap_or(u64::MAX) > u64::from(most);
            if ended || enough {
                return Ok(ListPage::of(rows, most, place));
            }
        }
        Ok(ListPage { rows, older: last })
    }

    /// How many questions nobody took up, by the project.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open_word_questions(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let found = sql("SELECT project, COUNT(*) AS questions FROM word_questions \
             WHERE status = 'open' GROUP BY project ORDER BY project");
        all(&self.pool, found, |row| {
            Ok((row.text("project")?, row.count("questions")?))
        })
        .await
    }

    /// Takes a question up for a party. When several try, one succeeds.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the question is not open, or no longer, or there is no such party.
    pub async fn take_up_word_question(&self, id: &str, party: &str) -> Result<(), StoreError> {
        let take = sql("UPDATE word_questions SET status = 'taken-up', party = $1 \
                        WHERE id = $2 AND status = 'open'");
        let changed = run(&self.pool, take.text(party).text(id))
            .await
            .missing(|| format!("the party `{party}`"))?;
        must(changed, || "an open question".to_owned())
    }

    /// Answers a question for a party, or declines with a reason; a question that another party took up is left alone.
    /// The party that gave a reply may improve it.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such question, or another party took it up; [`StoreError::Unfit`] for a
    /// status that is not a reply.
    pub async fn reply_to_word_question(
        &self,
        id: &str,
        party: &str,
        status: WordQuestionStatus,
        reply: &str,
    ) -> Result<(), StoreError> {
        if !matches!(
            status,
            WordQuestionStatus::Answered | WordQuestionStatus::Declined
        ) {
            let what =
                format!("a reply does not leave a question `{status}`; answer or decline it");
            return Err(StoreError::Unfit { what });
        }
        let change = sql(
            "UPDATE word_questions SET status = $1, party = $2, reply = $3 \
                          WHERE id = $4 AND (party IS NULL OR party = $2) \
                          AND status <> 'taken-away'",
        );
        let change = change.text(status.as_str()).text(party);
        let changed = run(&self.pool, change.text(reply).text(id))
            .await
            .missing(|| format!("the party `{party}`"))?;
        must(changed, || {
            "a question that this party may answer".to_owned()
        })
    }

    /// Takes a question away for a party: its words, and the reply to them, are deleted from the registry. What is kept
    /// is that there was a question, who took it away, and why. See [`Store::scrub`].
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such question, or no longer, or no such party.
    pub async fn take_away_word_question(
        &self,
        id: &str,
        party: &str,
        reason: &str,
    ) -> Result<(), StoreError> {
        let change = sql(
            "UPDATE word_questions SET status = 'taken-away', words = '', party = $1, reply = $2 \
             WHERE id = $3 AND status <> 'taken-away'",
        );
        let changed = run(&self.pool, change.text(party).text(reason).text(id))
            .await
            .missing(|| format!("the party `{party}`"))?;
        must(changed, || "this question".to_owned())
    }

    /// How many questions about a project were asked from a moment on.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn word_questions_since(
        &self,
        project: &str,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        let found = sql("SELECT COUNT(*) AS n FROM word_questions WHERE project = $1 AND at >= $2");
        count(&self.pool, found.text(project).time(since)).await
    }
}

fn place(one: &WordQuestion) -> ListPlace {
    ListPlace {
        at: one.at,
        id: one.id.clone(),
    }
}

fn question(row: &RegistryRow) -> Result<WordQuestion, StoreError> {
    Ok(WordQuestion {
        id: row.text("id")?,
        project: row.text("project")?,
        text: row.text("words")?,
        at: row.time("at")?,
        status: row.word("status")?,
        party: row.maybe_text("party")?,
        reply: row.maybe_text("reply")?,
    })
}
