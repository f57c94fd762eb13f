//! Goals, their figures, and who does what for them.

use std::slice::from_ref;

use zwerm_agreement::text::Text;
use zwerm_store::indicators::{Better, Indicator, IndicatorFigure};
use zwerm_store::tasks::TaskStatus;
use zwerm_store::{Store, StoreError};

use crate::backend::contract;
use crate::behind;
use crate::make::{at, goal, party};

contract!(
    a_goal_is_put_and_changed,
    an_indicator_keeps_its_figures_when_it_changes,
    a_figure_may_be_protected_and_keeps_every_bit,
    figures_are_replaced_wholly_or_not_at_all,
    a_task_is_offered_then_answered,
    a_task_is_handed_over_once_the_other_accepts,
    an_offer_is_taken_back_and_a_part_is_offered_on_to_one_at_a_time,
    an_indicator_names_the_party_that_delivered_it,
);

fn indicator(id: &str, goal: &str) -> Indicator {
    Indicator {
        id: id.to_owned(),
        goal: goal.to_owned(),
        title: Text::new("Wachttijd", "Waiting time"),
        unit: Text::new("dagen", "days"),
        source: Text::new("CBS", "Statistics Netherlands"),
        better: Some(Better::Down),
        party: None,
    }
}

fn figure(indicator: &str, area: &str, period: &str, value: Option<f64>) -> IndicatorFigure {
    IndicatorFigure {
        indicator: indicator.to_owned(),
        area: area.to_owned(),
        area_name: format!("Gemeente {area}"),
        period: period.to_owned(),
        value,
    }
}

async fn a_goal_is_put_and_changed(store: Store) {
    let wonen = goal(&store, "wonen").await;
    let mut armoede = goal(&store, "Armoede").await;
    armoede.title = Text::same("Rondkomen");
    store.put_goal(&armoede).await.unwrap();
    assert_eq!(store.goal("Armoede").await.unwrap(), Some(armoede.clone()));
    assert_eq!(store.goals().await.unwrap(), [armoede, wonen]);
    assert_eq!(store.goal("zorg").await.unwrap(), None);
}

async fn an_indicator_keeps_its_figures_when_it_changes(store: Store) {
    goal(&store, "wonen").await;
    let mut waiting = indicator("wachttijd", "wonen");
    store.put_indicator(&waiting).await.unwrap();
    let one = figure("wachttijd", "0546", "2024", Some(12.5));
    store
        .replace_figures("wachttijd", from_ref(&one))
        .await
        .unwrap();
    waiting.better = None;
    store.put_indicator(&waiting).await.unwrap();
    assert_eq!(store.indicators_of("wonen").await.unwrap(), [waiting]);
    assert_eq!(store.figures("wachttijd").await.unwrap(), [one]);
    let nowhere = store.put_indicator(&indicator("x", "nowhere")).await;
    assert!(
        matches!(nowhere, Err(StoreError::Missing { .. })),
        "{nowhere:?}"
    );
}

async fn a_figure_may_be_protected_and_keeps_every_bit(store: Store) {
    goal(&store, "wonen").await;
    store.put_indicator(&indicator("i", "wonen")).await.unwrap();
    let figures = [
        figure("i", "a", "2023", Some(0.1 + 0.2)),
        figure("i", "b", "2023", None),
        figure("i", "a", "2024", Some(-1.0e-300)),
        figure("i", "c", "2024", Some(3.0)),
        figure("i", "d", "2024", Some(f64::MAX)),
    ];
    let mut given = figures.to_vec();
    given.reverse();
    given.push(figure("i", "e", "2024", Some(f64::NAN)));
    store.replace_figures("i", &given).await.unwrap();
    let found = store.figures("i").await.unwrap();
    assert_eq!(found[..5], figures);
    assert_eq!(found[5], figure("i", "e", "2024", None));
    given.push(figure("i", "b", "2023", Some(7.0)));
    store.replace_figures("i", &given).await.unwrap();
    assert_eq!(store.figures("i").await.unwrap()[1].value, Some(7.0));
}

async fn figures_are_replaced_wholly_or_not_at_all(store: Store) {
    goal(&store, "wonen").await;
    store.put_indicator(&indicator("i", "wonen")).await.unwrap();
    store.put_indicator(&indicator("j", "wonen")).await.unwrap();
    let old = figure("i", "a", "2023", Some(1.0));
    let other = figure("j", "a", "2023", Some(2.0));
    for one in [&old, &other] {
        let figures = store.replace_figures(&one.indicator, from_ref(one));
        figures.await.unwrap();
    }
    let new = figure("i", "b", "2024", Some(3.0));
    store.replace_figures("i", from_ref(&new)).await.unwrap();
    assert_eq!(store.figures("i").await.unwrap(), from_ref(&new));
    assert_eq!(store.figures("j").await.unwrap(), [other]);
    let nowhere = figure("nowhere", "a", "2023", None);
    let refused = store.replace_figures("nowhere", &[old, nowhere]).await;
    assert!(
        matches!(refused, Err(StoreError::Missing { .. })),
        "{refused:?}"
    );
    assert_eq!(store.figures("i").await.unwrap(), from_ref(&new));
    // the database takes the first of these and refuses the second
    behind::change("CREATE UNIQUE INDEX one_per_period ON figures (period)").await;
    let two = ["c", "d"].map(|area| figure("i", area, "2025", Some(4.0)));
    assert!(store.replace_figures("i", &two).await.is_err());
    assert_eq!(store.figures("i").await.unwrap(), from_ref(&new));
    let renamed = Indicator {
        title: Text::same("Anders"),
        ..indicator("i", "wonen")
    };
    assert!(
        store
            .put_indicator_with_figures(&renamed, &two)
            .await
            .is_err()
    );
    assert_eq!(store.figures("i").await.unwrap(), [new]);
    let kept = store.indicators_of("wonen").await.unwrap();
    assert!(!kept.contains(&renamed), "{kept:?}");
}

async fn a_task_is_offered_then_answered(store: Store) {
    goal(&store, "wonen").await;
    party(&store, "brug").await;
    let what = Text::new("Koffie schenken", "Pour coffee");
    let nobody = store
        .offer_task("wonen", "nowhere", "brug", &what, at(0))
        .await;
    assert!(matches!(nobody, Err(StoreError::Missing { .. })));
    let first = store
        .offer_task("wonen", "brug", "brug", &what, at(0))
        .await
        .unwrap();
    let second = store
        .offer_task("wonen", "brug", "brug", &what, at(1))
        .await
        .unwrap();
    let open = [TaskStatus::Offered];
    let listed = store.tasks_of("wonen", &open, None, 1).await.unwrap();
    assert_eq!(listed.rows, std::slice::from_ref(&second));
    let older = listed.older.as_ref();
    let rest = store.tasks_of("wonen", &open, older, 1).await.unwrap();
    assert_eq!((rest.rows, rest.older), (vec![first.clone()], None));
    assert_eq!(store.task_count("wonen", &open).await.unwrap(), 2);
    assert_eq!(store.task_count("wonen", &[]).await.unwrap(), 0);
    store.accept_task(&first.id, at(2)).await.unwrap();
    store
        .decline_task(&second.id, "geen tijd", at(3))
        .await
        .unwrap();
    let accepted = store.task(&first.id).await.unwrap().unwrap();
    assert_eq!(
        (accepted.status, accepted.at),
        (TaskStatus::Accepted, at(2))
    );
    let declined = store.task(&second.id).await.unwrap().unwrap();
    assert_eq!(declined.status, TaskStatus::Declined);
    assert_eq!(declined.reason.as_deref(), Some("geen tijd"));
    // what was declined cannot be accepted any more, and what was accepted not once more
    for id in [&first.id, &second.id] {
        let late = store.accept_task(id, at(4)).await;
        assert!(matches!(late, Err(StoreError::Missing { .. })), "{late:?}");
    }
    store
        .decline_task(&first.id, "toch niet", at(5))
        .await
        .unwrap();
}

async fn a_task_is_handed_over_once_the_other_accepts(store: Store) {
    goal(&store, "wonen").await;
    party(&store, "brug").await;
    party(&store, "hulp").await;
    let what = Text::new("Koffie schenken", "Pour coffee");
    let taken = store
        .take_task("wonen", "brug", &what, at(0))
        .await
        .unwrap();
    let status = async |id: &str| store.task(id).await.unwrap().unwrap().status;
    assert_eq!(status(&taken.id).await, TaskStatus::Accepted);
    let first = store
        .hand_over_task(&taken.id, "hulp", at(1))
        .await
        .unwrap();
    assert_eq!(first.follows.as_deref(), Some(taken.id.as_str()));
    assert_eq!(first.offered_by.as_deref(), Some("brug"));
    // who declines leaves it where it was
    store
        .decline_task(&first.id, "geen tijd", at(2))
        .await
        .unwrap();
    assert_eq!(status(&taken.id).await, TaskStatus::Accepted);
    let second = store
        .hand_over_task(&taken.id, "hulp", at(3))
        .await
        .unwrap();
    assert_eq!(status(&taken.id).await, TaskStatus::Accepted);
    store.accept_task(&second.id, at(4)).await.unwrap();
    assert_eq!(status(&second.id).await, TaskStatus::Accepted);
    assert_eq!(status(&taken.id).await, TaskStatus::HandedOver);
    // what was handed over is not this party's any more
    let late = store.hand_over_task(&taken.id, "hulp", at(5)).await;
    assert!(matches!(late, Err(StoreError::Missing { .. })), "{late:?}");
    let late = store.decline_task(&taken.id, "toch niet", at(5)).await;
    assert!(matches!(late, Err(StoreError::Missing { .. })), "{late:?}");
}

async fn an_offer_is_taken_back_and_a_part_is_offered_on_to_one_at_a_time(store: Store) {
    goal(&store, "wonen").await;
    party(&store, "brug").await;
    party(&store, "hulp").await;
    let what = Text::same("Koffie schenken");
    let taken = store
        .take_task("wonen", "brug", &what, at(0))
        .await
        .unwrap();
    let hand_over = async |party: &str| store.hand_over_task(&taken.id, party, at(1)).await;
    let nobody = hand_over("nowhere").await;
    assert!(matches!(nobody, Err(StoreError::Missing { .. })));
    let offer = hand_over("hulp").await.unwrap();
    let again = hand_over("hulp").await;
    assert!(matches!(again, Err(StoreError::Taken { .. })), "{again:?}");
    store.withdraw_task(&offer.id, at(2)).await.unwrap();
    let late = store.accept_task(&offer.id, at(3)).await;
    assert!(matches!(late, Err(StoreError::Missing { .. })), "{late:?}");
    let late = store.withdraw_task(&offer.id, at(3)).await;
    assert!(matches!(late, Err(StoreError::Missing { .. })), "{late:?}");
    hand_over("hulp").await.unwrap();
}

async fn an_indicator_names_the_party_that_delivered_it(store: Store) {
    goal(&store, "wonen").await;
    party(&store, "brug").await;
    let delivered = Indicator {
        party: Some("brug".to_owned()),
        ..indicator("i", "wonen")
    };
    store.put_indicator(&delivered).await.unwrap();
    assert_eq!(store.indicator("i").await.unwrap(), Some(delivered.clone()));
    assert_eq!(store.indicator("j").await.unwrap(), None);
    let nobody = Indicator {
        party: Some("nowhere".to_owned()),
        ..delivered.clone()
    };
    let refused = store.put_indicator(&nobody).await;
    assert!(matches!(refused, Err(StoreError::Missing { .. })));
    // with its figures: all or nothing
    let figures = [figure("i", "a", "2023", Some(1.0))];
    let refused = store.put_indicator_with_figures(&nobody, &figures).await;
    assert!(matches!(refused, Err(StoreError::Missing { .. })));
    assert_eq!(store.figures("i").await.unwrap(), []);
    let changed = Indicator {
        title: Text::same("Anders"),
        ..delivered
    };
    store
        .put_indicator_with_figures(&changed, &figures)
        .await
        .unwrap();
    assert_eq!(store.indicator("i").await.unwrap(), Some(changed));
    assert_eq!(store.figures("i").await.unwrap(), figures);
}
