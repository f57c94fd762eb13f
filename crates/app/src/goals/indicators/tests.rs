//! What is new, what changes, and who may bring it.

#![allow(clippy::unwrap_used)]

use tempfile::TempDir;
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Lang;
use zwerm_home::Home;
use zwerm_home::clock::Clock;
use zwerm_home::config::Config;
use zwerm_store::people::Person;
use zwerm_store::roles::PersonRole;

use crate::goals::indicators::{self, *};

const DOCUMENT: &str =
    include_str!("../../../../../examples/leiden-goedkoop-scheefwonen/agreement-v2.toml");
const GOAL: &str = "leiden-passend-wonen";

/// A home with a project for a goal.
async fn site() -> (TempDir, Site) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("home");
    Home::init(&root, None).unwrap();
    let (text, _) = DOCUMENT.split_once("[[consent]]").unwrap();
    let document = folder.path().join("agreement.toml");
    std::fs::write(&document, text).unwrap();
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let home = Home::open(&root).unwrap();
    home.add(&document, "2026-03-01".parse().unwrap(), now)
        .unwrap();
    let site = Site::open(&root, Config::default(), Clock::from(now))
        .await
        .unwrap();
    (folder, site)
}

fn who(party: &str, role: Role, admin: bool) -> SignedIn {
    SignedIn {
        person: Person {
            id: "p".into(),
            login: "p".into(),
            name: "P".into(),
            email: None,
            lang: Lang::Nl,
            admin,
            disabled: false,
            created: jiff::Timestamp::UNIX_EPOCH,
        },
        roles: vec![PersonRole {
            person: "p".into(),
            party: party.into(),
            role,
        }],
        session: String::new(),
        csrf: String::new(),
        unread: 0,
    }
}

fn brought(figures: &str) -> FigureDelivery {
    FigureDelivery {
        goal: GOAL.into(),
        known: None,
        party: "corporatie".into(),
        title: Text::new("Wachttijd", "Waiting time"),
        unit: Text::new("jaar", "years"),
        source: Text::same("Eigen telling"),
        figures: format!("area,area_name,period,value\n{figures}"),
        replaces: false,
    }
}

async fn bring(site: &Site, signed: &SignedIn, brought: &FigureDelivery) {
    let looked = indicators::look_at(site, signed, brought).await.unwrap();
    let outcome = indicators::take_over(site, signed, brought, &looked.seen)
        .await
        .unwrap();
    assert!(matches!(outcome, DeliveryOutcome::Taken));
}

async fn only(site: &Site) -> Indicator {
    let [indicator] = site
        .store
        .indicators_of(GOAL)
        .await
        .unwrap()
        .try_into()
        .unwrap();
    indicator
}

#[tokio::test]
async fn figures_are_added_and_corrected_after_they_were_looked_at() {
    let (_folder, site) = site().await;
    let joris = who("corporatie", Role::Steward, false);
    let first = brought("A,Noord,2023,1\nA,Noord,2024,2\nB,Zuid,2024,\n");
    // what nobody looked at is not taken over
    let blind = indicators::take_over(&site, &joris, &first, "")
        .await
        .unwrap();
    assert!(matches!(blind, DeliveryOutcome::Other(looked) if looked.new.len() == 3));
    bring(&site, &joris, &first).await;
    let known = only(&site).await;
    assert_eq!(known.party.as_deref(), Some("corporatie"));
    let second = FigureDelivery {
        known: Some(known.clone()),
        ..brought("A,Noorderkwartier,2024,2.5\nB,Zuid,2025,3\nB,Zuid,2024,\n")
    };
    let looked = indicators::look_at(&site, &joris, &second).await.unwrap();
    assert_eq!((looked.new.len(), looked.changed.len()), (1, 1));
    assert_eq!((looked.gone.len(), looked.same, looked.words), (0, 2, true));
    bring(&site, &joris, &second).await;
    let values = site.store.figures(&known.id).await.unwrap();
    let values: Vec<_> = values
        .iter()
        .map(|v| (v.area_name.as_str(), v.period.as_str(), v.value))
        .collect();
    assert_eq!(
        values,
        [
            ("Noorderkwartier", "2023", Some(1.0)),
            ("Noorderkwartier", "2024", Some(2.5)),
            ("Zuid", "2024", None),
            ("Zuid", "2025", Some(3.0)),
        ]
    );
    let third = FigureDelivery {
        replaces: true,
        ..FigureDelivery {
            known: Some(known.clone()),
            ..brought("B,Zuid,2025-Q1,3\n")
        }
    };
    let looked = indicators::look_at(&site, &joris, &third).await.unwrap();
    assert_eq!((looked.new.len(), looked.gone.len()), (1, 4));
    bring(&site, &joris, &third).await;
    assert_eq!(site.store.figures(&known.id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn only_who_takes_part_brings_figures_and_only_who_brought_them_corrects_them() {
    let (_folder, site) = site().await;
    let figures = brought("A,Noord,2023,1\n");
    for signed in [
        who("gemeente-leiden", Role::Steward, false),
        who("corporatie", Role::Analyst, false),
        who("corporatie", Role::Steward, true),
    ] {
        assert!(indicators::look_at(&site, &signed, &figures).await.is_err());
    }
    let stranger = FigureDelivery {
        party: "elders".into(),
        ..figures.clone()
    };
    let signed = who("elders", Role::Decider, false);
    assert!(
        indicators::look_at(&site, &signed, &stranger)
            .await
            .is_err()
    );
    let eva = who("corporatie", Role::Decider, false);
    bring(&site, &eva, &figures).await;
    let other = FigureDelivery {
        party: "gemeente-leiden".into(),
        known: Some(only(&site).await),
        ..figures
    };
    let noor = who("gemeente-leiden", Role::Decider, false);
    assert!(indicators::look_at(&site, &noor, &other).await.is_err());
}

#[tokio::test]
async fn faults_of_words_and_figures_come_together() {
    let (_folder, site) = site().await;
    let joris = who("corporatie", Role::Steward, false);
    let faulty = FigureDelivery {
        source: Text::new("", " "),
        ..brought("A,Noord,2023,veel\n")
    };
    let Err(AppError::Wrong(wrong)) = indicators::look_at(&site, &joris, &faulty).await else {
        panic!("it was taken");
    };
    let fields: Vec<&str> = wrong.0.iter().filter_map(|one| one.place.field()).collect();
    assert_eq!(fields, ["source_nl", "figures"]);
}
