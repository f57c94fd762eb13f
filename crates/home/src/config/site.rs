//! `[site]` in `zwerm.toml`: whose site this is. Every page shows it.

use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use zwerm_agreement::unseen;

use crate::accent::{Accent, Colour, Scheme};

/// Whose site it is; what is left out is not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SiteConfig {
    /// What it is called, such as the municipality: at the top of every page and in every title.
    pub name: Option<String>,
    /// The logo beside it: an SVG or PNG in the home, shown 40 pixels high.
    pub logo: Option<PathBuf>,
    /// The one colour that pages take: `#` and six hexadecimal digits.
    pub accent: Option<String>,
    /// Who runs it and how to reach them, in words.
    pub contact: Option<String>,
    /// The address of the privacy statement.
    pub privacy: Option<String>,
    /// The address of the accessibility statement.
    pub accessibility: Option<String>,
}

/// Characters of a name that a narrow screen has room for.
const LONGEST_NAME: usize = 40;
const LONGEST_CONTACT: usize = 300;

impl SiteConfig {
    /// The colour that pages take.
    pub fn colour(&self) -> Option<Colour> {
        self.accent.as_deref()?.parse().ok()
    }

    /// What is wrong with it, key by key; nothing when all is right.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (key, words, most) in [
            ("name", &self.name, LONGEST_NAME),
            ("contact", &self.contact, LONGEST_CONTACT),
        ] {
            let words = words.as_deref().unwrap_or("-");
            let long = words.trim().is_empty() || words.chars().count() > most;
            if long || unseen::unseen(words).is_some() {
                faults.push(format!(
                    "`site.{key}` is 1 to {most} characters that can be seen"
                ));
            }
        }
        let logo = self.logo.as_deref().unwrap_or(Path::new("logo.svg"));
        let inside = logo
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !inside || logo_kind(logo).is_none() {
            faults.push("`site.logo` names an `.svg` or `.png` in the home".to_owned());
        }
        faults.extend(self.accent.as_deref().and_then(unreadable));
        for (key, address) in [
            ("privacy", &self.privacy),
            ("accessibility", &self.accessibility),
        ] {
            let address = address.as_deref().unwrap_or("https://");
            if !["https://", "http://", "/"]
                .iter()
                .any(|begin| address.starts_with(begin))
            {
                faults.push(format!("`site.{key}` begins with `https://` or `/`"));
            }
        }
        faults
    }
}

/// Why no page can take this colour.
fn unreadable(accent: &str) -> Option<String> {
    let colour: Colour = match accent.parse() {
        Ok(colour) => colour,
        Err(why) => return Some(format!("`site.accent` is `{accent}`, and {why}")),
    };
    let made = [Scheme::Light, Scheme::Dark].map(|scheme| Accent::of(colour, scheme));
    let fault = made.iter().find_map(Accent::fault)?;
    Some(format!(
        "`site.accent` is `{accent}`, and {fault}: choose another colour"
    ))
}

/// The type of a logo by its name, as a browser is told it.
pub fn logo_kind(logo: &Path) -> Option<&'static str> {
    match logo.extension()?.to_str()? {
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_said_at_once() -> Result<(), toml::de::Error> {
        let right =
            "name = \"Leiden\"\nlogo = \"leiden.svg\"\nprivacy = \"https://leiden.nl/privacy\"";
        assert!(toml::from_str::<SiteConfig>(right)?.faults().is_empty());
        assert!(SiteConfig::default().faults().is_empty());
        for right in ["#d6001c", "#FFFFFF", "#000000"] {
            let site = toml::from_str::<SiteConfig>(&format!("accent = \"{right}\""))?;
            assert!(
                site.faults().is_empty() && site.colour().is_some(),
                "{right}"
            );
        }
        for wrong in [
            "",
            "d6001c",
            "#d60",
            "#d6001c80",
            "#d6001g",
            "rood",
            "#+12345",
        ] {
            let site = toml::from_str::<SiteConfig>(&format!("accent = \"{wrong}\""))?;
            let faults = site.faults().join(";");
            assert!(faults.contains("such as `#d6001c`"), "{wrong}: {faults}");
        }
        let wrong = "name = \"Lei\u{202e}den\"\nlogo = \"../logo.gif\"\ncontact = \"\"\naccessibility = \"javascript:x\"\naccent = \"red\"";
        let faults = toml::from_str::<SiteConfig>(wrong)?.faults();
        assert_eq!(faults.len(), 5, "{faults:?}");
        Ok(())
    }
}
