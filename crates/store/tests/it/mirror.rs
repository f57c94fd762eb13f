//! The mirror: replaced as a whole, imported again without doubling, searched and paged through.

use zwerm_agreement::text::Text;
use zwerm_store::entries::{EntryFilter, EntryRow};
use zwerm_store::mirror::{
    AgreementVersion, Agreements, ConsentDecision, ConsentRow, DatasetRow, ReleaseRow,
};
use zwerm_store::{Store, StoreError};

use crate::backend::contract;
use crate::behind;
use crate::make::at;

contract!(
    agreements_are_replaced_as_a_whole,
    a_mirror_with_something_twice_is_refused_and_the_old_stays,
    entries_are_imported_again_without_doubling,
    entries_are_paged_from_the_newest,
    entries_are_filtered_by_all_that_is_asked,
    entries_of_several_parties_come_in_the_order_of_the_log,
    what_is_looked_for_is_taken_by_the_letter,
    the_mirror_is_cleared_and_nothing_else,
);

fn version(agreement: &str, version: u32) -> AgreementVersion {
    AgreementVersion {
        agreement: agreement.to_owned(),
        version,
        hash: format!("hash {agreement} {version}"),
        title: Text::new("Afspraak", "Agreement"),
        goal: "wonen".to_owned(),
        added: at(i64::from(version)),
    }
}

fn consent(agreement: &str, party: &str, decision: ConsentDecision) -> ConsentRow {
    ConsentRow {
        agreement: agreement.to_owned(),
        version: 1,
        party: party.to_owned(),
        decision,
        reason: Some("omdat".to_owned()),
        lifts: None,
        at: at(0),
        signed: true,
    }
}

fn dataset(agreement: &str, version: u32, id: &str) -> DatasetRow {
    DatasetRow {
        agreement: agreement.to_owned(),
        version,
        id: id.to_owned(),
        provider: "brug".to_owned(),
        legal_basis: "AVG 6.1.e".to_owned(),
        period: "2024".to_owned(),
    }
}

fn release(name: &str, minutes: i64) -> ReleaseRow {
    ReleaseRow {
        name: name.to_owned(),
        agreement: "a".to_owned(),
        version: 1,
        view: "wonen".to_owned(),
        hash: "hash".to_owned(),
        at: at(minutes),
    }
}

fn all() -> Agreements {
    Agreements {
        versions: vec![version("a", 1), version("b", 1), version("a", 2)],
        consents: vec![
            consent("a", "z", ConsentDecision::Consent),
            consent("a", "brug", ConsentDecision::Object),
            consent("b", "brug", ConsentDecision::Suspended),
            consent("a", "brug", ConsentDecision::Concern),
        ],
        datasets: vec![
            dataset("a", 1, "x"),
            dataset("a", 2, "x"),
            dataset("b", 1, "y"),
        ],
        releases: vec![release("r1", 1), release("r2", 2)],
    }
}

async fn agreements_are_replaced_as_a_whole(store: Store) {
    store.replace_agreements(&all()).await.unwrap();
    store.replace_agreements(&all()).await.unwrap();
    let versions = store.agreement_versions().await.unwrap();
    assert_eq!(
        versions,
        [version("a", 2), version("a", 1), version("b", 1)]
    );
    let said = behind::consents_of("a").await;
    let words: Vec<ConsentDecision> = said.iter().map(|consent| consent.decision).collect();
    assert_eq!(
        words,
        [
            ConsentDecision::Consent,
            ConsentDecision::Object,
            ConsentDecision::Concern
        ]
    );
    assert_eq!(said[0], consent("a", "z", ConsentDecision::Consent));
    let by = behind::consents_by("brug").await;
    let words: Vec<ConsentDecision> = by.iter().map(|consent| consent.decision).collect();
    assert_eq!(
        words,
        [
            ConsentDecision::Concern,
            ConsentDecision::Suspended,
            ConsentDecision::Object
        ]
    );
    let of_a = behind::datasets_of("a").await;
    assert_eq!(of_a, [dataset("a", 2, "x"), dataset("a", 1, "x")]);
    assert_eq!(behind::datasets_by("brug").await.len(), 3);
    let releases = behind::releases_of("a").await;
    assert_eq!(releases, [release("r2", 2), release("r1", 1)]);
    store
        .replace_agreements(&Agreements::default())
        .await
        .unwrap();
    assert!(store.agreement_versions().await.unwrap().is_empty());
    assert!(behind::consents_of("a").await.is_empty());
    assert!(behind::datasets_by("brug").await.is_empty());
    assert!(behind::releases_of("a").await.is_empty());
}

async fn a_mirror_with_something_twice_is_refused_and_the_old_stays(store: Store) {
    store.replace_agreements(&all()).await.unwrap();
    let mut twice = all();
    twice.versions.push(version("c", 1));
    twice.releases.push(release("r1", 9));
    let refused = store.replace_agreements(&twice).await;
    let Err(StoreError::Taken { what }) = refused else {
        panic!("{refused:?}");
    };
    assert!(what.contains("`r1`"), "{what}");
    assert_eq!(store.agreement_versions().await.unwrap().len(), 3);
    assert_eq!(behind::consents_of("a").await.len(), 3);
}

fn entry(index: u64, text: &str) -> EntryRow {
    EntryRow {
        index,
        at: at(i64::try_from(index).unwrap()),
        kind: if index.is_multiple_of(2) {
            "question"
        } else {
            "refusal"
        }
        .to_owned(),
        agreement_hash: Some(format!("hash {}", index % 3)),
        agreement: (index.is_multiple_of(3)).then(|| "a".to_owned()),
        version: (index.is_multiple_of(3)).then_some(4_000_000_000),
        party: (index.is_multiple_of(5)).then(|| "brug".to_owned()),
        text: text.to_owned(),
    }
}

fn indexes(entries: &[EntryRow]) -> Vec<u64> {
    entries.iter().map(|entry| entry.index).collect()
}

async fn entries_are_imported_again_without_doubling(store: Store) {
    assert_eq!(store.last_entry().await.unwrap(), None);
    let entries: Vec<EntryRow> = (0..5).map(|index| entry(index, "één")).collect();
    assert_eq!(store.add_entries(&entries[..3]).await.unwrap(), 3);
    assert_eq!(store.add_entries(&entries).await.unwrap(), 2);
    // what is there stays as it is: the log does not change
    assert_eq!(store.add_entries(&[entry(4, "twee")]).await.unwrap(), 0);
    assert_eq!(store.entry_count().await.unwrap(), 5);
    assert_eq!(store.last_entry().await.unwrap(), Some(entry(4, "één")));
    let too_large = EntryRow {
        index: u64::MAX,
        ..entry(1, "")
    };
    let refused = store.add_entries(&[entry(9, ""), too_large]).await;
    assert!(
        matches!(refused, Err(StoreError::Unfit { .. })),
        "{refused:?}"
    );
    assert_eq!(store.entry_count().await.unwrap(), 5);
}

async fn entries_are_paged_from_the_newest(store: Store) {
    let entries: Vec<EntryRow> = (0..25).map(|index| entry(index, "x")).collect();
    store.add_entries(&entries).await.unwrap();
    let every = EntryFilter::default();
    let mut before = None;
    let mut seen = Vec::new();
    loop {
        let page = store.entries(&every, before, 10).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 10);
        before = Some(last.index);
        seen.extend(page);
    }
    let mut wanted = entries;
    wanted.reverse();
    assert_eq!(seen, wanted);
    assert_eq!(
        store
            .entries(&every, Some(u64::MAX), 99)
            .await
            .unwrap()
            .len(),
        25
    );
}

async fn entries_are_filtered_by_all_that_is_asked(store: Store) {
    let entries: Vec<EntryRow> = (0..31).map(|index| entry(index, "x")).collect();
    store.add_entries(&entries).await.unwrap();
    let some = |text: &str| Some(text.to_owned());
    let mut filter = EntryFilter {
        kind: some("question"),
        ..EntryFilter::default()
    };
    assert_eq!(store.entries(&filter, None, 99).await.unwrap().len(), 16);
    filter.agreement = some("a");
    let found = store.entries(&filter, None, 99).await.unwrap();
    assert_eq!(indexes(&found), [30, 24, 18, 12, 6, 0]);
    filter.parties = vec!["brug".to_owned()];
    let found = store.entries(&filter, None, 99).await.unwrap();
    assert_eq!(indexes(&found), [30, 0]);
    assert_eq!(store.count_entries(&filter, 99).await.unwrap(), 2);
    assert_eq!(store.count_entries(&filter, 1).await.unwrap(), 1);
    let found = store.entries(&filter, Some(30), 99).await.unwrap();
    assert_eq!(indexes(&found), [0]);
    filter.text = some("y");
    assert!(store.entries(&filter, None, 99).await.unwrap().is_empty());
    assert_eq!(store.count_entries(&filter, 99).await.unwrap(), 0);
    let every = EntryFilter::default();
    assert_eq!(store.count_entries(&every, 99).await.unwrap(), 31);
}

async fn entries_of_several_parties_come_in_the_order_of_the_log(store: Store) {
    let parties = ["brug", "dok", "vaart"];
    let entries: Vec<EntryRow> = (0..30)
        .zip(parties.into_iter().cycle())
        .map(|(index, party)| EntryRow {
            party: Some(party.to_owned()),
            ..entry(index, "x")
        })
        .collect();
    store.add_entries(&entries).await.unwrap();
    let of = |parties: &[&str], kind: Option<&str>| EntryFilter {
        kind: kind.map(str::to_owned),
        parties: parties.iter().map(|party| (*party).to_owned()).collect(),
        ..EntryFilter::default()
    };
    let two = of(&["vaart", "brug"], None);
    let found = store.entries(&two, Some(10), 5).await.unwrap();
    assert_eq!(indexes(&found), [9, 8, 6, 5, 3]);
    assert_eq!(store.count_entries(&two, 99).await.unwrap(), 20);
    let questions = of(&["vaart", "brug"], Some("question"));
    let found = store.entries(&questions, Some(10), 99).await.unwrap();
    assert_eq!(indexes(&found), [8, 6, 2, 0]);
    let nobody = of(&["niemand"], None);
    assert!(store.entries(&nobody, None, 5).await.unwrap().is_empty());
}

async fn what_is_looked_for_is_taken_by_the_letter(store: Store) {
    let texts = [
        "100% van de inwoners",
        "100 procent",
        "sociaal_domein",
        "sociaal domein",
        "wat! een \\ streep 'n \"aanhaling\"",
        "ÉÉN op de Ærø-eilanden, Ïnwoners",
        "🐝 zwerm",
    ];
    let entries: Vec<EntryRow> = (0_u64..)
        .zip(texts)
        .map(|(index, text)| entry(index, text))
        .collect();
    store.add_entries(&entries).await.unwrap();
    let cases: [(&str, &[u64]); 14] = [
        ("100%", &[0]),
        ("0% V", &[0]),
        ("%", &[0]),
        ("_", &[2]),
        ("L_D", &[2]),
        ("!", &[4]),
        ("\\", &[4]),
        ("'N \"AAN", &[4]),
        ("één", &[5]),
        ("ærØ", &[5]),
        ("ïnw", &[5]),
        ("🐝", &[6]),
        ("", &[6, 5, 4, 3, 2, 1, 0]),
        ("INWONERS", &[0]),
    ];
    for (text, wanted) in cases {
        let filter = EntryFilter {
            text: Some(text.to_owned()),
            ..EntryFilter::default()
        };
        let found = store.entries(&filter, None, 99).await.unwrap();
        assert_eq!(indexes(&found), wanted, "{text}");
    }
    let long = EntryFilter {
        text: Some("%".repeat(100_000)),
        ..EntryFilter::default()
    };
    assert!(store.entries(&long, None, 99).await.unwrap().is_empty());
}

async fn the_mirror_is_cleared_and_nothing_else(store: Store) {
    let party = crate::make::party(&store, "brug").await;
    store.replace_agreements(&all()).await.unwrap();
    store.add_entries(&[entry(0, "x")]).await.unwrap();
    store.clear_mirror().await.unwrap();
    assert!(store.agreement_versions().await.unwrap().is_empty());
    assert!(behind::releases_of("a").await.is_empty());
    assert_eq!(store.entry_count().await.unwrap(), 0);
    assert_eq!(store.parties().await.unwrap(), [party]);
}
