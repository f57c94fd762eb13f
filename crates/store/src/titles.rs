//! What questions are called: made from the question, or by somebody instead; and finding questions by that.
//!
//! A title is text for everybody, and in the registry only: nothing of it is in the public log.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::Executor;
use sqlx::any::Any;
use zwerm_agreement::text::Text;

use crate::database::{all, one, run};
use crate::error::StoreError;
use crate::list::{ListPage, ListPlace, bind_before, one_more};
use crate::open::Store;
use crate::questions::{AskedQuestion, QuestionOutcome};
use crate::row::{Binds as _, RegistryRow, sql, whole};
use crate::search::containing;

/// Which questions to find; the default is all that everybody may read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuestionFilter {
    /// Those that this person asked, instead of those that everybody may read.
    pub person: Option<String>,
    /// Only those under this agreement.
    pub agreement: Option<String>,
    /// Only those that this party asked.
    pub party: Option<String>,
    /// Only those that came to this.
    pub outcome: Option<QuestionOutcome>,
    /// Only those with this in their title or their SQL, in small letters or capitals; its first 200 characters are used.
    pub text: Option<String>,
}

/// Who called an answer something, or took that back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleChange {
    /// What it is called now; nothing when that was taken back.
    pub own: Option<String>,
    /// For which party.
    pub party: String,
    /// When.
    pub at: Timestamp,
}

/// An answer that everybody may read, which an entry of the log is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedAnswer {
    /// The id of the question, by which its answer is found.
    pub id: String,
    /// What it is called, if that is known yet.
    pub title: Option<Text>,
}

/// A statement that lists questions that are found by their titles.
macro_rules! found {
    ($which:literal) => {
        concat!(
            "SELECT question, at FROM question_titles WHERE ",
            $which,
            " AND ($1 IS NULL OR agreement = $1) AND ($2 IS NULL OR party = $2) \
             AND ($3 IS NULL OR outcome = $3) AND ($4 IS NULL OR folded LIKE $4 ESCAPE '!') \
             AND (at, question) < ($5, $6) AND (at, question) >= ($7, $8) \
             ORDER BY at DESC, question DESC LIMIT $9"
        )
    };
}

/// A statement for the question up to which a search for a text goes back.
macro_rules! last_searched {
    ($which:literal) => {
        concat!(
            "SELECT question, at FROM question_titles WHERE ",
            $which,
            " AND (at, question) < ($1, $2) ORDER BY at DESC, question DESC LIMIT 1 OFFSET $3"
        )
    };
}

/// Questions that a search for a text looks at, at most; older ones are on its next page.
const SEARCHED: i64 = if cfg!(test) { 3 } else { 20_000 };

impl Store {
    /// Questions by what they are called and who asked them, the latest first: at most so many before a place. A search for a
    /// text goes back so many questions; where it ended, the next page begins.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn find_questions(
        &self,
        filter: &QuestionFilter,
        before: Option<&ListPlace>,
        most: u32,
    ) -> Result<ListPage<AskedQuestion>, StoreError> {
        let statement = match filter.person {
            Some(_) => found!("person = $10"),
            None => found!("public = 1"),
        };
        let text = filter.text.as_deref().map(containing);
        let last = match text {
            Some(_) => self.last_searched(filter, before).await?,
            None => None,
        };
        let found = sql(statement)
            .maybe_text(filter.agreement.as_deref())
            .maybe_text(filter.party.as_deref())
            .maybe_text(filter.outcome.map(QuestionOutcome::as_str))
            .maybe_text(text.as_deref());
        let found = bind_before(found, before);
        let found = match &last {
            Some(last) => found.time(last.at).text(&last.id),
            None => found.number(i64::MIN).text(""),
        };
        let found = found.number(one_more(most));
        let found = match &filter.person {
            Some(person) => found.text(person),
            None => found,
        };
        let ids = all(&self.pool, found, |row| row.text("question")).await?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            // one that was forgotten meanwhile is not there
            rows.extend(self.question(&id).await?);
        }
        let mut page = ListPage::of(rows, most, AskedQuestion::place);
        page.older = page.older.or(last);
        Ok(page)
    }

    async fn last_searched(
        &self,
        filter: &QuestionFilter,
        before: Option<&ListPlace>,
    ) -> Result<Option<ListPlace>, StoreError> {
        let statement = match filter.person {
            Some(_) => last_searched!("person = $4"),
            None => last_searched!("public = 1"),
        };
        let last = bind_before(sql(statement), before).number(SEARCHED - 1);
        let last = match &filter.person {
            Some(person) => last.text(person),
            None => last,
        };
        one(&self.pool, last, |row| {
            Ok(ListPlace {
                at: row.time("at")?,
                id: row.text("question")?,
            })
        })
        .await
    }

    /// The answers that entries of the log from one index to another are of, by index: those that are kept and that everybody
    /// may read.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn public_answers(
        &self,
        first: u64,
        last: u64,
    ) -> Result<BTreeMap<u64, LoggedAnswer>, StoreError> {
        let found = sql("SELECT questions.id, entry, nl, en, own FROM questions \
             LEFT JOIN question_titles ON question = questions.id \
             WHERE entry >= $1 AND entry <= $2 AND questions.public = 1");
        let found = found.number(whole(first)?).number(whole(last)?);
        let read = |row: &RegistryRow| {
            let (nl, en) = (row.maybe_text("nl")?, row.maybe_text("en")?);
            let made = nl.zip(en).map(|(nl, en)| Text::new(nl, en));
            let made = made.filter(|made| !made.nl.is_empty());
            let answer = LoggedAnswer {
                id: row.text("id")?,
                title: row.maybe_text("own")?.map(Text::same).or(made),
            };
            Ok((row.count("entry")?, answer))
        };
        let found = all(&self.pool, found, read).await?;
        Ok(found.into_iter().collect())
    }

    /// Questions whose titles were not made yet, some at a time.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn untitled_questions(&self, most: u32) -> Result<Vec<AskedQuestion>, StoreError> {
        let found =
            sql("SELECT question FROM question_titles WHERE nl = '' ORDER BY question LIMIT $1");
        let found = found.number(i64::from(most));
        let ids = all(&self.pool, found, |row| row.text("question")).await?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            rows.extend(self.question(&id).await?);
        }
        Ok(rows)
    }

    /// Keeps what was made from questions, all of it or nothing.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn make_titles(&self, made: &[(AskedQuestion, Text)]) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        for (question, title) in made {
            let folded = folded(Some(title), question.own_title.as_deref(), &question.sql);
            let put =
                sql("UPDATE question_titles SET nl = $1, en = $2, folded = $3 WHERE question = $4");
            let put = put.pair(title).text(&folded).text(&question.id);
            run(&mut *together, put).await?;
        }
        Ok(together.commit().await?)
    }

    /// Calls a question something for a party, or takes that back; what it was called before is deleted. See
    /// [`Store::scrub`].
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such question.
    pub async fn set_title(
        &self,
        question: &AskedQuestion,
        own: Option<&str>,
        (person, party): (&str, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let folded = folded(question.made_title.as_ref(), own, &question.sql);
        let put = sql(
            "UPDATE question_titles SET own = $1, titled_by = $2, titled_for = $3, titled_at = $4, \
             folded = $5 WHERE question = $6",
        );
        let put = put.maybe_text(own).text(person).text(party).time(now);
        let changed = run(&self.pool, put.text(&folded).text(&question.id)).await?;
        if changed == 0 {
            return Err(StoreError::Missing {
                what: "the question".to_owned(),
            });
        }
        Ok(())
    }

    /// Who called a question something last, or took that back.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn title_change(&self, question: &str) -> Result<Option<TitleChange>, StoreError> {
        let found = sql("SELECT own, titled_for, titled_at FROM question_titles \
             WHERE question = $1 AND titled_at IS NOT NULL");
        one(&self.pool, found.text(question), |row| {
            Ok(TitleChange {
                own: row.maybe_text("own")?,
                party: row.maybe_text("titled_for")?.unwrap_or_default(),
                at: row.time("titled_at")?,
            })
        })
        .await
    }
}

/// Keeps the title of a question that is kept in the same step.
pub(crate) async fn add_title<'e>(
    on: impl Executor<'e, Database = Any>,
    asked: &AskedQuestion,
) -> Result<(), StoreError> {
    let add = sql("INSERT INTO question_titles \
         (question, at, agreement, party, person, outcome, public, nl, en, folded) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    let made = asked.made_title.clone().unwrap_or_default();
    let add = add.text(&asked.id).time(asked.at).text(&asked.agreement);
    let add = add.text(&asked.party).maybe_text(asked.person.as_deref());
    let add = add
        .text(asked.outcome.as_str())
        .flag(asked.public)
        .pair(&made);
    run(on, add.text(&folded(Some(&made), None, &asked.sql))).await?;
    Ok(())
}

/// What was made from a question, of a row that has it.
pub(crate) fn made_title(row: &RegistryRow) -> Result<Option<Text>, StoreError> {
    let nl = row.maybe_text("title_nl")?.filter(|nl| !nl.is_empty());
    let en = row.maybe_text("title_en")?.filter(|en| !en.is_empty());
    Ok(nl.zip(en).map(|(nl, en)| Text { nl, en }))
}

/// What a search looks through.
fn folded(made: Option<&Text>, own: Option<&str>, statement: &str) -> String {
    let made = made.map_or(("", ""), |made| (made.nl.as_str(), made.en.as_str()));
    let parts = [own.unwrap_or_default(), made.0, made.1, statement];
    parts.join("\n").to_lowercase()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn asked(minute: i64, sql: &str) -> AskedQuestion {
        AskedQuestion {
            id: format!("q{minute}"),
            at: Timestamp::from_second(minute * 60).unwrap(),
            person: None,
            party: "brug".to_owned(),
            agreement: "a".to_owned(),
            version: 1,
            view: None,
            purpose: "wachttijd".to_owned(),
            sql: sql.to_owned(),
            outcome: QuestionOutcome::Answered,
            release: None,
            public: true,
            answer: None,
            receipt: None,
            refusals: None,
            entry: None,
            made_title: None,
            own_title: None,
        }
    }

    #[tokio::test]
    async fn a_search_for_a_text_goes_back_so_far_and_on_from_there() {
        let store = Store::in_memory().await.unwrap();
        for minute in 0..7 {
            let sql = if minute == 0 { "huur" } else { "wijk" };
            store.add_question(&asked(minute, sql)).await.unwrap();
        }
        let filter = QuestionFilter {
            text: Some("huur".to_owned()),
            ..QuestionFilter::default()
        };
        let (mut before, mut looked) = (None, 0);
        let found = loop {
            let page = store.find_questions(&filter, before.as_ref(), 2).await;
            let page = page.unwrap();
            looked += 1;
            match page.older {
                Some(older) if page.rows.is_empty() => before = Some(older),
                _ => break page.rows,
            }
        };
        let ids: Vec<&str> = found.iter().map(|one| one.id.as_str()).collect();
        assert_eq!((ids, looked), (vec!["q0"], 3));
        // without a text nothing is looked through
        let any = QuestionFilter::default();
        let all = store.find_questions(&any, None, 5);
        assert_eq!(all.await.unwrap().rows.len(), 5);
    }
}
