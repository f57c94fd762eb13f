//! The headers of every answer; SECURITY.md lists them.

use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use zwerm_app::types::home::Config;

/// Nothing but our own stylesheet, scripts and pictures; nothing inline, no frames, nobody else's forms.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // our own pages must know that a form came from them, nobody else where a visitor was
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    ),
];

const ISOLATED: [(HeaderName, &str); 2] = [
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// Sets them. What somebody signed in sees, and what sets a cookie, is kept by no cache.
pub(crate) fn set(config: &Config, signed_in: bool, headers: &mut HeaderMap) {
    for (name, value) in ALWAYS.into_iter().chain(ISOLATED) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if config.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    let fixed = headers.contains_key(header::CACHE_CONTROL);
    let personal = signed_in || headers.contains_key(header::SET_COOKIE);
    if personal || !fixed {
        let kept = if personal { "no-store" } else { "no-cache" };
        let immutable = headers
            .get(header::CACHE_CONTROL)
            .is_some_and(|value| value.as_bytes().ends_with(b"immutable"));
        if !immutable {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        }
    }
}
