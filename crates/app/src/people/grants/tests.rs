//! Roles that are given to accounts that are there, and who may do that.

#![allow(clippy::unwrap_used)]

use tempfile::TempDir;
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Lang;
use zwerm_home::Home;
use zwerm_home::clock::Clock;
use zwerm_home::config::Config;
use zwerm_store::roles::PersonRole;

use super::*;
use crate::people::accounts::{self, Account, SignedIn};
use crate::people::parties::{self, PartyWords};
use crate::people::password_links;

async fn site() -> (TempDir, Site) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("home");
    Home::init(&root, None).unwrap();
    let now: jiff::Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let site = Site::open(&root, Config::default(), Clock::from(now))
        .await
        .unwrap();
    let words = PartyWords {
        name: Text::same("Buurthuis"),
        side: "residents".into(),
        id: String::new(),
    };
    parties::register(&site, &words, By::Machine).await.unwrap();
    (folder, site)
}

async fn account(site: &Site, login: &str, admin: bool) -> Person {
    let account = Account {
        login,
        name: login,
        password: "vier losse woorden hier",
        lang: Lang::Nl,
    };
    accounts::add_person(site, &account, admin, &[])
        .await
        .unwrap()
}

fn signed(person: &Person) -> SignedIn {
    SignedIn {
        person: person.clone(),
        roles: Vec::new(),
        session: String::new(),
        csrf: String::new(),
        unread: 0,
    }
}

fn decider() -> InvitedRoles {
    InvitedRoles {
        party: Some("buurthuis".into()),
        roles: vec![Role::Decider],
        admin: false,
    }
}

fn administrator() -> InvitedRoles {
    InvitedRoles {
        admin: true,
        ..InvitedRoles::default()
    }
}

fn code(done: Result<(), AppError>) -> Vec<FaultCode> {
    match done {
        Err(AppError::Wrong(wrong)) => wrong.codes(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_administrator_gives_a_role_and_nobody_else_does() {
    let (_folder, site) = site().await;
    let (otto, samira) = (
        account(&site, "otto", true).await,
        account(&site, "samira", false).await,
    );
    let own = signed(&samira);
    let denied = grant(&site, &samira, &decider(), By::Person(&own)).await;
    assert_eq!(code(denied), [FaultCode::NotPermitted]);
    let denied = grant(&site, &samira, &administrator(), By::Person(&own)).await;
    assert_eq!(code(denied), [FaultCode::NotPermitted]);
    let denied = end_administration(&site, &otto, By::Person(&own)).await;
    assert_eq!(code(denied), [FaultCode::NotPermitted]);
    let denied = password_links::make(&site, &otto, By::Person(&own)).await;
    assert_eq!(code(denied.map(|_| ())), [FaultCode::NotPermitted]);
    assert_eq!(site.store.roles_of(&samira.id).await.unwrap(), []);

    let by = signed(&otto);
    grant(&site, &samira, &decider(), By::Person(&by))
        .await
        .unwrap();
    let role = PersonRole {
        person: samira.id.clone(),
        party: "buurthuis".into(),
        role: Role::Decider,
    };
    assert_eq!(site.store.roles_of(&samira.id).await.unwrap(), [role]);
    let told = site.store.notices_of(&samira.id, None, 9).await.unwrap();
    assert_eq!(told.rows.len(), 1);
    let nowhere = InvitedRoles {
        party: Some("nergens".into()),
        ..decider()
    };
    let missing = grant(&site, &samira, &nowhere, By::Person(&by)).await;
    assert_eq!(code(missing), [FaultCode::NotFound]);
}

#[tokio::test]
async fn whoever_runs_the_machine_has_no_role_and_the_last_one_stays() {
    let (_folder, site) = site().await;
    let (otto, samira) = (
        account(&site, "otto", true).await,
        account(&site, "samira", false).await,
    );
    let both = grant(&site, &otto, &decider(), By::Machine).await;
    assert_eq!(code(both), [FaultCode::NotApplicable]);
    let last = end_administration(&site, &otto, By::Machine).await;
    assert_eq!(code(last), [FaultCode::Last]);
    grant(&site, &samira, &administrator(), By::Machine)
        .await
        .unwrap();
    let by = signed(&otto);
    end_administration(&site, &otto, By::Person(&by))
        .await
        .unwrap();
    let otto = site.store.person(&otto.id).await.unwrap().unwrap();
    assert!(!otto.admin);
    grant(&site, &otto, &decider(), By::Machine).await.unwrap();
    let both = grant(&site, &otto, &administrator(), By::Machine).await;
    assert_eq!(code(both), [FaultCode::NotApplicable]);
}

#[tokio::test]
async fn a_link_for_a_password_is_told_to_its_person() {
    let (_folder, site) = site().await;
    let (otto, samira) = (
        account(&site, "otto", true).await,
        account(&site, "samira", false).await,
    );
    let by = signed(&otto);
    let token = password_links::make(&site, &samira, By::Person(&by))
        .await
        .unwrap();
    let of = accounts::resetting(&site, &token).await.unwrap().unwrap();
    assert_eq!(of.id, samira.id);
    let told = site.store.notices_of(&samira.id, None, 9).await.unwrap();
    assert!(
        told.rows
            .iter()
            .any(|notice| notice.text.nl.contains("otto"))
    );
}
