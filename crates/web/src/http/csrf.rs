//! What another site has a browser send is refused: a form must be of our own page, with the session's token.

use axum::http::{HeaderMap, header};
use subtle::ConstantTimeEq;

use crate::http::failure::Failure;
use crate::http::form::FormFields;
use crate::http::visit::Visit;

/// Checks the session's token, in constant time.
pub(crate) fn check_token(visit: &Visit, fields: &FormFields) -> Result<(), Failure> {
    let same = visit.csrf().as_bytes().ct_eq(fields.get("csrf").as_bytes());
    if !visit.csrf().is_empty() && bool::from(same) {
        Ok(())
    } else {
        Err(Failure::Foreign)
    }
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
