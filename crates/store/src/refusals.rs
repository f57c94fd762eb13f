//! Refused questions, by the hash under which the home keeps them: which barriers each met, and whether it still would.
//!
//! A refused question may name a person. So no word of it is here, nor who asked: only what makes two alike the same, which
//! nobody can read back, and when its file is deleted its rows go as well.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use zwerm_agreement::barrier::BarrierName;

use crate::barriers::meet;
use crate::database::{RegistryTransaction, all, count, one, run};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, sql};

/// A question that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedQuestion {
    /// The hash under which the home keeps it and the log names it.
    pub hash: String,
    /// The id of the agreement that it was asked under.
    pub agreement: String,
    /// When it was asked.
    pub at: Timestamp,
    /// Alike for questions that are alike.
    pub question: String,
    /// The hash of the agreement under which it was refused for these reasons.
    pub judged: String,
    /// The barriers that it met.
    pub met: Vec<BarrierName>,
}

/// A question of which there may be several alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistinctRefusal {
    /// What those alike have in common.
    pub question: String,
    /// The hash of one of them.
    pub hash: String,
    /// How many there are.
    pub times: u64,
}

impl Store {
    /// Keeps refused questions and the barriers that they met; returns how many were new. Those that are here already are
    /// left as they are.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_refusals(&self, refused: &[RefusedQuestion]) -> Result<usize, StoreError> {
        let mut together = self.together().await?;
        let mut new = 0;
        for one in refused {
            new += usize::from(add(&mut together, one).await?);
        }
        together.commit().await?;
        Ok(new)
    }

    /// How many refused questions are here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refusal_count(&self) -> Result<u64, StoreError> {
        count(&self.pool, sql("SELECT COUNT(*) AS n FROM refusals")).await
    }

    /// The hashes of all refused questions that are here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refusal_hashes(&self) -> Result<BTreeSet<String>, StoreError> {
        let found = sql("SELECT hash FROM refusals");
        let hashes = all(&self.pool, found, |row| row.text("hash")).await?;
        Ok(hashes.into_iter().collect())
    }

    /// Forgets refused questions whose files are gone, and barriers that no question met any more.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_refusals(&self, hashes: &[String]) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        for hash in hashes {
            let gone = sql("DELETE FROM refusals WHERE hash = $1").text(hash);
            run(&mut *together, gone).await?;
        }
        recount(&mut together).await?;
        run(
            &mut *together,
            // not by the count, which another may be adding to
            sql("DELETE FROM barriers WHERE NOT EXISTS \
                 (SELECT 1 FROM refusal_reasons m WHERE m.barrier = barriers.key)"),
        )
        .await?;
        Ok(together.commit().await?)
    }

    /// Questions under an agreement that were last looked at under another version of it: each that differs once, at most
    /// so many.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unjudged_refusals(
        &self,
        agreement: &str,
        judged: &str,
        most: u32,
    ) -> Result<Vec<DistinctRefusal>, StoreError> {
        // before and after, because an index finds what is more or less than something, and not what is other than it
        let mut any = false;
        for other in [
            sql("SELECT hash FROM refusals WHERE agreement = $1 AND judged < $2 LIMIT 1"),
            sql("SELECT hash FROM refusals WHERE agreement = $1 AND judged > $2 LIMIT 1"),
        ] {
            let found = other.text(agreement).text(judged);
            any = any
                || one(&self.pool, found, |row| row.text("hash"))
                    .await?
                    .is_some();
        }
        if !any {
            return Ok(Vec::new());
        }
        let found = sql(
            "SELECT question, MIN(hash) AS hash, COUNT(*) AS n FROM refusals \
             WHERE agreement = $1 AND judged <> $2 GROUP BY question ORDER BY question LIMIT $3",
        );
        let found = found.text(agreement).text(judged).number(most);
        all(&self.pool, found, distinct).await
    }

    /// The questions under an agreement that were refused last: of the newest so many each that differs once, at most so many
    /// of those, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn distinct_refusals(
        &self,
        agreement: &str,
        newest: u32,
        most: u32,
    ) -> Result<Vec<DistinctRefusal>, StoreError> {
        let found = sql("SELECT question, MAX(hash) AS hash, COUNT(*) AS n FROM \
             (SELECT question, hash, at FROM refusals WHERE agreement = $1 \
              ORDER BY at DESC, hash DESC LIMIT $2) AS newest \
             GROUP BY question ORDER BY MAX(at) DESC, MAX(hash) DESC LIMIT $3");
        let found = found.text(agreement).number(newest).number(most);
        all(&self.pool, found, distinct).await
    }

    /// How many questions under an agreement were refused.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn refusals_under(&self, agreement: &str) -> Result<u64, StoreError> {
        let found = sql("SELECT COUNT(*) AS n FROM refusals WHERE agreement = $1");
        count(&self.pool, found.text(agreement)).await
    }

    /// The question that met a barrier last.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn newest_refusal(&self, barrier: &str) -> Result<Option<String>, StoreError> {
        let found = sql("SELECT refusal FROM refusal_reasons \
                         WHERE barrier = $1 ORDER BY at DESC LIMIT 1");
        one(&self.pool, found.text(barrier), |row| row.text("refusal")).await
    }

    /// Keeps which barriers would still be met by questions, under the version of their agreement with this hash, and counts
    /// how many each keeps from being answered.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn judge_refusals(
        &self,
        agreement: &str,
        judged: &str,
        found: &[(DistinctRefusal, BTreeSet<String>)],
    ) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        for (refused, still) in found {
            judge(&mut together, agreement, judged, &refused.question, still).await?;
        }
        Ok(together.commit().await?)
    }

    /// Counts anew how many questions each barrier kept from being answered, and would still.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn recount_barriers(&self) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        recount(&mut together).await?;
        Ok(together.commit().await?)
    }
}

async fn add(on: &mut RegistryTransaction, refused: &RefusedQuestion) -> Result<bool, StoreError> {
    let put = sql(
        "INSERT INTO refusals (hash, agreement, at, question, judged) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash) DO NOTHING",
    );
    let put = put.text(&refused.hash).text(&refused.agreement);
    let put = put.time(refused.at).text(&refused.question);
    if run(&mut **on, put.text(&refused.judged)).await? == 0 {
        return Ok(false);
    }
    let names = refused.met.iter().map(|name| (name.key(), name));
    for (key, name) in BTreeMap::from_iter(names) {
        meet(on, name, refused.at).await?;
        let put =
            sql("INSERT INTO refusal_reasons (refusal, barrier, at, still) VALUES ($1, $2, $3, 1)");
        let put = put.text(&refused.hash).text(&key).time(refused.at);
        run(&mut **on, put).await?;
        let count = sql(
            "UPDATE barriers SET questions = questions + 1, held = held + 1, \
             last_at = CASE WHEN last_at < $1 THEN $1 ELSE last_at END, \
             first_at = CASE WHEN first_at > $1 THEN $1 ELSE first_at END WHERE key = $2",
        );
        run(&mut **on, count.time(refused.at).text(&key)).await?;
    }
    Ok(true)
}

async fn judge(
    on: &mut RegistryTransaction,
    agreement: &str,
    judged: &str,
    question: &str,
    still: &BTreeSet<String>,
) -> Result<(), StoreError> {
    let met = sql(
        "SELECT DISTINCT barrier FROM refusal_reasons WHERE refusal IN \
         (SELECT hash FROM refusals WHERE agreement = $1 AND question = $2)",
    );
    let met = met.text(agreement).text(question);
    let met = all(&mut **on, met, |row| row.text("barrier")).await?;
    // in one order everywhere, so that two who count at once do not wait for each other
    for key in BTreeSet::from_iter(met) {
        let stands = still.contains(&key);
        let change = sql(
            "UPDATE refusal_reasons SET still = $1 WHERE still <> $1 AND barrier = $2 \
             AND refusal IN (SELECT hash FROM refusals WHERE agreement = $3 AND question = $4)",
        );
        let change = change
            .flag(stands)
            .text(&key)
            .text(agreement)
            .text(question);
        // as many as were changed, so that what others add at the same time stays counted
        let changed = i64::try_from(run(&mut **on, change).await?).unwrap_or(i64::MAX);
        if changed == 0 {
            continue;
        }
        let count = sql("UPDATE barriers SET held = held + $1 WHERE key = $2");
        let more = if stands { changed } else { -changed };
        run(&mut **on, count.number(more).text(&key)).await?;
    }
    let done = sql("UPDATE refusals SET judged = $1 WHERE agreement = $2 AND question = $3");
    let done = done.text(judged).text(agreement).text(question);
    run(&mut **on, done).await.map(drop)
}

async fn recount(on: &mut RegistryTransaction) -> Result<(), StoreError> {
    let count = sql("UPDATE barriers SET questions = \
         (SELECT COUNT(*) FROM refusal_reasons m WHERE m.barrier = barriers.key), held = \
         (SELECT COUNT(*) FROM refusal_reasons m WHERE m.barrier = barriers.key AND m.still = 1)");
    run(&mut **on, count).await.map(drop)
}

fn distinct(row: &RegistryRow) -> Result<DistinctRefusal, StoreError> {
    Ok(DistinctRefusal {
        question: row.text("question")?,
        hash: row.text("hash")?,
        times: row.count("n")?,
    })
}
