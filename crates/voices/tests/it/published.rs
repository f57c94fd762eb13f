//! Two conversations that Polis published (compdemocracy/openData, CC BY 4.0; data from the Computational Democracy Project's open
//! data): the groups that are found cold beside those that Polis published, and figures that its exports hold.

#![expect(
    clippy::disallowed_methods,
    reason = "what was published lies in files; the crate itself reads none"
)]

use std::path::PathBuf;

use zwerm_voices::opinion::ballots::Ballots;
use zwerm_voices::opinion::consensus::group_informed;
use zwerm_voices::opinion::groups::{OpinionGroups, groups};
use zwerm_voices::opinion::read;
use zwerm_voices::opinion::tally::tallies;

/// The folder of a conversation, where the reference data are.
fn conversation(name: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("ZWERM_REFERENCE_DATA") else {
        eprintln!("skipped: ZWERM_REFERENCE_DATA names no folder with reference data");
        return None;
    };
    Some(PathBuf::from(root).join("polis").join(name))
}

fn file(folder: &std::path::Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap()
}

fn ballots(folder: &std::path::Path) -> Ballots {
    let votes = read::votes(&file(folder, "votes.csv")).unwrap();
    let statements = read::statements(&file(folder, "comments.csv")).unwrap();
    Ballots::new(&votes, &statements).unwrap()
}

/// The group that Polis published of each participant.
fn published(folder: &std::path::Path) -> Vec<(u64, Option<u64>)> {
    let bytes = file(folder, "participants-votes.csv");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|known| known == name).unwrap();
    let (voter, group) = (place("participant"), place("group-id"));
    let records = reader.records().map(Result::unwrap);
    records
        .map(|record| (record[voter].parse().unwrap(), record[group].parse().ok()))
        .collect()
}

/// The adjusted Rand index of two partitions (Hubert and Arabie, 1985).
fn adjusted_rand(pairs: &[(u64, u64)]) -> f64 {
    use std::collections::BTreeMap;
    let choose = |n: u64| (n * n.saturating_sub(1) / 2) as f64;
    let (mut cells, mut rows, mut columns) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (one, other) in pairs {
        *cells.entry((one, other)).or_insert(0_u64) += 1;
        *rows.entry(one).or_insert(0_u64) += 1;
        *columns.entry(other).or_insert(0_u64) += 1;
    }
    let sum = |all: Vec<u64>| all.into_iter().map(choose).sum::<f64>();
    let (both, a, b) = (
        sum(cells.into_values().collect()),
        sum(rows.into_values().collect()),
        sum(columns.into_values().collect()),
    );
    let expected = a * b / choose(pairs.len() as u64);
    (both - expected) / ((a + b) / 2.0 - expected)
}

fn agreement_with_published(name: &str) -> Option<(f64, usize)> {
    let folder = conversation(name)?;
    let ballots = ballots(&folder);
    let found = groups(&ballots, 2);
    let known = published(&folder);
    let pairs: Vec<(u64, u64)> = known
        .into_iter()
        .filter_map(|(voter, group)| {
            let place = ballots.voters().binary_search(&voter).ok()?;
            Some((group?, found.of[place]? as u64))
        })
        .collect();
    assert!(pairs.len() > 80, "{name}: {}", pairs.len());
    Some((adjusted_rand(&pairs), found.groups.len()))
}

#[test]
fn groups_are_those_that_polis_published() {
    for (name, wanted) in [("bg2050-volunteers", 0.99), ("vtaiwan.uberx", 0.92)] {
        let Some((found, many)) = agreement_with_published(name) else {
            return;
        };
        println!("{name}: adjusted Rand index {found:.4}, {many} groups");
        assert!(found >= wanted, "{name}: {found}");
        assert_eq!(many, 2, "{name}");
    }
}

/// The groups that Polis published, in place of those that were found.
fn as_published(ballots: &Ballots, known: &[(u64, Option<u64>)]) -> Vec<Option<usize>> {
    let mut of = vec![None; ballots.voters().len()];
    for (voter, group) in known {
        if let Ok(place) = ballots.voters().binary_search(voter) {
            of[place] = group.map(|group| group as usize);
        }
    }
    of
}

#[test]
fn group_informed_consensus_is_that_of_the_exports() {
    let Some(folder) = conversation("bg2050-volunteers") else {
        return;
    };
    let ballots = ballots(&folder);
    let of = as_published(&ballots, &published(&folder));
    let tallies = tallies(&ballots, &of, 2);
    let bytes = file(&folder, "comments.csv");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|known| known == name).unwrap();
    let (id, gic, moderated) = (
        place("comment-id"),
        place("group-informed-consensus"),
        place("moderated"),
    );
    let mut compared = 0;
    for record in reader.records().map(Result::unwrap) {
        let known: Option<f64> = record[gic].parse().ok();
        let Some(known) = known.filter(|_| &record[moderated] != "-1") else {
            continue;
        };
        let statement: u64 = record[id].parse().unwrap();
        let at = ballots
            .statements()
            .iter()
            .position(|one| one.id == statement)
            .unwrap();
        let found = group_informed(tallies.by_group.iter().map(|group| &group[at]));
        assert!(
            (found - known).abs() < 1e-9,
            "statement {statement}: {found} against {known}"
        );
        compared += 1;
    }
    println!("group-informed consensus of {compared} statements");
    assert!(compared > 200);
}

#[test]
fn figures_of_a_published_conversation_do_not_hang_on_threads() {
    let Some(folder) = conversation("vtaiwan.uberx") else {
        return;
    };
    let ballots = ballots(&folder);
    let one: OpinionGroups = groups(&ballots, 1);
    for threads in [2, 3, 8] {
        assert_eq!(one, groups(&ballots, threads), "{threads} threads");
    }
}
