//! Parties, roles and the sessions that carry them.

use std::slice::from_ref;

use zwerm_agreement::agreement::Helix;
use zwerm_agreement::text::Text;
use zwerm_store::awaited_keys::KeyArrival;
use zwerm_store::notices::NewNotice;
use zwerm_store::parties::RegisteredParty;
use zwerm_store::people::Person;
use zwerm_store::roles::{PersonRole, Role};
use zwerm_store::sessions::{OpenSession, Session};
use zwerm_store::{Store, StoreError};

use crate::backend::contract;
use crate::make::{at, party, person, session};

contract!(
    a_party_keeps_its_key_when_it_is_put_again_without,
    a_party_is_added_once_and_its_words_change,
    a_party_that_anything_refers_to_is_not_removed,
    parties_come_in_pages,
    a_proposal_waits_for_each_key_once_and_hears_of_it,
    what_a_new_home_still_needs_is_found,
    roles_are_given_once_and_taken_away,
    a_role_needs_a_person_and_a_party,
    the_last_role_of_a_party_stays_with_who_has_it,
    of_two_who_end_each_others_role_one_stays,
    a_session_comes_with_its_person_and_roles,
    sessions_end_one_by_one_or_all_but_one,
    sessions_that_are_over_are_of_no_use,
    attempts_are_counted_by_key_and_time,
);

async fn a_party_keeps_its_key_when_it_is_put_again_without(store: Store) {
    let mut bridge = party(&store, "brug").await;
    store.set_public_key("brug", Some("key")).await.unwrap();
    bridge.name = Text::same("De Brug");
    bridge.helix = Some(Helix::Government);
    store.put_party(&bridge).await.unwrap();
    bridge.public_key = Some("key".to_owned());
    assert_eq!(store.party("brug").await.unwrap(), Some(bridge.clone()));
    bridge.public_key = Some("other".to_owned());
    bridge.helix = None;
    store.put_party(&bridge).await.unwrap();
    // nor is it another one: only its party changes it
    bridge.public_key = Some("key".to_owned());
    let also = party(&store, "Aan zee").await;
    assert_eq!(store.parties().await.unwrap(), [also, bridge]);
    store.set_public_key("brug", None).await.unwrap();
    let found = store.party("brug").await.unwrap();
    assert!(matches!(
        found,
        Some(RegisteredParty {
            public_key: None,
            ..
        })
    ));
    let gone = store.set_public_key("nowhere", None).await;
    assert!(matches!(gone, Err(StoreError::Missing { .. })));
}

async fn a_party_is_added_once_and_its_words_change(store: Store) {
    let bridge = RegisteredParty {
        id: "brug".to_owned(),
        name: Text::new("De Brug", "The Bridge"),
        helix: Some(Helix::Residents),
        public_key: None,
    };
    store.add_party(&bridge).await.unwrap();
    store.set_public_key("brug", Some("key")).await.unwrap();
    let again = store.add_party(&bridge).await;
    assert!(matches!(again, Err(StoreError::Taken { .. })), "{again:?}");
    let name = Text::new("De Brug Zuid", "The Bridge South");
    let side = Some(Helix::Knowledge);
    store.set_party_words("brug", &name, side).await.unwrap();
    let changed = RegisteredParty {
        name,
        helix: side,
        public_key: Some("key".to_owned()),
        ..bridge
    };
    assert_eq!(store.party("brug").await.unwrap(), Some(changed));
    let gone = store
        .set_party_words("nowhere", &Text::same("x"), None)
        .await;
    assert!(matches!(gone, Err(StoreError::Missing { .. })), "{gone:?}");
}

async fn a_party_that_anything_refers_to_is_not_removed(store: Store) {
    let samira = person(&store, "samira").await;
    party(&store, "brug").await;
    store
        .grant(&samira.id, "brug", Role::Analyst)
        .await
        .unwrap();
    assert!(!store.remove_party("brug").await.unwrap());
    store
        .revoke(&samira.id, "brug", Role::Analyst)
        .await
        .unwrap();
    assert!(store.remove_party("brug").await.unwrap());
    assert_eq!(store.party("brug").await.unwrap(), None);
    let gone = store.remove_party("brug").await;
    assert!(matches!(gone, Err(StoreError::Missing { .. })), "{gone:?}");
}

async fn parties_come_in_pages(store: Store) {
    for id in ["c", "a", "d", "b"] {
        party(&store, id).await;
    }
    store.set_public_key("b", Some("key")).await.unwrap();
    let ids = |all: Vec<RegisteredParty>| all.into_iter().map(|one| one.id).collect::<Vec<_>>();
    let first = store.parties_after("", 3).await.unwrap();
    assert_eq!(ids(first), ["a", "b", "c"]);
    let rest = store.parties_after("c", 3).await.unwrap();
    assert_eq!(ids(rest), ["d"]);
    let without = store.parties_without_key("", 2).await.unwrap();
    assert_eq!(ids(without), ["a", "c"]);
}

async fn a_proposal_waits_for_each_key_once_and_hears_of_it(store: Store) {
    let samira = person(&store, "samira").await;
    for id in ["brug", "dok"] {
        party(&store, id).await;
        assert!(store.await_key(id, &samira.id, "new", at(0)).await.unwrap());
    }
    assert!(
        !store
            .await_key("dok", &samira.id, "new", at(1))
            .await
            .unwrap()
    );
    let gone = store.await_key("nowhere", &samira.id, "new", at(0)).await;
    assert!(matches!(gone, Err(StoreError::Missing { .. })), "{gone:?}");
    let arrival = |still| KeyArrival {
        person: samira.id.clone(),
        about: "new".to_owned(),
        still,
    };
    assert_eq!(store.key_arrived("brug").await.unwrap(), [arrival(1)]);
    assert_eq!(store.key_arrived("brug").await.unwrap(), []);
    assert_eq!(store.key_arrived("dok").await.unwrap(), [arrival(0)]);
    for id in ["brug", "dok"] {
        store.await_key(id, &samira.id, "new", at(2)).await.unwrap();
    }
    store.await_no_key(&samira.id, "new").await.unwrap();
    assert_eq!(store.key_arrived("dok").await.unwrap(), []);
    store
        .await_key("dok", &samira.id, "new", at(3))
        .await
        .unwrap();
    assert_eq!(store.prune_awaited_keys(at(3)).await.unwrap(), 0);
    assert_eq!(store.prune_awaited_keys(at(4)).await.unwrap(), 1);
}

async fn what_a_new_home_still_needs_is_found(store: Store) {
    assert_eq!(store.sides_with_party().await.unwrap(), []);
    let samira = person(&store, "samira").await;
    for id in ["brug", "dok"] {
        party(&store, id).await;
    }
    let sides = store.sides_with_party().await.unwrap();
    assert_eq!(sides, [Helix::Residents]);
    store
        .grant(&samira.id, "brug", Role::Decider)
        .await
        .unwrap();
    store.grant(&samira.id, "dok", Role::Analyst).await.unwrap();
    let ids = |all: Vec<RegisteredParty>| all.into_iter().map(|one| one.id).collect::<Vec<_>>();
    let lacking = store.parties_without_decider(9).await.unwrap();
    assert_eq!(ids(lacking), ["dok"]);
    store.set_disabled(&samira.id, true).await.unwrap();
    let lacking = store.parties_without_decider(1).await.unwrap();
    assert_eq!(ids(lacking), ["brug"]);
    assert!(!store.has_entry("answer").await.unwrap());
}

async fn roles_are_given_once_and_taken_away(store: Store) {
    let (a, b) = (person(&store, "a").await, person(&store, "b").await);
    party(&store, "brug").await;
    party(&store, "dok").await;
    for _ in 0..2 {
        store.grant(&a.id, "brug", Role::Steward).await.unwrap();
    }
    store.grant(&a.id, "brug", Role::Analyst).await.unwrap();
    store.grant(&b.id, "brug", Role::Steward).await.unwrap();
    store.grant(&b.id, "dok", Role::Decider).await.unwrap();
    let members = store.members_of("brug").await.unwrap();
    let wanted = [
        (a.clone(), Role::Steward),
        (a.clone(), Role::Analyst),
        (b.clone(), Role::Steward),
    ];
    assert_eq!(members, wanted);
    let stewards = store.people_with("brug", Role::Steward).await.unwrap();
    assert_eq!(stewards, [a.clone(), b.clone()]);
    store.set_disabled(&b.id, true).await.unwrap();
    let stewards = store.people_with("brug", Role::Steward).await.unwrap();
    assert_eq!(stewards, from_ref(&a));
    assert!(store.revoke(&a.id, "brug", Role::Steward).await.unwrap());
    assert!(!store.revoke(&a.id, "brug", Role::Steward).await.unwrap());
    let left = store.roles_of(&a.id).await.unwrap();
    let analyst = PersonRole {
        person: a.id,
        party: "brug".to_owned(),
        role: Role::Analyst,
    };
    assert_eq!(left, [analyst]);
}

async fn a_role_needs_a_person_and_a_party(store: Store) {
    let a = person(&store, "a").await;
    party(&store, "brug").await;
    let no_party = store.grant(&a.id, "nowhere", Role::Keeper).await;
    let nobody = store.grant("nobody", "brug", Role::Keeper).await;
    for outcome in [no_party, nobody] {
        let Err(StoreError::Missing { what }) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(what.contains("party"), "{what}");
    }
}

async fn the_last_role_of_a_party_stays_with_who_has_it(store: Store) {
    let (a, b) = (person(&store, "a").await, person(&store, "b").await);
    party(&store, "brug").await;
    party(&store, "dok").await;
    for (who, party) in [(&a, "brug"), (&b, "brug"), (&b, "dok")] {
        store.grant(&who.id, party, Role::Decider).await.unwrap();
    }
    let end =
        async |who: &Person, party| store.revoke_but_last(&who.id, party, Role::Decider).await;
    let last = end(&b, "dok").await;
    assert!(matches!(last, Err(StoreError::Last { .. })), "{last:?}");
    assert!(!end(&a, "dok").await.unwrap());
    // somebody who is kept out is nobody to leave it to
    store.set_disabled(&a.id, true).await.unwrap();
    let last = end(&b, "brug").await;
    assert!(matches!(last, Err(StoreError::Last { .. })), "{last:?}");
    assert!(end(&a, "brug").await.unwrap());
    assert_eq!(store.roles_of(&b.id).await.unwrap().len(), 2);
}

async fn of_two_who_end_each_others_role_one_stays(store: Store) {
    let (a, b) = (person(&store, "a").await, person(&store, "b").await);
    party(&store, "brug").await;
    for who in [&a, &b] {
        store.grant(&who.id, "brug", Role::Decider).await.unwrap();
    }
    let tries: Vec<_> = [a.id, b.id]
        .into_iter()
        .map(|id| {
            let store = store.clone();
            tokio::spawn(async move { store.revoke_but_last(&id, "brug", Role::Decider).await })
        })
        .collect();
    for one in tries {
        let outcome = one.await.unwrap();
        assert!(
            matches!(
                outcome,
                Ok(true) | Err(StoreError::Last { .. } | StoreError::Busy)
            ),
            "{outcome:?}"
        );
    }
    let left = store.people_with("brug", Role::Decider).await.unwrap();
    assert_eq!(left.len(), 1);
}

async fn a_session_comes_with_its_person_and_roles(store: Store) {
    let a = person(&store, "a").await;
    party(&store, "brug").await;
    let made = session("s", &a);
    store.add_session(&made).await.unwrap();
    let none = store.session("s", at(1)).await.unwrap().unwrap();
    let first = OpenSession {
        session: made.clone(),
        person: a.clone(),
        roles: Vec::new(),
        unread: 0,
    };
    assert_eq!(none, first);
    let notice = NewNotice {
        kind: "round".into(),
        text: Text::same("een ronde"),
        link: None,
    };
    for _ in 0..2 {
        store.notify(&[&a.id], &notice, at(1)).await.unwrap();
    }
    for role in [Role::Member, Role::Analyst] {
        store.grant(&a.id, "brug", role).await.unwrap();
    }
    let found = store.session("s", at(1)).await.unwrap().unwrap();
    assert_eq!(found.unread, 2, "each notice once, however many roles");
    let roles = found.roles;
    assert_eq!(roles, store.roles_of(&a.id).await.unwrap());
    assert_eq!(roles.len(), 2);
    assert!(store.session("t", at(1)).await.unwrap().is_none());
    let twice = store.add_session(&made).await;
    assert!(matches!(twice, Err(StoreError::Taken { .. })));
}

/// A session that was used later, and so lasts longer.
fn used(id: &str, person: &Person) -> Session {
    Session {
        seen: at(5),
        expires: at(65),
        ..session(id, person)
    }
}

async fn sessions_end_one_by_one_or_all_but_one(store: Store) {
    let (a, b) = (person(&store, "a").await, person(&store, "b").await);
    for made in [session("1", &a), used("2", &a), session("3", &a)] {
        store.add_session(&made).await.unwrap();
    }
    store.add_session(&session("4", &b)).await.unwrap();
    let all = store.sessions_of(&a.id).await.unwrap();
    let ids: Vec<&str> = all.iter().map(|session| session.id.as_str()).collect();
    assert_eq!(ids, ["2", "1", "3"]);
    assert_eq!((all[0].seen, all[0].expires), (at(5), at(65)));
    assert_eq!(all[1], session("1", &a));
    assert!(store.end_session("1").await.unwrap());
    assert!(!store.end_session("1").await.unwrap());
    let ended = store.end_sessions_of(&a.id, Some("3")).await.unwrap();
    assert_eq!(ended, 1);
    assert!(store.session("3", at(1)).await.unwrap().is_some());
    assert_eq!(store.end_sessions_of(&a.id, None).await.unwrap(), 1);
    assert!(store.session("4", at(1)).await.unwrap().is_some());
}

async fn sessions_that_are_over_are_of_no_use(store: Store) {
    let a = person(&store, "a").await;
    store.add_session(&session("1", &a)).await.unwrap();
    store.add_session(&used("2", &a)).await.unwrap();
    assert!(store.session("1", at(59)).await.unwrap().is_some());
    assert!(store.session("1", at(60)).await.unwrap().is_none());
    assert_eq!(store.prune_sessions(at(60)).await.unwrap(), 1);
    assert_eq!(store.sessions_of(&a.id).await.unwrap().len(), 1);
}

async fn attempts_are_counted_by_key_and_time(store: Store) {
    for minutes in [0, 1, 2, 2] {
        store.note_attempt("a", at(minutes)).await.unwrap();
    }
    store.note_attempt("b", at(2)).await.unwrap();
    assert_eq!(store.attempts_since("a", at(1)).await.unwrap(), 3);
    assert_eq!(store.attempts_since("a", at(3)).await.unwrap(), 0);
    assert_eq!(store.prune_attempts(at(2)).await.unwrap(), 2);
    assert_eq!(store.attempts_since("a", at(0)).await.unwrap(), 2);
    store.forget_attempts("a").await.unwrap();
    assert_eq!(store.attempts_since("a", at(0)).await.unwrap(), 0);
    assert_eq!(store.attempts_since("b", at(0)).await.unwrap(), 1);
}
