//! Questions that were asked, with their answers or refusals: only values that were published, never any other.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_agreement::text::Text;
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! use zwerm_store::fresh_id;
//! use zwerm_store::questions::{AskedQuestion, QuestionOutcome};
//!
//! let asked = AskedQuestion {
//!     id: fresh_id()?,
//!     at: now,
//!     person: None,
//!     party: "brug".into(),
//!     agreement: "wachttijd".into(),
//!     version: 1,
//!     view: Some("wonen".into()),
//!     purpose: "wachttijd verkorten".into(),
//!     sql: "SELECT wijk, sum(n) FROM wonen GROUP BY wijk".into(),
//!     outcome: QuestionOutcome::Answered,
//!     release: Some("wachttijd-1".into()),
//!     public: true,
//!     answer: None,
//!     receipt: None,
//!     refusals: None,
//!     entry: Some(12),
//!     made_title: Some(Text::new("Rijen per wijk", "Rows by district")),
//!     own_title: None,
//! };
//! assert!(store.add_question(&asked).await?);
//! let imported = AskedQuestion { id: fresh_id()?, ..asked.clone() };
//! let next = AskedQuestion { id: fresh_id()?, public: false, entry: Some(14), ..asked.clone() };
//! assert_eq!(store.add_questions(&[imported, next]).await?, [false, true]);
//! assert_eq!(store.public_questions(None, None, 10).await?.rows, [asked]);
//! # Ok(())
//! # }
//! ```

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::Executor;
use sqlx::any::Any;
use zwerm_agreement::text::Text;
use zwerm_agreement::words;

use crate::database::{all, count, one, run};
use crate::error::{NamesConstraint as _, StoreError};
use crate::list::{ListPage, ListPlace, bind_before, one_more};
use crate::open::Store;
use crate::row::{Binds as _, BoundSql, RegistryRow, sql, whole};
use crate::titles::{add_title, made_title};

words! {
    in "zwerm_store::questions";
    /// What came of a question.
    pub enum QuestionOutcome {
        /// The question was answered.
        Answered = "answered",
        /// The question was refused.
        Refused = "refused",
    }
}

/// A question that was asked, with its answer or with the reasons why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedQuestion {
    /// An id that nobody can guess; see [`fresh_id`](crate::fresh_id).
    pub id: String,
    /// When it was asked.
    pub at: Timestamp,
    /// The id of the person who asked, if they were signed in.
    pub person: Option<String>,
    /// The party that it was asked for.
    pub party: String,
    /// The id of the agreement that it was asked under.
    pub agreement: String,
    /// The version that was asked under.
    pub version: u32,
    /// The shared view, if the question names one.
    pub view: Option<String>,
    /// The purpose, as the agreement names it.
    pub purpose: String,
    /// The question in SQL.
    pub sql: String,
    /// Whether it was answered or refused.
    pub outcome: QuestionOutcome,
    /// The release that the answer came from.
    pub release: Option<String>,
    /// Whether everybody may read the answer.
    pub public: bool,
    /// The protected answer, as JSON.
    pub answer: Option<String>,
    /// The receipt, as JSON.
    pub receipt: Option<String>,
    /// The refusals, as JSON.
    pub refusals: Option<String>,
    /// The index of its entry in the public log.
    pub entry: Option<u64>,
    /// What it is called, made from the question; nothing of one that was kept before questions had titles.
    pub made_title: Option<Text>,
    /// What somebody called it instead. What is written here is not kept: see [`Store::set_title`].
    pub own_title: Option<String>,
}

impl AskedQuestion {
    /// What people call it: what somebody called it, else what was made from the question.
    pub fn title(&self) -> Text {
        match (&self.own_title, &self.made_title) {
            (Some(own), _) => Text::same(own),
            (None, Some(made)) => made.clone(),
            (None, None) => Text::new("Vraag aan de gegevens", "Question to the data"),
        }
    }

    /// Its place in a list that has the newest first.
    pub fn place(&self) -> ListPlace {
        ListPlace {
            at: self.at,
            id: self.id.clone(),
        }
    }
}

/// A statement that reads whole questions, as [`asked`] takes them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, at, person, party, agreement, version, shared_view, purpose, statement, \
             outcome, release_name, public, answer, receipt, refusals, entry, \
             (SELECT nl FROM question_titles WHERE question = questions.id) AS title_nl, \
             (SELECT en FROM question_titles WHERE question = questions.id) AS title_en, \
             (SELECT own FROM question_titles WHERE question = questions.id) AS own_title \
             FROM questions ",
            $rest
        )
    };
}

impl Store {
    /// Keeps a question, and returns whether it is new. A question whose log entry is here already is left as it is.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when there is a question with this id, [`StoreError::Missing`] when nobody has its
    /// person's id.
    pub async fn add_question(&self, asked: &AskedQuestion) -> Result<bool, StoreError> {
        let added = self.add_questions(std::slice::from_ref(asked)).await?;
        Ok(added.contains(&true))
    }

    /// Keeps many questions with one wait for the disk, all of them or none, and returns which are new.
    ///
    /// # Errors
    /// Those of [`Store::add_question`], of the first that cannot be kept.
    pub async fn add_questions(&self, asked: &[AskedQuestion]) -> Result<Vec<bool>, StoreError> {
        let mut together = self.together().await?;
        let mut added = Vec::with_capacity(asked.len());
        for one in asked {
            let is_new = add(&mut *together, one).await?;
            if is_new {
                add_title(&mut *together, one).await?;
            }
            added.push(is_new);
        }
        together.commit().await?;
        Ok(added)
    }

    /// Whether anything that was asked under this version is kept.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn has_questions(&self, agreement: &str, version: u32) -> Result<bool, StoreError> {
        let some = sql("SELECT COUNT(*) AS n FROM \
             (SELECT 1 FROM questions WHERE agreement = $1 AND version = $2 LIMIT 1) AS some_of_them");
        Ok(count(&self.pool, some.text(agreement).number(version)).await? > 0)
    }

    /// Whether any question was answered. Looks until it finds one: ask it of a home in which few were asked.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn has_answer(&self) -> Result<bool, StoreError> {
        let found = sql("SELECT id FROM questions WHERE outcome = $1 LIMIT 1");
        let found = found.text(QuestionOutcome::Answered.as_str());
        Ok(one(&self.pool, found, |row| row.text("id"))
            .await?
            .is_some())
    }

    /// The newest answer that is kept with its receipt: the index of its entry, and the receipt.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn newest_receipt(&self) -> Result<Option<(u64, String)>, StoreError> {
        let found = sql("SELECT entry, receipt FROM questions \
             WHERE entry IS NOT NULL AND receipt IS NOT NULL ORDER BY entry DESC LIMIT 1");
        one(&self.pool, found, |row| {
            let index = u64::try_from(row.number("entry")?).unwrap_or_default();
            Ok((index, row.text("receipt")?))
        })
        .await
    }

    /// The question with this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn question(&self, id: &str) -> Result<Option<AskedQuestion>, StoreError> {
        let found = sql(select!("WHERE id = $1"));
        one(&self.pool, found.text(id), asked).await
    }

    /// The questions that a person asked, under one agreement or all, the latest first: at most so many before a place.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn questions_of_person(
        &self,
        person: &str,
        agreement: Option<&str>,
        before: Option<&ListPlace>,
        most: u32,
    ) -> Result<ListPage<AskedQuestion>, StoreError> {
        let found = sql(select!(
            "WHERE person = $1 AND ($2 IS NULL OR agreement = $2) AND (at, id) < ($3, $4) \
             ORDER BY at DESC, id DESC LIMIT $5"
        ));
        let found = bind_before(found.text(person).maybe_text(agreement), before);
        self.listed(found, most).await
    }

    /// What everybody may see, of one agreement or all, the latest first: at most so many before a place.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn public_questions(
        &self,
        agreement: Option<&str>,
        before: Option<&ListPlace>,
        most: u32,
    ) -> Result<ListPage<AskedQuestion>, StoreError> {
        // one statement for each: a condition that may be left out keeps a database from using an index
        let found = match agreement {
            Some(agreement) => sql(select!(
                "WHERE public = 1 AND agreement = $1 AND (at, id) < ($2, $3) \
                 ORDER BY at DESC, id DESC LIMIT $4"
            ))
            .text(agreement),
            None => sql(select!(
                "WHERE public = 1 AND (at, id) < ($1, $2) ORDER BY at DESC, id DESC LIMIT $3"
            )),
        };
        self.listed(bind_before(found, before), most).await
    }

    /// The questions that were asked under these agreements, or under one version of them, the latest first: for a steward,
    /// the uses of a dataset. At most so many before a place.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn uses_of(
        &self,
        agreements: &[(&str, Option<u32>)],
        before: Option<&ListPlace>,
        most: u32,
    ) -> Result<ListPage<AskedQuestion>, StoreError> {
        let wanted: BTreeSet<_> = agreements.iter().collect();
        let mut uses = Vec::new();
        for (agreement, version) in wanted {
            let found = match version {
                Some(version) => sql(select!(
                    "WHERE agreement = $1 AND version = $2 AND (at, id) < ($3, $4) \
                     ORDER BY at DESC, id DESC LIMIT $5"
                ))
                .text(agreement)
                .number(*version),
                None => sql(select!(
                    "WHERE agreement = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4"
                ))
                .text(agreement),
            };
            let found = bind_before(found, before).number(one_more(most));
            uses.extend(all(&self.pool, found, asked).await?);
        }
        uses.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        Ok(ListPage::of(uses, most, AskedQuestion::place))
    }

    async fn listed(
        &self,
        found: BoundSql,
        most: u32,
    ) -> Result<ListPage<AskedQuestion>, StoreError> {
        let rows = all(&self.pool, found.number(one_more(most)), asked).await?;
        Ok(ListPage::of(rows, most, AskedQuestion::place))
    }

    /// Forgets what was asked under one version of an agreement; how many. The public log keeps its entries.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_questions(&self, agreement: &str, version: u32) -> Result<u64, StoreError> {
        let old = sql("DELETE FROM questions WHERE agreement = $1 AND version = $2");
        run(&self.pool, old.text(agreement).number(version)).await
    }
}

async fn add<'e>(
    on: impl Executor<'e, Database = Any>,
    asked: &AskedQuestion,
) -> Result<bool, StoreError> {
    let add = sql(
        "INSERT INTO questions (id, at, person, party, agreement, version, shared_view, \
         purpose, statement, outcome, release_name, public, answer, receipt, refusals, entry) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
         ON CONFLICT (entry) DO NOTHING",
    );
    let add = add.text(&asked.id).time(asked.at);
    let add = add.maybe_text(asked.person.as_deref()).text(&asked.party);
    let add = add.text(&asked.agreement).number(asked.version);
    let add = add.maybe_text(asked.view.as_deref()).text(&asked.purpose);
    let add = add.text(&asked.sql).text(asked.outcome.as_str());
    let add = add.maybe_text(asked.release.as_deref()).flag(asked.public);
    let add = add.maybe_text(asked.answer.as_deref());
    let add = add.maybe_text(asked.receipt.as_deref());
    let add = add.maybe_text(asked.refusals.as_deref());
    let add = add.maybe_number(asked.entry.map(whole).transpose()?);
    let added = run(on, add)
        .await
        .taken(|| "a question with this id".to_owned())
        .missing(|| "who asked".to_owned())?;
    Ok(added > 0)
}

fn asked(row: &RegistryRow) -> Result<AskedQuestion, StoreError> {
    Ok(AskedQuestion {
        id: row.text("id")?,
        at: row.time("at")?,
        person: row.maybe_text("person")?,
        party: row.text("party")?,
        agreement: row.text("agreement")?,
        version: row.version("version")?,
        view: row.maybe_text("shared_view")?,
        purpose: row.text("purpose")?,
        sql: row.text("statement")?,
        outcome: row.word("outcome")?,
        release: row.maybe_text("release_name")?,
        public: row.flag("public")?,
        answer: row.maybe_text("answer")?,
        receipt: row.maybe_text("receipt")?,
        refusals: row.maybe_text("refusals")?,
        entry: row.maybe_count("entry")?,
        made_title: made_title(row)?,
        own_title: row.maybe_text("own_title")?,
    })
}
