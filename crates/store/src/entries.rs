//! The mirror of the public log, to be searched and paged through. The log itself is the source.

use jiff::Timestamp;

use crate::database::{all, count, one, run};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{Binds as _, BoundSql, RegistryRow, sql, whole};
use crate::search::containing;

/// Kinds of which there is one for each question.
const COMMON: [&str; 3] = ["question", "answer", "refusal"];
/// Entries that a search for a text looks through at once.
const SEARCHED: u64 = 20_000;

/// One entry of the public log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// Its index in the log, from 0.
    pub index: u64,
    /// When it was entered.
    pub at: Timestamp,
    /// The kind of entry.
    pub kind: String,
    /// The hash of the agreement that it is about.
    pub agreement_hash: Option<String>,
    /// The id of that agreement, if it is known.
    pub agreement: Option<String>,
    /// The version of the agreement, if that is known.
    pub version: Option<u32>,
    /// The party that did what the entry says.
    pub party: Option<String>,
    /// The text that a search looks through.
    pub text: String,
}

/// Which entries to list; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Only entries of this kind.
    pub kind: Option<String>,
    /// Only entries about this agreement.
    pub agreement: Option<String>,
    /// Only entries of these parties; of anybody when there are none.
    pub parties: Vec<String>,
    /// Only entries with this in their text, in small letters or capitals; its first 200 characters are used. As many
    /// entries are looked through as [`Store::searched_from`] says.
    pub text: Option<String>,
}

/// A statement about the entries that a filter lets through.
///
/// What narrows most is no condition that may be left out: that would keep a database from using its index; what does not
/// narrow is an expression, so that its index is not used.
macro_rules! narrowed {
    ($filter:expr, $party:expr, $begin:literal, $end:literal) => {
        match ($party, &$filter.agreement, &$filter.kind) {
            // kinds of which there is not one for each question are rare
            (_, Some(_), Some(kind)) if !is_common(kind) => {
                narrowed!($begin, "kind = $1 AND agreement || '' = $2", $end)
            }
            (_, None, Some(kind)) if !is_common(kind) => {
                narrowed!($begin, "kind = $1 AND $2 IS NULL", $end)
            }
            (Some(_), _, _) => narrowed!(
                $begin,
                "party = $3 AND ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR agreement = $2)",
                $end
            ),
            (None, Some(_), Some(_)) => {
                narrowed!($begin, "agreement = $2 AND kind || '' = $1", $end)
            }
            (None, Some(_), None) => narrowed!($begin, "$1 IS NULL AND agreement = $2", $end),
            (None, None, Some(_)) => narrowed!($begin, "kind = $1 AND $2 IS NULL", $end),
            (None, None, None) => narrowed!($begin, "($1 IS NULL AND $2 IS NULL)", $end),
        }
    };
    ($begin:literal, $which:literal, $end:literal) => {
        concat!(
            $begin,
            $which,
            " AND ($3 IS NULL OR party = $3) AND ($4 IS NULL OR folded LIKE $4 ESCAPE '!') \
             AND place < $5 AND place >= $6 ",
            $end
        )
    };
}

fn is_common(kind: &str) -> bool {
    COMMON.contains(&kind)
}

impl Store {
    /// Adds entries, and returns how many were new; those that are there already are left as they are.
    ///
    /// # Errors
    /// [`StoreError::Unfit`] for an index that no log has.
    pub async fn add_entries(&self, entries: &[EntryRow]) -> Result<u64, StoreError> {
        let mut together = self.together().await?;
        let mut added = 0;
        for entry in entries {
            let add = sql("INSERT INTO entries \
                 (place, at, kind, agreement_hash, agreement, version, party, words, folded) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING");
            let add = add.number(whole(entry.index)?).time(entry.at);
            let add = add.text(&entry.kind);
            let add = add.maybe_text(entry.agreement_hash.as_deref());
            let add = add.maybe_text(entry.agreement.as_deref());
            let add = add.maybe_number(entry.version.map(i64::from));
            let add = add.maybe_text(entry.party.as_deref());
            let add = add.text(&entry.text).text(&entry.text.to_lowercase());
            added += run(&mut *together, add).await?;
        }
        together.commit().await?;
        Ok(added)
    }

    /// Entries, the newest first: at most `limit` of those before an index.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use zwerm_store::Store;
    /// use zwerm_store::entries::{EntryFilter, EntryRow};
    ///
    /// let store = Store::in_memory().await?;
    /// let entry = EntryRow {
    ///     index: 0,
    ///     at: "2026-03-01T09:00:00Z".parse()?,
    ///     kind: "question".into(),
    ///     agreement_hash: None,
    ///     agreement: None,
    ///     version: None,
    ///     party: None,
    ///     text: "Één op de 10% in 't Zand".into(),
    /// };
    /// store.add_entries(&[entry.clone()]).await?;
    /// let with = |text: &str| EntryFilter { text: Some(text.into()), ..EntryFilter::default() };
    /// assert_eq!(store.entries(&with("één op de 10%"), None, 20).await?, [entry]);
    /// assert!(store.entries(&with("1%"), None, 20).await?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the database.
    pub async fn entries(
        &self,
        filter: &EntryFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<EntryRow>, StoreError> {
        let mut found = Vec::new();
        for party in each_party(filter) {
            let statement = narrowed!(
                filter,
                party,
                "SELECT place, at, kind, agreement_hash, agreement, version, party, words \
                 FROM entries WHERE ",
                "ORDER BY place DESC LIMIT $7"
            );
            let listed = self.bound(statement, filter, party, before).await?;
            found.extend(all(&self.pool, listed.number(limit), entry).await?);
        }
        // each party's come in their order; which come first of all of them
        found.sort_by_key(|entry| std::cmp::Reverse(entry.index));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// How many entries a filter lets through, as far as [`Store::entries`] looks for them: at most so many are counted of
    /// each party.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn count_entries(&self, filter: &EntryFilter, most: u32) -> Result<u64, StoreError> {
        let mut counted = 0;
        for party in each_party(filter) {
            let statement = narrowed!(
                filter,
                party,
                "SELECT COUNT(*) AS n FROM (SELECT 1 FROM entries WHERE ",
                "LIMIT $7) AS some_of_them"
            );
            let found = self.bound(statement, filter, party, None).await?;
            counted += count(&self.pool, found.number(most)).await?;
        }
        Ok(counted)
    }

    async fn bound(
        &self,
        statement: &'static str,
        filter: &EntryFilter,
        party: Option<&str>,
        before: Option<u64>,
    ) -> Result<BoundSql, StoreError> {
        // an index beyond all others is before no entry that is there
        let most = u64::try_from(i64::MAX).unwrap_or(u64::MAX);
        let before = before.unwrap_or(most).min(most);
        let from = match &filter.text {
            Some(_) => self.searched_from(before).await?,
            None => 0,
        };
        let bound = sql(statement)
            .maybe_text(filter.kind.as_deref())
            .maybe_text(filter.agreement.as_deref())
            .maybe_text(party)
            .maybe_text(filter.text.as_deref().map(containing).as_deref());
        Ok(bound.number(whole(before)?).number(whole(from)?))
    }

    /// The index that a search for a text before another one goes back to: no index helps it, so it looks through so many
    /// entries and no more.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn searched_from(&self, before: u64) -> Result<u64, StoreError> {
        let top = self.entry_count().await?.min(before);
        Ok(top.saturating_sub(SEARCHED))
    }

    /// How many entries are mirrored, which is one more than the largest index: they come in their order.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn entry_count(&self) -> Result<u64, StoreError> {
        let next = sql("SELECT COALESCE(MAX(place), -1) + 1 AS n FROM entries");
        count(&self.pool, next).await
    }

    /// Whether there is an entry of this kind among those that were taken over.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn has_entry(&self, kind: &str) -> Result<bool, StoreError> {
        let found = sql("SELECT place FROM entries WHERE kind = $1 LIMIT 1").text(kind);
        let found = one(&self.pool, found, |row| row.count("place")).await?;
        Ok(found.is_some())
    }

    /// The indexes of the entries of a kind, in their order.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn entry_indexes(&self, kind: &str) -> Result<Vec<u64>, StoreError> {
        let found = sql("SELECT place FROM entries WHERE kind = $1 ORDER BY place");
        all(&self.pool, found.text(kind), |row| row.count("place")).await
    }

    /// How many entries of a kind there are from an index on.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn entry_count_since(&self, kind: &str, from: u64) -> Result<u64, StoreError> {
        let found = sql("SELECT COUNT(*) AS n FROM entries WHERE kind = $1 AND place >= $2");
        count(&self.pool, found.text(kind).number(whole(from)?)).await
    }

    /// Whose the newest entries are, the newest first; nobody's are those that the system entered by itself.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn newest_parties(&self, limit: u32) -> Result<Vec<Option<String>>, StoreError> {
        let found = sql("SELECT party FROM entries ORDER BY place DESC LIMIT $1").number(limit);
        all(&self.pool, found, |row| row.maybe_text("party")).await
    }

    /// The entry with the largest index.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn last_entry(&self) -> Result<Option<EntryRow>, StoreError> {
        let found = sql(
            "SELECT place, at, kind, agreement_hash, agreement, version, party, words FROM entries \
             ORDER BY place DESC LIMIT 1",
        );
        one(&self.pool, found, entry).await
    }
}

/// The parties of a filter one by one; nobody in particular when it has none.
fn each_party(filter: &EntryFilter) -> Vec<Option<&str>> {
    if filter.parties.is_empty() {
        return vec![None];
    }
    filter
        .parties
        .iter()
        .map(|party| Some(party.as_str()))
        .collect()
}

fn entry(row: &RegistryRow) -> Result<EntryRow, StoreError> {
    Ok(EntryRow {
        index: row.count("place")?,
        at: row.time("at")?,
        kind: row.text("kind")?,
        agreement_hash: row.maybe_text("agreement_hash")?,
        agreement: row.maybe_text("agreement")?,
        version: row.maybe_version("version")?,
        party: row.maybe_text("party")?,
        text: row.text("words")?,
    })
}
