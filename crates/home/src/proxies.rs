//! Which proxies of ours are believed about where a request comes from, and in which header they say it.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de};

/// Addresses and networks of proxies; without settings those of the machine itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

/// The header in which a proxy says where a request comes from. It is read from one only: a visitor writes the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, which most proxies write.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Proxies {
    /// Whether a proxy of ours has this address.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl Default for Proxies {
    fn default() -> Self {
        let local = ["127.0.0.0/8", "::1/128"];
        Self(local.iter().filter_map(|text| text.parse().ok()).collect())
    }
}

impl<'de> Deserialize<'de> for Proxies {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let networks = texts.iter().map(|text| network(text).ok_or(text));
        let networks: Result<Vec<IpNet>, &String> = networks.collect();
        networks.map(Self).map_err(|text| {
            de::Error::custom(format!(
                "`{text}` in `proxies` is no address or network, such as `10.0.0.5` or `10.0.0.0/24`"
            ))
        })
    }
}

fn network(text: &str) -> Option<IpNet> {
    let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Settings {
        proxies: Proxies,
    }

    #[test]
    fn an_address_and_a_network_are_read_and_anything_else_is_named() {
        let read = |text: &str| toml::from_str::<Settings>(text);
        let settings = read("proxies = ['10.0.0.0/8', '2001:db8::7']").expect("in order");
        let has = |text: &str| settings.proxies.contains(text.parse().expect("an address"));
        assert!(has("10.1.2.3") && has("::ffff:10.1.2.3") && has("2001:db8::7"));
        assert!(!has("11.1.2.3") && !has("2001:db8::8") && !has("127.0.0.1"));
        let wrong = read("proxies = ['10.0.0.0/8', 'caddy']").expect_err("no address");
        assert!(wrong.to_string().contains("`caddy`"), "{wrong}");
        assert!(Proxies::default().contains("127.0.0.1".parse().expect("an address")));
    }
}
