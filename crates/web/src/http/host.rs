//! By which name the demonstration may be called: a page of another site, whose name was pointed to this machine (DNS
//! rebinding), must not use the people whose passwords anyone may use.

use std::net::{Ipv6Addr, SocketAddr};

use axum::http::{HeaderMap, Uri, header};

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
    let is_address = host.parse::<SocketAddr>().is_ok();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    is_address
        || name.parse::<std::net::Ipv4Addr>().is_ok()
        || bare.parse::<Ipv6Addr>().is_ok()
        || name.eq_ignore_ascii_case("localhost")
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
