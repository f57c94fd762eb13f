//! How answers are protected.

use serde::{Deserialize, Serialize};

use crate::words;

words! {
    in "zwerm_agreement::agreement";
    /// How often data is released anew.
    pub enum Rhythm {
        /// Once only.
        Once = "once",
        /// Every year.
        Yearly = "yearly",
        /// Every quarter.
        Quarterly = "quarterly",
        /// Every month.
        Monthly = "monthly",
    }
}

/// The (n,k) rule: a cell is protected when its `largest` units hold more than `percent` of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dominance {
    /// How many units, 1 to 10.
    pub largest: u32,
    /// Which share, above 0 and below 100.
    pub percent: f64,
}

/// The rules that every table answer obeys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protection {
    /// The fewest units that a shown number is about: 3 to 1,000,000.
    ///
    /// With fewer than 3, a number could be about two units, and each of them could subtract its own part.
    pub minimum_units: u64,
    /// The (n,k) rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dominance: Option<Dominance>,
    /// The p% rule: above 0, at most 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_percent: Option<f64>,
    /// Whether empty cells are hidden as well.
    #[serde(default)]
    pub protect_zeros: bool,
    /// What counts are rounded to: 1 (not at all) to 1,000.
    pub round_to: u64,
    /// How many dimensions a question may use, 1 to 8.
    pub max_dimensions: usize,
    /// How often data is released anew.
    pub release_rhythm: Rhythm,
}

/// The budget of noisy answers (zero-concentrated differential privacy).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noise {
    /// What one question costs.
    pub rho_per_question: f64,
    /// The delta that rho is converted with, above 0 and below 1.
    pub delta: f64,
}
