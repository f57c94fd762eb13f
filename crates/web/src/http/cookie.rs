//! The one cookie there is: that of a session, for people who sign in.

use axum::http::{HeaderMap, HeaderValue, header};
use zwerm_app::types::home::Config;

/// Browsers take a cookie of this prefix over HTTPS only, from this host only, for all paths.
const SECURE: &str = "__Host-zwerm";
const PLAIN: &str = "zwerm";

fn name(config: &Config) -> &'static str {
    if config.is_https() { SECURE } else { PLAIN }
}

/// The token of the session that a request belongs to.
pub(crate) fn session(config: &Config, headers: &HeaderMap) -> Option<String> {
    let name = name(config);
    let all = headers.get_all(header::COOKIE).iter();
    let mut pairs = all
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, token) = pairs.find(|(known, _)| *known == name)?;
    Some(token.to_owned())
}

/// What makes a browser keep a session's token.
pub(crate) fn keep(config: &Config, token: &str) -> Option<HeaderValue> {
    set(config, token, "")
}

/// What makes it forget.
pub(crate) fn forget(config: &Config) -> Option<HeaderValue> {
    set(config, "", "; Max-Age=0")
}

fn set(config: &Config, token: &str, more: &str) -> Option<HeaderValue> {
    let name = name(config);
    let secure = if config.is_https() { "; Secure" } else { "" };
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
    HeaderValue::from_str(&text).ok()
}
