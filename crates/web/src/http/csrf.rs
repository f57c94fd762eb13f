//! What another site has a browser send is refused: a form must be of our own page, with the session's token.
//!
//! A page shows the token under a mask of its own each time: pages are compressed, and of what stays the same the length
//! would tell (BREACH, Prado, Harris and Gluck 2013).

use axum::http::{HeaderMap, header};
use subtle::ConstantTimeEq;

use crate::http::failure::Failure;
use crate::http::form::FormFields;
use crate::http::visit::Visit;

/// Bytes of a token.
const BYTES: usize = 32;

/// A session's token as one page shows it: random bytes, and the token crossed with them. Nothing when the machine has no
/// randomness: then no form of the page is taken.
pub(crate) fn masked(token: &str) -> String {
    let mut mask = [0; BYTES];
    let mut crossed = [0; BYTES];
    // whoever has no session has no token, and nothing is drawn for them
    if hex::decode_to_slice(token, &mut crossed).is_err() || getrandom::fill(&mut mask).is_err() {
        return String::new();
    }
    cross(&mut crossed, &mask);
    format!("{}{}", hex::encode(mask), hex::encode(crossed))
}

/// The token that a page showed under a mask.
fn unmasked(shown: &str) -> Option<[u8; BYTES]> {
    let (mask, crossed) = shown.split_at_checked(2 * BYTES)?;
    let (mut left, mut right) = ([0; BYTES], [0; BYTES]);
    hex::decode_to_slice(mask, &mut left).ok()?;
    hex::decode_to_slice(crossed, &mut right).ok()?;
    cross(&mut right, &left);
    Some(right)
}

fn cross(bytes: &mut [u8; BYTES], mask: &[u8; BYTES]) {
    for (byte, mask) in bytes.iter_mut().zip(mask) {
        *byte ^= mask;
    }
}

/// Checks the session's token, in constant time.
pub(crate) fn check_token(visit: &Visit, fields: &FormFields) -> Result<(), Failure> {
    let token = visit.signed().map_or("", |signed| signed.csrf.as_str());
    is_token(token, fields.get("csrf"))
        .then_some(())
        .ok_or(Failure::Foreign)
}

fn is_token(token: &str, shown: &str) -> bool {
    let mut known = [0; BYTES];
    let is_one = hex::decode_to_slice(token, &mut known).is_ok();
    is_one && unmasked(shown).is_some_and(|sent| bool::from(sent.ct_eq(&known)))
}

/// Refuses what another site has a browser send.
pub(crate) fn require_own(headers: &HeaderMap) -> Result<(), Failure> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let own = match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            let host = text(header::HOST.as_str()).unwrap_or_default();
            let named = origin.split_once("://").map(|(_, host)| host);
            !host.is_empty() && named == Some(host)
        }
        // every browser of the last years sends one of the two
        (None, None) => false,
    };
    if own { Ok(()) } else { Err(Failure::Foreign) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_shown_in_another_way_each_time_and_known_again() {
        let (token, other) = ("5a".repeat(BYTES), "5b".repeat(BYTES));
        let (first, second) = (masked(&token), masked(&token));
        assert_ne!(first, second);
        assert!(!first.contains(&token));
        assert!(is_token(&token, &first) && is_token(&token, &second));
        for wrong in [
            "",
            "5a",
            &token,
            &masked(&other),
            &first[1..],
            &format!("{first}00"),
        ] {
            assert!(!is_token(&token, wrong), "{wrong}");
        }
        // whoever has no session has no token
        assert!(masked("").is_empty() && !is_token("", "") && !is_token("", &first));
    }
}
