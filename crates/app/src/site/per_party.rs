//! How many questions each party has at work, so that one party does not keep the others waiting.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What each party has at work.
#[derive(Debug, Default)]
pub(crate) struct PerParty(Mutex<BTreeMap<String, Arc<Semaphore>>>);

impl PerParty {
    /// A place for one more question of this party, if there is one.
    pub(crate) fn place(&self, party: &str, places: usize) -> Option<OwnedSemaphorePermit> {
        let mut all = self.0.lock().ok()?;
        let own = all
            .entry(party.to_owned())
            .or_insert_with(|| Arc::new(Semaphore::new(places)));
        Arc::clone(own).try_acquire_owned().ok()
    }
}
