//! Projects in words, and consent rounds.

use zwerm_agreement::text::Text;
use zwerm_store::rounds::Round;
use zwerm_store::{Store, StoreError};

use crate::backend::contract;
use crate::make::{at, goal, party, project};

contract!(
    a_project_is_added_once_and_changed,
    a_project_needs_its_goal_and_party,
    a_version_has_one_round_which_is_open_for_a_while,
);

async fn a_project_is_added_once_and_changed(store: Store) {
    goal(&store, "wonen").await;
    goal(&store, "zorg").await;
    party(&store, "brug").await;
    let mut first = project("een", "wonen", 0);
    let second = project("twee", "zorg", 1);
    store.add_project(&first).await.unwrap();
    store.add_project(&second).await.unwrap();
    let twice = store.add_project(&first).await;
    assert!(matches!(twice, Err(StoreError::Taken { .. })), "{twice:?}");
    first.harm = Text::new("Wie \"nee\" zegt; DROP TABLE people", "100% of them_");
    first.proposed_by = Some("brug".to_owned());
    store.update_project(&first).await.unwrap();
    assert_eq!(store.project("een").await.unwrap(), Some(first.clone()));
    let all = store.projects().await.unwrap();
    assert_eq!(all, [second, first]);
    assert_eq!(store.project("drie").await.unwrap(), None);
}

async fn a_project_needs_its_goal_and_party(store: Store) {
    goal(&store, "wonen").await;
    let mut one = project("een", "nowhere", 0);
    let no_goal = store.add_project(&one).await;
    one.goal = "wonen".to_owned();
    let not_there = store.update_project(&one).await;
    one.proposed_by = Some("nobody".to_owned());
    let no_party = store.add_project(&one).await;
    for outcome in [no_goal, not_there, no_party] {
        assert!(
            matches!(outcome, Err(StoreError::Missing { .. })),
            "{outcome:?}"
        );
    }
    assert!(store.projects().await.unwrap().is_empty());
}

async fn a_version_has_one_round_which_is_open_for_a_while(store: Store) {
    let round = |version, closes| Round {
        agreement: "afspraak".to_owned(),
        version,
        opened: at(10),
        closes: at(closes),
        by: "brug".to_owned(),
    };
    store.open_round(&round(1, 60)).await.unwrap();
    store.open_round(&round(2, 30)).await.unwrap();
    let twice = store.open_round(&round(1, 90)).await;
    assert!(matches!(twice, Err(StoreError::Taken { .. })), "{twice:?}");
    let found = store.round("afspraak", 1).await.unwrap();
    assert_eq!(found, Some(round(1, 60)));
    assert_eq!(store.round("afspraak", 3).await.unwrap(), None);
    assert!(store.rounds_open(at(9)).await.unwrap().is_empty());
    let open = store.rounds_open(at(10)).await.unwrap();
    assert_eq!(open, [round(2, 30), round(1, 60)]);
    assert_eq!(store.rounds_open(at(30)).await.unwrap(), [round(1, 60)]);
    assert!(store.rounds_open(at(60)).await.unwrap().is_empty());
}
