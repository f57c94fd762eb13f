//! What is one person's alone: drafts and notices.

use zwerm_agreement::text::Text;
use zwerm_store::notices::{NewNotice, Notice};
use zwerm_store::{Store, StoreError};

use crate::backend::contract;
use crate::make::{at, person};

contract!(
    a_draft_is_kept_replaced_and_thrown_away,
    a_notice_reaches_all_or_nobody,
    what_is_old_is_forgotten,
    a_notice_is_read_by_whom_it_is_for,
);

fn notice(link: Option<&str>) -> NewNotice {
    NewNotice {
        kind: "objection".to_owned(),
        text: Text::new("De Brug maakt bezwaar", "De Brug objects"),
        link: link.map(str::to_owned),
    }
}

async fn a_draft_is_kept_replaced_and_thrown_away(store: Store) {
    let (a, b) = (person(&store, "a").await.id, person(&store, "b").await.id);
    store
        .put_draft(&a, "project", "{\"x\":\"é\"}", at(0))
        .await
        .unwrap();
    store.put_draft(&a, "ask", "{}", at(1)).await.unwrap();
    store.put_draft(&b, "project", "{}", at(1)).await.unwrap();
    store
        .put_draft(&a, "project", "{\"x\":2}", at(2))
        .await
        .unwrap();
    let found = store.draft(&a, "project").await.unwrap().unwrap();
    assert_eq!((found.json.as_str(), found.at), ("{\"x\":2}", at(2)));
    let all = store.drafts_of(&a).await.unwrap();
    let forms: Vec<&str> = all.iter().map(|draft| draft.form.as_str()).collect();
    assert_eq!(forms, ["project", "ask"]);
    assert!(store.drop_draft(&a, "project").await.unwrap());
    assert!(!store.drop_draft(&a, "project").await.unwrap());
    assert_eq!(store.draft(&a, "project").await.unwrap(), None);
    // only the latest of many are kept, and nobody else's go
    for minutes in 0..60 {
        let form = format!("form {minutes}");
        store.put_draft(&a, &form, "{}", at(minutes)).await.unwrap();
    }
    let kept = store.drafts_of(&a).await.unwrap();
    assert_eq!(kept.len(), 50);
    assert_eq!(kept.last().unwrap().form, "form 10");
    assert!(store.draft(&b, "project").await.unwrap().is_some());
}

/// The notices of a person that were not read.
async fn unread(store: &Store, who: &str) -> Vec<Notice> {
    let all = store.notices_of(who, None, 9).await.unwrap().rows;
    let unread = all.into_iter().filter(|notice| notice.read.is_none());
    unread.collect()
}

async fn what_is_old_is_forgotten(store: Store) {
    let a = person(&store, "a").await.id;
    for minutes in 0..3 {
        let sent = store.notify(&[&a], &notice(None), at(minutes)).await;
        sent.unwrap();
        let form = format!("form {minutes}");
        store.put_draft(&a, &form, "{}", at(minutes)).await.unwrap();
    }
    assert_eq!(store.prune_notices(at(1)).await.unwrap(), 1);
    assert_eq!(unread(&store, &a).await.len(), 2);
    assert_eq!(store.prune_drafts(at(2)).await.unwrap(), 2);
    assert_eq!(store.drafts_of(&a).await.unwrap().len(), 1);
}

async fn a_notice_reaches_all_or_nobody(store: Store) {
    let (a, b) = (person(&store, "a").await.id, person(&store, "b").await.id);
    let refused = store
        .notify(&[&a, "nobody", &b], &notice(None), at(0))
        .await;
    assert!(
        matches!(refused, Err(StoreError::Missing { .. })),
        "{refused:?}"
    );
    assert_eq!(unread(&store, &a).await, []);
    store
        .notify(&[&a, &b], &notice(Some("/projecten/een")), at(0))
        .await
        .unwrap();
    for who in [&a, &b] {
        let found = unread(&store, who).await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, notice(None).text);
        assert_eq!(found[0].link.as_deref(), Some("/projecten/een"));
    }
    store.notify(&[], &notice(None), at(0)).await.unwrap();
}

async fn a_notice_is_read_by_whom_it_is_for(store: Store) {
    let (a, b) = (person(&store, "a").await.id, person(&store, "b").await.id);
    for minutes in 0..3 {
        store
            .notify(&[&a], &notice(None), at(minutes))
            .await
            .unwrap();
    }
    let all = store.notices_of(&a, None, 9).await.unwrap().rows;
    let times: Vec<_> = all.iter().map(|notice| notice.at).collect();
    assert_eq!(times, [at(2), at(1), at(0)]);
    assert_eq!(store.mark_all_read(&b, at(5)).await.unwrap(), 0);
    assert_eq!(unread(&store, &a).await, all);
    assert_eq!(store.mark_all_read(&a, at(7)).await.unwrap(), 3);
    assert_eq!(store.mark_all_read(&a, at(8)).await.unwrap(), 0);
    let read = store.notices_of(&a, None, 9).await.unwrap().rows;
    assert!(read.iter().all(|notice| notice.read == Some(at(7))));
    assert_eq!(unread(&store, &a).await, []);
}
