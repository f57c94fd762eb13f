//! What no function of the registry reads back: looked up in its tables, over a connection of the test's own.

use std::future::Future;

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Connection as _, Row as _};
use zwerm_store::mirror::{ConsentRow, DatasetRow, ReleaseRow};

tokio::task_local! {
    static URL: String;
}

/// Runs a test that may look into the tables of the registry at this URL.
pub(crate) fn at<F: Future>(url: String, test: F) -> impl Future<Output = F::Output> {
    URL.scope(url, test)
}

async fn rows<T>(sql: &'static str, of: &str, read: impl Fn(&AnyRow) -> T) -> Vec<T> {
    let mut connection = AnyConnection::connect(&URL.get()).await.unwrap();
    let rows = sqlx::query(sql).bind(of.to_owned());
    let rows = rows.fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(read).collect()
}

/// Changes the tables themselves.
pub(crate) async fn change(sql: &'static str) {
    let mut connection = AnyConnection::connect(&URL.get()).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

fn text(row: &AnyRow, column: &str) -> String {
    row.get(column)
}

fn version(row: &AnyRow) -> u32 {
    u32::try_from(row.get::<i64, _>("version")).unwrap()
}

fn moment(row: &AnyRow) -> Timestamp {
    Timestamp::from_millisecond(row.get("at")).unwrap()
}

fn consent(row: &AnyRow) -> ConsentRow {
    ConsentRow {
        agreement: text(row, "agreement"),
        version: version(row),
        party: text(row, "party"),
        decision: text(row, "decision").parse().unwrap(),
        reason: row.get("reason"),
        lifts: row.get("lifts"),
        at: moment(row),
        signed: row.get::<i64, _>("signed") != 0,
    }
}

fn dataset(row: &AnyRow) -> DatasetRow {
    DatasetRow {
        agreement: text(row, "agreement"),
        version: version(row),
        id: text(row, "id"),
        provider: text(row, "provider"),
        legal_basis: text(row, "legal_basis"),
        period: text(row, "period"),
    }
}

fn release(row: &AnyRow) -> ReleaseRow {
    ReleaseRow {
        name: text(row, "name"),
        agreement: text(row, "agreement"),
        version: version(row),
        view: text(row, "shared_view"),
        hash: text(row, "hash"),
        at: moment(row),
    }
}

/// What parties said about an agreement, in order.
pub(crate) async fn consents_of(agreement: &str) -> Vec<ConsentRow> {
    let sql = "SELECT agreement, version, party, decision, reason, lifts, at, signed FROM consents \
               WHERE agreement = $1 ORDER BY place";
    rows(sql, agreement, consent).await
}

/// What a party said, the latest first.
pub(crate) async fn consents_by(party: &str) -> Vec<ConsentRow> {
    let sql = "SELECT agreement, version, party, decision, reason, lifts, at, signed FROM consents \
               WHERE party = $1 ORDER BY at DESC, place DESC";
    rows(sql, party, consent).await
}

/// The datasets of an agreement, the newest version first.
pub(crate) async fn datasets_of(agreement: &str) -> Vec<DatasetRow> {
    let sql = "SELECT agreement, version, id, provider, legal_basis, period FROM datasets \
               WHERE agreement = $1 ORDER BY version DESC, id";
    rows(sql, agreement, dataset).await
}

/// The datasets that a party provides.
pub(crate) async fn datasets_by(provider: &str) -> Vec<DatasetRow> {
    let sql = "SELECT agreement, version, id, provider, legal_basis, period FROM datasets \
               WHERE provider = $1";
    rows(sql, provider, dataset).await
}

/// What was released under an agreement, the latest first.
pub(crate) async fn releases_of(agreement: &str) -> Vec<ReleaseRow> {
    let sql = "SELECT name, agreement, version, shared_view, hash, at FROM releases \
               WHERE agreement = $1 ORDER BY at DESC, name DESC";
    rows(sql, agreement, release).await
}
