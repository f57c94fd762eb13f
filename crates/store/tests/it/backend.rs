//! Runs a test against a fresh registry of each kind, and clears it away whether the test passes or not.

use std::future::Future;
use std::panic::resume_unwind;

use tokio::runtime::Builder;
use zwerm_store::Store;

use crate::{behind, cluster};

/// Makes two tests of each function that takes a store: one on SQLite, one on PostgreSQL.
macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $name() { crate::backend::sqlite(super::$name); })+
        }
        mod on_postgres {
            $(#[test] fn $name() { crate::backend::postgres(super::$name); })+
        }
    };
}
pub(crate) use contract;

/// Runs a test against a new SQLite file.
pub(crate) fn sqlite<F>(test: impl FnOnce(Store) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    wait(async {
        let store = Store::open(path.to_str().unwrap()).await.unwrap();
        let url = format!("sqlite://{}", path.display());
        behind::at(url, test(store.clone())).await;
        store.check().await.unwrap();
        store.close().await;
    });
}

/// Runs a test against a new database of PostgreSQL, where there is one.
pub(crate) fn postgres<F>(test: impl FnOnce(Store) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(server) = cluster::server() else {
        return;
    };
    wait(async {
        let database = server.create().await;
        let store = Store::open(&database.url).await.unwrap();
        let outcome = tokio::spawn(behind::at(database.url.clone(), test(store.clone()))).await;
        store.close().await;
        server.remove(&database).await;
        if let Err(failed) = outcome {
            resume_unwind(failed.into_panic());
        }
    });
}

/// Runs to the end on two threads, so that what happens at the same moment does.
pub(crate) fn wait(future: impl Future<Output = ()>) {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(future);
}
