//! Datasets: whose data, on which legal basis, which columns; and outcomes under embargo.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Format;
use crate::words;

words! {
    in "zwerm_agreement::agreement";
    /// The type of a column.
    pub enum ColumnType {
        /// Text.
        Utf8 = "utf8",
        /// A whole number of 64 bits.
        Int64 = "int64",
        /// A number.
        Float64 = "float64",
        /// True or false.
        Boolean = "boolean",
        /// A day.
        Date = "date",
    }
}

/// Data that one party provides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    /// The id of the dataset, which is its table name in the views' SQL.
    pub id: String,
    /// The party that provides it.
    pub provider: String,
    /// The legal basis on which it is provided.
    pub legal_basis: String,
    /// The file, relative to the document.
    pub source: String,
    /// How the file is written; what is left out is found from the file itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// The columns that are shared; no other is read.
    pub columns: BTreeMap<String, ColumnType>,
    /// For noisy views: the budget over all agreements, as long as the data exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rho_total: Option<f64>,
    /// The period that the data is about; see [`crate::period`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Columns that are knowingly not shared, and why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub withheld: BTreeMap<String, String>,
}

/// Source columns that nobody may look at until a plan is sealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embargo {
    /// Source columns, as `dataset.column`.
    pub columns: Vec<String>,
    /// The first period under embargo; earlier outcomes may be used. See [`crate::period`].
    pub from: String,
    /// The experiment whose plan must be sealed first.
    pub until_sealed: String,
}
