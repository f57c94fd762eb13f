//! A registry of before opens, is brought up to date, and keeps its rows.

use std::fs;
use std::path::Path;

use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, Connection as _};
use zwerm_agreement::barrier::BarrierName;
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::text::Text;
use zwerm_store::Store;
use zwerm_store::barriers::BarrierStatus;
use zwerm_store::mirror::ConsentDecision;
use zwerm_store::refusals::RefusedQuestion;
use zwerm_store::roles::Role;
use zwerm_store::tasks::TaskStatus;

use crate::backend::wait;
use crate::{behind, cluster};

/// Rows in each table that a later step gave another name, as a program of before wrote them.
const ROWS: &str = "
INSERT INTO people VALUES ('p', 'samira', 'Samira', NULL, 'nl', 0, 0, '…', 0);
INSERT INTO parties VALUES ('brug', 'De Brug', 'De Brug', NULL, NULL);
INSERT INTO memberships VALUES ('p', 'brug', 'decider');
INSERT INTO goals VALUES ('wonen', 'Wonen', 'Housing', '', '');
INSERT INTO indicators VALUES ('wachttijd', 'wonen', 'Wachttijd', '', 'jaar', '', '', '', NULL, 'brug');
INSERT INTO indicator_values VALUES ('wachttijd', '0546', 'Leiden', '2024', 7.5);
INSERT INTO responsibilities VALUES ('t', 'wonen', 'brug', 'Balie', 'Desk', 'accepted', NULL, 0, 'brug', NULL);
INSERT INTO responsibilities VALUES ('u', 'wonen', 'brug', 'Balie', 'Desk', 'offered', NULL, 0, 'brug', 't');
INSERT INTO statements VALUES (0, 'wachttijd', 1, 'brug', 'object', 'te vroeg', 'wachten', 0, 1);
INSERT INTO barriers VALUES ('wonen key view.a.key brug', 'stays', 'Dit gaat over mensen.', 'brug', 7);
";

/// How many steps a program of before knew.
const STEPS: usize = 4;

/// Makes a registry as a program of before would have, at this URL.
async fn make(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let files = fs::read_dir(migrations).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files.iter().take(STEPS) {
        fs::copy(file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let steps = Migrator::new(folder.path()).await.unwrap();
    steps.run(&mut connection).await.unwrap();
    sqlx::raw_sql(ROWS).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// What was written before is read under the names of today.
async fn keeps_its_rows(store: &Store) {
    let roles = store.roles_of("p").await.unwrap();
    assert_eq!(roles.first().map(|one| one.role), Some(Role::Decider));
    let figures = store.figures("wachttijd").await.unwrap();
    assert_eq!(figures.first().and_then(|one| one.value), Some(7.5));
    let consents = behind::consents_of("wachttijd").await;
    let consent = consents.first().unwrap();
    assert_eq!(consent.decision, ConsentDecision::Object);
    assert_eq!(consent.lifts.as_deref(), Some("wachten"));
    let offer = store.task("u").await.unwrap().unwrap();
    assert_eq!(
        (offer.status, offer.follows.as_deref()),
        (TaskStatus::Offered, Some("t"))
    );
}

/// What an owner said of a barrier is there once a question that met it is taken in.
async fn keeps_what_was_said_of_a_barrier(store: &Store) {
    let refusal = Refusal::new(Code::Key, Text::default(), Text::default());
    let name = BarrierName::of("wonen", &refusal.under("view.a.key").owned_by("brug"));
    assert_eq!(store.barriers(None).await.unwrap(), []);
    let refused = RefusedQuestion {
        hash: "h".into(),
        agreement: "wonen".into(),
        at: jiff::Timestamp::UNIX_EPOCH,
        question: "q".into(),
        judged: "v1".into(),
        met: vec![name.clone()],
    };
    store.add_refusals(&[refused]).await.unwrap();
    let found = store.barrier(&name.key()).await.unwrap().unwrap();
    let said = found.said.unwrap();
    assert_eq!(
        (said.status, said.reason.as_str(), said.party.as_str()),
        (BarrierStatus::Stays, "Dit gaat over mensen.", "brug")
    );
    let history = store.barrier_history(&name.key(), None, 9).await.unwrap();
    assert_eq!(history.rows.len(), 2);
}

/// What the tables promised holds for what is written from now on.
async fn still_holds(store: &Store) {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let twice = store.hand_over_task("t", "brug", now).await;
    assert!(twice.is_err(), "{twice:?}");
    store.accept_task("u", now).await.unwrap();
    let before = store.task("t").await.unwrap().unwrap();
    assert_eq!(before.status, TaskStatus::HandedOver);
    let nobody = store.grant("nobody", "brug", Role::Decider).await;
    assert!(nobody.is_err(), "{nobody:?}");
    store.remove_person("p").await.unwrap();
    assert_eq!(store.roles_of("p").await.unwrap(), []);
}

#[test]
fn a_sqlite_registry_of_before_keeps_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.db");
    wait(async {
        let url = format!("sqlite://{}?mode=rwc", path.display());
        make(&url).await;
        let store = Store::open(path.to_str().unwrap()).await.unwrap();
        behind::at(url.clone(), keeps_its_rows(&store)).await;
        keeps_what_was_said_of_a_barrier(&store).await;
        still_holds(&store).await;
        store.check().await.unwrap();
        store.close().await;
    });
}

#[test]
fn a_postgresql_registry_of_before_keeps_its_rows() {
    let Some(server) = cluster::server() else {
        return;
    };
    wait(async {
        let database = server.create().await;
        make(&database.url).await;
        let store = Store::open(&database.url).await.unwrap();
        behind::at(database.url.clone(), keeps_its_rows(&store)).await;
        keeps_what_was_said_of_a_barrier(&store).await;
        still_holds(&store).await;
        store.close().await;
        server.remove(&database).await;
    });
}
