//! What only a file has: being made, found, copied and damaged; and what happens when several open it at once.

use std::fs;
use std::path::Path;

use zwerm_store::parties::RegisteredParty;
use zwerm_store::{Store, StoreError};

use crate::backend::{postgres, wait};
use crate::cluster;
use crate::make::{at, goal, party, person, project};

async fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(path.to_str().unwrap()).await
}

#[test]
fn a_registry_is_made_once_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    // signs that mean something in a URL
    let path = folder.path().join("één 100%?#&mode=ro.db");
    wait(async {
        let store = open(&path).await.unwrap();
        let made = party(&store, "brug").await;
        store.close().await;
        assert!(path.is_file());
        let url = format!("sqlite:{}", path.display());
        let store = Store::open(&url).await.unwrap();
        assert_eq!(store.parties().await.unwrap(), [made]);
        store.ready().await.unwrap();
        store.close().await;
        assert!(store.ready().await.is_err());
    });
    // SQLite's own files go when its thread ends, which `close` does not wait for
    let names = || fs::read_dir(folder.path()).unwrap().count();
    let mut looks = 0;
    while names() > 1 && looks < 200 {
        std::thread::sleep(std::time::Duration::from_millis(25));
        looks += 1;
    }
    assert_eq!(names(), 1);
}

#[test]
fn what_cannot_be_opened_says_where_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("gone/registry.db");
    wait(async {
        for path in [inside.as_path(), folder.path()] {
            let refused = open(path).await.unwrap_err();
            assert!(matches!(refused, StoreError::Open { .. }), "{refused:?}");
            let said = refused.to_string();
            assert!(said.contains(path.to_str().unwrap()), "{said}");
        }
    });
    assert!(!inside.exists());
}

#[test]
fn a_file_that_is_no_registry_is_damaged_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    let words = "Geachte heer, mevrouw,\n".repeat(100);
    fs::write(&path, &words).unwrap();
    wait(async {
        let refused = open(&path).await.unwrap_err();
        assert!(matches!(refused, StoreError::Damaged { .. }), "{refused:?}");
    });
    assert_eq!(fs::read_to_string(&path).unwrap(), words);
}

#[test]
fn a_password_is_not_shown() {
    wait(async {
        let url = "postgres://zwerm:geheim@127.0.0.1:1/zwerm?application_name=geheim";
        let refused = Store::open(url).await.unwrap_err();
        let said = format!("{refused} {refused:?}");
        assert!(matches!(refused, StoreError::Open { .. }), "{said}");
        assert!(
            said.contains("postgres://zwerm@127.0.0.1:1/zwerm"),
            "{said}"
        );
        assert!(!said.contains("geheim"), "{said}");
    });
}

#[test]
fn several_make_the_tables_at_the_same_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    wait(async {
        let tasks: Vec<_> = (0..6)
            .map(|_| {
                let path = path.clone();
                tokio::spawn(async move { open(&path).await })
            })
            .collect();
        let mut stores = Vec::new();
        for task in tasks {
            stores.push(task.await.unwrap().unwrap());
        }
        let made = party(&stores[0], "brug").await;
        for store in stores {
            assert_eq!(store.party("brug").await.unwrap().as_ref(), Some(&made));
            store.close().await;
        }
    });
}

#[test]
fn several_make_the_tables_of_postgres_at_the_same_moment() {
    let Some(server) = cluster::server() else {
        return;
    };
    wait(async {
        let database = server.create().await;
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let url = database.url.clone();
                tokio::spawn(async move { Store::open(&url).await })
            })
            .collect();
        for task in tasks {
            let store = task.await.unwrap().unwrap();
            store.check().await.unwrap();
            store.close().await;
        }
        server.remove(&database).await;
    });
}

#[test]
fn writers_wait_for_each_other_also_from_two_handles() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    wait(async {
        let (one, other) = (open(&path).await.unwrap(), open(&path).await.unwrap());
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let store = if number % 2 == 0 { &one } else { &other }.clone();
                tokio::spawn(async move {
                    for turn in 0..10 {
                        person(&store, &format!("p{number}-{turn}")).await;
                        let id = format!("p{number}-{turn}");
                        party(&store, &id).await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(one.people().await.unwrap().len(), 80);
        assert_eq!(other.parties().await.unwrap().len(), 80);
    });
}

#[test]
fn a_copy_holds_the_same_and_takes_no_others_place() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("kopie 'é'.db");
    wait(async {
        let store = open(&folder.path().join("registry.db")).await.unwrap();
        let (who, what) = (person(&store, "a").await, party(&store, "brug").await);
        store.backup(&copy).await.unwrap();
        party(&store, "later").await;
        let copied = open(&copy).await.unwrap();
        copied.check().await.unwrap();
        assert_eq!(copied.people().await.unwrap(), [who]);
        assert_eq!(copied.parties().await.unwrap(), [what]);
        let again = store.backup(&copy).await;
        assert!(matches!(again, Err(StoreError::Taken { .. })), "{again:?}");
        let nowhere = store.backup(&folder.path().join("gone/copy.db")).await;
        assert!(
            matches!(nowhere, Err(StoreError::Copy { .. })),
            "{nowhere:?}"
        );
    });
}

#[test]
#[cfg(unix)]
fn only_its_owner_may_read_a_registry_and_its_copy() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("a.db"), folder.path().join("b.db"));
    wait(async {
        let store = open(&path).await.unwrap();
        party(&store, "brug").await;
        store.backup(&copy).await.unwrap();
        // the write-ahead files too, while it is open
        let files = fs::read_dir(folder.path()).unwrap();
        let mut seen = 0;
        for file in files {
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            seen += 1;
        }
        assert_eq!(seen, 4);
    });
}

#[test]
fn damage_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    wait(async {
        let store = open(&path).await.unwrap();
        for number in 0..200 {
            party(&store, &format!("p{number}")).await;
        }
        store.check().await.unwrap();
        store.close().await;
        let mut bytes = fs::read(&path).unwrap();
        let place = bytes
            .windows(15)
            .rposition(|part| part == b"p77 Foundation\0");
        let place = place.or_else(|| bytes.windows(13).position(|part| part == b"p77 Foundatio"));
        let page = place.unwrap() / 4096 * 4096;
        bytes[page..page + 64].fill(0xff);
        fs::write(&path, bytes).unwrap();
        let store = open(&path).await.unwrap();
        let found = store.check().await;
        assert!(
            matches!(found, Err(StoreError::Damaged { .. })),
            "{found:?}"
        );
    });
}

#[test]
fn a_registry_of_a_newer_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    wait(async {
        let store = open(&path).await.unwrap();
        store.close().await;
        sqlx::any::install_default_drivers();
        let url = format!("sqlite://{}", path.display());
        let tell = async |statement: &'static str| {
            let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&url)
                .await
                .unwrap();
            sqlx::raw_sql(statement)
                .execute(&mut connection)
                .await
                .unwrap();
        };
        tell("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
              VALUES (9999, 'later', 1, x'00', 0)")
        .await;
        let refused = open(&path).await.unwrap_err();
        assert!(matches!(refused, StoreError::Schema { .. }), "{refused:?}");
        tell("DELETE FROM _sqlx_migrations WHERE version = 9999").await;
        open(&path).await.unwrap().ready().await.unwrap();
        // a step that was edited after it had landed
        tell("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1").await;
        let refused = open(&path).await.unwrap_err();
        assert!(matches!(refused, StoreError::Schema { .. }), "{refused:?}");
    });
}

#[test]
fn what_another_program_wrote_and_we_do_not_know_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    wait(async {
        let store = open(&path).await.unwrap();
        let made = party(&store, "brug").await;
        let url = format!("sqlite://{}", path.display());
        let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&url)
            .await
            .unwrap();
        sqlx::raw_sql("UPDATE parties SET helix = 'fifth'")
            .execute(&mut connection)
            .await
            .unwrap();
        let found = store.party("brug").await;
        let Err(StoreError::Damaged { what }) = found else {
            panic!("{found:?}");
        };
        assert!(what.contains("`fifth`"), "{what}");
        store.put_party(&made).await.unwrap();
        let mended: Vec<RegisteredParty> = store.parties().await.unwrap();
        assert_eq!(mended, [made]);
    });
}

#[test]
fn postgres_is_copied_elsewhere() {
    postgres(|store| async move {
        let refused = store.backup(Path::new("/nowhere/copy.db")).await;
        assert!(
            matches!(refused, Err(StoreError::CopyElsewhere)),
            "{refused:?}"
        );
        store.ready().await.unwrap();
        store.check().await.unwrap();
    });
}

#[test]
fn what_was_taken_away_is_in_no_file_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    let found = |words: &str| {
        let files = fs::read_dir(folder.path()).unwrap();
        let mut bytes = files.map(|file| fs::read(file.unwrap().path()).unwrap());
        bytes.any(|bytes| {
            bytes
                .windows(words.len())
                .any(|some| some == words.as_bytes())
        })
    };
    wait(async {
        let store = open(&path).await.unwrap();
        party(&store, "brug").await;
        goal(&store, "wonen").await;
        let project = project("een", "wonen", 0);
        store.add_project(&project).await.unwrap();
        let words = "Is mijnheer Jansen van nummer 12 lui?";
        let asked = store.add_word_question("een", words, at(0)).await;
        let (asked, other) = (asked.unwrap().id, "Waarom eigenlijk niet?");
        store.add_word_question("een", other, at(0)).await.unwrap();
        assert!(found(words));
        store
            .take_away_word_question(&asked, "brug", "Noemt iemand.")
            .await
            .unwrap();
        assert!(store.scrub().await.unwrap());
        assert!(!found("Jansen"));
        assert!(found(other));
        store.close().await;
    });
}
