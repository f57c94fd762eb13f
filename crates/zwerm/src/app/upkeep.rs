//! What a home that is served does by itself from time to time: taking over, and forgetting what is over.

use std::time::Duration;

use jiff::SignedDuration;

use super::error::AppError;
use super::site::Site;

/// How often.
pub(crate) const EVERY: Duration = Duration::from_secs(3600);
/// So long an invitation or a link that is over can still be told from one that never was.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Site {
    /// Does it; what fails is done the next time.
    pub(crate) async fn look_after(&self) {
        self.catch_up().await;
        if let Err(error) = self.forget_what_is_over().await {
            tracing::warn!(%error, "what is over could not be forgotten");
        }
    }

    async fn forget_what_is_over(&self) -> Result<(), AppError> {
        self.forget_answers().await?;
        let now = self.clock.now();
        self.store.prune_sessions(now).await?;
        self.forget_old_attempts().await?;
        self.store.prune_resets(now - REMEMBERED).await?;
        self.store.prune_invitations(now - REMEMBERED).await?;
        Ok(())
    }
}
