//! What parties say beside an answer: what it means, or what they promised to say with each outcome.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let store = zwerm_store::Store::in_memory().await?;
//! assert!(store.answer_notes("no-such-answer").await?.is_empty());
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;

use crate::database::{all, run};
use crate::error::{NamesConstraint as _, StoreError};
use crate::open::Store;
use crate::row::{Binds as _, sql};

/// What a party says beside an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerNote {
    /// The id of the party.
    pub party: String,
    /// What it says.
    pub words: String,
    /// When it last said so.
    pub at: Timestamp,
}

impl Store {
    /// What parties say beside an answer, by party: at most one note of each.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn answer_notes(&self, question: &str) -> Result<Vec<AnswerNote>, StoreError> {
        let found = sql("SELECT party, words, at FROM answer_notes WHERE question = $1");
        let mut notes = all(&self.pool, found.text(question), |row| {
            Ok(AnswerNote {
                party: row.text("party")?,
                words: row.text("words")?,
                at: row.time("at")?,
            })
        })
        .await?;
        notes.sort_by(|a, b| a.party.cmp(&b.party));
        Ok(notes)
    }

    /// Keeps what a party says beside an answer, in the place of what it said before.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such question or person.
    pub async fn put_answer_note(
        &self,
        question: &str,
        party: &str,
        person: &str,
        words: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let put = sql(
            "INSERT INTO answer_notes (question, party, person, words, at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (question, party) \
             DO UPDATE SET person = $3, words = $4, at = $5",
        );
        let put = put.text(question).text(party).text(person);
        run(&self.pool, put.text(words).time(now))
            .await
            .missing(|| "this answer".to_owned())?;
        Ok(())
    }

    /// Takes back what a party said beside an answer: its words are deleted. See [`Store::scrub`].
    ///
    /// # Errors
    /// Those of the database.
    pub async fn drop_answer_note(&self, question: &str, party: &str) -> Result<bool, StoreError> {
        let drop = sql("DELETE FROM answer_notes WHERE question = $1 AND party = $2");
        Ok(run(&self.pool, drop.text(question).text(party)).await? > 0)
    }
}
