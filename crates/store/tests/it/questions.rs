//! Questions with their answers: kept once per entry of the log, listed for who may see them, forgotten in time.

use zwerm_store::list::ListPage;
use zwerm_store::questions::{AskedQuestion, QuestionOutcome};
use zwerm_store::{Store, StoreError, fresh_id};

use crate::backend::contract;
use crate::make::{at, person};

contract!(
    a_question_comes_back_as_it_was_kept,
    a_question_is_kept_once_per_entry,
    an_import_by_many_at_once_doubles_nothing,
    questions_are_listed_for_each_who_may_see_them,
    questions_are_forgotten_in_time,
    a_list_is_paged_through_without_missing_or_doubling_a_row,
);

fn asked(minutes: i64) -> AskedQuestion {
    AskedQuestion {
        id: fresh_id().unwrap(),
        at: at(minutes),
        person: None,
        party: "brug".to_owned(),
        agreement: "a".to_owned(),
        version: 1,
        view: Some("wonen".to_owned()),
        purpose: "wachttijd".to_owned(),
        sql: "SELECT wijk, sum(n) FROM wonen GROUP BY wijk -- 'één'".to_owned(),
        outcome: QuestionOutcome::Answered,
        release: Some("r1".to_owned()),
        public: false,
        answer: Some("{\"rows\":[]}".to_owned()),
        receipt: Some("{\"a\":1}".to_owned()),
        refusals: None,
        entry: None,
        made_title: None,
        own_title: None,
    }
}

async fn a_question_comes_back_as_it_was_kept(store: Store) {
    let full = AskedQuestion {
        person: Some(person(&store, "a").await.id),
        public: true,
        entry: Some(7),
        ..asked(0)
    };
    let bare = AskedQuestion {
        view: None,
        outcome: QuestionOutcome::Refused,
        release: None,
        answer: None,
        receipt: None,
        refusals: Some("[]".to_owned()),
        ..asked(1)
    };
    for question in [&full, &bare] {
        assert!(store.add_question(question).await.unwrap());
        let found = store.question(&question.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(question));
    }
    let who = full.person.as_deref().unwrap();
    store.remove_person(who).await.unwrap();
    let kept = store.question(&full.id).await.unwrap().unwrap();
    assert_eq!((kept.person, kept.entry), (None, Some(7)));
    let twice = store.add_question(&bare).await;
    assert!(matches!(twice, Err(StoreError::Taken { .. })), "{twice:?}");
    let nobody = AskedQuestion {
        person: Some("nobody".to_owned()),
        ..asked(2)
    };
    let refused = store.add_question(&nobody).await;
    assert!(
        matches!(refused, Err(StoreError::Missing { .. })),
        "{refused:?}"
    );
    assert_eq!(store.question("x").await.unwrap(), None);
    // of several none is kept when one cannot be
    let (one, other) = (asked(3), asked(4));
    let several = [one.clone(), nobody, other.clone()];
    let refused = store.add_questions(&several).await;
    assert!(
        matches!(refused, Err(StoreError::Missing { .. })),
        "{refused:?}"
    );
    assert_eq!(store.question(&one.id).await.unwrap(), None);
    let kept = store.add_questions(&[one.clone(), other]).await.unwrap();
    assert_eq!(kept, [true, true]);
    assert_eq!(store.question(&one.id).await.unwrap(), Some(one));
}

async fn a_question_is_kept_once_per_entry(store: Store) {
    let first = AskedQuestion {
        entry: Some(3),
        ..asked(0)
    };
    let again = AskedQuestion {
        entry: Some(3),
        ..asked(1)
    };
    assert!(store.add_question(&first).await.unwrap());
    assert!(!store.add_question(&again).await.unwrap());
    assert_eq!(store.question(&again.id).await.unwrap(), None);
    // those without an entry do not stand in each other's way
    for minutes in [2, 3] {
        assert!(store.add_question(&asked(minutes)).await.unwrap());
    }
    assert_eq!(
        store
            .uses_of(&[("a", None)], None, 99)
            .await
            .unwrap()
            .rows
            .len(),
        3
    );
}

async fn an_import_by_many_at_once_doubles_nothing(store: Store) {
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut added = 0;
                for index in 0..20 {
                    let question = AskedQuestion {
                        entry: Some(index),
                        ..asked(0)
                    };
                    added += u32::from(store.add_question(&question).await.unwrap());
                }
                added
            })
        })
        .collect();
    let mut added = 0;
    for task in tasks {
        added += task.await.unwrap();
    }
    assert_eq!(added, 20);
    assert_eq!(
        store
            .uses_of(&[("a", None)], None, 99)
            .await
            .unwrap()
            .rows
            .len(),
        20
    );
}

async fn questions_are_listed_for_each_who_may_see_them(store: Store) {
    let who = person(&store, "a").await.id;
    let questions = [
        AskedQuestion {
            person: Some(who.clone()),
            ..asked(0)
        },
        AskedQuestion {
            public: true,
            ..asked(1)
        },
        AskedQuestion {
            agreement: "b".to_owned(),
            public: true,
            ..asked(2)
        },
        AskedQuestion {
            person: Some(who.clone()),
            party: "dok".to_owned(),
            ..asked(3)
        },
        AskedQuestion {
            agreement: "c".to_owned(),
            ..asked(4)
        },
    ];
    for question in &questions {
        store.add_question(question).await.unwrap();
    }
    let numbers = |found: ListPage<AskedQuestion>| -> Vec<usize> {
        found
            .rows
            .iter()
            .map(|one| questions.iter().position(|other| other == one).unwrap())
            .collect()
    };
    assert_eq!(
        numbers(
            store
                .questions_of_person(&who, None, None, 99)
                .await
                .unwrap()
        ),
        [3, 0]
    );
    assert_eq!(
        numbers(
            store
                .questions_of_person(&who, None, None, 1)
                .await
                .unwrap()
        ),
        [3]
    );
    assert_eq!(
        numbers(store.public_questions(None, None, 99).await.unwrap()),
        [2, 1]
    );
    assert_eq!(
        numbers(store.public_questions(Some("a"), None, 99).await.unwrap()),
        [1]
    );
    let under = ["c", "a", "c", "x"].map(|id| (id, None));
    let uses = store.uses_of(&under, None, 3).await.unwrap();
    let older = uses.older.clone();
    assert_eq!(numbers(uses), [4, 3, 1]);
    let rest = store.uses_of(&under, older.as_ref(), 3).await.unwrap();
    assert_eq!(numbers(rest), [0]);
    let none = store.uses_of(&[], None, 9).await.unwrap();
    assert_eq!(none, ListPage::empty());
}

async fn questions_are_forgotten_in_time(store: Store) {
    for minutes in 0..4 {
        store.add_question(&asked(minutes)).await.unwrap();
    }
    let other = AskedQuestion {
        agreement: "b".to_owned(),
        ..asked(0)
    };
    store.add_question(&other).await.unwrap();
    let later = AskedQuestion {
        version: 2,
        ..asked(5)
    };
    store.add_question(&later).await.unwrap();
    // of one version a page is full, whatever was asked under others
    let first = store.uses_of(&[("a", Some(1))], None, 3).await.unwrap();
    assert_eq!((first.rows.len(), first.older.is_some()), (3, true));
    assert_eq!(store.forget_questions("a", 1).await.unwrap(), 4);
    let both = [("a", None), ("b", None)];
    let left = store.uses_of(&both, None, 99).await.unwrap();
    let times: Vec<_> = left.rows.iter().map(|question| question.at).collect();
    assert_eq!(times, [at(5), at(0)]);
    assert_eq!(store.question(&other.id).await.unwrap(), Some(other));
}

async fn a_list_is_paged_through_without_missing_or_doubling_a_row(store: Store) {
    let who = person(&store, "a").await.id;
    // several of one moment, as when many ask at once
    for minutes in [0, 1, 1, 1, 1, 2, 3] {
        let question = AskedQuestion {
            person: Some(who.clone()),
            public: true,
            ..asked(minutes)
        };
        store.add_question(&question).await.unwrap();
    }
    let whole = store.public_questions(None, None, 99).await.unwrap();
    assert_eq!((whole.rows.len(), whole.older), (7, None));
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = store.public_questions(Some("a"), before.as_ref(), 2).await;
        let page = page.unwrap();
        let own = store.questions_of_person(&who, Some("a"), before.as_ref(), 2);
        assert_eq!(own.await.unwrap(), page);
        seen.extend(page.rows);
        before = page.older;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, whole.rows);
}
