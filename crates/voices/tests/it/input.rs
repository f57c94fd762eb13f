//! What is wrong with votes is told, all at once, and nothing gives up.

use proptest::prelude::*;
use zwerm_voices::opinion::ballots::{Ballots, CastVote, VotedStatement};
use zwerm_voices::opinion::error::VoteFault;
use zwerm_voices::opinion::groups::groups;
use zwerm_voices::opinion::read;
use zwerm_voices::opinion::representative::{majority, representative};
use zwerm_voices::opinion::tally::tallies;
use zwerm_voices::opinion::vote::Vote;

#[test]
fn each_fault_of_a_file_has_its_line_and_cure() {
    let file = "timestamp,comment-id,voter-id,vote\nx,1,2,1\n5,1,2,7\n5,1,-2,0\n5,1\n";
    let faults = read::votes(file.as_bytes()).unwrap_err();
    let told = faults.to_string();
    for part in [
        "line 2: `x` in column `timestamp` is no whole number",
        "line 3: the vote `7` in column `vote` is none of -1, 0 and 1",
        "line 4: `-2` in column `voter-id`",
        "line 5: 2 values where the header has 4",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let faults = read::votes(b"a,b\n1,2\n").unwrap_err().faults;
    assert_eq!(faults.len(), 4, "{faults:?}");
    assert!(matches!(
        faults[0],
        VoteFault::MissingColumn("timestamp", _)
    ));
    let twice = read::matrix(b"participant,1\n4,1\n4,0\n5,3\n").unwrap_err();
    assert_eq!(twice.faults.len(), 2, "{twice}");
    let text = read::votes(b"timestamp,comment-id,voter-id,vote\n5,1,\xff,1\n").unwrap_err();
    assert!(
        text.to_string()
            .contains("line 2: this is no text in UTF-8"),
        "{text}"
    );
}

#[test]
fn of_many_faults_the_first_are_named_and_the_rest_counted() {
    let lines: String = (0..50).map(|n| format!("5,{n},1,9\n")).collect();
    let file = format!("timestamp,comment-id,voter-id,vote\n{lines}");
    let error = read::votes(file.as_bytes()).unwrap_err();
    assert_eq!(error.faults.len(), 50);
    assert!(error.to_string().ends_with("and 30 more"), "{error}");
}

#[test]
fn unknown_statements_and_twins_are_told() {
    let votes = [1, 2, 3].map(|statement| CastVote {
        voter: 9,
        statement,
        vote: Vote::Pass,
        at: 0,
    });
    let listed = [1, 1].map(|id| VotedStatement {
        id,
        moderated_out: false,
    });
    let error = Ballots::new(&votes, &listed).unwrap_err();
    assert_eq!(
        error.faults,
        [
            VoteFault::SameStatement(1),
            VoteFault::UnknownStatement {
                voter: 9,
                statement: 2
            },
            VoteFault::UnknownStatement {
                voter: 9,
                statement: 3
            },
        ]
    );
}

#[test]
fn conversations_of_nobody_of_one_and_on_one_statement_have_groups() {
    let nobody = groups(&Ballots::new(&[], &[]).unwrap(), 2);
    assert!(nobody.groups.is_empty() && nobody.of.is_empty());
    let one = CastVote {
        voter: 1,
        statement: 1,
        vote: Vote::Agree,
        at: 0,
    };
    let alone = groups(&Ballots::new(&[one], &[]).unwrap(), 2);
    assert_eq!((alone.groups.len(), alone.of), (1, vec![Some(0)]));
    let votes: Vec<CastVote> = (0..30)
        .map(|voter| CastVote {
            voter,
            vote: if voter % 3 == 0 {
                Vote::Agree
            } else {
                Vote::Disagree
            },
            ..one
        })
        .collect();
    let found = groups(&Ballots::new(&votes, &[]).unwrap(), 2);
    let sizes: Vec<usize> = found
        .groups
        .iter()
        .map(|group| group.voters.len())
        .collect();
    assert_eq!(sizes, [10, 20]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_bytes_are_read_or_told(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = (read::votes(&bytes), read::matrix(&bytes), read::statements(&bytes));
    }

    #[test]
    fn random_tables_are_read_or_told(cells in proptest::collection::vec("-?[0-9]{0,3}|[a-z\",\n]{0,3}", 0..60)) {
        let mut file = "timestamp,comment-id,voter-id,vote\n".to_owned();
        for (place, cell) in cells.iter().enumerate() {
            file.push_str(cell);
            file.push(if place % 4 == 3 { '\n' } else { ',' });
        }
        if let Ok(votes) = read::votes(file.as_bytes()) {
            let ballots = Ballots::new(&votes, &[]).unwrap();
            let found = groups(&ballots, 2);
            let counted = tallies(&ballots, &found.of, found.groups.len());
            let _ = majority(&ballots, &counted);
            for group in 0..found.groups.len() {
                prop_assert!(!representative(&ballots, &counted, group).is_empty());
            }
        }
    }
}
