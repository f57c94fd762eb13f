//! By which name this machine is called. The demonstration may be called by some only: a page of another site, whose name
//! was pointed to this machine (DNS rebinding), must not use the people whose passwords anyone may use. And a link that is
//! sent to people begins with the name by which they find the site.

use axum::http::{HeaderMap, Uri, header};
use zwerm_app::types::home::Config;

use crate::http::address::parse;

/// The most characters of a host's name, with its port.
const LONGEST: usize = 261;

/// What a link to this site begins with: the address in the settings, or else what the browser that asks calls the site.
///
/// No header that a proxy might have written is read. A form comes with the origin of its page, as the browser knows it; its
/// scheme is right where the host is the one that was asked. Nothing when the host is no name.
pub(crate) fn base(config: &Config, headers: &HeaderMap) -> String {
    if let Some(url) = &config.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text(header::HOST).filter(|host| is_host(host)) else {
        return String::new();
    };
    let secure = text(header::ORIGIN).and_then(|origin| origin.strip_prefix("https://"));
    let scheme = if secure == Some(host) {
        "https"
    } else {
        "http"
    };
    format!("{scheme}://{host}")
}

/// Whether this can be the name of a host, with or without a port, and nothing else.
fn is_host(text: &str) -> bool {
    let proper = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    !text.is_empty() && text.len() <= LONGEST && text.chars().all(proper)
}

/// Whether a request calls this machine by its address or as `localhost`, as no page of another site can.
pub(crate) fn is_local(uri: &Uri, headers: &HeaderMap) -> bool {
    let said = headers.get(header::HOST).map(|host| host.to_str());
    match (uri.host(), said) {
        (Some(host), _) => is_local_name(host),
        (None, Some(Ok(host))) => is_local_name(host),
        (None, _) => false,
    }
}

fn is_local_name(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    parse(host).is_some() || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn begins(config: &Config, sent: &[(&'static str, &'static str)]) -> String {
        let sent = sent.iter().map(|(name, value)| {
            let name = header::HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        base(config, &sent.collect())
    }

    #[test]
    fn a_link_begins_with_what_the_visitor_calls_the_site() {
        let plain = Config::default();
        let begins_plain = |sent: &[(&'static str, &'static str)]| begins(&plain, sent);
        let host = ("host", "zwerm.leiden.nl:8443");
        assert_eq!(begins_plain(&[host]), "http://zwerm.leiden.nl:8443");
        let own = ("origin", "https://zwerm.leiden.nl:8443");
        assert_eq!(begins_plain(&[host, own]), "https://zwerm.leiden.nl:8443");
        // what anybody may write changes nothing
        for other in [
            ("origin", "https://evil.example"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "evil.example"),
            ("forwarded", "host=evil.example;proto=https"),
        ] {
            assert_eq!(begins_plain(&[host, other]), "http://zwerm.leiden.nl:8443");
        }
        for wrong in ["", "a/b", "a b", "user@evil.example", "a?b", "a#b"] {
            assert_eq!(begins_plain(&[("host", wrong)]), "", "{wrong}");
        }
        let known = Config {
            public_url: Some("https://zwerm.leiden.nl/".into()),
            ..Config::default()
        };
        assert_eq!(
            begins(&known, &[("host", "10.0.0.5")]),
            "https://zwerm.leiden.nl"
        );
    }

    #[test]
    fn only_an_address_or_localhost_is_this_machine() {
        for host in [
            "127.0.0.1:8080",
            "127.0.0.1",
            "[::1]:8080",
            "[::1]",
            "localhost:1",
            "LOCALHOST",
            "192.168.1.7",
        ] {
            assert!(is_local_name(host), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
        ] {
            assert!(!is_local_name(host), "{host}");
        }
    }
}
