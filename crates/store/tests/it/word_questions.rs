//! Questions in words: asked by anybody, taken up by one party, answered by that one.

use zwerm_store::search::SearchWords;
use zwerm_store::word_questions::WordQuestionStatus;
use zwerm_store::{Store, StoreError};

use crate::backend::contract;
use crate::make::{at, goal, party, project};

contract!(
    a_question_in_words_is_taken_up_by_one_party,
    only_who_took_it_up_replies,
    questions_in_words_are_counted_by_time,
    a_question_that_was_taken_away_leaves_who_and_why,
    questions_in_words_are_found_by_their_words_page_by_page,
);

async fn ready(store: &Store) {
    goal(store, "wonen").await;
    party(store, "brug").await;
    party(store, "dok").await;
    store
        .add_project(&project("een", "wonen", 0))
        .await
        .unwrap();
    store
        .add_project(&project("twee", "wonen", 0))
        .await
        .unwrap();
}

async fn a_question_in_words_is_taken_up_by_one_party(store: Store) {
    ready(&store).await;
    let asked = store
        .add_word_question("een", "Wie kijkt er mee? 👀", at(1))
        .await
        .unwrap();
    assert_eq!((asked.status, asked.at), (WordQuestionStatus::Open, at(1)));
    assert_eq!((&asked.party, &asked.reply), (&None, &None));
    let nowhere = store.add_word_question("drie", "?", at(1)).await;
    assert!(
        matches!(nowhere, Err(StoreError::Missing { .. })),
        "{nowhere:?}"
    );
    let nobody = store.take_up_word_question(&asked.id, "nobody").await;
    assert!(
        matches!(nobody, Err(StoreError::Missing { .. })),
        "{nobody:?}"
    );
    let tries: Vec<_> = ["brug", "dok", "brug", "dok"]
        .into_iter()
        .map(|party| {
            let (store, id) = (store.clone(), asked.id.clone());
            tokio::spawn(async move {
                store
                    .take_up_word_question(&id, party)
                    .await
                    .map(|()| party)
            })
        })
        .collect();
    let mut took = Vec::new();
    for one in tries {
        match one.await.unwrap() {
            Ok(party) => took.push(party),
            Err(StoreError::Missing { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(took.len(), 1);
    let found = store.word_question(&asked.id).await.unwrap().unwrap();
    assert_eq!(found.status, WordQuestionStatus::TakenUp);
    assert_eq!(found.party.as_deref(), took.first().copied());
}

async fn only_who_took_it_up_replies(store: Store) {
    ready(&store).await;
    let asked = store
        .add_word_question("een", "Waarom?", at(1))
        .await
        .unwrap()
        .id;
    store.take_up_word_question(&asked, "brug").await.unwrap();
    let other = store
        .reply_to_word_question(&asked, "dok", WordQuestionStatus::Answered, "x")
        .await;
    assert!(
        matches!(other, Err(StoreError::Missing { .. })),
        "{other:?}"
    );
    let unfit = store
        .reply_to_word_question(&asked, "brug", WordQuestionStatus::Open, "x")
        .await;
    assert!(matches!(unfit, Err(StoreError::Unfit { .. })), "{unfit:?}");
    store
        .reply_to_word_question(&asked, "brug", WordQuestionStatus::Answered, "Daarom.")
        .await
        .unwrap();
    let late = store.take_up_word_question(&asked, "brug").await;
    assert!(matches!(late, Err(StoreError::Missing { .. })), "{late:?}");
    let found = store.word_question(&asked).await.unwrap().unwrap();
    assert_eq!(found.status, WordQuestionStatus::Answered);
    assert_eq!(found.reply.as_deref(), Some("Daarom."));
    // one that nobody took up may be answered at once
    let quick = store
        .add_word_question("een", "Wanneer?", at(2))
        .await
        .unwrap()
        .id;
    store
        .reply_to_word_question(&quick, "dok", WordQuestionStatus::Declined, "Niet van ons.")
        .await
        .unwrap();
    let listed = store.word_questions_of("een", None, 9).await.unwrap().rows;
    let statuses: Vec<WordQuestionStatus> = listed.iter().map(|question| question.status).collect();
    assert_eq!(
        statuses,
        [WordQuestionStatus::Declined, WordQuestionStatus::Answered]
    );
}

async fn a_question_that_was_taken_away_leaves_who_and_why(store: Store) {
    ready(&store).await;
    let ask = async |text| {
        store
            .add_word_question("een", text, at(1))
            .await
            .unwrap()
            .id
    };
    let (asked, other) = (ask("Is mijnheer Jansen lui?").await, ask("Waarom?").await);
    store.take_up_word_question(&asked, "brug").await.unwrap();
    store
        .reply_to_word_question(&asked, "brug", WordQuestionStatus::Answered, "Jansen niet.")
        .await
        .unwrap();
    let nobody = store
        .take_away_word_question(&asked, "nobody", "Noemt iemand.")
        .await;
    assert!(
        matches!(nobody, Err(StoreError::Missing { .. })),
        "{nobody:?}"
    );
    store
        .take_away_word_question(&asked, "dok", "Noemt iemand.")
        .await
        .unwrap();
    assert!(store.scrub().await.unwrap());
    let found = store.word_question(&asked).await.unwrap().unwrap();
    assert_eq!(
        (found.status, found.at),
        (WordQuestionStatus::TakenAway, at(1))
    );
    assert_eq!(found.text, "");
    assert_eq!(found.party.as_deref(), Some("dok"));
    assert_eq!(found.reply.as_deref(), Some("Noemt iemand."));
    // and that is how it stays
    let tries = [
        store.take_away_word_question(&asked, "brug", "x").await,
        store.take_up_word_question(&asked, "dok").await,
        store
            .reply_to_word_question(&asked, "dok", WordQuestionStatus::Answered, "x")
            .await,
        store.take_away_word_question("none", "brug", "x").await,
    ];
    for one in tries {
        assert!(matches!(one, Err(StoreError::Missing { .. })), "{one:?}");
    }
    assert_eq!(store.word_question(&asked).await.unwrap(), Some(found));
    let kept = store.word_question(&other).await.unwrap().unwrap();
    assert_eq!(kept.text, "Waarom?");
}

async fn questions_in_words_are_counted_by_time(store: Store) {
    ready(&store).await;
    for minutes in 0..3 {
        store
            .add_word_question("een", "?", at(minutes))
            .await
            .unwrap();
    }
    store.add_word_question("twee", "?", at(2)).await.unwrap();
    assert_eq!(store.word_questions_since("een", at(1)).await.unwrap(), 2);
    assert_eq!(store.word_questions_since("twee", at(0)).await.unwrap(), 1);
    assert_eq!(store.word_questions_since("een", at(3)).await.unwrap(), 0);
}

async fn questions_in_words_are_found_by_their_words_page_by_page(store: Store) {
    ready(&store).await;
    for n in 0..1_200_i64 {
        let project = if n % 2 == 0 { "een" } else { "twee" };
        let text = if n % 100 == 0 {
            "Wat kost de HUUR per wijk?"
        } else {
            "Wie kijkt er mee?"
        };
        store.add_word_question(project, text, at(n)).await.unwrap();
    }
    let words = SearchWords::of("huur wijk");
    let (mut before, mut seen) = (None, Vec::new());
    loop {
        let page = store.find_word_questions(&words, before.as_ref(), 5);
        let page = page.await.unwrap();
        seen.extend(page.rows.into_iter().map(|one| one.at));
        before = page.older;
        if before.is_none() {
            break;
        }
    }
    let wanted: Vec<_> = (0..12).rev().map(|n| at(n * 100)).collect();
    assert_eq!(seen, wanted);
    let page = store.find_word_questions(&words, None, 1).await.unwrap();
    let newest = page.rows.first().unwrap();
    let away = store.take_away_word_question(&newest.id, "brug", "huur wijk");
    away.await.unwrap();
    let page = store.find_word_questions(&words, None, 99).await.unwrap();
    assert_eq!(page.rows.len(), 11);
}
