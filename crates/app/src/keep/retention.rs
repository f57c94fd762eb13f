//! What a home that is served does by itself from time to time: taking over, and forgetting what is over.

use std::time::Duration;

use jiff::SignedDuration;

use crate::error::AppError;
use crate::keep::settled;
use crate::loggable::ToLog as _;
use crate::share::answers;
use crate::site::{Site, throttle};

/// How often what is past its time is removed.
pub const EVERY: Duration = Duration::from_secs(3600);
/// How long an invitation or a link that is over can still be told from one that never was.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Removes what is past its time; when something fails, it is removed the next time.
pub async fn look_after(site: &Site) {
    site.catch_up().await;
    if let Err(error) = forget_what_is_over(site).await {
        tracing::warn!(error = %error.loggable(), "what is over could not be forgotten");
    }
}

async fn forget_what_is_over(site: &Site) -> Result<(), AppError> {
    let settled = settled::read(site).await?;
    answers::forget_answers(site, &settled).await?;
    throttle::forget_old_attempts(site).await?;
    if let Some(moment) = settled.moment {
        site.store.prune_sessions(moment).await?;
        site.store.prune_resets(moment - REMEMBERED).await?;
        site.store.prune_invitations(moment - REMEMBERED).await?;
    }
    Ok(())
}
