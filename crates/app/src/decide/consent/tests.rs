//! Deciding through the pages: roles, rounds, and signatures that were made elsewhere.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::sync::Arc;

use jiff::SignedDuration;
use tempfile::TempDir;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::sample::made_up_key;
use zwerm_home::Home;
use zwerm_home::clock::Clock;
use zwerm_home::config::Config;
use zwerm_store::people::Person;
use zwerm_store::roles::PersonRole;

use crate::decide::amend;
use crate::decide::consent::{self, *};
use crate::decide::propose::{self, Proposal};
use crate::people::accounts::{self, Account};
use crate::people::known_keys;
use crate::people::people::By;
use crate::share::what_if;
use crate::site::overview::Overview;
use crate::site::standing::Standing;

const DOCUMENT: &str =
    include_str!("../../../../../examples/leiden-goedkoop-scheefwonen/agreement-v2.toml");
const ID: &str = "leiden-goedkoop-scheefwonen";

/// A home with an agreement about which nobody said anything yet.
async fn site() -> (TempDir, Site) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("home");
    Home::init(&root, None).unwrap();
    let (text, _) = DOCUMENT.split_once("[[consent]]").unwrap();
    let document = folder.path().join("agreement.toml");
    fs::write(&document, text).unwrap();
    let now = "2026-03-01T12:00:00Z".parse().unwrap();
    let home = Home::open(&root).unwrap();
    home.add(&document, "2026-03-01".parse().unwrap(), now)
        .unwrap();
    let site = Site::open(&root, Config::default(), Clock::from(now))
        .await
        .unwrap();
    (folder, site)
}

fn decider(party: &str, admin: bool) -> SignedIn {
    SignedIn {
        person: Person {
            id: "p".into(),
            login: "p".into(),
            name: "P".into(),
            email: None,
            lang: zwerm_agreement::text::Lang::Nl,
            admin,
            disabled: false,
            created: Timestamp::UNIX_EPOCH,
        },
        roles: vec![PersonRole {
            person: "p".into(),
            party: party.into(),
            role: Role::Decider,
        }],
        session: String::new(),
        csrf: String::new(),
        unread: 0,
    }
}

fn consent(party: &str) -> ConsentWords {
    ConsentWords {
        party: party.into(),
        objects: false,
        reason: String::new(),
        lifts: String::new(),
    }
}

async fn overview(site: &Site) -> Arc<Overview> {
    site.overview().await.unwrap()
}

async fn version(site: &Site) -> Version {
    let overview = overview(site).await;
    overview.dossier(ID).unwrap().latest().unwrap().clone()
}

/// What the party's browser sends back.
fn signature(party: &str, to_sign: &ToSign) -> Pen {
    let statement: serde_json::Value = serde_json::from_str(&to_sign.text).unwrap();
    let statement = zwerm_agreement::signature::Statement {
        agreement: statement["agreement"].as_str().unwrap().parse().unwrap(),
        party: statement["party"].as_str().unwrap(),
        decision: statement["decision"].as_str().unwrap(),
        reason: statement["reason"].as_str(),
        lifts: statement["lifts"].as_str(),
        at: to_sign.at,
    };
    Pen::Signature {
        at: to_sign.at,
        signature: made_up_key(party).sign(&statement).unwrap(),
    }
}

async fn consents(site: &Site, party: &str) {
    let (signed, words) = (decider(party, false), consent(party));
    let version = version(site).await;
    let to_sign = consent::to_sign(site, &signed, &version, &words, None)
        .await
        .unwrap();
    let pen = signature(party, &to_sign);
    consent::say(site, &signed, &version, &words, pen)
        .await
        .unwrap();
}

const PARTIES: [&str; 4] = [
    "gemeente-leiden",
    "statistiekbureau",
    "corporatie",
    "huurdersvereniging",
];

#[tokio::test]
async fn four_signed_consents_in_a_round_bring_an_agreement_into_force() {
    let (_folder, site) = site().await;
    let first = version(&site).await;
    let proposer = decider("gemeente-leiden", false);
    consent::open_round(&site, &proposer, &first, "gemeente-leiden", 14)
        .await
        .unwrap();
    for party in PARTIES {
        assert_ne!(version(&site).await.standing, Standing::InForce);
        consents(&site, party).await;
    }
    assert_eq!(version(&site).await.standing, Standing::InForce);
    let counting = version(&site).await.stored.counting;
    assert!(counting.consents.len() == 4 && counting.unsigned.is_empty());
}

#[tokio::test]
async fn without_a_round_or_a_signature_nobody_consents_and_anybody_objects() {
    let (_folder, site) = site().await;
    let (tenants, words) = (
        decider("huurdersvereniging", false),
        consent("huurdersvereniging"),
    );
    let before = version(&site).await;
    assert!(
        consent::to_sign(&site, &tenants, &before, &words, None)
            .await
            .is_err()
    );
    consent::open_round(&site, &tenants, &before, "huurdersvereniging", 14)
        .await
        .unwrap();
    let unsigned = consent::say(&site, &tenants, &before, &words, Pen::Nothing).await;
    assert!(matches!(unsigned, Err(AppError::Refused(_))));
    let objection = ConsentWords {
        objects: true,
        reason: "eerst praten".into(),
        lifts: "een gesprek".into(),
        ..words
    };
    consent::say(&site, &tenants, &before, &objection, Pen::Nothing)
        .await
        .unwrap();
    assert_eq!(version(&site).await.standing, Standing::Objected);
}

#[tokio::test]
async fn a_signature_of_another_text_key_or_time_counts_for_nothing() {
    let (_folder, site) = site().await;
    let (signed, words) = (decider("corporatie", false), consent("corporatie"));
    let version = version(&site).await;
    consent::open_round(&site, &signed, &version, "corporatie", 14)
        .await
        .unwrap();
    let to_sign = consent::to_sign(&site, &signed, &version, &words, None)
        .await
        .unwrap();
    let other_key = signature("gemeente-leiden", &to_sign);
    assert!(
        consent::say(&site, &signed, &version, &words, other_key)
            .await
            .is_err()
    );
    let concern = ConsentWords {
        reason: "zorg".into(),
        ..words.clone()
    };
    let other_text = signature("corporatie", &to_sign);
    assert!(
        consent::say(&site, &signed, &version, &concern, other_text)
            .await
            .is_err()
    );
    let old = ToSign {
        at: to_sign.at - SignedDuration::from_hours(72),
        ..to_sign.clone()
    };
    assert!(
        consent::say(
            &site,
            &signed,
            &version,
            &words,
            signature("corporatie", &old)
        )
        .await
        .is_err()
    );
    assert!(
        consent::say(
            &site,
            &signed,
            &version,
            &words,
            signature("corporatie", &to_sign)
        )
        .await
        .is_ok()
    );
}

#[tokio::test]
async fn nobody_speaks_for_another_party_and_an_administrator_for_none() {
    let (_folder, site) = site().await;
    let version = version(&site).await;
    let objection = ConsentWords {
        objects: true,
        reason: "nee".into(),
        lifts: "niets".into(),
        ..consent("corporatie")
    };
    for signed in [
        decider("gemeente-leiden", false),
        decider("corporatie", true),
    ] {
        assert!(
            consent::say(&site, &signed, &version, &objection, Pen::Nothing)
                .await
                .is_err()
        );
        let opened = consent::open_round(&site, &signed, &version, "corporatie", 14).await;
        assert!(opened.is_err());
    }
}

/// The document of the third version, with nothing changed but its number.
fn next(version: &Version) -> String {
    amend::amended(version, &amend::easy(version.agreement()), 3).unwrap()
}

fn proposal(document: String, amends: Option<&str>) -> Proposal {
    Proposal {
        party: "gemeente-leiden".into(),
        document,
        answers: Vec::new(),
        amends: amends.map(str::to_owned),
        words: None,
        days: 14,
    }
}

#[tokio::test]
async fn the_version_that_comes_into_force_is_the_only_one_that_answers_and_that_is_stopped() {
    let (_folder, site) = in_force().await;
    let proposer = decider("gemeente-leiden", false);
    let next = next(&version(&site).await);
    propose::propose(&site, &proposer, &proposal(next, Some(ID)))
        .await
        .unwrap();
    for party in PARTIES {
        consents(&site, party).await;
    }
    let standings = async || {
        let overview = overview(&site).await;
        overview
            .all()
            .map(|version| version.standing)
            .collect::<Vec<_>>()
    };
    assert_eq!(standings().await, [Standing::Superseded, Standing::InForce]);
    let tenants = decider("huurdersvereniging", false);
    let deed = Deed {
        party: "huurdersvereniging".into(),
        change: StatusChange::Suspended,
        reason: "eerst praten".into(),
    };
    let latest = version(&site).await;
    consent::carry_out(&site, &tenants, &latest, &deed, Pen::Nothing)
        .await
        .unwrap();
    assert_eq!(
        standings().await,
        [Standing::Superseded, Standing::Suspended]
    );
}

#[tokio::test]
async fn a_proposal_opens_nobodys_data_and_speaks_for_nobody() {
    let (_folder, site) = site().await;
    let data = site.home.root().join("data/corporatie");
    fs::create_dir_all(&data).unwrap();
    // not at all as any document describes it: whoever had it checked would hear of its rows
    fs::write(data.join("woningen.csv"), "geheim\n1\n").unwrap();
    let spoken = "[[consent]]\nparty = \"huurdersvereniging\"\ndecision = \"object\"\n\
                  reason = \"nee\"\nlifts = \"niets\"\nat = \"2026-01-01T00:00:00Z\"\n";
    let (text, _) = DOCUMENT.split_once("[[consent]]").unwrap();
    let text = text.replace(ID, "een-ander-project") + spoken;
    let proposer = decider("gemeente-leiden", false);
    let added = propose::propose(&site, &proposer, &proposal(text, None))
        .await
        .unwrap();
    assert!(added.stored.document.consents.is_empty());
    assert_eq!(added.standing, Standing::AwaitsConsent);
}

#[tokio::test]
async fn anyone_may_try_out_other_conditions_and_nobody_other_data() {
    let (_folder, site) = site().await;
    let text = version(&site).await.text;
    let conditions = text.replace("minimum_units = 10", "minimum_units = 20");
    assert!(what_if::try_out(&site, ID, conditions, None).await.is_ok());
    let data = text.replace("inkomen = \"float64\"", "inkomen = \"utf8\"");
    assert_ne!(data.as_str(), &*text);
    assert!(matches!(
        what_if::try_out(&site, ID, data, None).await,
        Err(AppError::Wrong(wrong)) if wrong.codes() == [FaultCode::NotApplicable]
    ));
}

/// A version in force, made at the table of the sample.
async fn in_force() -> (TempDir, Site) {
    let (folder, site) = site().await;
    let first = version(&site).await;
    let proposer = decider("gemeente-leiden", false);
    consent::open_round(&site, &proposer, &first, "gemeente-leiden", 14)
        .await
        .unwrap();
    for party in PARTIES {
        consents(&site, party).await;
    }
    (folder, site)
}

/// Next to the sample's parties an outsider, in the place of the tenants.
fn with_outsider(document: &str) -> String {
    document.replace("\"huurdersvereniging\"", "\"bewonersraad\"")
}

fn not_permitted(done: Result<Version, AppError>) -> bool {
    matches!(done, Err(AppError::Wrong(wrong)) if wrong.codes() == [FaultCode::NotPermitted])
}

#[tokio::test]
async fn only_a_party_at_the_table_as_it_is_adds_a_version_and_none_shuts_another_out() {
    let (_folder, site) = in_force().await;
    let next = next(&version(&site).await);
    let outsider = Proposal {
        party: "bewonersraad".into(),
        ..proposal(with_outsider(&next), Some(ID))
    };
    let wim = decider("bewonersraad", false);
    assert!(not_permitted(
        propose::propose(&site, &wim, &outsider).await
    ));
    // the municipality writes the tenants out; they still sit at the table of the version in force
    let insider = decider("gemeente-leiden", false);
    let written_out = proposal(with_outsider(&next), Some(ID));
    propose::propose(&site, &insider, &written_out)
        .await
        .unwrap();
    let overview = overview(&site).await;
    let dossier = overview.dossier(ID).unwrap();
    assert!(propose::may_amend(dossier, "huurdersvereniging"));
    assert!(!propose::may_amend(dossier, "bewonersraad"));
    let mila = decider("huurdersvereniging", false);
    let again = next.replace("version = 3", "version = 4");
    let counter = Proposal {
        party: "huurdersvereniging".into(),
        ..proposal(again, Some(ID))
    };
    propose::propose(&site, &mila, &counter).await.unwrap();
}

#[tokio::test]
async fn nobody_proposes_another_key_for_another_party() {
    let (_folder, site) = in_force().await;
    let next = next(&version(&site).await);
    let (theirs, mine) = (
        made_up_key("huurdersvereniging").public(),
        made_up_key("somebody else").public(),
    );
    let (theirs, mine) = (theirs.to_string(), mine.to_string());
    assert!(next.contains(&theirs), "{next}");
    let forged = proposal(next.replace(&theirs, &mine), Some(ID));
    let proposer = decider("gemeente-leiden", false);
    assert!(not_permitted(
        propose::propose(&site, &proposer, &forged).await
    ));
}

/// Somebody with an account who decides for a party, signed in.
async fn member(site: &Site, login: &str, party: &str) -> SignedIn {
    let account = Account {
        login,
        name: login,
        password: "vier losse woorden hier",
        lang: zwerm_agreement::text::Lang::Nl,
    };
    let roles = [(party.to_owned(), Role::Decider)];
    let person = accounts::add_person(site, &account, false, &roles)
        .await
        .unwrap();
    SignedIn {
        person,
        ..decider(party, false)
    }
}

async fn notices(site: &Site, of: &SignedIn) -> Vec<String> {
    let all = site.store.notices_of(&of.person.id, None, 9).await.unwrap();
    all.rows.into_iter().map(|one| one.text.nl).collect()
}

#[tokio::test]
async fn a_proposal_waits_for_the_key_of_a_party_and_goes_on_when_it_is_there() {
    let (_folder, site) = site().await;
    let noor = member(&site, "noor", "gemeente-leiden").await;
    let mila = member(&site, "mila", "huurdersvereniging").await;
    let key = made_up_key("huurdersvereniging").public().to_string();
    let (text, _) = DOCUMENT.split_once("[[consent]]").unwrap();
    let text = text.replace(ID, "een-ander-project");
    let keyless = text.replace(&format!("public_key = \"{key}\"\n"), "");
    assert_ne!(keyless, text);
    for _ in 0..2 {
        let waits = propose::propose(&site, &noor, &proposal(keyless.clone(), None)).await;
        assert!(
            matches!(&waits, Err(AppError::Wrong(wrong)) if wrong.codes() == [FaultCode::NotNow]
                && wrong.0[0].what.nl.contains("wacht op de sleutel van Huurdersvereniging")),
            "{waits:?}"
        );
    }
    assert!(overview(&site).await.dossier("een-ander-project").is_none());
    // who makes the key is told once, however often it is tried
    assert_eq!(notices(&site, &mila).await.len(), 1);
    assert_eq!(notices(&site, &noor).await.len(), 0);
    known_keys::put(&site, "huurdersvereniging", &key, By::Person(&mila))
        .await
        .unwrap();
    let told = notices(&site, &noor).await;
    assert!(
        told.len() == 1 && told[0].contains("uw voorstel kan verder"),
        "{told:?}"
    );
    let version = propose::propose(&site, &noor, &proposal(keyless, None))
        .await
        .unwrap();
    let party = version
        .agreement()
        .find_party("huurdersvereniging")
        .unwrap();
    assert_eq!(party.public_key.as_deref(), Some(key.as_str()));
}

#[tokio::test]
async fn no_round_opens_about_a_version_that_a_party_could_not_sign() {
    let (folder, site) = site().await;
    let (text, _) = DOCUMENT.split_once("[[consent]]").unwrap();
    let key = made_up_key("huurdersvereniging").public().to_string();
    let text = text.replace(&format!("public_key = \"{key}\"\n"), "");
    let document = folder.path().join("next.toml");
    fs::write(&document, text.replace("version = 2", "version = 3")).unwrap();
    let when = site.when();
    site.with_home(move |home| Ok(home.add(&document, when.today, when.now).map(|_| ())?))
        .await
        .unwrap();
    site.sync().await.unwrap();
    let (noor, newest) = (decider("gemeente-leiden", false), version(&site).await);
    assert_eq!(newest.agreement().version, 3);
    let opened = consent::open_round(&site, &noor, &newest, "gemeente-leiden", 14).await;
    assert!(
        matches!(&opened, Err(AppError::Wrong(wrong)) if wrong.codes() == [FaultCode::NotNow]),
        "{opened:?}"
    );
    assert!(!consent::is_round_open(&site, &newest).await.unwrap());
}
