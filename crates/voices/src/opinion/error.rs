//! What is wrong with votes, each fault with its place and the cure; all of them at once.

use std::fmt;

use thiserror::Error;

/// Faults that are named at most; of more, how many there are.
const NAMED: usize = 20;

/// What is wrong at one place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VoteFault {
    /// A vote is about a statement that is not in the list of statements.
    #[error(
        "voter {voter} votes on statement {statement}, which is not in the list of statements; add it there, or leave the vote out"
    )]
    UnknownStatement {
        /// Who votes.
        voter: u64,
        /// On what.
        statement: u64,
    },
    /// A statement is in the list twice.
    #[error("statement {0} is in the list twice; keep one of them")]
    SameStatement(u64),
    /// The file has no header that is known.
    #[error("line 1: the column `{0}` is missing; expected {1}")]
    MissingColumn(&'static str, &'static str),
    /// A value is no whole number that fits.
    #[error("line {line}: `{value}` in column `{column}` is no whole number; write digits alone")]
    NotANumber {
        /// The line, from 1.
        line: u64,
        /// The column's name.
        column: String,
        /// What stands there.
        value: String,
    },
    /// A vote is none of -1, 0 and 1.
    #[error("line {line}: the vote `{value}` in column `{column}` is none of -1, 0 and 1")]
    NotAVote {
        /// The line, from 1.
        line: u64,
        /// The column's name.
        column: String,
        /// What stands there.
        value: String,
    },
    /// A voter has two lines in a matrix.
    #[error("line {line}: voter {voter} has a line already; keep one of them")]
    SameVoter {
        /// The line, from 1.
        line: u64,
        /// Who.
        voter: u64,
    },
    /// The file is no CSV in UTF-8.
    #[error("line {line}: {what}; save the file as CSV in UTF-8")]
    NotCsv {
        /// The line, from 1.
        line: u64,
        /// What the reader says.
        what: String,
    },
}

/// All that is wrong with votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotsError {
    /// The faults that were found, in the order of their places.
    pub faults: Vec<VoteFault>,
}

impl std::error::Error for BallotsError {}

impl fmt::Display for BallotsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.faults.iter().take(NAMED).enumerate() {
            let before = if place == 0 { "" } else { "\n" };
            write!(f, "{before}{fault}")?;
        }
        match self.faults.len().checked_sub(NAMED) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, "\nand {more} more"),
        }
    }
}

/// What was made, unless something is wrong.
pub(super) fn all_or<T>(made: T, faults: Vec<VoteFault>) -> Result<T, BallotsError> {
    match faults.is_empty() {
        true => Ok(made),
        false => Err(BallotsError { faults }),
    }
}
