//! Shared views: units, dimensions and measures that questions are asked of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::Text;
use crate::words;

words! {
    in "zwerm_agreement::agreement";
    /// How a view answers; never in both ways.
    pub enum Mode {
        /// From a protected table.
        Table = "table",
        /// With noise, under a budget.
        Noisy = "noisy",
    }
}

/// What may be grouped and filtered by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Its column name in questions.
    pub name: String,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Text>,
    /// The registered values; anything else falls under `(other)`.
    pub values: Vec<String>,
    /// Names of values for people.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, Text>,
    /// For each value, the larger whole that it is part of; there is one level, and a value without a larger whole is
    /// in none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parents: BTreeMap<String, String>,
    /// Whether group disclosure is checked on it.
    #[serde(default)]
    pub sensitive: bool,
    /// Whether each unit has one value of it.
    #[serde(default = "yes")]
    pub per_unit: bool,
    /// Unions of values with a cell of their own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, Vec<String>>,
}

fn yes() -> bool {
    true
}

/// What may be added up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Its column name in questions.
    pub name: String,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Text>,
    /// Quantity and unit, such as `EUR/year`.
    pub quantity: String,
    /// The smallest ordinary value.
    pub lower: f64,
    /// The largest ordinary value.
    pub upper: f64,
}

/// A shared view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// Its table name in questions.
    pub name: String,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Text>,
    /// What is protected: a person, a household.
    pub unit: String,
    /// The column that tells units apart; never shown, never filtered by.
    pub key: String,
    /// How it answers.
    pub mode: Mode,
    /// How it is made of the datasets.
    pub sql: String,
    /// What may be grouped and filtered by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimension: Vec<Dimension>,
    /// What may be added up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measure: Vec<Measure>,
}
