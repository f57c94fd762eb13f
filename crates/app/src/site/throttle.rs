//! Slowing down whoever guesses or floods, by where it comes from and never by whom it is about alone: so nobody can lock
//! another out.
//!
//! What is counted by is kept as an HMAC under a secret that each start draws anew: the registry and its copies hold no
//! address and no name that somebody mistyped. A restart forgets the counts.

use std::fmt;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use sha2::Sha256;
use zwerm_home::files;

use crate::error::AppError;
use crate::site::Site;

/// Failed guesses at one account from one address, and from one address at all, within [`WINDOW`].
const GUESSES_AT_ONE: u64 = 5;
const GUESSES_FROM_ONE: u64 = 30;
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Questions in words that one project takes within [`HOUR`], and that come from one address, to whichever project: sixty
/// addresses would have to do their utmost before anybody else could not ask.
const QUESTIONS_TO_ONE: u64 = 600;
const QUESTIONS_FROM_ONE: u64 = 10;
/// Changes that are tried out from one address within [`HOUR`].
const TRIES_FROM_ONE: u64 = 60;
/// How long any attempt matters.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Makes of an address what it is counted by. Its `Debug` shows nothing.
pub(crate) struct Throttle(Hmac<Sha256>);

impl Throttle {
    pub(crate) fn new(root: &Path) -> Result<Self, AppError> {
        let secret = files::random::<32>(root)?;
        let mac = Hmac::new_from_slice(secret.as_ref());
        let mac = mac.map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(Self(mac))
    }

    fn key(&self, parts: [&str; 3]) -> String {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        let bytes = mac.finalize().into_bytes();
        files::hexadecimal(bytes.as_ref()).to_string()
    }
}

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Throttle(..)")
    }
}

/// A guess at a password that was noted, and of which is not known yet whether it was right.
#[derive(Debug)]
pub(crate) struct Guess {
    one: String,
    address: String,
}

/// Notes a guess at the password of an account; nothing when too many came from there.
pub(crate) async fn guess(
    site: &Site,
    login: &str,
    address: &str,
) -> Result<Option<Guess>, AppError> {
    let now = site.clock.now();
    let guess = Guess {
        one: site.throttle.key(["guess", login, address]),
        address: site.throttle.key(["guess", "", address]),
    };
    let (since, store) = (now - WINDOW, &site.store);
    let too_many = store.attempts_since(&guess.address, since).await? >= GUESSES_FROM_ONE
        || store.attempts_since(&guess.one, since).await? >= GUESSES_AT_ONE;
    if too_many {
        return Ok(None);
    }
    // noted before it is counted again and before anything is hashed, so that guesses at once count as well, and those
    // of whoever hung up
    store.note_attempt(&guess.one, now).await?;
    store.note_attempt(&guess.address, now).await?;
    let too_many = store.attempts_since(&guess.address, since).await? > GUESSES_FROM_ONE
        || store.attempts_since(&guess.one, since).await? > GUESSES_AT_ONE;
    Ok(Some(guess).filter(|_| !too_many))
}

/// Takes back what was noted of a guess that was right, since an address pays for wrong guesses only: a whole office may
/// sign in from one. The guesses at this account are forgotten, and no others: an account of one's own does not buy
/// guesses at others.
pub(crate) async fn guessed_right(site: &Site, guess: &Guess) -> Result<(), AppError> {
    site.store.forget_attempts(&guess.one).await?;
    Ok(site.store.forget_one_attempt(&guess.address).await?)
}

/// Whether one more question in words may be put to a project from an address; counts it if so.
pub(crate) async fn may_put_question(
    site: &Site,
    project: &str,
    address: &str,
) -> Result<bool, AppError> {
    let since = site.clock.now() - HOUR;
    if site.store.word_questions_since(project, since).await? >= QUESTIONS_TO_ONE {
        return Ok(false);
    }
    one_more(site, ["question", "", address], QUESTIONS_FROM_ONE).await
}

/// Whether one more change may be tried out from an address; counts it.
pub(crate) async fn may_try_out(site: &Site, address: &str) -> Result<bool, AppError> {
    one_more(site, ["what-if", "", address], TRIES_FROM_ONE).await
}

/// Whether there were fewer than so many within an hour; notes one more if so.
async fn one_more(site: &Site, from: [&str; 3], most: u64) -> Result<bool, AppError> {
    let (now, store) = (site.clock.now(), &site.store);
    let (since, from) = (now - HOUR, site.throttle.key(from));
    if store.attempts_since(&from, since).await? >= most {
        return Ok(false);
    }
    forget_old_attempts(site).await?;
    // noted before it is counted again, so that those at once count as well
    store.note_attempt(&from, now).await?;
    Ok(store.attempts_since(&from, since).await? <= most)
}

/// Forgets attempts that no longer matter.
pub(crate) async fn forget_old_attempts(site: &Site) -> Result<(), AppError> {
    site.store.prune_attempts(site.clock.now() - HOUR).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_nothing_and_is_another_after_a_restart() {
        let [first, second] = [0, 1].map(|_| Throttle::new(Path::new(".")).expect("randomness"));
        let parts = ["guess", "noor", "203.0.113.7"];
        let key = first.key(parts);
        assert_eq!(key, first.key(parts));
        assert_ne!(key, second.key(parts));
        assert_ne!(key, first.key(["guess", "noor203.0.113.7", ""]));
        assert_eq!(format!("{first:?}"), "Throttle(..)");
    }
}
