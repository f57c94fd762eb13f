//! How what a party says gets its signature: by its key at the command line, or by one that was made elsewhere.
//!
//! A browser signs what it is shown and hands over the signature; its private key stays there.

use jiff::{SignedDuration, Timestamp};
use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::signature::{PartyKey, SignatureState, Statement, signed};
use zwerm_agreement::text::Text;

use crate::error::HomeError;

/// So long after it was made up a text may be signed.
const LONGEST: SignedDuration = SignedDuration::from_hours(48);

/// With what a party signs.
#[derive(Debug, Clone)]
pub enum Pen {
    /// Its private key, which is at hand.
    Key(PartyKey),
    /// A signature that its private key made elsewhere, of what is said at this moment.
    Signature {
        /// The moment that what was signed names.
        at: Timestamp,
        /// The signature, in base64.
        signature: String,
    },
    /// Nothing, which is enough for what restricts.
    Nothing,
}

impl Pen {
    /// The moment of what is said, which comes after all that the party said before.
    pub(super) fn moment(
        &self,
        before: impl Iterator<Item = Timestamp>,
        now: Timestamp,
    ) -> Result<Timestamp, HomeError> {
        let last = before.max();
        let next = after(last, now);
        let Self::Signature { at, .. } = self else {
            return Ok(next);
        };
        // what was said last was said by a clock that was ahead: the text that is signed names the moment after that
        let ahead = now < next && *at == next;
        let fresh = *at <= now && now.duration_since(*at) <= LONGEST;
        if (fresh || ahead) && last.is_none_or(|last| last < *at) {
            Ok(*at)
        } else {
            Err(too_old())
        }
    }

    /// The signature of a statement; none where none is needed.
    pub(super) fn sign(
        &self,
        agreement: &Agreement,
        statement: &Statement<'_>,
        restricts: bool,
    ) -> Result<Option<String>, HomeError> {
        match self {
            Self::Key(key) => {
                check_key(agreement, statement.party, key)?;
                let signature = key.sign(statement);
                Ok(Some(
                    signature.map_err(|e| HomeError::Internal(e.to_string()))?,
                ))
            }
            Self::Signature { signature, .. } => {
                let signature = signature.trim();
                match signed(agreement, statement, Some(signature)) {
                    SignatureState::Valid => Ok(Some(signature.to_owned())),
                    SignatureState::NoKey => Err(no_key(statement.party).into()),
                    SignatureState::Missing | SignatureState::Wrong => Err(wrong(statement.party)),
                }
            }
            Self::Nothing if restricts => Ok(None),
            Self::Nothing => Err(unsigned(statement.party).into()),
        }
    }
}

/// A moment after the last one, also when the clock was set back.
fn after(last: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let next = last.and_then(|last| last.checked_add(SignedDuration::from_millis(1)).ok());
    next.map_or(now, |next| next.max(now))
}

/// Checks that a key is the one that the agreement has of a party.
fn check_key(agreement: &Agreement, party: &str, key: &PartyKey) -> Result<(), HomeError> {
    let known = agreement
        .find_party(party)
        .and_then(|p| p.public_key.as_ref());
    let known = known.ok_or_else(|| no_key(party))?;
    if key.public().to_string() == *known {
        return Ok(());
    }
    Err(HomeError::usage(
        FaultCode::NotProven,
        Text::new(
            format!("dit is niet de sleutel van `{party}` in deze afspraak"),
            format!("this is not the key of `{party}` in this agreement"),
        ),
        Text::new(
            format!(
                "neem de sleutel die hoort bij `{known}`; `zwerm party key show BESTAND` toont bij welke een bestand hoort"
            ),
            format!(
                "take the key that belongs to `{known}`; `zwerm party key show FILE` shows to which a file belongs"
            ),
        ),
    ))
}

fn no_key(party: &str) -> Refusal {
    let what = Text::new(
        format!("de afspraak noemt geen sleutel van `{party}`"),
        format!("the agreement names no key of `{party}`"),
    );
    let lifts = Text::new(
        format!(
            "een nieuwe versie met een `public_key` van `{party}`; `zwerm party key new` maakt hem"
        ),
        format!("a new version with a `public_key` of `{party}`; `zwerm party key new` makes it"),
    );
    Refusal::new(Code::Unsigned, what, lifts)
        .under(format!("party.{party}.public_key"))
        .owned_by(party)
}

fn unsigned(party: &str) -> Refusal {
    let what = Text::new(
        format!("dit telt pas als `{party}` het ondertekent"),
        format!("this counts only once `{party}` signs it"),
    );
    let lifts = Text::new(
        format!("een handtekening met de sleutel van `{party}`"),
        format!("a signature with the key of `{party}`"),
    );
    Refusal::new(Code::Unsigned, what, lifts).owned_by(party)
}

fn wrong(party: &str) -> HomeError {
    HomeError::usage(
        FaultCode::NotProven,
        Text::new(
            format!("de handtekening is niet van deze tekst, of niet met de sleutel van `{party}`"),
            format!("the signature is not of this text, or not by the key of `{party}`"),
        ),
        Text::new(
            "onderteken precies de tekst die u ziet, met de sleutel die in de afspraak staat",
            "sign exactly the text that you see, with the key that stands in the agreement",
        ),
    )
}

fn too_old() -> HomeError {
    HomeError::usage(
        FaultCode::Stale,
        Text::new(
            "de tekst is te lang geleden opgesteld, of er is intussen iets anders gezegd",
            "the text was made up too long ago, or something else was said since",
        ),
        Text::new(
            "begin opnieuw; uw woorden zijn bewaard",
            "start again; your words were kept",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn moment(named: &str, last: Option<&str>, now: &str) -> Option<Timestamp> {
        let pen = Pen::Signature {
            at: at(named),
            signature: String::new(),
        };
        pen.moment(last.map(at).into_iter(), at(now)).ok()
    }

    #[test]
    fn a_text_is_signed_within_two_days_and_after_what_was_said_last() {
        let now = "2026-12-01T12:00:00Z";
        assert!(moment("2026-11-30T12:00:00Z", None, now).is_some());
        assert!(moment("2026-11-29T11:00:00Z", None, now).is_none());
        assert!(moment("2026-12-01T12:00:01Z", None, now).is_none());
        let last = Some("2026-12-01T11:00:00Z");
        assert!(moment("2026-12-01T10:00:00Z", last, now).is_none());
    }

    #[test]
    fn what_was_said_by_a_clock_that_was_ahead_can_be_answered() {
        let (ahead, now) = ("2027-06-17T10:00:00Z", "2026-12-01T12:00:00Z");
        let shown = Pen::Nothing
            .moment([at(ahead)].into_iter(), at(now))
            .expect("a moment");
        assert_eq!(shown, at("2027-06-17T10:00:00.001Z"));
        assert_eq!(moment(&shown.to_string(), Some(ahead), now), Some(shown));
        // no other moment of the future is taken
        assert!(moment("2027-06-17T10:00:00.002Z", Some(ahead), now).is_none());
        assert!(moment("2027-06-17T10:00:00.001Z", None, now).is_none());
    }
}
