//! Work of which a few may be done at once, and a few more may wait for that: whoever comes later is told to come back.

use tokio::sync::{Semaphore, SemaphorePermit};
use zwerm_agreement::text::Text;

use crate::error::AppError;

/// A queue before heavy work.
#[derive(Debug)]
pub(crate) struct WorkQueue {
    limit: &'static str,
    at_once: Semaphore,
    /// Those that wait, and those that are at work.
    inside: Semaphore,
}

/// A place at the work. It is moved into the work itself, so that it is held until that is done, also when nobody waits for
/// it any longer.
#[derive(Debug)]
pub(crate) struct WorkPlace<'q> {
    _inside: SemaphorePermit<'q>,
    _at_work: SemaphorePermit<'q>,
}

impl WorkQueue {
    /// One for so many at once and so many inside; `limit` is what it is called.
    pub(crate) const fn new(limit: &'static str, at_once: usize, inside: usize) -> Self {
        Self {
            limit,
            at_once: Semaphore::const_new(at_once),
            inside: Semaphore::const_new(inside),
        }
    }

    /// Waits for a place.
    ///
    /// # Errors
    /// When as many are inside as may be.
    pub(crate) async fn place(
        &self,
        cure: impl FnOnce() -> Text,
    ) -> Result<WorkPlace<'_>, AppError> {
        let inside = self.inside.try_acquire().map_err(|_| AppError::Limit {
            limit: self.limit.into(),
            cure: cure(),
        })?;
        let closed = |_| AppError::Internal(format!("the queue of {} was closed", self.limit));
        let at_work = self.at_once.acquire().await.map_err(closed)?;
        Ok(WorkPlace {
            _inside: inside,
            _at_work: at_work,
        })
    }
}
