//! Passwords: Argon2id hashes, computed beside the threads that answer requests, a few at once.

use std::path::Path;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use zeroize::Zeroizing;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;
use zwerm_home::files;
use zxcvbn::Score;

use crate::error::AppError;
use crate::site::queue::WorkQueue;

/// Hashes that may be computed at once, of which each takes 19 MiB; with those that wait for that.
static HASHING: WorkQueue = WorkQueue::new("Argon2", 2, 32);

const SHORTEST_PASSWORD: usize = 12;
const LONGEST_PASSWORD: usize = 256;

/// A password that nobody chose, to be told once.
pub(crate) fn made_up_password(home: &Path) -> Result<Zeroizing<String>, AppError> {
    let bytes = files::random::<8>(home)?;
    Ok(files::hexadecimal(bytes.as_ref()))
}

/// Whether a password is long enough to be one, no longer than is hashed, and not easily guessed by whoever knows these
/// words, such as the name of the account.
pub(crate) fn check_password(password: &str, known: &[&str]) -> Result<(), AppError> {
    let length = password.chars().count();
    if !(SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&length) {
        return Err(wrong_length(length));
    }
    let known: Vec<&str> = known.iter().copied().chain(["zwerm"]).collect();
    if zxcvbn::zxcvbn(password, &known).score() < Score::Three {
        return Err(easily_guessed());
    }
    Ok(())
}

fn easily_guessed() -> AppError {
    AppError::usage(
        FaultCode::Weak,
        Text::new(
            "dit wachtwoord is makkelijk te raden",
            "this password is easily guessed",
        ),
        Text::new(
            "neem vier of vijf woorden die niets met elkaar te maken hebben, of laat een wachtwoordkluis er een maken",
            "take four or five words that have nothing to do with each other, or let a password manager make one",
        ),
    )
}

fn wrong_length(length: usize) -> AppError {
    AppError::usage(
        FaultCode::Weak,
        Text::new(
            format!("het wachtwoord heeft {length} tekens"),
            format!("the password has {length} characters"),
        ),
        Text::new(
            format!(
                "kies er een van {SHORTEST_PASSWORD} tot {LONGEST_PASSWORD} tekens; een zin mag ook"
            ),
            format!(
                "choose one of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; a sentence will do"
            ),
        ),
    )
}

/// The hash of a password that is kept.
pub(crate) async fn hashed(password: &str) -> Result<String, AppError> {
    let password = Zeroizing::new(password.to_owned());
    compute(move || {
        let hash = Argon2::default().hash_password(password.as_bytes());
        hash.map(|hash| hash.to_string())
            .map_err(|error| AppError::Internal(error.to_string()))
    })
    .await
}

/// Whether this is the password of a hash; without a hash never, though it takes as long.
pub(crate) async fn is_password(password: &str, hash: Option<String>) -> Result<bool, AppError> {
    // too long to be one: not worth a hash
    if password.chars().count() > LONGEST_PASSWORD {
        return Ok(false);
    }
    let password = Zeroizing::new(password.to_owned());
    compute(move || {
        let Some(hash) = hash else {
            let spent = Argon2::default().hash_password(password.as_bytes());
            return spent
                .map(|_| false)
                .map_err(|error| AppError::Internal(error.to_string()));
        };
        let hash = Phc::new(&hash).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok())
    })
    .await
}

/// Computes a hash beside the threads that answer requests, a few at once.
async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let busy = || Text::new("probeer het zo opnieuw", "try again in a moment");
    let place = HASHING.place(busy).await?;
    let bounded = move || {
        let _place = place;
        work()
    };
    let done = tokio::task::spawn_blocking(bounded).await;
    done.map_err(|error| AppError::Internal(error.to_string()))?
}
