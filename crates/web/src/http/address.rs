//! Where a request comes from: what throttling counts by.
//!
//! A proxy appends the address that it heard from at the end of a header, and what is before that may be anybody's
//! invention. So the header is read from the right, through proxies of ours only: the first address that is none of theirs
//! is the visitor's.

use std::net::{IpAddr, SocketAddr};
use std::sync::Once;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, header};
use zwerm_app::types::home::{Config, ProxyHeader};

/// Said once: a visitor may write the header too.
static UNKNOWN_PROXY: Once = Once::new();

/// The network that a request comes from; nothing is known of one that came over no connection.
pub(crate) fn of_request(config: &Config, headers: &HeaderMap, extensions: &Extensions) -> String {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    let Some(ConnectInfo(peer)) = peer else {
        return String::new();
    };
    network(visitor(config, headers, peer.ip()))
}

/// The visitor's address: the peer, or whom proxies of ours say that they heard from.
fn visitor(config: &Config, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
    let mut nearest = peer;
    if !config.behind_proxy {
        return nearest;
    }
    let mut said = forwarded(config.proxy_header, headers);
    if !said.is_empty() && !config.proxies.contains(peer) {
        UNKNOWN_PROXY.call_once(|| {
            tracing::warn!(
                "a proxy that `proxies` in `zwerm.toml` does not name says who asks; it is not believed"
            );
        });
    }
    while config.proxies.contains(nearest) {
        match said.pop() {
            Some(Some(address)) => nearest = address,
            // nothing more is said, or nothing that can be read: it came from behind this proxy
            Some(None) | None => break,
        }
    }
    nearest
}

/// Whom the proxies heard from, in the order of the lines and of what is in them; nothing for what is no address.
fn forwarded(header: ProxyHeader, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let name = match header {
        ProxyHeader::XForwardedFor => "x-forwarded-for",
        ProxyHeader::Forwarded => header::FORWARDED.as_str(),
    };
    let lines = headers.get_all(name).iter();
    let texts = lines.map(|line| line.to_str().unwrap_or_default());
    let parts = texts.flat_map(|text| text.split(','));
    match header {
        ProxyHeader::XForwardedFor => parts.map(parse).collect(),
        ProxyHeader::Forwarded => parts.map(|part| parse(node(part)?)).collect(),
    }
}

/// The `for` of an element of `Forwarded`.
fn node(element: &str) -> Option<&str> {
    let mut pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let (_, node) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    Some(node)
}

/// An address with or without a port, brackets and quotes.
pub(crate) fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let with_port = || text.parse::<SocketAddr>().ok().map(|place| place.ip());
    bare.parse().ok().or_else(with_port)
}

/// An address as throttling takes it: of IPv6 the network, which is one subscriber's.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(header: ProxyHeader, lines: &[&'static str], peer: &str) -> String {
        let config = Config {
            behind_proxy: true,
            proxy_header: header,
            ..Config::default()
        };
        let name = match header {
            ProxyHeader::XForwardedFor => "x-forwarded-for",
            ProxyHeader::Forwarded => "forwarded",
        };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, HeaderValue::from_static(line));
        }
        let mut extensions = Extensions::new();
        let peer: IpAddr = peer.parse().expect("an address");
        extensions.insert(ConnectInfo(SocketAddr::from((peer, 4711))));
        of_request(&config, &headers, &extensions)
    }

    #[test]
    fn the_last_address_that_is_no_proxy_of_ours_is_the_visitors() {
        let seen = |lines: &[&'static str]| seen(ProxyHeader::XForwardedFor, lines, "127.0.0.1");
        assert_eq!(seen(&["203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen(&["1.2.3.4, 203.0.113.7"]), "203.0.113.7");
        // a proxy that adds a line of its own, below one that the visitor made up
        assert_eq!(seen(&["1.2.3.4", "203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen(&["203.0.113.7, 127.0.0.2"]), "203.0.113.7");
        assert_eq!(seen(&["203.0.113.7:51234"]), "203.0.113.7");
        assert_eq!(seen(&["[2001:db8:1:2:3::4]:51234"]), "2001:db8:1:2::/64");
        assert_eq!(seen(&["2001:db8:1:2:3::4"]), "2001:db8:1:2::/64");
        assert_eq!(seen(&["203.0.113.7, unknown"]), "127.0.0.1");
        assert_eq!(seen(&[]), "127.0.0.1");
    }

    #[test]
    fn whoever_is_no_proxy_of_ours_is_not_believed() {
        let lines = ["1.2.3.4"];
        let seen = seen(ProxyHeader::XForwardedFor, &lines, "198.51.100.9");
        assert_eq!(seen, "198.51.100.9");
    }

    #[test]
    fn the_standard_header_is_read_where_the_proxy_writes_that_one() {
        let seen = |lines: &[&'static str]| seen(ProxyHeader::Forwarded, lines, "::1");
        assert_eq!(
            seen(&["for=1.2.3.4, For=203.0.113.7;proto=https"]),
            "203.0.113.7"
        );
        assert_eq!(
            seen(&["proto=https;for=\"[2001:db8:1:2:3::4]:51234\""]),
            "2001:db8:1:2::/64"
        );
        assert_eq!(seen(&["for=_hidden"]), "0:0:0:0::/64");
    }
}
