//! Who may offer, accept and hand over, and who hears of it.

#![allow(clippy::unwrap_used)]

use tempfile::TempDir;
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Lang;
use zwerm_home::Home;
use zwerm_home::clock::Clock;
use zwerm_home::config::Config;
use zwerm_store::goals::Goal;
use zwerm_store::parties::RegisteredParty;
use zwerm_store::people::Person;

use crate::goals::tasks::{self, *};
use crate::people::accounts::{self, Account};

/// A home with a goal, two parties, and a decider of each.
async fn site() -> (TempDir, Site, SignedIn, SignedIn) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("home");
    Home::init(&root, None).unwrap();
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let site = Site::open(&root, Config::default(), Clock::from(now))
        .await
        .unwrap();
    let goal = Goal {
        id: "wonen".into(),
        title: Text::same("Wonen"),
        about: Text::default(),
    };
    site.store.put_goal(&goal).await.unwrap();
    let mut people = Vec::new();
    for (party, login) in [("gemeente", "noor"), ("corporatie", "eva")] {
        let known = RegisteredParty {
            id: party.into(),
            name: Text::same(party.to_uppercase()),
            helix: None,
            public_key: None,
        };
        site.store.put_party(&known).await.unwrap();
        let account = Account {
            login,
            name: login,
            password: "een-zin-die-niemand-raadt",
            lang: Lang::Nl,
        };
        let role = [(party.to_owned(), Role::Decider)];
        accounts::add_person(&site, &account, false, &role)
            .await
            .unwrap();
        let person = site.store.person_by_login(login).await.unwrap().unwrap();
        people.push(signed(&site, person).await);
    }
    let eva = people.pop().unwrap();
    (folder, site, people.pop().unwrap(), eva)
}

async fn signed(site: &Site, person: Person) -> SignedIn {
    SignedIn {
        roles: site.store.roles_of(&person.id).await.unwrap(),
        person,
        session: String::new(),
        csrf: String::new(),
        unread: 0,
    }
}

fn offer(by: &str, to: &str) -> TaskOffer {
    TaskOffer {
        goal: "wonen".into(),
        by: by.into(),
        to: to.into(),
        what: Text::new("De balie openhouden", "Keep the desk open"),
    }
}

async fn all(site: &Site) -> Vec<Task> {
    let mut all = Vec::new();
    for list in [TaskList::Done, TaskList::Open, TaskList::Past] {
        let found = of_goal(site, "wonen", list, None, 99).await.unwrap();
        assert_eq!(
            found.rows.len() as u64,
            tasks::count(site, "wonen", list).await.unwrap()
        );
        all.extend(found.rows.into_iter().map(|one| one.task));
    }
    all
}

async fn standing(site: &Site, id: &str) -> StandingTask {
    let found = tasks::standing(site, "wonen", id).await.unwrap();
    found.unwrap()
}

async fn told(site: &Site, who: &SignedIn) -> Vec<String> {
    let notices = site.store.notices_of(&who.person.id, None, 10).await;
    let notices = notices.unwrap().rows.into_iter();
    let unread = notices.filter(|notice| notice.read.is_none());
    unread.map(|notice| notice.text.nl).collect()
}

#[tokio::test]
async fn a_task_for_the_own_party_is_accepted_at_once_and_handed_over_when_the_other_accepts() {
    let (_folder, site, noor, eva) = site().await;
    tasks::offer(&site, &noor, &offer("gemeente", "gemeente"))
        .await
        .unwrap();
    let [own] = all(&site).await.try_into().unwrap();
    assert_eq!(own.status, TaskStatus::Accepted);
    let to = TaskStep::HandOver("corporatie".into());
    tasks::step(&site, &noor, &own, &to).await.unwrap();
    let own = standing(&site, &own.id).await;
    let next = own.offered_on.clone().unwrap();
    let next = standing(&site, &next.id).await;
    // whoever carries it may not offer it to two at once, and waits
    assert!(!own.steps(&noor).any());
    assert!(next.steps(&noor).withdraw && next.steps(&eva).answer);
    let (own, next) = (own.task, next.task);
    assert!(told(&site, &eva).await[0].contains("GEMEENTE biedt uw partner een taak aan"));
    tasks::step(&site, &eva, &next, &TaskStep::Accept)
        .await
        .unwrap();
    let parts = all(&site).await;
    let status = |id: &str| parts.iter().find(|p| p.id == id).unwrap().status;
    assert_eq!(status(&own.id), TaskStatus::HandedOver);
    assert_eq!(status(&next.id), TaskStatus::Accepted);
    assert!(told(&site, &noor).await[0].contains("CORPORATIE aanvaardt de taak"));
}

#[tokio::test]
async fn declining_takes_a_reason_and_leaves_the_task_where_it_was() {
    let (_folder, site, noor, eva) = site().await;
    tasks::offer(&site, &noor, &offer("gemeente", "corporatie"))
        .await
        .unwrap();
    let [open] = all(&site).await.try_into().unwrap();
    let silent = tasks::step(&site, &eva, &open, &TaskStep::Decline(" ".into())).await;
    assert!(matches!(silent, Err(AppError::Wrong(_))));
    tasks::step(&site, &eva, &open, &TaskStep::Decline("geen mensen".into()))
        .await
        .unwrap();
    let [declined] = all(&site).await.try_into().unwrap();
    assert_eq!(declined.reason.as_deref(), Some("geen mensen"));
    assert!(told(&site, &noor).await[0].contains("aanvaardt de taak niet"));
}

#[tokio::test]
async fn nobody_answers_for_another_party_and_an_administrator_for_none() {
    let (_folder, site, noor, eva) = site().await;
    let admin = SignedIn {
        person: Person {
            admin: true,
            ..eva.person.clone()
        },
        ..eva.clone()
    };
    assert!(
        tasks::offer(&site, &eva, &offer("gemeente", "corporatie"))
            .await
            .is_err()
    );
    tasks::offer(&site, &noor, &offer("gemeente", "corporatie"))
        .await
        .unwrap();
    let [open] = all(&site).await.try_into().unwrap();
    for who in [&noor, &admin] {
        assert!(
            tasks::step(&site, who, &open, &TaskStep::Accept)
                .await
                .is_err()
        );
        assert!(!standing(&site, &open.id).await.steps(who).answer);
    }
    assert!(
        tasks::step(&site, &eva, &open, &TaskStep::Withdraw)
            .await
            .is_err()
    );
    tasks::step(&site, &noor, &open, &TaskStep::Withdraw)
        .await
        .unwrap();
    assert!(
        tasks::step(&site, &eva, &open, &TaskStep::Accept)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn all_faults_of_an_offer_come_at_once() {
    let (_folder, site, noor, _) = site().await;
    let faulty = TaskOffer {
        what: Text::new("", "x".repeat(LONGEST + 1)),
        ..offer("gemeente", "nergens")
    };
    let Err(AppError::Wrong(wrong)) = tasks::offer(&site, &noor, &faulty).await else {
        panic!("it was taken");
    };
    let fields: Vec<&str> = wrong.0.iter().filter_map(|one| one.place.field()).collect();
    assert_eq!(fields, ["what_nl", "what_en", "to"]);
}
