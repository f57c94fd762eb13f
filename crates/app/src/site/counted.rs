//! How much of releases is protected, counted once for all who are about to ask.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use zwerm_home::release::ReleaseStamp;
use zwerm_question::cube::TableTally;

use crate::error::AppError;

/// A release as it was when its tables were counted.
type CountedRelease = (ReleaseStamp, Arc<Vec<TableTally>>);

/// The tables of releases that were counted, by where the releases lie.
#[derive(Debug, Default)]
pub(crate) struct CountedTables(Mutex<HashMap<PathBuf, CountedRelease>>);

impl CountedTables {
    /// The tables of a release, counted once for as long as it stays as it is.
    pub(crate) fn of(
        &self,
        stamp: ReleaseStamp,
        count: impl FnOnce() -> Result<Option<Vec<TableTally>>, AppError>,
    ) -> Result<Option<Arc<Vec<TableTally>>>, AppError> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, tables)) = known.get(&stamp.path)
            && *of == stamp
        {
            return Ok(Some(Arc::clone(tables)));
        }
        drop(known);
        let Some(tables) = count()? else {
            return Ok(None);
        };
        let tables = Arc::new(tables);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(stamp.path.clone(), (stamp, Arc::clone(&tables)));
        Ok(Some(tables))
    }
}
