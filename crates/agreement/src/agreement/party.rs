//! Parties and the four sides of the table.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::text::Text;
use crate::words;

words! {
    in "zwerm_agreement::agreement";
    /// A side of the table.
    pub enum Helix {
        /// Overheid.
        Government = "government",
        /// Kennis.
        Knowledge = "knowledge",
        /// Organisaties.
        Organisations = "organisations",
        /// Inwoners.
        Residents = "residents",
    }
}

impl Helix {
    /// What people call this side.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Helix;
    /// assert_eq!(Helix::Residents.name().nl, "inwoners");
    /// ```
    pub fn name(self) -> Text {
        match self {
            Self::Government => Text::new("overheid", "government"),
            Self::Knowledge => Text::new("kennis", "knowledge"),
            Self::Organisations => Text::new("organisaties", "organisations"),
            Self::Residents => Text::new("inwoners", "residents"),
        }
    }
}

words! {
    in "zwerm_agreement::agreement";
    /// A role other than a seat at the table.
    pub enum PartyRole {
        /// Works for another party, and decides nothing.
        Supplier = "supplier",
    }
}

words! {
    in "zwerm_agreement::agreement";
    /// What a party may do beyond taking part.
    pub enum Right {
        /// Provide data.
        Provide = "provide",
        /// Ask questions.
        Ask = "ask",
    }
}

words! {
    in "zwerm_agreement::agreement";
    /// Where a mandate comes from.
    pub enum MandateBy {
        /// A recorded decision of the people themselves.
        OwnDecision = "own-decision",
        /// A panel drawn by lottery.
        Panel = "panel",
    }
}

/// Why a residents' party may speak for the people whom it represents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mandate {
    /// Where the mandate comes from.
    pub by: MandateBy,
    /// The day it was given.
    pub on: Date,
    /// Where it can be checked.
    pub evidence: String,
}

/// A party to an agreement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// The id by which the document refers to the party.
    pub id: String,
    /// Its name for people; when it is left out, the id is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Its side of the table; only a supplier has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helix: Option<Helix>,
    /// Its role, if it is not a seat at the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<PartyRole>,
    /// For a supplier: the party that it works for.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_: Option<String>,
    /// For residents: the people whom it represents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub represents: Option<String>,
    /// The mandate of those people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<Mandate>,
    /// What it may do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may: Vec<Right>,
    /// The key that its signatures are checked with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}

impl Party {
    /// Its name for people, or its id.
    ///
    /// ```
    /// use zwerm_agreement::agreement::Document;
    /// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
    /// let party = agreement.find_party("corporatie").ok_or("no such party")?;
    /// assert_eq!(party.display_name().nl, "Woningcorporatie De Poort");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn display_name(&self) -> Text {
        self.name.clone().unwrap_or_else(|| Text::same(&self.id))
    }

    /// Whether it was agreed that the party may do this.
    ///
    /// ```
    /// use zwerm_agreement::agreement::{Document, Right};
    /// let agreement = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?.agreement;
    /// assert!(agreement.find_party("corporatie").is_some_and(|p| p.has(Right::Provide)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn has(&self, right: Right) -> bool {
        self.may.contains(&right)
    }
}
