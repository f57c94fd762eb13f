//! By which name the demonstration may be called: a page of another site, whose name was pointed to this machine (DNS
//! rebinding), must not use the people whose passwords anyone may use.

use axum::http::{HeaderMap, Uri, header};

use crate::http::address::parse;

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
    use super::is_local_name;

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
