//! Running statements: on the pool, or within a transaction.

use sqlx::any::Any;
use sqlx::{Executor, Transaction};

use crate::error::StoreError;
use crate::open::Store;
use crate::row::{BoundSql, RegistryRow};

/// Several statements that happen together or not at all.
pub(crate) type RegistryTransaction = Transaction<'static, Any>;

/// Runs a statement, and returns how many rows it changed.
pub(crate) async fn run<'e>(
    on: impl Executor<'e, Database = Any>,
    sql: BoundSql,
) -> Result<u64, StoreError> {
    Ok(sql.execute(on).await?.rows_affected())
}

/// All rows of an answer.
pub(crate) async fn all<'e, T>(
    on: impl Executor<'e, Database = Any>,
    sql: BoundSql,
    read: impl Fn(&RegistryRow) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let rows = sql.fetch_all(on).await?;
    rows.into_iter()
        .map(|row| read(&RegistryRow(row)))
        .collect()
}

/// The first row of an answer, if any. The answer is read to its end, because only then is what a `RETURNING` changed
/// kept, and only then is a full disk reported.
pub(crate) async fn one<'e, T>(
    on: impl Executor<'e, Database = Any>,
    sql: BoundSql,
    read: impl FnOnce(&RegistryRow) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let rows = sql.fetch_all(on).await?;
    let row = rows.into_iter().next();
    row.map(|row| read(&RegistryRow(row))).transpose()
}

/// The one number of an answer, in its column `n`.
pub(crate) async fn count<'e>(
    on: impl Executor<'e, Database = Any>,
    sql: BoundSql,
) -> Result<u64, StoreError> {
    Ok(one(on, sql, |row| row.count("n")).await?.unwrap_or(0))
}

impl Store {
    /// Begins a transaction that will write. SQLite takes its one write lock at once: a transaction that begins by
    /// reading could find later that somebody else wrote meanwhile, and would fail instead of waiting.
    pub(crate) async fn together(&self) -> Result<RegistryTransaction, StoreError> {
        Ok(self.pool.begin_with(self.kind.begin()).await?)
    }
}
