//! The same votes make the same groups.

use proptest::prelude::*;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use zwerm_voices::opinion::ballots::{Ballots, CastVote};
use zwerm_voices::opinion::groups::groups;
use zwerm_voices::opinion::vote::Vote;

/// People of a few kinds who vote on statements mostly as their kind does.
fn conversation(seed: u64, voters: u64, statements: u64, kinds: u64) -> Vec<CastVote> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut votes = Vec::new();
    for voter in 0..voters {
        for statement in 0..statements {
            if random.random_bool(0.4) {
                continue;
            }
            let agrees =
                (statement + voter % kinds).is_multiple_of(kinds) != random.random_bool(0.1);
            let vote = match random.random_range(0..10) {
                0 => Vote::Pass,
                _ if agrees => Vote::Agree,
                _ => Vote::Disagree,
            };
            votes.push(CastVote {
                voter,
                statement,
                vote,
                at: random.random_range(0..100),
            });
        }
    }
    votes
}

#[test]
fn kinds_of_people_are_found_again() {
    // two directions tell at most three kinds apart that differ from each other alike
    for kinds in 2..4 {
        let votes = conversation(kinds, 200, 40, kinds);
        let ballots = Ballots::new(&votes, &[]).unwrap();
        let found = groups(&ballots, 2);
        assert_eq!(found.groups.len() as u64, kinds, "{kinds}");
        for group in &found.groups {
            let kind = ballots.voters()[group.voters[0]] % kinds;
            let same = group
                .voters
                .iter()
                .filter(|voter| ballots.voters()[**voter] % kinds == kind);
            assert!(same.count() * 10 >= group.voters.len() * 9, "{kinds}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn neither_order_nor_threads_change_a_bit(seed in any::<u64>(), voters in 1_u64..60, statements in 1_u64..30) {
        let mut votes = conversation(seed, voters, statements, 3);
        let one = groups(&Ballots::new(&votes, &[]).unwrap(), 1);
        votes.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        for threads in [1, 2, 5] {
            prop_assert_eq!(&one, &groups(&Ballots::new(&votes, &[]).unwrap(), threads));
        }
    }

    #[test]
    fn the_latest_vote_wins_and_of_two_at_once_the_lower(at in proptest::collection::vec((0_i64..3, 0_usize..3), 1..6)) {
        let all = [Vote::Disagree, Vote::Pass, Vote::Agree];
        let cast: Vec<CastVote> = at.iter().map(|(at, vote)| CastVote { voter: 1, statement: 1, vote: all[*vote], at: *at }).collect();
        let latest = at.iter().map(|(at, _)| *at).max().unwrap();
        let wanted = at.iter().filter(|(at, _)| *at == latest).map(|(_, vote)| all[*vote]).min().unwrap();
        let ballots = Ballots::new(&cast, &[]).unwrap();
        prop_assert_eq!(ballots.of(0).collect::<Vec<_>>(), [(0, wanted)]);
    }
}
