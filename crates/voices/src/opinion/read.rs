//! Votes and statements from files in the layouts that Polis exports, so that people can bring their data.

use std::collections::BTreeSet;

use csv::{ReaderBuilder, StringRecord};

use super::ballots::{CastVote, VotedStatement};
use super::error::{BallotsError, VoteFault, all_or};
use super::vote::Vote;

/// What stands in the statements' file for one that was moderated out.
const OUT: i64 = -1;

/// Votes from `votes.csv`: one a line, with the columns `timestamp`, `comment-id`, `voter-id` and `vote`.
///
/// # Errors
/// Every line that cannot be read, with what it says and what would do.
///
/// ```
/// use zwerm_voices::opinion::read::votes;
/// let file = "timestamp,datetime,comment-id,voter-id,vote\n5,x,1,2,-1\n";
/// assert_eq!(votes(file.as_bytes())?[0].voter, 2);
/// assert!(votes(b"timestamp,comment-id,voter-id,vote\n5,1,2,3\n").is_err());
/// # Ok::<(), zwerm_voices::opinion::error::BallotsError>(())
/// ```
pub fn votes(bytes: &[u8]) -> Result<Vec<CastVote>, BallotsError> {
    const EXPECTED: &str = "`timestamp`, `comment-id`, `voter-id` and `vote`";
    let mut sheet = Sheet::read(bytes);
    let columns = ["timestamp", "comment-id", "voter-id", "vote"];
    let places = sheet.find(columns, EXPECTED);
    let mut votes = Vec::new();
    for (line, record) in std::mem::take(&mut sheet.lines) {
        let cells = places.map(|place| place.and_then(|place| record.get(place)));
        let [Some(at), Some(statement), Some(voter), Some(vote)] = cells else {
            continue;
        };
        let at = sheet.number(line, "timestamp", at);
        let statement = sheet.id(line, "comment-id", statement);
        let voter = sheet.id(line, "voter-id", voter);
        let vote = sheet.vote(line, "vote", vote);
        let all = at.zip(statement).zip(voter.zip(vote));
        votes.extend(all.map(|((at, statement), (voter, vote))| CastVote {
            voter,
            statement,
            vote,
            at,
        }));
    }
    all_or(votes, sheet.faults)
}

/// Votes from `participants-votes.csv`: a line for each voter, with the column `participant` and one for each statement, named by
/// its id; other columns are not read.
///
/// # Errors
/// Every value that is none of -1, 0, 1 and nothing, and every voter with two lines.
///
/// ```
/// use zwerm_voices::opinion::read::matrix;
/// let file = "participant,group-id,10,11\n1,0,1,\n2,,-1,0\n";
/// assert_eq!(matrix(file.as_bytes())?.len(), 3);
/// # Ok::<(), zwerm_voices::opinion::error::BallotsError>(())
/// ```
pub fn matrix(bytes: &[u8]) -> Result<Vec<CastVote>, BallotsError> {
    let mut sheet = Sheet::read(bytes);
    let [voter_at] = sheet.find(
        ["participant"],
        "`participant` and a column for each statement",
    );
    let named = sheet.header.iter().enumerate();
    let statements: Vec<(usize, u64, String)> = named
        .filter_map(|(place, name)| Some((place, name.trim().parse().ok()?, name.to_owned())))
        .collect();
    let (mut votes, mut known) = (Vec::new(), BTreeSet::new());
    for (line, record) in std::mem::take(&mut sheet.lines) {
        let cell = voter_at.and_then(|place| record.get(place));
        let Some(voter) = cell.and_then(|cell| sheet.id(line, "participant", cell)) else {
            continue;
        };
        if !known.insert(voter) {
            sheet.faults.push(VoteFault::SameVoter { line, voter });
        }
        for (place, statement, name) in &statements {
            let cell = record
                .get(*place)
                .map(str::trim)
                .filter(|cell| !cell.is_empty());
            let vote = cell.and_then(|cell| sheet.vote(line, name, cell));
            votes.extend(vote.map(|vote| CastVote {
                voter,
                statement: *statement,
                vote,
                at: 0,
            }));
        }
    }
    all_or(votes, sheet.faults)
}

/// Statements from `comments.csv`: the columns `comment-id` and `moderated`, which is -1 for one that was moderated out.
///
/// # Errors
/// Every line that cannot be read.
///
/// ```
/// use zwerm_voices::opinion::read::statements;
/// let file = "comment-id,moderated,comment-body\n4,1,\"Trees, please\"\n5,-1,Spam\n";
/// let found = statements(file.as_bytes())?;
/// assert!(!found[0].moderated_out && found[1].moderated_out);
/// # Ok::<(), zwerm_voices::opinion::error::BallotsError>(())
/// ```
pub fn statements(bytes: &[u8]) -> Result<Vec<VotedStatement>, BallotsError> {
    let mut sheet = Sheet::read(bytes);
    let places = sheet.find(["comment-id", "moderated"], "`comment-id` and `moderated`");
    let mut statements = Vec::new();
    for (line, record) in std::mem::take(&mut sheet.lines) {
        let [Some(id), Some(moderated)] =
            places.map(|place| place.and_then(|place| record.get(place)))
        else {
            continue;
        };
        let id = sheet.id(line, "comment-id", id);
        let moderated = sheet.number(line, "moderated", moderated);
        statements.extend(id.zip(moderated).map(|(id, moderated)| VotedStatement {
            id,
            moderated_out: moderated == OUT,
        }));
    }
    all_or(statements, sheet.faults)
}

/// A file as lines of cells, with what was found wrong with it so far.
#[derive(Debug, Default)]
struct Sheet {
    header: StringRecord,
    lines: Vec<(u64, StringRecord)>,
    faults: Vec<VoteFault>,
}

impl Sheet {
    fn read(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut reader = ReaderBuilder::new().from_reader(bytes);
        let mut sheet = Self::default();
        match reader.headers() {
            Ok(header) => sheet.header = header.clone(),
            Err(error) => sheet.faults.push(not_csv(&error)),
        }
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    sheet.lines.push((line, record));
                }
                Err(error) => sheet.faults.push(not_csv(&error)),
            }
        }
        sheet
    }

    /// The places of columns; one that is missing is a fault.
    fn find<const N: usize>(
        &mut self,
        names: [&'static str; N],
        expected: &'static str,
    ) -> [Option<usize>; N] {
        names.map(|name| {
            let found = self.header.iter().position(|known| known.trim() == name);
            if found.is_none() {
                self.faults.push(VoteFault::MissingColumn(name, expected));
            }
            found
        })
    }

    fn number(&mut self, line: u64, column: &str, value: &str) -> Option<i64> {
        let found = value.trim().parse().ok();
        self.told(found, line, column, value)
    }

    fn id(&mut self, line: u64, column: &str, value: &str) -> Option<u64> {
        let found = value.trim().parse().ok();
        self.told(found, line, column, value)
    }

    fn told<T>(&mut self, found: Option<T>, line: u64, column: &str, value: &str) -> Option<T> {
        if found.is_none() {
            self.faults.push(VoteFault::NotANumber {
                line,
                column: column.to_owned(),
                value: value.to_owned(),
            });
        }
        found
    }

    fn vote(&mut self, line: u64, column: &str, value: &str) -> Option<Vote> {
        let vote = value.trim().parse().ok().and_then(Vote::of_number);
        if vote.is_none() {
            self.faults.push(VoteFault::NotAVote {
                line,
                column: column.to_owned(),
                value: value.to_owned(),
            });
        }
        vote
    }
}

fn not_csv(error: &csv::Error) -> VoteFault {
    VoteFault::NotCsv {
        line: error.position().map_or(1, csv::Position::line),
        what: match error.kind() {
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => {
                format!("{len} values where the header has {expected_len}")
            }
            csv::ErrorKind::Utf8 { .. } => "this is no text in UTF-8".to_owned(),
            _ => "this cannot be read".to_owned(),
        },
    }
}
