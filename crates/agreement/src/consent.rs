//! Consents: what each party said to a version of an agreement. Silence is not consent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::words;

words! {
    in "zwerm_agreement::consent";
    /// What a party decided.
    pub enum Decision {
        /// Consent.
        Consent = "consent",
        /// Consent with a concern, which does not block.
        Concern = "concern",
        /// A paramount objection, which blocks.
        Object = "object",
    }
}

/// What one party decided, once. A party may decide again; its latest decision applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// The id of the party that decided.
    pub party: String,
    /// What the party decided.
    pub decision: Decision,
    /// The reason; required for a concern and an objection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What would lift the objection; required for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifts: Option<String>,
    /// The moment that the party named.
    pub at: Timestamp,
    /// The party's signature; see [`crate::signature`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// The latest decision of a party; of two at the same moment the more reserved one, else the one listed later.
///
/// ```
/// use zwerm_agreement::consent::{Consent, Decision, latest};
/// let said = |decision, at: &str| Consent {
///     party: "a".into(), decision, reason: None, lifts: None,
///     at: at.parse().unwrap(), signature: None,
/// };
/// let all = [
///     said(Decision::Consent, "2026-01-02T00:00:00Z"),
///     said(Decision::Object, "2026-01-01T00:00:00Z"),
/// ];
/// assert_eq!(latest(&all, "a").map(|c| c.decision), Some(Decision::Consent));
/// assert_eq!(latest(&all, "b"), None);
/// ```
pub fn latest<'c>(consents: &'c [Consent], party: &str) -> Option<&'c Consent> {
    consents
        .iter()
        .filter(|c| c.party == party)
        .max_by_key(|c| (c.at, c.decision))
}
