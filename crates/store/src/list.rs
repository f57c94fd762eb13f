//! Where a page of a list ends, so that the next page begins there: its cost does not grow with what is kept.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::row::Binds;

/// The most characters of an id in a place that somebody sends.
const LONGEST: usize = 100;

/// A row of a list that has the newest first; older rows come after it.
///
/// ```
/// use zwerm_store::list::ListPlace;
/// let place: ListPlace = "1772355600123-3f".parse()?;
/// assert_eq!((place.to_string().as_str(), place.id.as_str()), ("1772355600123-3f", "3f"));
/// assert!("yesterday".parse::<ListPlace>().is_err());
/// # Ok::<(), zwerm_store::list::NoPlaceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPlace {
    /// When that row came.
    pub at: Timestamp,
    /// What it is known by.
    pub id: String,
}

/// What was sent is no place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in a list; begin at its first page")]
pub struct NoPlaceError;

impl fmt::Display for ListPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.at.as_millisecond(), self.id)
    }
}

impl FromStr for ListPlace {
    type Err = NoPlaceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (at, id) = text.split_once('-').ok_or(NoPlaceError)?;
        let at = at.parse().map_err(|_| NoPlaceError)?;
        let at = Timestamp::from_millisecond(at).map_err(|_| NoPlaceError)?;
        if id.len() > LONGEST {
            return Err(NoPlaceError);
        }
        let id = id.to_owned();
        Ok(Self { at, id })
    }
}

/// Binds the moment and the id before which rows are wanted; all rows are before nothing.
pub(crate) fn bind_before<B: Binds>(sql: B, before: Option<&ListPlace>) -> B {
    match before {
        Some(place) => sql.time(place.at).text(&place.id),
        None => sql.number(i64::MAX).text(""),
    }
}

/// How many rows to fetch to know whether there are more than these.
pub(crate) fn one_more(most: u32) -> i64 {
    i64::from(most) + 1
}

/// A page of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// Where the next page begins, if there is one.
    pub older: Option<ListPlace>,
}

impl<T> ListPage<T> {
    /// A page of at most so many rows, of which one more was fetched when there is more.
    pub fn of(mut rows: Vec<T>, most: u32, place: impl Fn(&T) -> ListPlace) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        let older = rows.last().filter(|_| more).map(place);
        Self { rows, older }
    }

    /// A page with nothing on it.
    pub fn empty() -> Self {
        Self {
            rows: Vec::new(),
            older: None,
        }
    }
}
