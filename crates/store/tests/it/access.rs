//! Links that let somebody in: invitations and new passwords. Each works once, and wholly or not at all.

use zwerm_store::invitations::NewInvitation;
use zwerm_store::people::PasswordHash;
use zwerm_store::roles::Role;
use zwerm_store::{Store, StoreError};

use crate::backend::contract;
use crate::make::{at, new_person, party, person, session};

contract!(
    an_invitation_is_open_until_it_is_used_or_over,
    an_invitation_is_accepted_once_also_by_many_at_once,
    an_invitation_that_fails_stays_open,
    an_invitation_makes_nobody_more_than_it_says,
    an_invitation_names_what_is_there,
    invitations_are_listed_and_withdrawn,
    what_one_person_invited_to_one_party_is_withdrawn,
    a_reset_works_once_and_ends_all_sessions,
    a_reset_is_of_no_use_when_over_or_for_who_is_kept_out,
    links_that_are_over_are_forgotten,
);

fn invitation(name: &str) -> NewInvitation {
    NewInvitation {
        party: Some("brug".to_owned()),
        roles: vec![Role::Steward, Role::Decider],
        admin: false,
        name: name.to_owned(),
        by: None,
        expires: at(60),
    }
}

async fn an_invitation_is_open_until_it_is_used_or_over(store: Store) {
    party(&store, "brug").await;
    let by = person(&store, "inviter").await.id;
    let new = NewInvitation {
        by: Some(by.clone()),
        ..invitation("Zoë")
    };
    let made = store.add_invitation("token", &new, at(0)).await.unwrap();
    assert_eq!(made.by, Some(by));
    assert_eq!(made.roles, [Role::Steward, Role::Decider]);
    assert_eq!(
        (made.created, made.expires, made.used),
        (at(0), at(60), None)
    );
    let found = store.open_invitation("token", at(59)).await.unwrap();
    assert_eq!(found, Some(made));
    assert_eq!(store.open_invitation("token", at(60)).await.unwrap(), None);
    assert_eq!(store.open_invitation("other", at(1)).await.unwrap(), None);
    let late = store
        .accept_invitation("token", &new_person("zoë"), at(60))
        .await;
    assert!(matches!(late, Err(StoreError::Missing { .. })), "{late:?}");
    let zoe = store
        .accept_invitation("token", &new_person("zoë"), at(2))
        .await
        .unwrap();
    assert_eq!((zoe.login.as_str(), zoe.created), ("zoë", at(2)));
    let roles = store.roles_of(&zoe.id).await.unwrap();
    assert_eq!(roles.len(), 2);
    assert_eq!(store.open_invitation("token", at(3)).await.unwrap(), None);
    let open = store.open_invitations(None, at(2), None, 9).await.unwrap();
    assert!(open.rows.is_empty(), "{open:?}");
}

async fn an_invitation_is_accepted_once_also_by_many_at_once(store: Store) {
    party(&store, "brug").await;
    store
        .add_invitation("token", &invitation("x"), at(0))
        .await
        .unwrap();
    let tries: Vec<_> = (0..6)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let new = new_person(&format!("x{number}"));
                store.accept_invitation("token", &new, at(1)).await
            })
        })
        .collect();
    let mut accepted = Vec::new();
    for one in tries {
        match one.await.unwrap() {
            Ok(person) => accepted.push(person),
            Err(StoreError::Missing { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(accepted.len(), 1);
    assert_eq!(store.people().await.unwrap(), accepted);
}

async fn an_invitation_that_fails_stays_open(store: Store) {
    party(&store, "brug").await;
    person(&store, "taken").await;
    store
        .add_invitation("token", &invitation("x"), at(0))
        .await
        .unwrap();
    let taken = store
        .accept_invitation("token", &new_person("TAKEN"), at(1))
        .await;
    assert!(matches!(taken, Err(StoreError::Taken { .. })), "{taken:?}");
    assert!(
        store
            .open_invitation("token", at(1))
            .await
            .unwrap()
            .is_some()
    );
    store
        .accept_invitation("token", &new_person("free"), at(1))
        .await
        .unwrap();
}

async fn an_invitation_makes_nobody_more_than_it_says(store: Store) {
    party(&store, "brug").await;
    store
        .add_invitation("token", &invitation("x"), at(0))
        .await
        .unwrap();
    let mut new = new_person("x");
    new.admin = true;
    let person = store.accept_invitation("token", &new, at(1)).await.unwrap();
    assert!(!person.admin);
    let admin = NewInvitation {
        party: None,
        roles: vec![],
        admin: true,
        ..invitation("y")
    };
    store.add_invitation("other", &admin, at(0)).await.unwrap();
    let person = store
        .accept_invitation("other", &new_person("y"), at(1))
        .await
        .unwrap();
    assert!(person.admin);
    assert!(store.roles_of(&person.id).await.unwrap().is_empty());
}

async fn an_invitation_names_what_is_there(store: Store) {
    let nowhere = store.add_invitation("a", &invitation("x"), at(0)).await;
    assert!(
        matches!(nowhere, Err(StoreError::Missing { .. })),
        "{nowhere:?}"
    );
    party(&store, "brug").await;
    let no_party = NewInvitation {
        party: None,
        ..invitation("x")
    };
    let unfit = store.add_invitation("a", &no_party, at(0)).await;
    assert!(matches!(unfit, Err(StoreError::Unfit { .. })), "{unfit:?}");
    store
        .add_invitation("a", &invitation("x"), at(0))
        .await
        .unwrap();
    let twice = store.add_invitation("a", &invitation("x"), at(0)).await;
    assert!(matches!(twice, Err(StoreError::Taken { .. })), "{twice:?}");
}

async fn invitations_are_listed_and_withdrawn(store: Store) {
    party(&store, "brug").await;
    let first = store
        .add_invitation("a", &invitation("a"), at(0))
        .await
        .unwrap();
    let second = store
        .add_invitation("b", &invitation("b"), at(1))
        .await
        .unwrap();
    let brug = ["brug", "brug"];
    for parties in [None, Some(&brug[..])] {
        let listed = store.open_invitations(parties, at(1), None, 1).await;
        let listed = listed.unwrap();
        assert_eq!(listed.rows, std::slice::from_ref(&second));
        let older = listed.older.as_ref();
        let rest = store.open_invitations(parties, at(1), older, 1).await;
        let rest = rest.unwrap();
        assert_eq!((rest.rows, rest.older), (vec![first.clone()], None));
    }
    let none = store.open_invitations(Some(&["x"]), at(1), None, 9).await;
    assert!(none.unwrap().rows.is_empty());
    for (role, invited) in [(Role::Decider, true), (Role::Analyst, false)] {
        let parties = store.parties_invited_to(role, at(1)).await.unwrap();
        assert_eq!(parties.contains("brug"), invited, "{role}");
    }
    store.withdraw_invitation(&first.id).await.unwrap();
    let gone = store.accept_invitation("a", &new_person("a"), at(2)).await;
    assert!(matches!(gone, Err(StoreError::Missing { .. })));
    store
        .accept_invitation("b", &new_person("b"), at(2))
        .await
        .unwrap();
    for id in [&first.id, &second.id] {
        let late = store.withdraw_invitation(id).await;
        assert!(matches!(late, Err(StoreError::Missing { .. })), "{late:?}");
    }
    let left = store.open_invitations(None, at(2), None, 9).await.unwrap();
    assert!(left.rows.is_empty(), "{left:?}");
}

async fn what_one_person_invited_to_one_party_is_withdrawn(store: Store) {
    let (a, b) = (person(&store, "a").await.id, person(&store, "b").await.id);
    for id in ["brug", "dok"] {
        party(&store, id).await;
    }
    let by = |person: &str, party: &str| NewInvitation {
        by: Some(person.to_owned()),
        party: Some(party.to_owned()),
        ..invitation("x")
    };
    for (token, new) in [
        ("1", by(&a, "brug")),
        ("2", by(&a, "brug")),
        ("3", by(&a, "dok")),
        ("4", by(&b, "brug")),
    ] {
        let made = store.add_invitation(token, &new, at(0)).await.unwrap();
        assert_eq!(store.invitation(&made.id).await.unwrap(), Some(made));
    }
    assert_eq!(store.invitation("1").await.unwrap(), None);
    store
        .accept_invitation("2", &new_person("x"), at(1))
        .await
        .unwrap();
    assert_eq!(store.withdraw_invitations_by(&a, "brug").await.unwrap(), 1);
    for (token, open) in [("1", false), ("3", true), ("4", true)] {
        let found = store.open_invitation(token, at(1)).await.unwrap();
        assert_eq!(found.is_some(), open, "{token}");
    }
}

async fn a_reset_works_once_and_ends_all_sessions(store: Store) {
    let (a, b) = (person(&store, "a").await, person(&store, "b").await);
    store.add_session(&session("s", &a)).await.unwrap();
    store.add_session(&session("t", &b)).await.unwrap();
    for token in ["token", "older"] {
        store.add_reset(&a.id, token, at(60), at(0)).await.unwrap();
    }
    assert_eq!(
        store.open_reset("token", at(1)).await.unwrap(),
        Some(a.clone())
    );
    let tries: Vec<_> = (0..6)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let hash = PasswordHash::new(format!("new {number}"));
                store.use_reset("token", &hash, at(1)).await.map(|_| hash)
            })
        })
        .collect();
    let mut used = Vec::new();
    for one in tries {
        match one.await.unwrap() {
            Ok(hash) => used.push(hash),
            Err(StoreError::Missing { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(used.len(), 1);
    let (_, hash) = store.credentials("a").await.unwrap().unwrap();
    assert_eq!(hash, used[0]);
    assert!(store.session("s", at(1)).await.unwrap().is_none());
    assert!(store.session("t", at(1)).await.unwrap().is_some());
    for token in ["token", "older"] {
        assert_eq!(store.open_reset(token, at(1)).await.unwrap(), None);
    }
}

async fn a_reset_is_of_no_use_when_over_or_for_who_is_kept_out(store: Store) {
    let a = person(&store, "a").await;
    store
        .add_reset(&a.id, "token", at(60), at(0))
        .await
        .unwrap();
    let hash = PasswordHash::new("new");
    let late = store.use_reset("token", &hash, at(60)).await;
    assert!(matches!(late, Err(StoreError::Missing { .. })), "{late:?}");
    assert_eq!(store.open_reset("token", at(60)).await.unwrap(), None);
    store.set_disabled(&a.id, true).await.unwrap();
    let out = store.use_reset("token", &hash, at(1)).await;
    assert!(matches!(out, Err(StoreError::Missing { .. })), "{out:?}");
    assert_eq!(store.open_reset("token", at(1)).await.unwrap(), None);
    store.set_disabled(&a.id, false).await.unwrap();
    let (_, kept) = store.credentials("a").await.unwrap().unwrap();
    assert_eq!(kept.as_str(), "hash of a");
    // that link is gone; one that is made while they are kept out waits
    let gone = store.use_reset("token", &hash, at(1)).await;
    assert!(matches!(gone, Err(StoreError::Missing { .. })), "{gone:?}");
    store.set_disabled(&a.id, true).await.unwrap();
    store.add_reset(&a.id, "next", at(60), at(2)).await.unwrap();
    let out = store.use_reset("next", &hash, at(3)).await;
    assert!(matches!(out, Err(StoreError::Missing { .. })), "{out:?}");
    store.set_disabled(&a.id, false).await.unwrap();
    store.use_reset("next", &hash, at(3)).await.unwrap();
}

async fn links_that_are_over_are_forgotten(store: Store) {
    party(&store, "brug").await;
    let a = person(&store, "a").await;
    for (token, minutes) in [("1", 10), ("2", 20)] {
        let new = NewInvitation {
            expires: at(minutes),
            ..invitation(token)
        };
        store.add_invitation(token, &new, at(0)).await.unwrap();
        store
            .add_reset(&a.id, token, at(minutes), at(0))
            .await
            .unwrap();
    }
    assert_eq!(store.prune_invitations(at(20)).await.unwrap(), 1);
    assert_eq!(store.prune_resets(at(20)).await.unwrap(), 1);
    assert!(store.open_invitation("2", at(5)).await.unwrap().is_some());
    assert!(store.open_reset("2", at(5)).await.unwrap().is_some());
}
