//! Barriers: met by questions, said something of by their owners, looked at again when what is agreed changes.

use std::collections::BTreeSet;

use zwerm_agreement::barrier::BarrierName;
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::text::Text;
use zwerm_store::barriers::{BarrierRow, BarrierStatus};
use zwerm_store::refusals::RefusedQuestion;
use zwerm_store::{Store, StoreError};

use crate::backend::contract;
use crate::make::at;

contract!(
    a_barrier_is_as_its_owner_last_said,
    a_question_is_counted_once_at_each_barrier_that_it_met,
    what_a_new_version_allows_is_no_longer_held,
    what_is_deleted_leaves_no_row,
);

fn name(code: Code, owner: Option<&str>) -> BarrierName {
    let refusal = Refusal::new(code, Text::default(), Text::default()).under("view.a.key");
    let refusal = match owner {
        Some(owner) => refusal.owned_by(owner),
        None => refusal,
    };
    BarrierName::of("wonen", &refusal)
}

fn refused(hash: &str, question: &str, minutes: i64, met: &[BarrierName]) -> RefusedQuestion {
    RefusedQuestion {
        hash: hash.to_owned(),
        agreement: "wonen".to_owned(),
        at: at(minutes),
        question: question.to_owned(),
        judged: "v1".to_owned(),
        met: met.to_vec(),
    }
}

/// How it went with a barrier, the latest first.
async fn history(store: &Store, name: &BarrierName) -> Vec<(BarrierStatus, Option<String>)> {
    let page = store.barrier_history(&name.key(), None, 99).await.unwrap();
    let events = page.rows.into_iter();
    events.map(|event| (event.status, event.party)).collect()
}

async fn a_barrier_is_as_its_owner_last_said(store: Store) {
    let key = name(Code::Key, Some("brug"));
    let mut said = BarrierRow {
        key: key.key(),
        status: BarrierStatus::BeingLifted,
        reason: "wij vragen het na".to_owned(),
        party: "brug".to_owned(),
        at: at(1),
    };
    let none = store.set_barrier(&said).await;
    assert!(matches!(none, Err(StoreError::Missing { .. })), "{none:?}");
    let one = refused("h1", "q1", 0, std::slice::from_ref(&key));
    assert_eq!(store.add_refusals(&[one]).await.unwrap(), 1);
    store.set_barrier(&said).await.unwrap();
    said.status = BarrierStatus::Stays;
    said.at = at(2);
    store.set_barrier(&said).await.unwrap();
    let found = store.barrier(&key.key()).await.unwrap().unwrap();
    assert_eq!(
        (found.barrier.name.clone(), found.said),
        (key.clone(), Some(said))
    );
    let brug = Some("brug".to_owned());
    assert_eq!(
        history(&store, &key).await,
        [
            (BarrierStatus::Stays, brug.clone()),
            (BarrierStatus::BeingLifted, brug),
            (BarrierStatus::Open, None)
        ]
    );
    let newest = store.barrier_history(&key.key(), None, 1).await.unwrap();
    let key = key.key();
    let older = store.barrier_history(&key, newest.older.as_ref(), 9).await;
    assert_eq!(older.unwrap().rows.len(), 2);
}

async fn a_question_is_counted_once_at_each_barrier_that_it_met(store: Store) {
    let (key, deep) = (name(Code::Key, None), name(Code::TooManyDimensions, None));
    let both = [key.clone(), deep.clone(), key.clone()];
    let all = [
        refused("h1", "q1", 0, &both),
        refused("h2", "q1", 5, std::slice::from_ref(&key)),
    ];
    assert_eq!(store.add_refusals(&all).await.unwrap(), 2);
    assert_eq!(store.add_refusals(&all).await.unwrap(), 0);
    let found = store.barriers(Some("wonen")).await.unwrap();
    let counts: Vec<_> = found
        .iter()
        .map(|one| {
            (
                one.barrier.name.code,
                one.barrier.questions,
                one.barrier.held,
            )
        })
        .collect();
    assert_eq!(counts, [(Code::Key, 2, 2), (Code::TooManyDimensions, 1, 1)]);
    let first = &found[0].barrier;
    assert_eq!((first.first, first.last), (at(0), at(5)));
    assert_eq!(store.barriers(None).await.unwrap(), found);
    assert!(store.barriers(Some("zorg")).await.unwrap().is_empty());
    assert_eq!(store.refusal_count().await.unwrap(), 2);
    let newest = store.newest_refusal(&key.key()).await.unwrap();
    assert_eq!(newest.as_deref(), Some("h2"));
    let distinct = store.distinct_refusals("wonen", 9, 9).await.unwrap();
    assert_eq!((distinct.len(), distinct[0].times), (1, 2));
    let newest = store.distinct_refusals("wonen", 1, 9).await.unwrap();
    assert_eq!((newest.len(), newest[0].times), (1, 1));
    let none = store.distinct_refusals("wonen", 9, 0).await.unwrap();
    assert!(none.is_empty(), "{none:?}");
    assert_eq!(store.refusals_under("wonen").await.unwrap(), 2);
}

async fn what_a_new_version_allows_is_no_longer_held(store: Store) {
    let (key, deep) = (name(Code::Key, None), name(Code::TooManyDimensions, None));
    let all = [
        refused("h1", "q1", 0, std::slice::from_ref(&deep)),
        refused("h2", "q1", 1, std::slice::from_ref(&deep)),
        refused("h3", "q2", 2, std::slice::from_ref(&key)),
    ];
    store.add_refusals(&all).await.unwrap();
    assert!(
        store
            .unjudged_refusals("wonen", "v1", 9)
            .await
            .unwrap()
            .is_empty()
    );
    let wanted = store.unjudged_refusals("wonen", "v2", 1).await.unwrap();
    assert_eq!((wanted.len(), wanted[0].times), (1, 2));
    let wanted = store.unjudged_refusals("wonen", "v2", 9).await.unwrap();
    let still = |question: &str| match question {
        "q2" => BTreeSet::from([key.key()]),
        _ => BTreeSet::new(),
    };
    let found: Vec<_> = wanted
        .into_iter()
        .map(|one| {
            let still = still(&one.question);
            (one, still)
        })
        .collect();
    store.judge_refusals("wonen", "v2", &found).await.unwrap();
    assert!(
        store
            .unjudged_refusals("wonen", "v2", 9)
            .await
            .unwrap()
            .is_empty()
    );
    let lifted = |found: Vec<zwerm_store::barriers::RegisteredBarrier>| -> Vec<u64> {
        found.iter().map(|one| one.barrier.lifted()).collect()
    };
    // counted as it is judged, and so it is counted anew
    assert_eq!(lifted(store.barriers(None).await.unwrap()), [0, 2]);
    store.recount_barriers().await.unwrap();
    assert_eq!(lifted(store.barriers(None).await.unwrap()), [0, 2]);
    let back: Vec<_> = found
        .iter()
        .map(|(one, _)| (one.clone(), BTreeSet::from([deep.key()])))
        .collect();
    store.judge_refusals("wonen", "v3", &back).await.unwrap();
    assert_eq!(lifted(store.barriers(None).await.unwrap()), [1, 0]);
    store.judge_refusals("wonen", "v2", &found).await.unwrap();

    // said once, however often it is looked at
    for _ in 0..2 {
        store.note_barrier(&deep.key(), false, at(9)).await.unwrap();
    }
    let (open, gone) = ((BarrierStatus::Open, None), (BarrierStatus::Lifted, None));
    assert_eq!(history(&store, &deep).await, [gone.clone(), open.clone()]);
    let again = refused("h4", "q3", 12, std::slice::from_ref(&deep));
    store.add_refusals(&[again]).await.unwrap();
    assert_eq!(history(&store, &deep).await, [open.clone(), gone, open]);
}

async fn what_is_deleted_leaves_no_row(store: Store) {
    let (key, deep) = (name(Code::Key, None), name(Code::TooManyDimensions, None));
    let all = [
        refused("h1", "q1", 0, &[key.clone(), deep]),
        refused("h2", "q2", 1, std::slice::from_ref(&key)),
    ];
    store.add_refusals(&all).await.unwrap();
    store.forget_refusals(&["h1".to_owned()]).await.unwrap();
    let left = store.barriers(None).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].barrier.questions, left[0].barrier.held), (1, 1));
    assert_eq!(
        store.refusal_hashes().await.unwrap(),
        BTreeSet::from(["h2".to_owned()])
    );
    store.forget_refusals(&["h2".to_owned()]).await.unwrap();
    assert!(store.barriers(None).await.unwrap().is_empty());
    assert!(history(&store, &key).await.is_empty());
}
