//! The mirror of the public log, to be searched and paged through. The log itself is the source.

use jiff::Timestamp;

use crate::database::{all, count, one, run};
use crate::error::StoreError;
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, sql, whole};

/// How many characters of a search text are used; the rest is ignored.
const LONGEST: usize = 200;

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
    /// Only entries of this party.
    pub party: Option<String>,
    /// Only entries with this in their text, in small letters or capitals; its first 200 characters are used.
    pub text: Option<String>,
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
        let found = sql(
            "SELECT place, at, kind, agreement_hash, agreement, version, party, words FROM entries \
             WHERE ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR agreement = $2) \
             AND ($3 IS NULL OR party = $3) AND ($4 IS NULL OR folded LIKE $4 ESCAPE '!') \
             AND ($5 IS NULL OR place < $5) ORDER BY place DESC LIMIT $6",
        );
        let found = found.maybe_text(filter.kind.as_deref());
        let found = found.maybe_text(filter.agreement.as_deref());
        let found = found.maybe_text(filter.party.as_deref());
        let found = found.maybe_text(filter.text.as_deref().map(containing).as_deref());
        // an index beyond all others is before no entry that is there
        let before = before.map(|index| i64::try_from(index).unwrap_or(i64::MAX));
        let found = found.maybe_number(before).number(limit);
        all(&self.pool, found, entry).await
    }

    /// How many entries are mirrored.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn entry_count(&self) -> Result<u64, StoreError> {
        count(&self.pool, sql("SELECT COUNT(*) AS n FROM entries")).await
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

/// A pattern that matches whatever contains this text, in small letters or capitals.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars().take(LONGEST) {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
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
