//! The standing of an agreement, in a few words: what the command line and the pages both say of it.

use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::text::Text;

/// The standing of a version of an agreement on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Questions may be asked.
    InForce,
    /// Ended by decision.
    Ended,
    /// A later version came into force.
    Superseded,
    /// Its last day is past.
    Expired,
    /// A party suspended it.
    Suspended,
    /// A party keeps a paramount objection.
    Objected,
    /// Everybody needed consented; its first day is yet to come.
    NotYetValid,
    /// Somebody's consent is missing.
    AwaitsConsent,
}

impl Standing {
    /// The standing of an agreement, from all the reasons why it is not in force.
    pub fn of(lacking: &[Refusal]) -> Self {
        let has = |code| lacking.iter().any(|refusal| refusal.code == code);
        if lacking.is_empty() {
            Self::InForce
        } else if has(Code::Superseded) {
            Self::Superseded
        } else if has(Code::Ended) {
            Self::Ended
        } else if has(Code::Expired) {
            Self::Expired
        } else if has(Code::Suspended) {
            Self::Suspended
        } else if has(Code::Objection) {
            Self::Objected
        } else if lacking.iter().all(|r| r.code == Code::NotYetValid) {
            Self::NotYetValid
        } else {
            Self::AwaitsConsent
        }
    }

    /// The standing in a few words, for a badge.
    pub fn words(self) -> Text {
        match self {
            Self::InForce => Text::new("van kracht", "in force"),
            Self::Ended => Text::new("beëindigd", "ended"),
            Self::Superseded => Text::new("vervangen", "replaced"),
            Self::Expired => Text::new("verlopen", "expired"),
            Self::Suspended => Text::new("opgeschort", "suspended"),
            Self::Objected => Text::new("overwegend bezwaar", "objection that blocks"),
            Self::NotYetValid => Text::new("gaat nog in", "not valid yet"),
            Self::AwaitsConsent => Text::new("wacht op instemming", "awaits consent"),
        }
    }

    /// Whether parties can still decide about it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Objected | Self::AwaitsConsent)
    }
}
