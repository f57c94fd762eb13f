//! Opinion groups on published and made conversations: beside red-dwarf, and each formula beside one that was written anew in NumPy.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use zwerm_voices::opinion::ballots::{Ballots, CastVote};
use zwerm_voices::opinion::consensus::{group_informed, mean_consensus};
use zwerm_voices::opinion::groups::{OpinionGroups, groups};
use zwerm_voices::opinion::next::priority;
use zwerm_voices::opinion::position::extremities;
use zwerm_voices::opinion::read;
use zwerm_voices::opinion::representative::{
    Direction, majority, representative, share, share_z, standing,
};
use zwerm_voices::opinion::tally::{Tallies, Tally, tallies};
use zwerm_voices::opinion::vote::Vote;

use crate::bench::Ground;
use crate::child::{self, Cores};
use crate::machine;
use crate::numbers::{memory, quantile, time};
use crate::report::{BenchResult, ReportRow};

/// Conversations that Polis published (compdemocracy/openData, CC BY 4.0), in the folder with reference data.
const PUBLISHED: [&str; 2] = ["bg2050-volunteers", "vtaiwan.uberx"];
/// Made ones: name, voters, statements, votes of each voter, and the seconds that are wanted; without, the peer gets it too. The
/// first is as large as Polis' largest published one.
const MADE: [(&str, u64, u64, u64, Option<f64>); 3] = [
    ("2,031 voters x 896 statements", 2_031, 896, 110, None),
    ("5,000 voters x 200 statements", 5_000, 200, 80, Some(0.3)),
    (
        "100,000 voters x 1,000 statements",
        100_000,
        1_000,
        105,
        Some(6.0),
    ),
];
/// Kilobytes that a conversation may take.
const ROOM: u64 = 2 << 20;
const SEED: u64 = 20_261_201;
const THREADS: usize = 2;
const LIMIT: Duration = Duration::from_secs(1800);
/// How far two formulas may be apart.
const CLOSE: f64 = 1e-9;
/// How many times faster than the peer.
const FASTER: f64 = 50.0;

/// Finds groups in each conversation, and compares.
pub(crate) fn run(ground: &Ground) -> Result<BenchResult> {
    let (mut rows, mut details, mut versions) = (Vec::new(), Vec::new(), ground.versions());
    for name in PUBLISHED {
        let Some(folder) = published(name) else {
            println!("opinion: no {name}: ZWERM_REFERENCE_DATA names no folder that has it");
            continue;
        };
        let asked = json!({ "votes": folder.join("votes.csv"), "statements": folder.join("comments.csv"), "times": 20 });
        compare(
            ground,
            name,
            &asked,
            true,
            &mut rows,
            &mut details,
            &mut versions,
        )?;
    }
    let made = if ground.quick { &MADE[1..2] } else { &MADE[..] };
    for (name, voters, statements, each, wanted) in made {
        let Some(wanted) = wanted else {
            let file = ground.folder.join("opinion.csv");
            std::fs::write(&file, as_file(&conversation(*voters, *statements, *each)))?;
            let asked = json!({ "votes": file, "statements": null, "times": 10 });
            compare(
                ground,
                name,
                &asked,
                false,
                &mut rows,
                &mut details,
                &mut versions,
            )?;
            continue;
        };
        let asked = json!({ "made": [voters, statements, each], "times": 1 });
        let ours = child::ours("opinion", &asked, Cores::All, LIMIT)?.said()?;
        rows.extend(alone(name, *wanted, &ours));
        details.push(json!({ "name": name, "ours": ours }));
    }
    Ok(BenchResult {
        rows,
        details: details.into(),
        versions,
    })
}

fn published(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("ZWERM_REFERENCE_DATA")?);
    let folder = folder.join("polis").join(name);
    folder.is_dir().then_some(folder)
}

/// One conversation beside the peer, and where `formulas`, figure by figure.
fn compare(
    ground: &Ground,
    name: &str,
    asked: &Value,
    formulas: bool,
    rows: &mut Vec<ReportRow>,
    details: &mut Vec<Value>,
    versions: &mut BTreeMap<String, String>,
) -> Result<()> {
    let ours = child::ours("opinion", asked, Cores::All, LIMIT)?.said()?;
    let to_peer = json!({
        "votes": asked["votes"], "statements": asked["statements"], "groups": ours["groups_of"], "times": 5, "formulas": formulas,
    });
    let peer = child::peer(ground.python()?, "opinion.py", &to_peer, LIMIT)?.said()?;
    let version = peer["version"].as_str().unwrap_or("?");
    versions.insert("red-dwarf".to_owned(), version.to_owned());
    let (own, other) = (median(&ours["seconds"])?, median(&peer["seconds"])?);
    let how = format!("median; votes in memory, {THREADS} threads; `cargo xtask bench opinion`");
    rows.push(
        ReportRow::at_least(
            &format!("opinion groups, {name}: times faster than red-dwarf"),
            (FASTER, format!("{FASTER:.0}")),
            (
                other / own,
                format!("{:.0}: {} against {}", other / own, time(own), time(other)),
            ),
        )
        .how(how),
    );
    if formulas {
        let mut apart = 0.0_f64;
        for figure in FIGURES {
            apart = apart.max(farthest(
                &ours["figures"][figure],
                &peer["formulas"][figure],
            )?);
        }
        rows.push(
            ReportRow::at_most(
                &format!("opinion groups, {name}: farthest from NumPy, over all figures"),
                (CLOSE, format!("{CLOSE:e}")),
                (apart, format!("{apart:.1e}")),
            )
            .how(format!("{}; `bench/peers/opinion.py`", FIGURES.join(", "))),
        );
    }
    details.push(json!({ "name": name, "seconds": ours["seconds"], "groups": ours["groups"], "peer": peer["seconds"] }));
    Ok(())
}

/// What is compared figure by figure.
const FIGURES: [&str; 9] = [
    "means",
    "components",
    "positions",
    "extremity",
    "groups",
    "majority",
    "consensus",
    "mean_consensus",
    "priority",
];

/// A conversation without a peer: what it takes and how much memory.
fn alone(name: &str, wanted: f64, ours: &Value) -> [ReportRow; 2] {
    let seconds = ours["seconds"][0].as_f64().unwrap_or(f64::NAN);
    let kilobytes = ours["peak_kilobytes"].as_u64().unwrap_or(u64::MAX);
    let votes = &ours["votes"];
    let how = format!("{votes} votes, {THREADS} threads, once; `cargo xtask bench opinion`");
    let shown = [time(wanted), time(seconds), memory(ROOM), memory(kilobytes)];
    let [seconds_wanted, seconds_shown, room, used] = shown;
    [
        ReportRow::at_most(
            &format!("opinion groups, {name}"),
            (wanted, seconds_wanted),
            (seconds, seconds_shown),
        )
        .how(how.clone()),
        ReportRow::at_most(
            &format!("opinion groups, {name}: memory"),
            (ROOM as f64, room),
            (kilobytes as f64, used),
        )
        .how(how),
    ]
}

fn median(seconds: &Value) -> Result<f64> {
    let all = seconds.as_array().context("no times")?;
    let mut all: Vec<f64> = all.iter().filter_map(Value::as_f64).collect();
    all.sort_by(f64::total_cmp);
    Ok(quantile(&all, 0.5))
}

/// The greatest difference of two figures of the same shape.
fn farthest(one: &Value, other: &Value) -> Result<f64> {
    Ok(match (one, other) {
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut apart = 0.0_f64;
            for (one, other) in one.iter().zip(other) {
                apart = apart.max(farthest(one, other)?);
            }
            apart
        }
        (Value::Object(one), Value::Object(other)) => {
            let mut apart = 0.0_f64;
            for (name, other) in other {
                apart = apart.max(farthest(one.get(name).unwrap_or(&Value::Null), other)?);
            }
            apart
        }
        (Value::Number(one), Value::Number(other)) => {
            let both = one.as_f64().zip(other.as_f64());
            both.map_or(f64::INFINITY, |(one, other)| (one - other).abs())
        }
        _ => bail!("figures of another shape"),
    })
}

/// One measurement: groups of a conversation from votes in memory, so many times, with all figures of the last.
pub(crate) fn measure(asked: Value) -> Result<Value> {
    let (votes, statements) = match asked["made"].as_array() {
        Some(made) => {
            let number = |place: usize| made[place].as_u64().unwrap_or_default();
            (conversation(number(0), number(1), number(2)), Vec::new())
        }
        None => {
            let votes = asked["votes"].as_str().context("no votes")?;
            let statements = asked["statements"].as_str().map(Path::new);
            let statements = statements
                .map(|file| read::statements(&std::fs::read(file)?).map_err(anyhow::Error::from));
            (
                read::votes(&std::fs::read(votes)?)?,
                statements.transpose()?.unwrap_or_default(),
            )
        }
    };
    let mut seconds = Vec::new();
    let mut last = None;
    for _ in 0..asked["times"].as_u64().unwrap_or(1) {
        let start = Instant::now();
        let ballots = Ballots::new(&votes, &statements)?;
        let found = groups(&ballots, THREADS);
        let counted = tallies(&ballots, &found.of, found.groups.len());
        let standing_for =
            (0..found.groups.len()).map(|group| representative(&ballots, &counted, group).len());
        let told = standing_for.sum::<usize>() + majority(&ballots, &counted).len();
        seconds.push(start.elapsed().as_secs_f64());
        last = Some((ballots, found, counted, told));
    }
    let (ballots, found, counted, told) = last.context("not measured")?;
    let of = ballots.voters().iter().zip(&found.of);
    let groups_of: BTreeMap<String, usize> = of
        .filter_map(|(voter, group)| Some((voter.to_string(), (*group)?)))
        .collect();
    let is_small = ballots.len() < 100_000;
    Ok(json!({
        "seconds": seconds,
        "votes": ballots.len(),
        "groups": found.groups.len(),
        "told": told,
        "groups_of": if is_small { groups_of } else { BTreeMap::new() },
        "figures": if is_small { figures(&found, &counted) } else { Value::Null },
        "peak_kilobytes": machine::peak_kilobytes(),
    }))
}

/// All figures that are compared.
fn figures(found: &OpinionGroups, counted: &Tallies) -> Value {
    let extremity = extremities(&found.components);
    let many = extremity.len();
    let by_group = |of: fn(&mut dyn Iterator<Item = &Tally>) -> f64| -> Vec<f64> {
        (0..many)
            .map(|place| of(&mut counted.by_group.iter().filter_map(|group| group.get(place))))
            .collect()
    };
    let majority = [false, true].map(|opposite| {
        let turned = counted
            .all
            .iter()
            .map(|tally| if opposite { tally.opposite() } else { *tally });
        let turned: Vec<Tally> = turned.collect();
        let z: Vec<f64> = turned.iter().map(share_z).collect();
        [turned.iter().map(share).collect(), z]
    });
    let groups = (0..counted.by_group.len()).map(|group| {
        [Direction::Agree, Direction::Disagree]
            .map(|direction| standings(counted, group, direction))
    });
    json!({
        "means": found.components.means,
        "components": found.components.loadings,
        "positions": found.positions.iter().map(|one| [one.x, one.y]).collect::<Vec<_>>(),
        "groups": groups.collect::<Vec<_>>(),
        "majority": majority,
        "consensus": by_group(|all| group_informed(all)),
        "mean_consensus": by_group(|all| mean_consensus(all)),
        "priority": counted.all.iter().zip(&extremity).map(|(tally, extremity)| priority(tally, *extremity)).collect::<Vec<_>>(),
        "extremity": extremity,
    })
}

/// How a group stands on each statement.
fn standings(counted: &Tallies, group: usize, direction: Direction) -> Value {
    let own = &counted.by_group[group];
    let others = counted.others(group);
    let all = own.iter().zip(&others);
    let all = all.map(|(own, others)| standing(own, others, direction));
    let all: Vec<_> = all.collect();
    json!({
        "share": all.iter().map(|one| one.share).collect::<Vec<_>>(),
        "r": all.iter().map(|one| one.representativeness).collect::<Vec<_>>(),
        "z": all.iter().map(|one| one.share_z).collect::<Vec<_>>(),
        "rz": all.iter().map(|one| one.representativeness_z).collect::<Vec<_>>(),
    })
}

/// Votes of three kinds of people who vote mostly as their kind does, on statements that each draws; from a fixed seed.
fn conversation(voters: u64, statements: u64, each: u64) -> Vec<CastVote> {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut votes = Vec::new();
    for voter in 0..voters {
        for at in 0..each {
            let statement = random.random_range(0..statements);
            let agrees = (statement * 7 + voter % 3).is_multiple_of(3) != random.random_bool(0.1);
            let vote = match (random.random_bool(0.125), agrees) {
                (true, _) => Vote::Pass,
                (false, true) => Vote::Agree,
                (false, false) => Vote::Disagree,
            };
            let at = i64::try_from(at).unwrap_or_default();
            votes.push(CastVote {
                voter,
                statement,
                vote,
                at,
            });
        }
    }
    votes
}

/// Votes as Polis exports them.
fn as_file(votes: &[CastVote]) -> String {
    let mut file = "timestamp,datetime,comment-id,voter-id,vote\n".to_owned();
    for cast in votes {
        let CastVote {
            voter,
            statement,
            vote,
            at,
        } = cast;
        let _ = writeln!(file, "{at},,{statement},{voter},{}", vote.value());
    }
    file
}
