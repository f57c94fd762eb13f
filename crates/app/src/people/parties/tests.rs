//! Parties that are registered before an agreement names them, and what agreements then say of them.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use tempfile::TempDir;
use zwerm_home::Home;
use zwerm_home::clock::Clock;
use zwerm_home::config::Config;

use super::*;

const DOCUMENT: &str = "../../examples/leiden-goedkoop-scheefwonen/agreement-v2.toml";

async fn site() -> (TempDir, Site) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("home");
    Home::init(&root, None).unwrap();
    let now: jiff::Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let site = Site::open(&root, Config::default(), Clock::from(now))
        .await
        .unwrap();
    (folder, site)
}

fn words(nl: &str, side: &str) -> PartyWords {
    PartyWords {
        name: Text::new(nl, ""),
        side: side.into(),
        id: String::new(),
    }
}

fn codes(done: Result<impl std::fmt::Debug, AppError>) -> Vec<FaultCode> {
    match done {
        Err(AppError::Wrong(wrong)) => wrong.codes(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_party_gets_an_id_of_its_name_and_all_that_is_wrong_is_said_at_once() {
    let (_folder, site) = site().await;
    let made = register(
        &site,
        &words("Energiecoöperatie Rijnland", "residents"),
        By::Machine,
    )
    .await
    .unwrap();
    assert_eq!(made.id, "energiecooperatie-rijnland");
    assert_eq!(made.name, Text::same("Energiecoöperatie Rijnland"));
    assert_eq!(find(&site, &made.id).await.unwrap(), Some(made.clone()));
    let same = words("Energiecoöperatie Rijnland", "residents");
    let again = register(&site, &same, By::Machine);
    assert_eq!(codes(again.await), [FaultCode::Exists]);
    let wrong = PartyWords {
        id: "Énergie".into(),
        ..words(" ", "burgers")
    };
    assert_eq!(
        codes(register(&site, &wrong, By::Machine).await),
        [FaultCode::Empty, FaultCode::Missing, FaultCode::Malformed]
    );
}

#[tokio::test]
async fn an_agreement_in_force_has_the_last_word_and_a_registered_party_outlives_a_rebuild() {
    let (_folder, site) = site().await;
    let corporation = PartyWords {
        id: "corporatie".into(),
        ..words("De corporatie hier", "residents")
    };
    register(&site, &corporation, By::Machine).await.unwrap();
    register(&site, &words("Buurthuis", "residents"), By::Machine)
        .await
        .unwrap();
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let when = site.when();
    site.with_home(move |home| Ok(home.add(&document, when.today, when.now).map(|_| ())?))
        .await
        .unwrap();
    site.sync().await.unwrap();
    let agreed = line(&site, "corporatie").await.unwrap().unwrap();
    assert_eq!(agreed.party.helix, Some(Helix::Organisations));
    assert_ne!(agreed.party.name.nl, "De corporatie hier");
    assert!(agreed.agreed.is_some());
    let reworded = change(&site, "corporatie", &corporation, By::Machine).await;
    assert_eq!(codes(reworded), [FaultCode::NotNow]);
    assert_eq!(
        codes(remove(&site, "corporatie", By::Machine).await),
        [FaultCode::NotNow]
    );
    // what is taken over from files is thrown away and taken over again: who was registered stays
    site.store.clear_mirror().await.unwrap();
    let house = line(&site, "buurthuis").await.unwrap().unwrap();
    assert!(house.agreed.is_none());
    change(
        &site,
        "buurthuis",
        &words("Het Buurthuis", "organisations"),
        By::Machine,
    )
    .await
    .unwrap();
    let changed = find(&site, "buurthuis").await.unwrap().unwrap();
    assert_eq!(
        (changed.name.nl.as_str(), changed.helix),
        ("Het Buurthuis", Some(Helix::Organisations))
    );
    remove(&site, "buurthuis", By::Machine).await.unwrap();
    assert_eq!(find(&site, "buurthuis").await.unwrap(), None);
}
