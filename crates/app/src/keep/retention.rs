//! What a home that is served does by itself from time to time: taking over, and forgetting what is over.

use std::time::Duration;

use jiff::SignedDuration;

use crate::error::AppError;
use crate::keep::settled;
use crate::loggable::ToLog as _;
use crate::share::{answers, refusals, titles, waiting};
use crate::site::{Site, throttle};

/// How often what is past its time is removed.
pub const EVERY: Duration = Duration::from_secs(3600);
/// How often the log is looked at for what was entered in it.
pub const FOLLOWED_EVERY: Duration = Duration::from_secs(1);
/// How long an invitation or a link that is over can still be told from one that never was.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How long a notice is kept, read or not.
const NOTICES: SignedDuration = SignedDuration::from_hours(24 * 365);
/// How long a form that was not sent is kept after it was last written in.
const DRAFTS: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Takes over what others entered in the log, step by step: whoever opens its page then waits for little or nothing.
pub async fn follow(site: &Site) {
    while site.catch_up().await {}
}

/// Removes what is past its time; when something fails, it is removed the next time.
pub async fn look_after(site: &Site) {
    while site.catch_up().await {}
    if let Err(error) = refusals::catch_up(site).await {
        tracing::warn!(error = %error.loggable(), "refusals are not all among the barriers yet");
    }
    if let Err(error) = titles::catch_up(site).await {
        tracing::warn!(error = %error.loggable(), "questions of before have no titles yet");
    }
    if let Err(error) = forget_what_is_over(site).await {
        tracing::warn!(error = %error.loggable(), "what is over could not be forgotten");
    }
}

async fn forget_what_is_over(site: &Site) -> Result<(), AppError> {
    let settled = settled::read(site).await?;
    answers::forget_answers(site, &settled).await?;
    throttle::forget_old_attempts(site).await?;
    waiting::forget_old(site).await?;
    if let Some(moment) = settled.moment {
        site.store.prune_sessions(moment).await?;
        site.store.prune_resets(moment - REMEMBERED).await?;
        site.store.prune_invitations(moment - REMEMBERED).await?;
        site.store.prune_notices(moment - NOTICES).await?;
        site.store.prune_drafts(moment - DRAFTS).await?;
        // a proposal waits as long as its draft is kept
        site.store.prune_awaited_keys(moment - DRAFTS).await?;
    }
    Ok(())
}
