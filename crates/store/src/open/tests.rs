//! Opening, and what keeps the file whole.

use super::*;
use crate::database::count;
use crate::goals::Goal;
use zwerm_agreement::text::Text;

async fn setting(store: &Store, name: &'static str, pragma: &'static str) -> String {
    let read = |row: &crate::row::RegistryRow| {
        let number = row.number(name).map(|number| number.to_string());
        number.or_else(|_| row.text(name))
    };
    let found = all(&store.pool, sql(pragma), read).await.unwrap();
    found.concat()
}

#[tokio::test]
async fn every_connection_keeps_the_file_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let store = Store::open(path.to_str().unwrap()).await.unwrap();
    let mut held = Vec::new();
    for _ in 0..3 {
        for (name, pragma, wanted) in [
            ("journal_mode", "PRAGMA journal_mode", "wal"),
            ("synchronous", "PRAGMA synchronous", "2"),
            ("foreign_keys", "PRAGMA foreign_keys", "1"),
            ("timeout", "PRAGMA busy_timeout", "10000"),
            ("secure_delete", "PRAGMA secure_delete", "1"),
            ("trusted_schema", "PRAGMA trusted_schema", "0"),
            ("temp_store", "PRAGMA temp_store", "2"),
        ] {
            assert_eq!(setting(&store, name, pragma).await, wanted, "{name}");
        }
        // the next turn gets another connection
        held.push(store.pool.acquire().await.unwrap());
    }
    assert!(store.pool.size() >= 3);
}

fn goal(number: u32) -> Goal {
    Goal {
        id: format!("g{number}"),
        title: Text::same("x".repeat(2000)),
        about: Text::default(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_before_writing_waits_and_does_not_fail() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let store = Store::open(path.to_str().unwrap()).await.unwrap();
    let tasks: Vec<_> = (0..4)
        .map(|task| {
            let store = store.clone();
            tokio::spawn(async move {
                for turn in 0..10 {
                    let mut together = store.together().await?;
                    let goals = sql("SELECT COUNT(*) AS n FROM goals");
                    let before = count(&mut *together, goals).await?;
                    let add = sql("INSERT INTO goals VALUES ($1, $2, '', '', '')");
                    let add = add.text(&format!("{task}-{turn}"));
                    run(&mut *together, add.text(&before.to_string())).await?;
                    together.commit().await?;
                }
                Ok::<(), StoreError>(())
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let goals = store.goals().await.unwrap();
    let seen: std::collections::BTreeSet<_> = goals.into_iter().map(|goal| goal.title.nl).collect();
    assert_eq!(seen.len(), 40);
}

#[tokio::test]
async fn a_full_disk_is_told_and_what_was_there_stays() {
    let store = Store::in_memory().await.unwrap();
    store.put_goal(&goal(0)).await.unwrap();
    let limit = sql("PRAGMA max_page_count = 1");
    all(&store.pool, limit, |_| Ok(())).await.unwrap();
    let mut outcome = Ok(());
    for number in 1..1000 {
        outcome = store.put_goal(&goal(number)).await;
        if outcome.is_err() {
            break;
        }
    }
    assert!(matches!(outcome, Err(StoreError::Full)), "{outcome:?}");
    assert_eq!(store.goal("g0").await.unwrap(), Some(goal(0)));
}

#[tokio::test]
async fn a_full_disk_in_the_middle_of_something_leaves_no_connection_of_no_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let store = Store::open(path.to_str().unwrap()).await.unwrap();
    let mut full = 0;
    for _ in 0..6 {
        let mut together = store.together().await.unwrap();
        let limit = sql("PRAGMA max_page_count = 1");
        all(&mut *together, limit, |_| Ok(())).await.unwrap();
        for number in 0..1000 {
            let add = sql("INSERT INTO goals VALUES ($1, $2, '', '', '')");
            let add = add.text(&format!("g{number}")).text(&"x".repeat(2000));
            if let Err(error) = run(&mut *together, add).await {
                assert!(matches!(error, StoreError::Full), "{error:?}");
                full += 1;
                break;
            }
        }
    }
    assert_eq!(full, 6);
    assert_eq!(store.goals().await.unwrap(), []);
    let mut together = store.together().await.unwrap();
    let add = sql("INSERT INTO goals VALUES ('after', 'it', '', '', '')");
    run(&mut *together, add).await.unwrap();
    together.commit().await.unwrap();
    assert_eq!(store.goals().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_may_only_be_read_is_told() {
    let store = Store::in_memory().await.unwrap();
    run(&store.pool, sql("PRAGMA query_only = ON"))
        .await
        .unwrap();
    let refused = store.put_goal(&goal(0)).await;
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "{refused:?}");
}

#[test]
fn a_path_is_written_so_that_no_sign_of_it_means_anything() {
    assert_eq!(percent("/a b/é?#%.db"), "/a%20b/%C3%A9%3F%23%25.db");
}

#[test]
fn a_password_is_taken_out_wherever_it_stands() {
    for (url, shown) in [
        ("postgres://u:p@h/d", "postgres://u@h/d"),
        ("postgres://u:p@x@h/d", "postgres://u@h/d"),
        ("postgres://h/d?password=p", "postgres://h/d"),
        ("postgres:///d", "postgres:///d"),
    ] {
        assert_eq!(without_password(url), shown);
    }
}
