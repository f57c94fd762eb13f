//! Why the registry failed, in kinds by who can do something about it.

use std::io;
use std::sync::Arc;

use sqlx::error::ErrorKind;
use thiserror::Error;

/// The cause of an error, for the log.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// Why the registry failed.
#[derive(Debug, Clone, Error)]
pub enum StoreError {
    /// The registry cannot be opened.
    #[error(
        "cannot open the registry `{url}`: {source}; see whether the place exists and whether you may use it"
    )]
    Open {
        /// Where it was looked for, without a password.
        url: String,
        /// What the system said.
        source: Cause,
    },
    /// A newer program made the registry, or its history differs from ours.
    #[error(
        "the registry `{url}` does not fit this program: {source}; use the version of `zwerm` that made it, or a copy from before"
    )]
    Schema {
        /// Where the registry is, without a password.
        url: String,
        /// How the schema differs from the one that was expected.
        source: Cause,
    },
    /// Something else has that name already.
    #[error("{what} is there already; choose another")]
    Taken {
        /// What was to be added, with its name.
        what: String,
    },
    /// What was named does not exist, or no longer exists.
    #[error("{what} is not there, or not any more; look it up again")]
    Missing {
        /// What was looked for, with its name.
        what: String,
    },
    /// The only one of its kind, which must stay.
    #[error("{what} is the last one; see that there is another first")]
    Last {
        /// What would have been removed, with its name.
        what: String,
    },
    /// A value cannot be kept, which is the caller's fault.
    #[error("{what}")]
    Unfit {
        /// The value, and what to do instead.
        what: String,
    },
    /// Others kept writing for too long.
    #[error("the registry is busy; try again in a moment")]
    Busy,
    /// The disk has no room left.
    #[error("the registry has no room left on its disk; make room and try again")]
    Full,
    /// The registry can only be read.
    #[error("the registry may only be read; see who owns its file and folder")]
    ReadOnly,
    /// The database cannot be reached.
    #[error("the registry cannot be reached: {0}; see whether its database runs")]
    Away(Cause),
    /// Something in it cannot be read.
    #[error("the registry is damaged: {what}; restore it from a copy")]
    Damaged {
        /// What cannot be read, and where it is.
        what: String,
    },
    /// The file of a copy cannot be made.
    #[error(
        "cannot make the copy `{path}`: {source}; see whether there is room and whether you may write there"
    )]
    Copy {
        /// The file that the copy was to be.
        path: String,
        /// What the system said.
        source: Cause,
    },
    /// This program cannot make the copy.
    #[error("a registry in PostgreSQL is copied with `pg_dump`; use that")]
    CopyElsewhere,
    /// The system gave no randomness.
    #[error("the system gave no randomness; try again, and look at the machine if it goes on")]
    Random,
    /// Anything else: our own fault, or the database's.
    #[error("the registry failed: {0}; please report this")]
    Other(Cause),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default();
                classify(&code, &database.kind(), database.message())
                    .unwrap_or_else(|| Self::Other(Arc::new(sqlx::Error::Database(database))))
            }
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed => {
                Self::Away(Arc::new(error))
            }
            sqlx::Error::ColumnDecode { .. } => Self::Damaged {
                what: error.to_string(),
            },
            _ => Self::Other(Arc::new(error)),
        }
    }
}

/// What a code of SQLite (a number below 10 000) or PostgreSQL (five signs) means.
fn classify(code: &str, kind: &ErrorKind, message: &str) -> Option<StoreError> {
    let what = || message.to_owned();
    match kind {
        ErrorKind::UniqueViolation => return Some(StoreError::Taken { what: what() }),
        ErrorKind::ForeignKeyViolation => return Some(StoreError::Missing { what: what() }),
        _ => {}
    }
    if code.len() == 5 {
        return match code {
            "53100" => Some(StoreError::Full),
            "25006" => Some(StoreError::ReadOnly),
            "40001" | "40P01" | "53300" | "55P03" => Some(StoreError::Busy),
            // it is stopping, has stopped, or is not up yet
            "57P01" | "57P02" | "57P03" => {
                Some(StoreError::Away(Arc::new(io::Error::other(what()))))
            }
            _ => None,
        };
    }
    // the low byte is the kind of error, the rest is detail
    match code.parse::<u32>().ok()? & 0xff {
        5 | 6 => Some(StoreError::Busy),
        8 => Some(StoreError::ReadOnly),
        11 | 26 => Some(StoreError::Damaged { what: what() }),
        13 => Some(StoreError::Full),
        _ => None,
    }
}

/// Says in the caller's words what is taken or missing, where the database only names a constraint.
pub(crate) trait NamesConstraint {
    /// Names what is taken.
    fn taken(self, what: impl FnOnce() -> String) -> Self;
    /// Names what is missing.
    fn missing(self, what: impl FnOnce() -> String) -> Self;
}

impl<T> NamesConstraint for Result<T, StoreError> {
    fn taken(self, what: impl FnOnce() -> String) -> Self {
        self.map_err(|error| match error {
            StoreError::Taken { .. } => StoreError::Taken { what: what() },
            other => other,
        })
    }

    fn missing(self, what: impl FnOnce() -> String) -> Self {
        self.map_err(|error| match error {
            StoreError::Missing { .. } => StoreError::Missing { what: what() },
            other => other,
        })
    }
}

/// Checks that something was changed; otherwise what was named does not exist.
pub(crate) fn must(changed: u64, what: impl FnOnce() -> String) -> Result<(), StoreError> {
    if changed == 0 {
        return Err(StoreError::Missing { what: what() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(code: &str) -> Option<StoreError> {
        classify(code, &ErrorKind::Other, "words")
    }

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        for busy in ["5", "517", "6", "262", "40001", "40P01", "55P03"] {
            assert!(matches!(told(busy), Some(StoreError::Busy)), "{busy}");
        }
        for full in ["13", "53100"] {
            assert!(matches!(told(full), Some(StoreError::Full)), "{full}");
        }
        for read_only in ["8", "1032", "25006"] {
            assert!(matches!(told(read_only), Some(StoreError::ReadOnly)));
        }
        assert!(matches!(told("11"), Some(StoreError::Damaged { .. })));
        for other in ["1", "42P01", "", "words"] {
            assert!(told(other).is_none(), "{other}");
        }
    }
}
