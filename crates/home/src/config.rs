//! `zwerm.toml` in a home: how it is served. Every key may be left out.

pub mod site;

use std::path::{Component, Path, PathBuf};

use jiff::tz::TimeZone;
use serde::Deserialize;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;
use zwerm_ledger::zone;

use crate::error::HomeError;
use crate::proxies::{Proxies, ProxyHeader};

/// The registry's file in a home.
pub const REGISTRY: &str = "registry.db";

/// The file's name in a home.
pub const FILE: &str = "zwerm.toml";

/// How a home is served.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The address that is listened on.
    pub address: String,
    /// The port that is listened on.
    pub port: u16,
    /// The address by which visitors know it, such as `https://zwerm.gemeente.nl`; with `https` the cookie is for
    /// HTTPS only.
    pub public_url: Option<String>,
    /// Whether a proxy of ours is in front, which says in a header who asks.
    pub behind_proxy: bool,
    /// The proxies that are believed.
    pub proxies: Proxies,
    /// The header in which they say it.
    pub proxy_header: ProxyHeader,
    /// The registry: a file in the home, or the address of a PostgreSQL database.
    pub registry: Option<String>,
    /// A stylesheet with the house style, in the home.
    pub theme: Option<PathBuf>,
    /// Whether `/metrics` is there.
    pub metrics: bool,
    /// Questions that may be worked on at once.
    pub questions_at_once: usize,
    /// How many of these one party may have.
    pub questions_per_party: usize,
    /// Hours that a session lasts.
    pub session_hours: i64,
    /// Days that a consent round lasts when whoever opens it says nothing.
    pub round_days: i64,
    /// The zone whose days count: its name in the IANA list.
    pub zone: String,
    /// Logs as `json`, or as `text`.
    pub logs: Logs,
    /// Whose site it is.
    pub site: site::SiteConfig,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Logs {
    /// A line of JSON per event.
    Json,
    /// Lines for people to read.
    Text,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            address: "127.0.0.1".into(),
            port: 8080,
            public_url: None,
            behind_proxy: false,
            proxies: Proxies::default(),
            proxy_header: ProxyHeader::default(),
            registry: None,
            theme: None,
            metrics: true,
            questions_at_once: 16,
            questions_per_party: 64,
            session_hours: 12,
            round_days: 14,
            zone: zone::DEFAULT.into(),
            logs: Logs::Json,
            site: site::SiteConfig::default(),
        }
    }
}

impl Config {
    /// Reads it from a home; without a file, everything is as it is when left out.
    pub fn read(home: &Path) -> Result<Self, HomeError> {
        let path = home.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(HomeError::at(&path)(error)),
        };
        let config: Self =
            toml::from_str(&text).map_err(|error| unfit(&path, &error.to_string()))?;
        find_zone(&path, &config.zone)?;
        let faults = config.site.faults();
        if !faults.is_empty() {
            return Err(unfit(&path, &faults.join("; ")));
        }
        let url = config.public_url.as_deref().unwrap_or("http://");
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(unfit(
                &path,
                "`public_url` begins with `https://` or `http://`",
            ));
        }
        let theme = config.theme.as_deref().unwrap_or(Path::new("-"));
        if !theme
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
        {
            return Err(unfit(
                &path,
                "`theme` names a file in the home, without `..` and not from `/`",
            ));
        }
        if config.questions_at_once == 0 || config.questions_per_party == 0 {
            return Err(unfit(
                &path,
                "`questions_at_once` and `questions_per_party` are at least 1",
            ));
        }
        for (key, number, most) in [
            ("session_hours", config.session_hours, 24 * 365),
            ("round_days", config.round_days, 365),
        ] {
            if !(1..=most).contains(&number) {
                return Err(unfit(&path, &format!("`{key}` is 1 to {most}")));
            }
        }
        Ok(config)
    }

    /// The file of the registry, in the home unless its path says otherwise; none when it is in PostgreSQL.
    pub fn registry_file(&self, home: &Path) -> Option<PathBuf> {
        let place = self.registry.as_deref().unwrap_or(REGISTRY);
        if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            return None;
        }
        let path = place
            .strip_prefix("sqlite://")
            .or_else(|| place.strip_prefix("sqlite:"));
        Some(home.join(path.unwrap_or(place)))
    }

    /// The zone whose days count.
    pub fn time_zone(&self) -> Result<TimeZone, HomeError> {
        find_zone(Path::new(FILE), &self.zone)
    }

    /// Whether visitors come by HTTPS.
    pub fn is_https(&self) -> bool {
        let url = self.public_url.as_deref().unwrap_or_default();
        url.starts_with("https://")
    }
}

/// The zone whose days count in a home, whatever else its settings say; the default where there are none.
pub fn zone_of(home: &Path) -> Result<TimeZone, HomeError> {
    let path = home.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(HomeError::at(&path)(error)),
    };
    let settings: toml::Table =
        toml::from_str(&text).map_err(|error| unfit(&path, &error.to_string()))?;
    match settings.get("zone") {
        None => Ok(default_zone()),
        Some(toml::Value::String(name)) => find_zone(&path, name),
        Some(_) => Err(unfit(&path, "`zone` is a text")),
    }
}

/// The zone of a home that says nothing else, and of plain files.
pub fn default_zone() -> TimeZone {
    zone::find(zone::DEFAULT).unwrap_or(TimeZone::UTC)
}

fn find_zone(path: &Path, name: &str) -> Result<TimeZone, HomeError> {
    let example = zone::DEFAULT;
    let why = format!(
        "`zone` is a name of the IANA list of time zones, such as `{example}` or `UTC`, not `{name}`"
    );
    zone::find(name).ok_or_else(|| unfit(path, &why))
}

fn unfit(path: &Path, why: &str) -> HomeError {
    let shown = path.display();
    HomeError::usage(
        FaultCode::Malformed,
        Text::new(
            format!("de instellingen in `{shown}` kloppen niet: {why}"),
            format!("the settings in `{shown}` are not in order: {why}"),
        ),
        Text::new(
            "`docs/guide/serve.md` noemt elke sleutel; wat u weglaat, is zoals het daar staat",
            "`docs/guide/serve.md` lists every key; what you leave out is as it says there",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = include_str!("../../../docs/guide/serve.md");

    #[test]
    fn the_guide_shows_the_defaults() -> Result<(), Box<dyn std::error::Error>> {
        let (_, block) = GUIDE.split_once("```toml\n").ok_or("no settings")?;
        let (block, _) = block.split_once("```").ok_or("no end")?;
        let shown: Config = toml::from_str(block)?;
        assert_eq!(format!("{shown:?}"), format!("{:?}", Config::default()));
        // and what has no default has an example that can be taken over
        let all: Config = toml::from_str(&block.replace("# ", ""))?;
        assert!(all.public_url.is_some() && all.registry.is_some() && all.theme.is_some());
        let site = [
            &all.site.name,
            &all.site.accent,
            &all.site.contact,
            &all.site.privacy,
            &all.site.accessibility,
        ];
        assert!(site.iter().all(|key| key.is_some()) && all.site.logo.is_some());
        assert!(all.site.faults().is_empty());
        Ok(())
    }

    #[test]
    fn a_zone_is_one_of_the_list_and_a_wrong_one_is_reported()
    -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        assert_eq!(zone_of(root)?.iana_name(), Some("Europe/Amsterdam"));
        std::fs::write(root.join(FILE), "zone = \"UTC\"\nport = 80\n")?;
        assert_eq!(zone_of(root)?.iana_name(), Some("UTC"));
        assert_eq!(Config::read(root)?.time_zone()?.iana_name(), Some("UTC"));
        for wrong in [
            "\"Amsterdam\"",
            "\"europe/amsterdam\"",
            "\"+01:00\"",
            "\"\"",
            "1",
        ] {
            std::fs::write(root.join(FILE), format!("zone = {wrong}\n"))?;
            let error = zone_of(root).err().ok_or("it is taken")?.to_string();
            assert!(error.contains("`zone` is a "), "{wrong}: {error}");
            assert!(Config::read(root).is_err(), "{wrong}");
        }
        Ok(())
    }

    #[test]
    fn the_registry_is_in_the_home_unless_its_path_says_otherwise() {
        let at = |registry: Option<&str>| {
            let config = Config {
                registry: registry.map(str::to_owned),
                ..Config::default()
            };
            config.registry_file(Path::new("/h"))
        };
        assert_eq!(at(None), Some("/h/registry.db".into()));
        assert_eq!(at(Some("sqlite:r/x.db")), Some("/h/r/x.db".into()));
        assert_eq!(at(Some("/var/x.db")), Some("/var/x.db".into()));
        assert_eq!(at(Some("postgres://h/d")), None);
    }
}
