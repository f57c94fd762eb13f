//! People: names to sign in with, what changes of them, and codes that work once.

use zwerm_store::invitations::NewInvitation;
use zwerm_store::people::{NewPerson, PasswordHash, Person};
use zwerm_store::roles::Role;
use zwerm_store::{Store, StoreError};

use crate::backend::contract;
use crate::make::{at, new_person, party, person, session};

contract!(
    a_login_is_one_persons_in_any_capitals,
    what_is_changed_is_changed_and_nothing_else,
    nobody_cannot_be_changed,
    people_come_by_login_whatever_the_database_sorts_by,
    a_recovery_code_works_once_also_for_many_at_once,
    new_recovery_codes_end_the_old_ones,
    recovery_codes_end_with_the_password_and_with_the_account,
    who_is_kept_out_has_no_session,
    who_is_kept_out_has_no_link_that_leads_in,
    the_last_administrator_is_not_kept_out,
    the_last_administrator_stays_one,
    of_two_administrators_who_keep_each_other_out_one_stays,
    who_is_removed_leaves_nothing_of_theirs,
);

async fn a_login_is_one_persons_in_any_capitals(store: Store) {
    let samira = person(&store, "  Samira É ").await;
    assert_eq!(samira.login, "samira é");
    assert_eq!(samira.created, at(0));
    assert_eq!(samira.id.len(), 32);
    let again = store.add_person(&new_person("SAMIRA é"), at(1)).await;
    let Err(StoreError::Taken { what }) = again else {
        panic!("{again:?}");
    };
    assert!(what.contains("samira é"), "{what}");
    let empty = store.add_person(&new_person(" \t"), at(1)).await;
    assert!(matches!(empty, Err(StoreError::Unfit { .. })), "{empty:?}");
    let by_id = store.person(&samira.id).await.unwrap();
    let by_login = store.person_by_login(" samirA É").await.unwrap();
    let (found, hash) = store.credentials("Samira É").await.unwrap().unwrap();
    assert_eq!(by_id.as_ref(), Some(&samira));
    assert_eq!(by_login.as_ref(), Some(&samira));
    assert_eq!(found, samira);
    assert_eq!(hash.as_str(), "hash of   Samira É ");
    assert_eq!(store.people().await.unwrap().len(), 1);
    assert_eq!(store.person("nobody").await.unwrap(), None);
    assert!(store.credentials("nobody").await.unwrap().is_none());
}

async fn what_is_changed_is_changed_and_nothing_else(store: Store) {
    let mut samira = person(&store, "samira").await;
    let other = administrator(&store, "otto").await;
    store.set_name(&samira.id, "Samira Ö 'x'").await.unwrap();
    store.set_disabled(&samira.id, true).await.unwrap();
    let hash = PasswordHash::new("new");
    store.set_password(&samira.id, &hash).await.unwrap();
    samira.name = "Samira Ö 'x'".to_owned();
    samira.disabled = true;
    let found = store.credentials("samira").await.unwrap().unwrap();
    assert_eq!(found, (samira, hash));
    assert_eq!(store.person(&other.id).await.unwrap(), Some(other));
}

async fn nobody_cannot_be_changed(store: Store) {
    let hash = PasswordHash::new("new");
    let outcomes = [
        store.set_name("nobody", "x").await,
        store.set_disabled("nobody", true).await,
        store.set_password("nobody", &hash).await,
        store.set_recovery_codes("nobody", &["a".into()]).await,
        store.add_reset("nobody", "token", at(9), at(0)).await,
        store.put_draft("nobody", "form", "{}", at(0)).await,
    ];
    for outcome in outcomes {
        assert!(
            matches!(outcome, Err(StoreError::Missing { .. })),
            "{outcome:?}"
        );
    }
}

async fn people_come_by_login_whatever_the_database_sorts_by(store: Store) {
    for login in ["b-2", "b1", "a", "é", "z"] {
        person(&store, login).await;
    }
    let people = store.people().await.unwrap();
    let logins: Vec<&str> = people.iter().map(|person| person.login.as_str()).collect();
    assert_eq!(logins, ["a", "b-2", "b1", "z", "é"]);
}

async fn a_recovery_code_works_once_also_for_many_at_once(store: Store) {
    let samira = person(&store, "samira").await.id;
    let codes = ["a".to_owned(), "b".to_owned(), "a".to_owned()];
    store.set_recovery_codes(&samira, &codes).await.unwrap();
    assert_eq!(store.recovery_codes_left(&samira).await.unwrap(), 2);
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let (store, samira) = (store.clone(), samira.clone());
            tokio::spawn(async move { store.use_recovery_code(&samira, "a", at(1)).await })
        })
        .collect();
    let mut let_in = 0;
    for one in tries {
        let_in += u32::from(one.await.unwrap().unwrap());
    }
    assert_eq!(let_in, 1);
    assert_eq!(store.recovery_codes_left(&samira).await.unwrap(), 1);
    let other = person(&store, "otto").await.id;
    assert!(!store.use_recovery_code(&other, "b", at(1)).await.unwrap());
    assert!(!store.use_recovery_code(&samira, "c", at(1)).await.unwrap());
}

/// A code that was made before is no way in after a new password, a reset, or being kept out.
async fn recovery_codes_end_with_the_password_and_with_the_account(store: Store) {
    let samira = person(&store, "samira").await.id;
    let hash = PasswordHash::new("new");
    for way in ["password", "reset", "kept out"] {
        let codes = ["a".to_owned()];
        store.set_recovery_codes(&samira, &codes).await.unwrap();
        store.add_reset(&samira, way, at(60), at(0)).await.unwrap();
        match way {
            "password" => store.set_password(&samira, &hash).await.unwrap(),
            "reset" => {
                store.use_reset(way, &hash, at(1)).await.unwrap();
            }
            _ => {
                store.set_disabled(&samira, true).await.unwrap();
                store.set_disabled(&samira, false).await.unwrap();
            }
        }
        assert_eq!(
            store.recovery_codes_left(&samira).await.unwrap(),
            0,
            "{way}"
        );
        assert!(
            !store.use_recovery_code(&samira, "a", at(1)).await.unwrap(),
            "{way}"
        );
        assert_eq!(store.open_reset(way, at(1)).await.unwrap(), None, "{way}");
    }
}

async fn new_recovery_codes_end_the_old_ones(store: Store) {
    let samira = person(&store, "samira").await.id;
    store
        .set_recovery_codes(&samira, &["old".into()])
        .await
        .unwrap();
    store
        .set_recovery_codes(&samira, &["new".into()])
        .await
        .unwrap();
    assert!(
        !store
            .use_recovery_code(&samira, "old", at(1))
            .await
            .unwrap()
    );
    assert!(
        store
            .use_recovery_code(&samira, "new", at(1))
            .await
            .unwrap()
    );
}

async fn who_is_kept_out_has_no_session(store: Store) {
    let samira = person(&store, "samira").await;
    store.add_session(&session("s", &samira)).await.unwrap();
    assert!(store.session("s", at(1)).await.unwrap().is_some());
    store.set_disabled(&samira.id, true).await.unwrap();
    assert!(store.session("s", at(1)).await.unwrap().is_none());
    // one that is made all the same is of no use, until they are let in again
    store.add_session(&session("t", &samira)).await.unwrap();
    assert!(store.session("t", at(1)).await.unwrap().is_none());
    store.set_disabled(&samira.id, false).await.unwrap();
    assert!(store.session("t", at(1)).await.unwrap().is_some());
    assert!(store.session("s", at(1)).await.unwrap().is_none());
}

async fn administrator(store: &Store, login: &str) -> Person {
    let new = NewPerson {
        admin: true,
        ..new_person(login)
    };
    store.add_person(&new, at(0)).await.unwrap()
}

async fn who_is_kept_out_has_no_link_that_leads_in(store: Store) {
    let (samira, otto) = (person(&store, "samira").await, person(&store, "otto").await);
    party(&store, "brug").await;
    for (who, token) in [(&samira, "hers"), (&otto, "his")] {
        store
            .add_reset(&who.id, token, at(60), at(0))
            .await
            .unwrap();
        let invitation = NewInvitation {
            party: Some("brug".to_owned()),
            roles: vec![Role::Decider],
            admin: false,
            name: "x".to_owned(),
            by: Some(who.id.clone()),
            expires: at(60),
        };
        store
            .add_invitation(token, &invitation, at(0))
            .await
            .unwrap();
    }
    store.set_disabled(&samira.id, true).await.unwrap();
    store.set_disabled(&samira.id, false).await.unwrap();
    for (token, open) in [("hers", false), ("his", true)] {
        let reset = store.open_reset(token, at(1)).await.unwrap();
        assert_eq!(reset.is_some(), open, "{token}");
        let invitation = store.open_invitation(token, at(1)).await.unwrap();
        assert_eq!(invitation.is_some(), open, "{token}");
    }
}

async fn the_last_administrator_stays_one(store: Store) {
    let (first, other) = (
        administrator(&store, "otto").await,
        person(&store, "samira").await,
    );
    let last = store.set_admin(&first.id, false).await;
    assert!(matches!(last, Err(StoreError::Last { .. })), "{last:?}");
    store.set_admin(&other.id, true).await.unwrap();
    // whoever is kept out cannot run the machine
    store.set_disabled(&other.id, true).await.unwrap();
    let last = store.set_admin(&first.id, false).await;
    assert!(matches!(last, Err(StoreError::Last { .. })), "{last:?}");
    store.set_disabled(&other.id, false).await.unwrap();
    let by_first = NewInvitation {
        party: None,
        roles: Vec::new(),
        admin: true,
        name: "Otto again".into(),
        by: Some(first.id.clone()),
        expires: at(9),
    };
    store
        .add_invitation("hash", &by_first, at(0))
        .await
        .unwrap();
    store.set_admin(&first.id, false).await.unwrap();
    assert_eq!(store.open_invitation("hash", at(1)).await.unwrap(), None);
    let found = store.person(&first.id).await.unwrap().unwrap();
    assert!(!found.admin);
    let gone = store.set_admin("nobody", true).await;
    assert!(matches!(gone, Err(StoreError::Missing { .. })), "{gone:?}");
}

async fn the_last_administrator_is_not_kept_out(store: Store) {
    let (a, b) = (
        administrator(&store, "a").await,
        administrator(&store, "b").await,
    );
    person(&store, "c").await;
    store.add_session(&session("s", &a)).await.unwrap();
    store.set_disabled(&b.id, true).await.unwrap();
    let last = store.set_disabled(&a.id, true).await;
    assert!(matches!(last, Err(StoreError::Last { .. })), "{last:?}");
    assert!(store.session("s", at(1)).await.unwrap().is_some());
    store.set_disabled(&b.id, false).await.unwrap();
    store.set_disabled(&a.id, true).await.unwrap();
    assert!(store.session("s", at(1)).await.unwrap().is_none());
}

async fn of_two_administrators_who_keep_each_other_out_one_stays(store: Store) {
    let (a, b) = (
        administrator(&store, "a").await,
        administrator(&store, "b").await,
    );
    let tries: Vec<_> = [a.id, b.id]
        .into_iter()
        .map(|id| {
            let store = store.clone();
            tokio::spawn(async move { store.set_disabled(&id, true).await })
        })
        .collect();
    for one in tries {
        let outcome = one.await.unwrap();
        assert!(
            matches!(
                outcome,
                Ok(()) | Err(StoreError::Last { .. } | StoreError::Busy)
            ),
            "{outcome:?}"
        );
    }
    let people = store.people().await.unwrap();
    assert_eq!(people.iter().filter(|person| !person.disabled).count(), 1);
}

async fn who_is_removed_leaves_nothing_of_theirs(store: Store) {
    let samira = person(&store, "samira").await;
    party(&store, "brug").await;
    store.grant(&samira.id, "brug", Role::Member).await.unwrap();
    store.add_session(&session("s", &samira)).await.unwrap();
    store
        .put_draft(&samira.id, "form", "{}", at(0))
        .await
        .unwrap();
    store
        .set_recovery_codes(&samira.id, &["a".into()])
        .await
        .unwrap();
    store.remove_person(&samira.id).await.unwrap();
    assert!(store.session("s", at(1)).await.unwrap().is_none());
    assert!(store.members_of("brug").await.unwrap().is_empty());
    assert!(store.drafts_of(&samira.id).await.unwrap().is_empty());
    assert_eq!(store.recovery_codes_left(&samira.id).await.unwrap(), 0);
    let again = store.remove_person(&samira.id).await;
    assert!(
        matches!(again, Err(StoreError::Missing { .. })),
        "{again:?}"
    );
}
