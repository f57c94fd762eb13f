//! The policies of an agreement, generated once for many questions, and what is asked of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use zwerm_agreement::digest::Digest;
use zwerm_agreement::policy::{Action, PolicyRequest, PolicySet};
use zwerm_agreement::status::{retained_until, suspensions};

use crate::error::HomeError;
use crate::load::Stored;

/// Agreements whose policies are kept; then all are forgotten.
const MOST: usize = 64;

static KEPT: Mutex<BTreeMap<Digest, Arc<PolicySet>>> = Mutex::new(BTreeMap::new());

/// The policies of an agreement: its hash says which they are.
pub fn of(stored: &Stored) -> Result<Arc<PolicySet>, HomeError> {
    let kept = KEPT.lock().ok();
    if let Some(known) = kept.as_ref().and_then(|kept| kept.get(&stored.hash)) {
        return Ok(Arc::clone(known));
    }
    drop(kept);
    let policies = Arc::new(PolicySet::generate(&stored.document.agreement)?);
    if let Ok(mut kept) = KEPT.lock() {
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(stored.hash, Arc::clone(&policies));
    }
    Ok(policies)
}

/// What a party wants to do on a day, in the state that the agreement is in then.
pub fn request(stored: &Stored, party: &str, action: Action, today: Date) -> PolicyRequest {
    let (agreement, events) = (&stored.document.agreement, &stored.counting.events);
    let mut request = PolicyRequest::new(&agreement.id, party, action, today);
    request.suspended = !suspensions(agreement, events).is_empty();
    request.past_retention = retained_until(agreement, events, &stored.counting.zone) < today;
    request
}
